"""A question and its answer, kept."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from publishing.richtext import links

from ..models import KeptAnswer
from ..threads import paging


def answer(request, slug):
    kept = get_object_or_404(KeptAnswer.objects.published(), slug=slug)
    return kept_page(request, kept, kept.tags.all())


def preview(request, kept, tags=None):
    """An answer in hand, public or not, as readers would see it."""
    kept.slug = kept.slug or "preview"
    return kept_page(request, kept, kept.tags.all() if tags is None else tags)


def kept_page(request, kept, tags):
    group = KeptAnswer.objects.published().exclude(pk=kept.pk)
    found = group.filter(pk=kept.group) | group.filter(translation_of=kept.group)
    translations = list(found.only("slug", "title", "language", "updated", "translation_of_id"))
    page = kept.page
    context = {
        "kept": kept,
        "about": page if page is not None and page.is_public() else None,
        "tags": tags,
        "translations": translations,
        "original": next(
            (each for each in translations if each.pk == kept.translation_of_id), None
        ),
        "trail": [(_("Answered questions"), links.address("questions"))],
        "comments": paging.of_page(kept, paging.Asked.from_query(request.GET)),
    }
    return render(request, "comments/kept/answer.html", context)
