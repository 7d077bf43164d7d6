"""The author's desk: what every list and every form of the admin has in common."""

from csp.decorators import csp_update
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_tasks_db.admin import DBTaskResult

from .. import advisory, images, orcid, tasks, visibility
from ..models import Image, SiteSettings, State
from ..richtext import consents, links
from ..templatetags.richtext import day, moment
from . import announcements as announcements  # the rest of the desk, registered by importing it
from . import external as external  # registers the links to other sites
from . import picking, trash, waiting
from . import replacing as replacing  # registers its page
from . import trash_admin as trash_admin  # registers the trash
from .editing import LosesNothing
from .errors import NamesErrors
from .hints import Hints
from .history import HasHistory
from .preview import Previews
from .translating import Translates

for_the_editor = method_decorator(csp_update(settings.EDITOR_CSP))


def without_side_doors(field):
    """A chooser chooses. Changing or deleting what is chosen belongs to its own list."""
    if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
        field.widget.can_change_related = field.widget.can_delete_related = (
            field.widget.can_view_related
        ) = False
    return field


def _or_again(view):
    """Where somebody, or the same form sent twice, saved at the same moment: asked anew, the form
    sees that and says so."""
    try:
        return view()
    except DatabaseError as error:
        again = isinstance(error, IntegrityError) or advisory.was_in_the_way(error)
        if connection.in_atomic_block or not again:
            raise
        return view()


