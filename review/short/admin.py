from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from publishing.desk.publishable import PublishableAdmin
from publishing.desk.waiting import Step
from publishing.languages import PAGE_LANGUAGES
from publishing.models import State

from . import sections, views
from .models import InShort


@admin.register(InShort)
class InShortAdmin(PublishableAdmin):
    list_display = ("page_title", "state_word", "language", "worked_on", "on_the_site")
    states = (State.DRAFT, State.PUBLISHED)
    grows_stale = True

    def preview_response(self, request, preview):
        return views.preview(request, preview.page, preview.tags)

    def get_changeform_initial_data(self, request):
        """The headings, to be written under. In which language does not matter: they follow that
        of the page when it is saved."""
        initial = super().get_changeform_initial_data(request)
        language = initial.get("language") or "en"
        if language in dict(PAGE_LANGUAGES):
            initial.setdefault("body", sections.skeleton(language))
        return initial

    def first_day(self):
        pages = list(InShort.objects.order_by("pk").defer("body_html", "references_html"))
        add = reverse("admin:review_inshort_add")
        yield Step(_("Write “In short”: one page in plain words"), add, bool(pages))
        for page in pages:
            if page.lacks_red_flags:
                address = reverse("admin:review_inshort_change", args=[page.pk])
                words = _("Write “See a doctor at once if…” in “%(page)s”") % {"page": page}
                yield Step(words, address, False)
