"""Pages that are notes on an article, and lists of articles: into the library, where the author
said so."""

import re

from django.utils.translation import gettext_noop

from publishing.richtext import sanitise
from references.importing import save
from references.models import Notes, Reference
from review.models import Placement

from . import recognise, survey
from .said import language_of, state_of

_END = re.compile(r"(<br[^<>]*>|\n|</?(?:p|li|h\d|div|ul|ol)(?:\s[^<>]*)?>)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_OWN = re.compile(r"<p>(\(\s*Personal note\s*:.*?)</p>", re.IGNORECASE | re.DOTALL)


def without(run, item, entry):
    """The text of an item without the lines that become something else."""
    drop = set()
    if run.decisions.become(item.number) == "notes" and entry.found.citation:
        drop.add(entry.found.citation)
    if run.decisions.drops(item.number):
        drop |= {*entry.found.totals, *entry.found.news}
    listed = run.decisions.takes_articles(item.number)
    out = []
    for piece in _END.split(item.text):
        words = survey.words(piece)
        gone = words and (words in drop or (listed and list(recognise.articles([words]))))
        out.append("".join(_TAG.findall(piece)) if gone else piece)
    return "".join(out)


def work_of(record):
    """The work a record is, made where there is none."""
    save.save_records([record], formatted=False)
    for _record, match, _twin in save.compare([record]):
        held = getattr(match, "held", None)
        if held is not None:
            return Reference.objects.filter(pk=held.reference.pk).first()
    return None


def notes(run, item, entry, text):
    """`(Notes, Reference)`; None for the notes where there are some."""
    line = run.decisions.items.get(item.number, {}).get("notes_on") or entry.found.citation
    work = work_of(recognise.record_of(line or entry.title))
    if work is None or Notes.objects.filter(reference=work).exists():
        return None, work
    page = Notes(reference=work, body=sanitise.clean(_OWN.sub(_personal, text)))
    page.language = language_of(run, item, text)
    page.state, page.publish_at = state_of(item)
    page.save(updated=item.modified or item.at)
    return page, work


def _personal(match):
    inside = recognise.PERSONAL.match(match[1])
    return f'<div class="own"><p>{inside[1] if inside else match[1]}</p></div>'


def place(run, chapter, item):
    """The articles a page lists, listed in the chapter in the same order."""
    lines = [words for piece in _END.split(item.text) if (words := survey.words(piece))]
    for position, (_line, record) in enumerate(recognise.articles(lines[: recognise.MOST * 2]), 1):
        work = work_of(record)
        if work is None:
            run.report.note(gettext_noop("This article could not be read"), record.title)
            continue
        Placement.objects.get_or_create(
            chapter=chapter, reference=work, defaults={"position": position}
        )
        run.report.tell({"article listed": 1}, chapter.title)
