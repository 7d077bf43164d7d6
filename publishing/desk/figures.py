"""The library of figures: several at once, what each lacks, replaced and withdrawn everywhere."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from .. import images, pictures
from ..licences import LICENCES
from ..models import Image
from . import picking

MOST_AT_ONCE = 40
WORDS = ("title", "alt", "decorative", "line_drawing", "caption", "credit", "licence")
IN_LANGUAGES = tuple(f"{name}_{code}" for code in ("es", "ca") for name in Image.TRANSLATED)
RIGHTS = ("permission_by", "permission_given", "consent")


def desk_link(obj):
    """The way to a thing at the desk; its name where it has no form of its own."""
    try:
        name = f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(name, args=[obj.pk]), obj)
    except NoReverseMatch:
        return str(obj)


class LicenceInput(forms.TextInput):
    """The standard licences are proposed; another can be typed."""

    def render(self, name, value, attrs=None, renderer=None):
        number = f"{(attrs or {}).get('id', name)}_known"
        box = super().render(name, value, {**(attrs or {}), "list": number}, renderer)
        known = format_html_join("", '<option value="{}">{}</option>', LICENCES)
        return format_html('{}<datalist id="{}">{}</datalist>', box, number, known)


class UploadField(forms.FileField):
    """A picture, checked; `picture` of what it gives is the opened one."""

    widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/gif"})

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if upload:
            upload.picture = images.check(upload)
        return upload


class ReplaceForm(forms.Form):
    upload = UploadField(label=_("the new file"))


class UsedFilter(admin.SimpleListFilter):
    title, parameter_name = _("use"), "use"

    def lookups(self, request, model_admin):
        return [
            ("unused", _("shown nowhere")),
            ("used", _("shown somewhere")),
            ("withdrawn", _("withdrawn")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "withdrawn":
            return queryset.exclude(withdrawn=None)
        unused = queryset.model.objects.unused().values("pk")
        if self.value() == "unused":
            return queryset.filter(pk__in=unused)
        return queryset.exclude(pk__in=unused) if self.value() == "used" else queryset


class LicenceFilter(admin.SimpleListFilter):
    title, parameter_name = _("licence"), "licence"

    def lookups(self, request, model_admin):
        known = dict(LICENCES)
        used = Image.objects.order_by().values_list("licence", flat=True).distinct()
        rows = [(each or "-", known.get(each, each) or gettext("none")) for each in used]
        return sorted(rows, key=lambda row: str(row[1]).casefold())

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(licence="" if self.value() == "-" else self.value())


class PictureLibrary(admin.ModelAdmin):
    """For the desk of figures."""

    def get_urls(self):
        own = self.admin_site.admin_view
        return [
            path("several/", own(self.several), name="publishing_image_several"),
            path("describe/", own(self.describe), name="publishing_image_describe"),
            path("<int:pk>/replace/", own(self.replace), name="publishing_image_replace"),
            path("<int:pk>/undo/<int:past>/", own(self.undo), name="publishing_image_undo"),
            path("<int:pk>/withdraw/", own(self.withdraw), name="publishing_image_withdraw"),
            path("<int:pk>/put-back/", own(self.put_back), name="publishing_image_put_back"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def several(self, request):
        """Several files at once, each a figure of its own; what is refused is named."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        files, added = request.FILES.getlist("files"), 0
        for upload in files[:MOST_AT_ONCE]:
            try:
                images.add(upload)
                added += 1
            except ValidationError as error:
                messages.error(request, f"{upload.name}: {' '.join(error.messages)}")
        if len(files) > MOST_AT_ONCE:
            words = gettext("No more than %(count)s at once. The others were not taken.")
            messages.warning(request, words % {"count": MOST_AT_ONCE})
        if added:
            words = ngettext("%(count)s figure added.", "%(count)s figures added.", added)
            messages.success(request, words % {"count": added})
        elif not files:
            messages.error(request, gettext("No file was sent. Choose a picture first."))
        return redirect("admin:publishing_image_changelist")

    @method_decorator(require_POST)
    def describe(self, request):
        """What the editor's dialog says of a figure: description, caption, credit, licence."""
        if not self.has_change_permission(request):
            words = gettext("You may not change this figure.")
            return JsonResponse({"error": words}, status=403)
        number = request.POST.get("id", "")
        known = number.isascii() and number.isdigit() and len(number) < 19
        image = Image.objects.filter(pk=number).first() if known else None
        if image is None:
            words = gettext("This figure is not there any more.")
            return JsonResponse({"error": words}, status=400)
        for name in ("alt", "caption", "credit", "licence"):
            if name in request.POST:
                setattr(image, name, request.POST[name].replace("\x00", "").strip())
        image.decorative = "decorative" in request.POST
        try:
            image.full_clean(exclude=["file"])
        except ValidationError as error:
            return JsonResponse({"error": " ".join(error.messages)}, status=400)
        fields = ["alt", "caption", "credit", "licence", "decorative"]
        Image.objects.filter(pk=image.pk).update(**{name: getattr(image, name) for name in fields})
        self.log_change(request, image, [{"changed": {"fields": fields}}])
        return JsonResponse(picking.as_json(image))

    def _one(self, request, pk):
        image = self.get_object(request, str(pk))
        if image is None or not self.has_change_permission(request, image):
            raise PermissionDenied
        return image

    def _figure_page(self, request, image, template, **context):
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": image,
            "pages": image.used_in(),
        }
        return TemplateResponse(request, f"admin/publishing/image/{template}.html", context)

    def replace(self, request, pk):
        """A new file on every page that shows the figure; those of before, to go back to."""
        image = self._one(request, pk)
        form = ReplaceForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            picture = form.cleaned_data["upload"].picture
            pictures.replace(image=image, picture=picture, user=request.user)
            self.log_change(request, image, gettext("Another file."))
            words = gettext("Every page shows the new file. The one before is kept below.")
            messages.success(request, words)
            return redirect("admin:publishing_image_replace", pk)
        title = gettext("Replace the file everywhere")
        past = image.past.select_related("user")
        return self._figure_page(request, image, "replace", title=title, form=form, past=past)

    @method_decorator(require_POST)
    def undo(self, request, pk, past):
        image = self._one(request, pk)
        row = image.past.filter(pk=past).first()
        if row is None or not row.kept:
            messages.error(request, gettext("This file is not kept any more."))
        else:
            pictures.undo(past=row, user=request.user)
            self.log_change(request, image, gettext("An earlier file."))
            messages.success(request, gettext("Every page shows the earlier file again."))
        return redirect("admin:publishing_image_replace", pk)

    def withdraw(self, request, pk):
        """Asks, then takes the picture from every page."""
        image = self._one(request, pk)
        if request.method != "POST":
            title = gettext("Withdraw the picture everywhere")
            return self._figure_page(request, image, "withdraw", title=title)
        pictures.withdraw(image=image)
        self.log_change(request, image, gettext("Withdrawn."))
        messages.success(
            request,
            gettext("It is withdrawn: no page shows it any more, and its file is not served."),
        )
        return redirect("admin:publishing_image_change", pk)

    @method_decorator(require_POST)
    def put_back(self, request, pk):
        image = self._one(request, pk)
        if image.consent and image.consent.withdrawn:
            messages.error(request, gettext("The patient's consent was taken back: it stays away."))
        else:
            pictures.put_back(image=image)
            self.log_change(request, image, gettext("Put back."))
            messages.success(request, gettext("Its pages show it again."))
        return redirect("admin:publishing_image_change", pk)

    @admin.display(description=_("lacks"))
    def lacks(self, obj):
        if obj.withdrawn:
            return gettext("withdrawn")
        return ", ".join(obj.missing()) or "–"
