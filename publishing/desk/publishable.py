"""The desk of pages that have a state, an address and a time: chapters, posts, notes."""

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from .. import visibility
from ..models import Image, State
from ..richtext import consents, links
from ..templatetags.richtext import day, moment
from . import waiting
from .admin import EditorAdmin
from .hints import Hints
from .next_version import HasNextVersion
from .preview import Previews
from .subjects import SubjectFilter
from .translating import Translates


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


class PublishableAdmin(Translates, Hints, Previews, HasNextVersion, EditorAdmin):
    """Lists and forms of pages. A subclass names its own fields; those its model does not have are
    left out."""

    list_display = ("page_title", "state_word", "language", "worked_on", "on_the_site")
    list_filter = (waiting.DutyFilter, StateFilter, "language", SubjectFilter)
    date_hierarchy = "updated"
    search_fields = ("title", "slug", "summary", "body")
    ordering = ("-updated",)
    list_per_page = 50
    readonly_fields = ("worked_on",)
    actions = one_by_one = ("publish", "set_under_construction")

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
        "what_changed",
        "worked_on",
    )
    address_fields = ("slug", "language", "translation_of", "tags", "cover")

    def get_fieldsets(self, request, obj=None):
        return [
            (_("Text"), {"fields": self._present(self.text_fields)}),
            self._beside(_("When and who sees it"), self.seen_fields),
            *(
                [self._beside(_("Place"), self.place_fields, *(["collapse"] if obj else []))]
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
        said, following = schedule(obj) or obj.get_state_display(), self.next_word(obj)
        return format_html("{} · {}", said, following) if following else said

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
            page.compute()
            request.writes_later = False
            with self.create_revision(request):
                page.save()
                self.log_change(request, page, [{"changed": {"fields": [str(_("state"))]}}])
            self._tell_of_figures(request, page)
            changed += 1
        text = ngettext(
            "%(count)s page is now: %(state)s.", "%(count)s pages are now: %(state)s.", changed
        )
        messages.success(request, text % {"count": changed, "state": state.label})

    # Whether readers are told when it was not reviewed for long.
    grows_stale = False

    def duties(self):
        yield from super().duties()
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
        self._tell_of_figures(request, obj)
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

    def _tell_of_figures(self, request, obj):
        figures = Image.objects.of_text(obj.body).incomplete() if obj.is_public() else ()
        if figures:
            address = "admin:publishing_image_change"
            named = format_html_join(
                ", ",
                '<a href="{}">{}</a> ({})',
                (
                    (reverse(address, args=[each.pk]), each, ", ".join(each.missing()))
                    for each in figures
                ),
            )
            words = gettext("Figures on it that lack something: {}.")
            messages.warning(request, format_html(words, named))
