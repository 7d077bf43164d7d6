"""What rests on a work: the sentences that cite it, the facts taken from it, its figures."""

import hashlib
import re
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from publishing.richtext import sanitise

from ..models import Citation, FigureSource, NoticeAnswer, StudyFacts

MOST = 300  # that are shown
LONGEST = 600
_MARK = "\ue000"
_BLOCKS = frozenset("p li td th dd dt blockquote figcaption h2 h3 h4 h5 h6 caption pre div".split())
_END = re.compile(r"(?<=[.!?…])[”»\")]*\s+(?=[^a-z\s])")


@dataclass
class Resting:
    """A sentence, fact or picture; `row` is the page, facts or image it belongs to."""

    row: object
    text: str
    place: str
    address: str = ""
    answer: NoticeAnswer | None = None

    @property
    def mark(self):
        words = " ".join(self.text.split()).casefold()
        return hashlib.sha256(words.encode()).hexdigest()

    @property
    def key(self):
        kind = ContentType.objects.get_for_model(self.row)
        return kind.pk, self.row.pk, self.mark


def on(notice):
    """`([Resting], [NoticeAnswer] of what is not there any more)` for a notice."""
    work = notice.reference
    found = [*_sentences(work), *_facts(work), *_figures(work)][:MOST]
    answers = {(each.page_type_id, each.page_id, each.mark): each for each in notice.answers.all()}
    for each in found:
        each.answer = answers.pop(each.key, None)
    return found, list(answers.values())


def _sentences(work):
    rows = Citation.objects.filter(reference=work).order_by("page_type", "page_id")
    for row in rows.prefetch_related("page"):
        if row.page is None:
            continue
        body = getattr(row.page, "body", None)
        texts = citing(body, work.citekey) if body else []
        address = row.page.get_absolute_url().partition("#")[0]
        for place, text in enumerate(texts or [str(row.page)]):
            anchor = row.places[place] if place < len(row.places) else ""
            yield Resting(row.page, text, str(row.page), f"{address}#{anchor}".rstrip("#"))


def citing(body, citekey):
    """The sentences of a text that cite a work, as plain words, each once."""
    root, found = sanitise.parse(body), []
    for span in root.iter("span"):
        if span.get("data-cite") == citekey:
            block = next((up for up in span.iterancestors() if up.tag in _BLOCKS), root)
            found += [text for text in _of_block(block, citekey) if text not in found]
    return found


def _of_block(block, citekey):
    pieces = []
    for node, text in _texts(block):
        is_cite = node is not None and node.get("data-cite")
        pieces.append((_MARK if node.get("data-cite") == citekey else "") if is_cite else text)
    for sentence in _END.split("".join(pieces)):
        if _MARK in sentence:
            words = " ".join(sentence.replace(_MARK, " ").split())
            yield re.sub(r"\s+([.,;:!?])", r"\1", words)[:LONGEST]


def _texts(block):
    """`(element whose own text it is, text)` in reading order."""
    stack = [(block, "open")]
    while stack:
        node, what = stack.pop()
        if what == "tail":
            yield None, node.tail or ""
            continue
        if isinstance(node.tag, str):
            yield node, node.text or ""
            for child in reversed(list(node)):
                stack += [(child, "tail"), (child, "open")]


def _facts(work):
    facts = StudyFacts.objects.filter(reference=work).first()
    if facts is None:
        return
    for name in StudyFacts.FACTS:
        value = getattr(facts, name)
        if value:
            label = StudyFacts._meta.get_field(name).verbose_name
            yield Resting(facts, f"{label}: {value}", _("Evidence table"), "/references/evidence/")


def _figures(work):
    for source in FigureSource.objects.filter(reference=work).select_related("image"):
        yield Resting(source.image, str(source.image), _("Figure"))
