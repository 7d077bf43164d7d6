"""The desk of figures: uploads, and what they are called, described and owed to."""

from django import forms
from django.contrib import admin
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from .. import images, tasks
from ..models import Image
from ..templatetags.richtext import day
from . import figures, picking, waiting
from .admin import EditorAdmin
from .errors import says_how
from .figures import LicenceFilter, PictureLibrary, UploadField, UsedFilter


class ImageForm(forms.ModelForm):
    """A new figure comes as an upload, which is checked and re-encoded; the file as sent is never
    kept."""

    upload = UploadField(
        label=_("file"),
        help_text=_("PNG, JPEG, WebP or GIF. Place and camera data are taken out."),
    )

    class Meta:
        model = Image
        fields = (*figures.WORDS, *figures.RIGHTS)
        widgets = {"licence": figures.LicenceInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["title"].help_text = _(
            "For you, to find it again. Leave it empty to take the name of the file."
        )
        says_how(self.fields["permission_given"])

    def clean(self):
        values = super().clean()
        if not values.get("title") and values.get("upload"):
            values["title"] = images.title_of(values["upload"].name)
        return values


@admin.register(Image)
class ImageAdmin(PictureLibrary, EditorAdmin):
    change_list_template = "admin/publishing/image/change_list.html"
    change_form_template = "admin/publishing/image/change_form.html"
    list_display = ("thumbnail", "title", "lacks", "credit", "licence", "size", "added_on")
    list_filter = (waiting.DutyFilter, UsedFilter, LicenceFilter)
    list_display_links = ("thumbnail", "title")
    search_fields = ("title", "alt", "caption", "credit", "permission_by")
    list_per_page = 40
    readonly_fields = ("picture", "address", "size", "used")
    view_on_site = False

    def duties(self):
        yield waiting.Duty(
            "incomplete",
            _("incomplete"),
            self._words_for_incomplete,
            lambda figures: figures.incomplete(),
        )

    def _words_for_incomplete(self, n):
        words = ngettext(
            "%(count)s incomplete figure",
            "%(count)s incomplete figures",
            n,
        )
        return words % {"count": n}

    def get_form(self, request, obj=None, change=False, **kwargs):
        return (
            super().get_form(request, obj, change, **kwargs)
            if obj
            else self.fill(request, ImageForm)
        )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "licence":
            kwargs["widget"] = figures.LicenceInput(attrs={"class": "vTextField"})
        elif db_field.name.partition("_")[0] in ("alt", "caption"):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 60})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        rights = (_("Rights and consent"), {"fields": figures.RIGHTS})
        if obj is None:
            return [(None, {"fields": ("upload", *figures.WORDS)}), rights]
        return [
            (None, {"fields": ("picture", *figures.WORDS)}),
            rights,
            (
                _("In other languages"),
                {
                    "classes": ("collapse",),
                    "description": _(
                        "For the first page and for covers. A figure in a text has its words there."
                    ),
                    "fields": figures.IN_LANGUAGES,
                },
            ),
            (_("Where it is cropped"), {"fields": (("focus_x", "focus_y"),)}),
            (_("Where it is"), {"fields": ("used", "address", "size")}),
        ]

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
            picture = form.cleaned_data["upload"].picture
            obj.file, obj.width, obj.height, obj.widths = images.store(picture, smaller=False)
        super().save_model(request, obj, form, change)
        if not change:
            tasks.enqueue("publishing.image_widths", obj.pk)

    def get_deleted_objects(self, objs, request):
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        for image in objs:
            protected = [*protected,
                *(str(_("“%(figure)s” is used in: %(page)s") % {"figure": image, "page": page})
                                       for page in image.kept_by())]  # fmt: skip
        return deleted, counts, missing, protected

    @admin.display(description=_("figure"))
    def thumbnail(self, obj):
        if obj.withdrawn:
            return format_html('<span class="thumb gone">{}</span>', gettext("withdrawn"))
        return format_html(
            '<img class="thumb" src="{}" alt="{}" loading="lazy">', images.small(obj), obj.title
        )

    @admin.display(description=_("figure"))
    def picture(self, obj):
        if obj.withdrawn:
            return format_html("<strong>{}</strong>", gettext("withdrawn"))
        return format_html(
            '<span class="focal" data-focal><img class="plate" src="{}" alt="{}"></span>',
            obj.get_absolute_url(),
            obj.alt,
        )

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
        rows = ((figures.desk_link(page),) for page in obj.used_in())
        return format_html_join(", ", "{}", rows) or _("nowhere yet")
