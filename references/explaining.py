"""Words of a text that the register of names or the author's glossary explains.

When a text is rendered, the first place of each such word becomes a link to its explanation. It
opens in place (`static/js/explain.js`); without scripts it leads to the word's own page.
"""

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import pairwise

from django.apps import apps
from django.db.models import Q, Value

from publishing import tasks
from publishing.later import later
from publishing.models import RichPage, rerender_pages_linking_to
from publishing.richtext.tree import make

etree = later("lxml.etree")

# What a word may not be taken from: links, headings, captions, marks, what is written exactly.
SKIPPED = {"a", "h1", "h2", "h3", "h4", "h5", "h6", "th", "caption", "figcaption", "small", "sup",
           "code", "pre", "button"}  # fmt: skip
SKIPPED_CLASSES = {"cite", "note", "fn", "kind"}
LONGEST = 8  # words of a form
MOST_FORMS = 50
LABELS = ("references.glossaryterm", "references.name")

_together = ContextVar("words explained together", default=None)

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\s\u00ad\u200b\u2010\u2011’'-]{1,3}")


class Explained:
    """A pass of rendering: marks, in a text in `language`, each word known at its first place."""

    def __init__(self, language):
        self.language = language

    def __call__(self, root):
        known = _known(self.language)
        if not known:
            return
        found = set()
        for node, is_tail in _places(root, self.language):
            _mark(node, is_tail, known, found)


def _known(language):
    """`{first word: [(words, address)]}` of every form of every word, the longest first; what the
    glossary has is not looked up in the register."""
    rows = None
    for order, label in enumerate(LABELS):
        some = (
            apps.get_model(label)
            .objects.order_by()
            .filter(language=language)
            .values_list(Value(order), Value(label), "pk", "title", "forms")
        )
        rows = some if rows is None else rows.union(some, all=True)
    return _by_first_word(tuple(sorted(rows)))


@lru_cache(maxsize=8)
def _by_first_word(rows):
    """Ten times as dear as reading the rows: done again only when these are others."""
    forms = {}
    for _order, label, pk, title, others in rows:
        for form in (title, *others.splitlines()[:MOST_FORMS]):
            words = tuple(_WORD.findall(form.casefold()))
            if 0 < len(words) <= LONGEST:
                forms.setdefault(words, f"page:{label}/{pk}")
    known = {}
    for words in sorted(forms, key=len, reverse=True):
        known.setdefault(words[0], []).append((words, forms[words]))
    return known


def _places(root, language):
    """`[(element, whether its tail is meant)]`: where running text stands, in reading order."""
    places, inside = [], 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        skipped = node is not root and _is_skipped(node, language)
        if event == "start":
            inside += skipped
            if not inside and (node.text or "").strip():
                places.append((node, False))
        else:
            inside -= skipped
            if not inside and node is not root and (node.tail or "").strip():
                places.append((node, True))
    return places


def _is_skipped(node, language):
    return (
        node.tag in SKIPPED
        or node.get("lang", language) != language
        or not SKIPPED_CLASSES.isdisjoint(node.get("class", "").split())
    )


def _mark(node, is_tail, known, found):
    text = node.tail if is_tail else node.text
    places = list(_matches(text, known, found))
    if not places:
        return
    links = []
    for at, (start, end, address) in enumerate(places):
        link = make("a", text[start:end], {"class": "term", "href": address})
        link.tail = text[end : places[at + 1][0] if at + 1 < len(places) else len(text)]
        links.append(link)
    before = text[: places[0][0]]
    if is_tail:
        node.tail = before
        parent, index = node.getparent(), node.getparent().index(node) + 1
    else:
        node.text = before
        parent, index = node, 0
    parent[index:index] = links


def _matches(text, known, found):
    """`(start, end, address)` of what is not in `found` yet, which it is added to."""
    words = [(each.group().casefold(), *each.span()) for each in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        for form, address in known.get(words[at][0], ()):
            last = at + len(form) - 1
            if address not in found and _stands(text, words[at : last + 1], form):
                found.add(address)
                yield words[at][1], words[last][2], address
                at = last
                break
        at += 1


def _stands(text, words, form):
    return tuple(word for word, *_ in words) == form and all(
        _BETWEEN.fullmatch(text, before[2], after[1]) for before, after in pairwise(words)
    )


def marks_of(row):
    """What decides where a word is marked and what the mark leads to, as it is kept; None for a
    new one."""
    names = ("title", "forms", "language", "slug")
    return type(row)._base_manager.filter(pk=row.pk).values_list(*names).first() if row.pk else None


def changed(row, before):
    """After a word was saved: texts that held a mark of it, and texts that may now, are rendered
    again, by tasks."""
    if (row.title, row.forms, row.language, row.slug) == before:
        return
    if before:
        rerender_pages_linking_to([row])
    words = _together.get()
    if words is not None:
        words.append([row._meta.label_lower, row.pk])
    else:
        tasks.enqueue("references.explain", row._meta.label_lower, row.pk)


@contextmanager
def together():
    """Texts are looked through once for all words that are saved within, by one task."""
    words = []
    token = _together.set(words)
    try:
        yield
    finally:
        _together.reset(token)
    if words:
        tasks.enqueue("references.explain_all", words)


def holding(rows):
    """`[page]` of the texts that may hold one of the forms of a word in their language."""
    models = [model for model in _marked_models() if model._base_manager.exists()]
    wanted = Q(pk=None)
    for row in rows if models else ():
        forms = Q(pk=None)
        for form in row.all_forms[:MOST_FORMS]:
            word = max(_WORD.findall(form), key=len, default="")
            for spelt in {word, word.lower(), word.capitalize()} - {""}:
                forms |= Q(body__icontains=spelt)
        wanted |= Q(language=row.language) & forms
    return [page for model in models for page in model._base_manager.filter(wanted)]


def mark_old_texts():
    """On a site that was upgraded just now, whose texts hold no mark yet: have them marked."""
    if any(
        model._base_manager.filter(body_html__contains='class="term"').exists()
        for model in _marked_models()
    ):
        return
    for label in LABELS:
        for pk in apps.get_model(label).objects.order_by("pk").values_list("pk", flat=True):
            tasks.enqueue("references.explain", label, pk)


def _marked_models():
    return [
        model
        for model in apps.get_models()
        if issubclass(model, RichPage) and getattr(model, "EXPLAINS", False)
    ]
