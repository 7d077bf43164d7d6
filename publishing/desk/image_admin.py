"""The desk of figures: uploads, and what they are called, described and owed to."""

from django import forms
from django.contrib import admin
from django.db.models import Q
from django.urls import path
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .. import images, tasks
from ..models import Image
from ..templatetags.richtext import day
from . import picking, waiting
from .admin import EditorAdmin


class ImageForm(forms.ModelForm):
    """A new figure comes as an upload, which is checked and re-encoded; the file as sent is never
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
        return format_html('<img class="thumb" src="{}" alt="" loading="lazy">', images.small(obj))

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