class EditorAdmin(LosesNothing, NamesErrors, HasHistory):
    """For any model with rich text: the editor may run, every saved version is kept and can be
    compared, and what is deleted goes into the trash."""

    save_on_top = True
    uses_trash = True
    delete_confirmation_template = "admin/editing/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/editing/delete_selected_confirmation.html"

    @for_the_editor
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        return super().changeform_view(request, object_id, form_url, extra_context)

    def add_view(self, request, form_url="", extra_context=None):
        return _or_again(
            lambda: super(EditorAdmin, self).add_view(request, form_url, extra_context)
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return _or_again(
            lambda: super(EditorAdmin, self).change_view(
                request, object_id, form_url, extra_context
            )
        )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        return without_side_doors(super().formfield_for_dbfield(db_field, request, **kwargs))

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def delete_model(self, request, obj):
        trash.put(obj, user=request.user)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            trash.put(obj, user=request.user)

    def response_delete(self, request, obj_display, obj_id):
        response = super().response_delete(request, obj_display, obj_id)
        self._say_trashed(request)
        return response

    def _say_trashed(self, request):
        text = format_html(
            '<a href="{}">{}</a>',
            reverse("admin:publishing_trashed_changelist"),
            _("It is in the trash."),
        )
        messages.info(request, text)

    def recoverlist_view(self, request, extra_context=None):
        return redirect("admin:publishing_trashed_changelist")

    def recover_view(self, request, version_id, extra_context=None):
        # What the history alone brings back has lost its tags and its old addresses.
        return redirect("admin:publishing_trashed_changelist")

    def came_back(self, request, obj):
        """Called after a thing was taken out of the trash. Extend it where more follows."""

    def response_add(self, request, obj, post_url_continue=None):
        self.tell(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        self.tell(request, obj)
        return super().response_change(request, obj)

    def tell(self, request, obj):
        """What the author should know of what was just saved. Extend it where there is more to
        say."""

    def duties(self):
        """What there may be to do in this list: `waiting.Duty`s, each with its filter."""
        return []

    def to_do(self, request):
        """What the first page of the desk asks the author to do: pairs of words and a query of this
        list."""
        return waiting.count(self.duties(), self.get_queryset(request))

    def went_on(self, request):
        """The objects of this list worked on last, the newest first."""
        return []


class OneRowMixin:
    """One row, which is there once it is saved: its list is its form."""

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", 1)

    def get_object(self, request, object_id, from_field=None):
        found = super().get_object(request, object_id, from_field)
        return self.model.load() if found is None and str(object_id) == "1" else found

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(state.value, state.label) for state in model_admin.states]

    def queryset(self, request, queryset):
        return queryset.filter(state=self.value()) if self.value() else queryset


def schedule(page):
    """What a page in a public state waits for, or that its time is over, in words; nothing for one
    that has no times."""
    if not visibility.is_allowed(page):
        return ""
    if visibility.is_over(page.unpublish_at):
        return gettext("Taken down on %(moment)s") % {"moment": moment(page.unpublish_at)}
    if not visibility.is_reached(page.publish_at):
        return gettext("Scheduled for %(moment)s") % {"moment": moment(page.publish_at)}
    if page.unpublish_at:
        words = {"state": page.get_state_display(), "moment": moment(page.unpublish_at)}
        return gettext("%(state)s until %(moment)s") % words
    return ""


class PublishableAdmin(Translates, Hints, Previews, EditorAdmin):
    """Lists and forms of pages. A subclass names its own fields; those its model does not have are
    left out."""

    list_display = ("page_title", "state_word", "language", "worked_on", "on_the_site")
    list_filter = (waiting.DutyFilter, StateFilter, "language")
    date_hierarchy = "updated"
    search_fields = ("title", "slug", "summary", "body")
    ordering = ("-updated",)
    list_per_page = 50
    readonly_fields = ("worked_on",)
    actions = ("publish", "set_under_construction")

    settings_beside = True
    states = tuple(State)
    place_fields = ()
    text_fields = ("title", "body", "summary")
    seen_fields = (
        "state",
        "publish_at",
        "unpublish_at",
        "comments_open",
        "reviewed",
        "first_published",
        "worked_on",
    )
    address_fields = ("slug", "language", "translation_of", "tags", "cover")

    def get_fieldsets(self, request, obj=None):
        return [
            (_("Text"), {"fields": self._present(self.text_fields)}),
            self._beside(_("When and who sees it"), self.seen_fields),
            *(
                [self._beside(_("Place"), self.place_fields, "collapse")]
                if self.place_fields
                else []
            ),
            self._beside(_("Address and sharing"), self.address_fields),
        ]

    def _beside(self, heading, names, *classes):
        """Settings in the column beside the text; the rare ones folded."""
        return heading, {"fields": self._present(names), "classes": ("side", *classes)}

    def _present(self, names):
        known = {field.name for field in self.model._meta.get_fields()}
        return [name for name in names if name in known or hasattr(self, name)]

    def get_prepopulated_fields(self, request, obj=None):
        return (
            {"slug": ("title",)}
            if obj is None and len(self._present(("slug", "title"))) == 2
            else {}
        )

    def get_autocomplete_fields(self, request):
        return [
            *super().get_autocomplete_fields(request),
            *self._present(("cover", "translation_of")),
        ]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "state":
            states = self.states if self.has_publish_permission(request) else (State.DRAFT,)
            kwargs["choices"] = [(state.value, state.label) for state in states]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    # Who may do what, beyond Django's own four permissions: whoever may not publish works on
    # drafts, and whoever may add pages but not change them works on those they added.

    def has_publish_permission(self, request):
        return request.user.has_perm("publishing.publish_pages")

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or self._is_own(request, obj)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj) or (
            obj is not None and self._is_own(request, obj)
        )
        return may and self._is_open_to(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_open_to(request, obj)

    def _is_open_to(self, request, obj):
        return obj is None or obj.state == State.DRAFT or self.has_publish_permission(request)

    def _is_own(self, request, obj):
        return self.has_add_permission(request) and (
            obj is None or self._own(request).filter(object_id=str(obj.pk)).exists()
        )

    def _own(self, request):
        kind = ContentType.objects.get_for_model(self.model)
        return LogEntry.objects.filter(content_type=kind, user=request.user, action_flag=ADDITION)

    def get_queryset(self, request):
        public = self.model._default_manager.published().filter(pk=OuterRef("pk"))
        pages = super().get_queryset(request).annotate(seen=Exists(public))
        if not super().has_view_permission(request):
            own = self._own(request).values_list("object_id", flat=True)
            pages = pages.filter(pk__in=[int(pk) for pk in own if pk.isdecimal()])
        return pages

    def get_actions(self, request):
        actions = super().get_actions(request)
        if State.CONSTRUCTION not in self.states:
            actions.pop("set_under_construction", None)
        return actions

    def get_view_on_site_url(self, obj=None):
        # A link that answers "not found" helps nobody: there is one once readers can see the page.
        return links.canonical_url(obj) if obj is not None and obj.pk and obj.is_public() else None

    @admin.display(description=_("title"), ordering="title")
    def page_title(self, obj):
        return obj.title

    @admin.display(description=_("state"), ordering="state")
    def state_word(self, obj):
        return schedule(obj) or obj.get_state_display()

    @admin.display(description=_("last worked on"), ordering="updated")
    def worked_on(self, obj):
        return day(obj.updated) if obj.pk else "–"

    @admin.display(description=_("on the site"))
    def on_the_site(self, obj):
        if not obj.seen:
            return format_html(
                '{}, <a href="{}">{}</a>', _("not public"), self.preview_address(obj), _("Preview")
            )
        return format_html('<a href="{}">{}</a>', links.canonical_url(obj), _("View on site"))

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish(self, request, queryset):
        self._set_state(request, queryset, State.PUBLISHED)

    @admin.action(description=_("Set under construction"), permissions=["publish"])
    def set_under_construction(self, request, queryset):
        self._set_state(request, queryset, State.CONSTRUCTION)

    def _set_state(self, request, queryset, state):
        changed = 0
        now = state == State.PUBLISHED
        for page in queryset.exclude(
            visibility.open_q("publish_at", "unpublish_at") if now else Q(), state=state
        ):
            refused = page.why_not_public()
            if refused and state in page.PUBLIC_STATES:
                messages.error(request, f"{page}: {refused}")
                continue
            page.state = state
            if now:
                page.publish_now()
            page.save()
            self.log_change(request, page, [{"changed": {"fields": [str(_("state"))]}}])
            changed += 1
        text = ngettext(
            "%(count)s page is now: %(state)s.", "%(count)s pages are now: %(state)s.", changed
        )
        messages.success(request, text % {"count": changed, "state": state.label})

    # Whether readers are told when it was not reviewed for long.
    grows_stale = False

    def duties(self):
        yield waiting.Duty(
            "draft",
            _("drafts"),
            self._words_for_drafts,
            lambda pages: pages.filter(state=State.DRAFT),
        )
        yield waiting.Duty(
            "scheduled", _("scheduled"), self._words_for_scheduled, waiting.scheduled
        )
        if State.CONSTRUCTION in self.states:
            yield waiting.Duty(
                "construction",
                State.CONSTRUCTION.label,
                lambda n: (
                    ngettext("%(count)s under construction", "%(count)s under construction", n)
                    % {"count": n}
                ),
                lambda pages: pages.filter(state=State.CONSTRUCTION),
            )
        if self.grows_stale:
            yield waiting.Duty("stale", _("to review again"), self._words_for_stale, waiting.stale)

    def _words_for_drafts(self, n):
        return ngettext("%(count)s draft", "%(count)s drafts", n) % {"count": n}

    def _words_for_scheduled(self, n):
        return ngettext("%(count)s scheduled", "%(count)s scheduled", n) % {"count": n}

    def _words_for_stale(self, n):
        return ngettext("%(count)s to review again", "%(count)s to review again", n) % {"count": n}

    def went_on(self, request):
        return self.get_queryset(request).order_by("-updated", "-pk")[:6]

    def tell(self, request, obj):
        unknown = getattr(obj, "unknown_citekeys", ())
        if unknown:
            text = gettext(
                "Not in the library: %(keys)s. Readers see [?] there until you add the reference or"
                " mend the citation."
            )
            messages.warning(request, text % {"keys": ", ".join(unknown)})
        letters = consents.letters_without(obj.body)
        if letters:
            messages.warning(request, consents.words_for(letters))
        broken = links.broken(obj.body)
        if broken:
            text = gettext("These links lead to no page any more: %(links)s.")
            found = ", ".join(f"“{words}” ({address})" for words, address in broken)
            messages.warning(request, text % {"links": found})
        if obj.is_public():
            messages.info(
                request,
                format_html('<a href="{}">{}</a>', links.canonical_url(obj), _("View on site")),
            )
        else:
            said = schedule(obj) or gettext("Not public")
            address = self.preview_address(obj)
            messages.info(
                request, format_html('{} · <a href="{}">{}</a>', said, address, _("Preview"))
            )


class ImageForm(forms.ModelForm):
    """A new figure comes as an upload, which is checked and written anew; the file as sent is never
    kept."""

    upload = forms.FileField(
        label=_("file"),
        help_text=_("PNG, JPEG, WebP or GIF. Place and camera data are taken out."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"}),
    )

    class Meta:
        model = Image
        fields = ("title", "alt", "credit", "licence")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = _(
            "For you, to find it again. Leave it empty to take the name of the file."
        )

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        self.picture = images.check(upload)
        return upload

    def clean(self):
        values = super().clean()
        if not values.get("title") and values.get("upload"):
            values["title"] = images.title_of(values["upload"].name)
        return values


@admin.register(Image)
class ImageAdmin(EditorAdmin):
    list_display = ("thumbnail", "title", "alt_words", "credit", "size", "added_on")
    list_filter = (waiting.DutyFilter,)
    list_display_links = ("thumbnail", "title")
    search_fields = ("title", "alt", "credit")
    date_hierarchy = "added"
    list_per_page = 40
    readonly_fields = ("picture", "address", "size", "used")
    view_on_site = False

    def duties(self):
        yield waiting.Duty(
            "incomplete",
            _("incomplete"),
            self._words_for_incomplete,
            lambda figures: figures.filter(Q(alt="") | Q(credit="") | Q(licence="")),
        )

    def _words_for_incomplete(self, n):
        words = ngettext(
            "%(count)s without description, credit or licence",
            "%(count)s without description, credit or licence",
            n,
        )
        return words % {"count": n}

    def get_form(self, request, obj=None, change=False, **kwargs):
        return (
            super().get_form(request, obj, change, **kwargs)
            if obj
            else self.fill(request, ImageForm)
        )

    def get_fields(self, request, obj=None):
        words = ["title", "alt", "credit", "licence"]
        return ["picture", *words, "address", "size", "used"] if obj else ["upload", *words]

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else ()

    def get_urls(self):
        own = [
            path(
                "pick/",
                self.admin_site.admin_view(picking.image_pick),
                name="publishing_image_pick",
            ),
            path(
                "upload/",
                self.admin_site.admin_view(picking.image_upload),
                name="publishing_image_upload",
            ),
            path(
                "pages/", self.admin_site.admin_view(picking.page_pick), name="publishing_page_pick"
            ),
            path("paste/", self.admin_site.admin_view(picking.paste), name="publishing_paste"),
        ]
        return own + super().get_urls()

    def save_model(self, request, obj, form, change):
        if not change:
            obj.file, obj.width, obj.height, obj.widths = images.store(form.picture, smaller=False)
        super().save_model(request, obj, form, change)
        if not change:
            tasks.enqueue("publishing.image_widths", obj.pk)

    def get_deleted_objects(self, objs, request):
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        for image in objs:
            protected = [*protected,
                *(str(_("“%(figure)s” is used in: %(page)s") % {"figure": image, "page": page})
                                       for page in image.used_in())]  # fmt: skip
        return deleted, counts, missing, protected

    @admin.display(description=_("figure"))
    def thumbnail(self, obj):
        return format_html(
            '<img class="thumb" src="{}" alt="{}" loading="lazy">', images.small(obj), obj.title
        )

    @admin.display(description=_("figure"))
    def picture(self, obj):
        return format_html('<img class="plate" src="{}" alt="{}">', obj.get_absolute_url(), obj.alt)

    @admin.display(description=_("description"), ordering="alt")
    def alt_words(self, obj):
        return Truncator(obj.alt).words(20) or _("missing")

    @admin.display(description=_("address"))
    def address(self, obj):
        return obj.get_absolute_url()

    @admin.display(description=_("size"), ordering="width")
    def size(self, obj):
        return f"{obj.width} × {obj.height}"

    @admin.display(description=_("added"), ordering="added")
    def added_on(self, obj):
        return day(obj.added)

    @admin.display(description=_("used in"))
    def used(self, obj):
        return ", ".join(map(str, obj.used_in())) or _("nowhere yet")


class SiteSettingsForm(forms.ModelForm):
    # Longer than what is kept: an address that is pasted must not be cut in the field.
    orcid = forms.CharField(
        label=_("ORCID"),
        required=False,
        max_length=200,
        help_text=_("Paste it in any form: 0000-0002-1825-0097."),
    )

    def clean_orcid(self):
        try:
            return orcid.clean(self.cleaned_data["orcid"])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The author knows pages by their address, the row by their identity.
        page = links.target(self.instance.project_page)
        if page:
            self.initial["project_page"] = links.canonical_url(page)


@admin.register(SiteSettings)
class SiteSettingsAdmin(OneRowMixin, EditorAdmin):
    form = SiteSettingsForm
    autocomplete_fields = ("front_figure",)
    fieldsets = (
        (
            _("The site"),
            {"fields": ("name", "tagline", "introduction", "front_figure", "project_page")},
        ),
        (
            _("The author"),
            {"fields": ("author_name", "author_credentials", "orcid", "contact", "interests")},
        ),
        (_("For readers"), {"fields": ("disclaimer", "licence", "stale_after_months")}),
    )

    def first_day(self):
        """What the site should say of itself before readers come."""
        site, address = (
            SiteSettings.load(),
            reverse("admin:publishing_sitesettings_change", args=[1]),
        )
        default = SiteSettings()
        for words, name, done in (
            (_("Name the site"), "name", site.name != default.name),
            (_("Say in a few sentences what it is"), "introduction", site.introduction),
            (_("Your name"), "author_name", site.author_is_named),
            (_("Your credentials"), "author_credentials", site.author_credentials),
            (_("Your ORCID, so that others are not taken for you"), "orcid", site.orcid),
            (
                _("An address where readers reach you; the page about privacy gives it too"),
                "contact",
                site.contact,
            ),
            (_("Who pays for the site, and your interests"), "interests", site.interests),
            (
                _("The disclaimer, in your words"),
                "disclaimer",
                site.disclaimer != default.disclaimer,
            ),
        ):
            yield waiting.Step(words, f"{address}#id_{name}", bool(done))

    def get_urls(self):
        own = self.admin_site.admin_view(require_POST(self.end_first_day))
        return [path("first-day/", own, name="publishing_first_day"), *super().get_urls()]

    def end_first_day(self, request):
        """Put the list of the first day away, done or not."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        SiteSettings.objects.get_or_create(pk=1)
        SiteSettings.objects.update(first_day_over=True)
        return redirect("admin:index")


admin.site.site_title = _("The desk")
admin.site.index_title = _("The desk")
admin.site.enable_nav_sidebar = False

# It says nothing to the author; what fails stands on the desk's first page.
admin.site.unregister(DBTaskResult)
