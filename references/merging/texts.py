"""The texts that cite a work or lead to it, when it becomes another. Kept of them is only which of
their citations and links were of the other work, not the words."""

import re

from django.apps import apps

from publishing.models import (
    PageLink,
)
from publishing.richtext.fields import RichTextField

from ..models import (
    Citation,
)


def point_texts(record, old, new):
    """Cite and link to `new` wherever a text cites or links to `old`."""
    keys, numbers = (old.citekey, new.citekey), (str(old.pk), str(new.pk))
    rows = Citation.objects.filter(reference=old).prefetch_related("page")
    for page in [row.page for row in rows if row.page is not None]:
        _remember(record, page, _CITED, keys)
        page.recite(*keys)
    for page in PageLink.objects.sources_of([old]):
        _remember(record, page, _LINKED, numbers)
        for name, text in _texts(page).items():
            setattr(page, name, _replaced(text, _LINKED, numbers[0], numbers[1]))
        _save_page(page)


# A citation in a text or in an answer to a comment, and a lasting link; the second group names the
# work.
_CITED = re.compile(r"""(data-cite=\"|\[@)([^"\]]+)(?="|\])""")
_LINKED = re.compile(r"(page:references\.reference/)(\d+)")


def _texts(page):
    """What of a page its author typed, by field."""
    rich = [each.name for each in page._meta.concrete_fields if isinstance(each, RichTextField)]
    return {name: getattr(page, name) or "" for name in rich or ["text"] if hasattr(page, name)}


def _remember(record, page, pattern, names):
    """For every mention of one of the two works, in order, whether it was the first of `names`."""
    for field, text in _texts(page).items():
        mentions = [found[2] == names[0] for found in pattern.finditer(text) if found[2] in names]
        if any(mentions):
            kind = "cited" if pattern is _CITED else "linked"
            record["texts"].append([page._meta.label_lower, page.pk, field, kind, mentions])


def _replaced(text, pattern, old, new):
    return pattern.sub(lambda found: found[1] + (new if found[2] == old else found[2]), text)


def put_back(change, kept, again):
    """Mentions are of the other work again; in a text that has other mentions by now they stay with
    the work that stayed."""
    label, pk, field, kind, mentions = change
    page = apps.get_model(label)._base_manager.filter(pk=pk).first()
    pattern, name = (_CITED, "citekey") if kind == "cited" else (_LINKED, "pk")
    old, new = str(getattr(kept, name)), str(getattr(again, name))
    text = getattr(page, field, "") or ""
    if [found[2] for found in pattern.finditer(text)].count(old) != len(mentions):
        return
    turns = iter(mentions)
    text = pattern.sub(
        lambda found: found[1] + (new if found[2] == old and next(turns) else found[2]), text
    )
    setattr(page, field, text)
    _save_page(page)


def _save_page(page):
    if hasattr(page, "updated"):
        page.save(updated=page.updated)
    else:
        page.save()
