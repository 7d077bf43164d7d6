"""Figures at the desk, with the works they are from."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from publishing.desk.image_admin import ImageAdmin
from publishing.models import Image

from ..models import FigureSource


class FigureSourceInline(admin.StackedInline):
    model = FigureSource
    autocomplete_fields = ("reference",)
    extra = max_num = 1
    verbose_name_plural = _("the work it is taken from")


admin.site.unregister(Image)


@admin.register(Image)
class FigureAdmin(ImageAdmin):
    """The library of figures, with the works they are from."""

    inlines = (FigureSourceInline,)
