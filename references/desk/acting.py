"""What is done with works ticked in the list."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Reference
from ..vocabulary import ReadingState
from . import personal


class ActsOnWorks:
    """For the ModelAdmin of works; `actions` names what it offers."""

    actions = ("side_by_side", "set_unread", "set_reading", "set_read")

    @admin.action(
        description=_("Look at two works side by side, to make them one or link them"),
        permissions=["delete"],
    )
    def side_by_side(self, request, queryset):
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(chosen) == 2:
            return redirect("admin:references_merge", *chosen)
        messages.warning(request, gettext("Choose two works."))

    @admin.action(description=_("Reading: in hand, not begun"), permissions=["change"])
    def set_unread(self, request, queryset):
        self._set_reading(request, queryset, ReadingState.IN_HAND)

    @admin.action(description=_("Reading: being read"), permissions=["change"])
    def set_reading(self, request, queryset):
        self._set_reading(request, queryset, ReadingState.READING)

    @admin.action(description=_("Reading: read"), permissions=["change"])
    def set_read(self, request, queryset):
        self._set_reading(request, queryset, ReadingState.READ)

    def _set_reading(self, request, queryset, state):
        chosen = Reference.objects.filter(pk__in=queryset.values_list("pk", flat=True))
        messages.success(request, personal.told(personal.set_reading(chosen, state)))
