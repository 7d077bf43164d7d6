"""The file of Retraction Watch (about 60 MB of CSV), read line by line: which of its works are in
the library, and what it says of them."""

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from .. import identifiers
from ..formats.records import WorkNotice
from ..models import Reference
from . import watching

NEEDED = ("OriginalPaperDOI", "RetractionDate", "RetractionNature")
NATURES = {
    "retraction": "retraction", "expression of concern": "concern", "correction": "erratum",
    "reinstatement": "update",
}  # fmt: skip
NOTHING = ("", "0", "unavailable", "unknown")
MOST_WARNINGS = 20
SOURCE = "Retraction Watch"


class NotTheFile(Exception):
    """Says in plain words what is wrong with a file."""


@dataclass
class Read:
    lines: int = 0
    found: int = 0  # lines about works of the library
    new: list = field(default_factory=list)
    warnings: list = field(default_factory=list)


def read(file):
    """`Read` of an open binary file; what it says of works of the library is kept."""
    result, said = Read(), {}
    works = _works()
    for line, row in _rows(file, result):
        result.lines += 1
        pk = works.get(("doi", _number("doi", row.get("OriginalPaperDOI")))) or works.get(
            ("pmid", _number("pmid", row.get("OriginalPaperPubMedID")))
        )
        if pk is None:
            continue
        result.found += 1
        nature = " ".join((row.get("RetractionNature") or "").lower().split())
        if nature not in NATURES:
            _warn(result, _("Line %(line)s: “%(nature)s” is none of the kinds we know.")
                  % {"line": line, "nature": nature[:60]})  # fmt: skip
            continue
        said.setdefault(pk, []).append(_notice(row, NATURES[nature]))
    with transaction.atomic():
        result.new = watching.take(said)
    return result


def _rows(file, result):
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    lines = csv.DictReader(text, strict=False)
    try:
        names = lines.fieldnames or []
        if missing := [name for name in NEEDED if name not in names]:
            words = _("This is not the file of Retraction Watch: it has no column %(names)s.")
            raise NotTheFile(words % {"names": ", ".join(missing)})
        while True:
            try:
                row = next(lines)
            except StopIteration:
                return
            except csv.Error as error:
                _warn(result, _("Line %(line)s cannot be read: %(why)s")
                      % {"line": lines.line_num, "why": error})  # fmt: skip
                continue
            yield lines.line_num, row
    finally:
        text.detach()


def _warn(result, words):
    if len(result.warnings) < MOST_WARNINGS:
        result.warnings.append(words)


def _works():
    found = {}
    for pk, doi, pmid in Reference.objects.values_list("pk", "doi", "pmid"):
        found |= {("doi", (doi or "").lower()): pk, ("pmid", pmid or ""): pk}
    found.pop(("doi", ""), None)
    found.pop(("pmid", ""), None)
    return found


def _number(kind, text):
    text = (text or "").strip()
    if text.lower() in NOTHING:
        return ""
    try:
        return getattr(identifiers, kind)(text).lower()
    except identifiers.BadIdentifier:
        return ""


def _notice(row, kind):
    reasons = [each.strip(" +") for each in (row.get("Reason") or "").split(";")]
    return WorkNotice(
        kind,
        date=_date(row.get("RetractionDate") or ""),
        doi=_number("doi", row.get("RetractionDOI")),
        pmid=_number("pmid", row.get("RetractionPubMedID")),
        text="; ".join(filter(None, reasons))[:400],
        source=SOURCE,
    )


def _date(text):
    """“4/15/2021 0:00”, as Americans write it."""
    try:
        return datetime.strptime(text.split()[0], "%m/%d/%Y").date().isoformat()
    except (ValueError, IndexError):
        return ""
