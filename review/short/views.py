"""In short: the list of these pages, one of them, and the sheet that a patient takes along."""

from django.db.models import Case, Value, When
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comments.threads import paging
from publishing.richtext import links
from publishing.shortcuts import page_of
from references.exporting import files

from .models import InShort

PER_PAGE = 50


def index(request):
    """Those in the reader's language first."""
    pages = InShort.objects.published().defer("body", "body_html", "references_html")
    own = Case(When(language=get_language(), then=Value(0)), default=Value(1))
    context = {"page": page_of(pages.order_by(own, "language", "pk"), request, PER_PAGE)}
    return render(request, "review/short/index.html", context)


def page(request, slug):
    page = get_object_or_404(InShort.objects.published().select_related("cover"), slug=slug)
    return short_page(request, page, page.tags.all())


def preview(request, page, tags=None):
    """A page in hand, public or not, as readers would see it."""
    page.slug = page.slug or "preview"
    return short_page(request, page, page.tags.all() if tags is None else tags)


def short_page(request, page, tags):
    translations = _translations(page)
    context = {
        "page": page,
        "tags": tags,
        "translations": translations,
        "original": next((one for one in translations if one.pk == page.translation_of_id), None),
        "trail": [(_("In short"), links.address("inshort:index"))],
        "comments": paging.of_page(page, paging.Asked.from_query(request.GET)),
    }
    return render(request, "review/short/page.html", context)


def _translations(page):
    group = InShort.objects.published().exclude(pk=page.pk)
    found = group.filter(pk=page.group) | group.filter(translation_of=page.group)
    return list(found.only("slug", "title", "language", "updated", "translation_of_id"))


def sheet(request, slug):
    """The page on one sheet of paper, with room for questions."""
    page = get_object_or_404(InShort.objects.published(), slug=slug)
    return render(request, "review/short/sheet.html", {"page": page})


def cite(request, slug, ending):
    """The page itself, for a list of references."""
    page = get_object_or_404(InShort.objects.published(), slug=slug)
    return files.page_as_file(page, ending, "webpage")
