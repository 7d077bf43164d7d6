"""What an import would do, in words: each record beside what the library has."""

from django.db.models import Count
from django.utils.text import Truncator
from django.utils.translation import gettext

from publishing.languages import country_name, language_name

from .. import matching
from ..formats import Refused
from ..models import Keyword, Reference, WorkNotice
from ..vocabulary import CSLType, Role, Season
from . import pending as pending_records
from . import save

MOST_WORDS = 30


def everywhere(pending):
    """`(field, label, how many records differ in it)` where it is worth choosing for all at
    once."""
    found = sorted(pending.differing.items(), key=lambda item: -item[1])
    return [(field, label(field), count) for field, count in found if count > 1]


def kinds(pending):
    """`(verdict, its word, how many)` of those there are, all of them first."""
    counts = dict(pending.records.order_by().values_list("verdict").annotate(Count("pk")))
    words = {
        "": gettext("all"), "new": gettext("new"), "perhaps": gettext("perhaps the same"),
        "differs": gettext("differ"),
        "same": gettext("already there"),
    }  # fmt: skip
    counts[""] = sum(counts.values())
    return [
        (value, label, counts.get(value, 0))
        for value, label in words.items()
        if value == "" or counts.get(value)
    ]


def shown(pending, rows):
    """Each row of a page with its words and, where it differs, the fields side by side as things
    stand now."""
    rows = list(rows)
    found = {}
    for record, match, _twin in save.compare(
        [pending_records.record_of_row(row) for row in rows if not row.twin], target=pending.target
    ):
        found[record.number] = match
    remarks = {row.number: [] for row in rows}
    for each in pending.warnings:
        remarks.get(each["number"], []).append(each["reason"])
    return [
        _shown_row(row, found.get(row.number)) | {"remarks": remarks[row.number]} for row in rows
    ]


def _shown_row(row, match):
    record = pending_records.record_of_row(row)
    known = None if row.twin or isinstance(match, Refused) else match
    perhaps = known.perhaps if known else []
    likely = next((held for held, _judgement in perhaps if held.reference.pk), None)
    differences = known.differences if known else []
    if likely:
        differences = matching.differences(likely.record, record)
    return {
        "row": row,
        "judgement": known.judgement if known else None,
        "likely": likely.reference if likely else None,
        "perhaps": [(held.reference, held.record.number, judgement) for held, judgement in perhaps],
        "related": (
            [(held.reference, judgement) for held, judgement in known.related] if known else []
        ),
        "record": record,
        "who": _who(record.names),
        "title": record.title or record.original_title or f"[{record.translated_title}]",
        "refused": match.reason if isinstance(match, Refused) else "",
        "reference": match.held.reference if isinstance(match, save.Match) and match.held else None,
        "fields": [
            {
                "name": f"field-{row.number}-{each.field}",
                "label": label(each.field),
                "ours": value_text(each.field, each.ours),
                "theirs": value_text(each.field, each.theirs),
                "take": pending_records.chosen(row, each),
            }
            for each in differences
        ],
    }


def _who(names):
    """The first of them, and that there are more."""
    shown = Truncator(names_text(names[:7])).chars(160).rstrip(".")
    return f"{shown}; …" if len(names) > 7 and not shown.endswith("…") else shown


def label(field):
    rows = {
        "names": gettext("people"),
        "keywords": gettext("keywords of databases and authors"),
        "notices": gettext("retractions, errata, comments"),
    }
    if field in rows:
        return rows[field]
    return Reference._meta.get_field(field).verbose_name


def value_text(field, value):
    """A value as the author reads it."""
    if value in ("", None, []):
        return ""
    if field == "names":
        return names_text(value)
    if field == "tags":
        return ", ".join(value)
    if field in ("keywords", "notices"):
        model = Keyword if field == "keywords" else WorkNotice
        return "; ".join(str(model.of(None, each)) for each in value[:MOST_WORDS])
    if field == "type":
        return CSLType(value).label if value in CSLType.values else value
    if field == "season":
        return Season(value).label if value in Season.values else str(value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return {"language": language_name, "country": country_name}.get(field, str)(value)


def names_text(names):
    words = []
    for name in names:
        text = ", ".join(part for part in (name.family, name.given, name.suffix) if part)
        words.append(text if name.role == Role.AUTHOR else f"{text} ({Role(name.role).label})")
    return "; ".join(words)
