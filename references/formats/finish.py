"""What every record goes through after its reader: identifiers, addresses and words brought to the library's forms."""

import re

from django.utils.translation import gettext as _

from references import identifiers
from references.vocabulary import CSLType

from .languages import to_two
from .records import NO_KEY, Refused, Warned
from .text import excerpt, pages

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ISBN = re.compile(r"\b(?:97[89][-\s]?)?(?:\d[-\s]?){9}[\dXx]\b")
_ISSN = re.compile(r"\b\d{4}-?\d{3}[\dXx]\b")
# CSL types the library has no word of its own for, and the nearest it has.
_NEAREST = {
    "bill": "document", "broadcast": "motion_picture", "classic": "book", "collection": "book", "entry": "chapter",
    "entry-dictionary": "entry-encyclopedia", "event": "speech", "interview": "personal_communication",
    "pamphlet": "book", "periodical": "book", "post": "post-weblog", "review-book": "review", "standard": "report",
    "regulation": "report", "thesis-type": "thesis",
}  # fmt: skip


def finish(record):
    """Mend `record` in place and give the notices: a `Refused` if it cannot be taken, `Warned` for what it lost."""
    notices = [_notice(Warned, record, reason) for reason in _mend(record)]
    if not (record.title or record.original_title or record.translated_title):
        return [_notice(Refused, record, _("The record has no title."))]
    return notices


def _notice(kind, record, reason):
    return kind(record.number, reason, record.citekey, record.line, excerpt(record.title or record.translated_title))


def _mend(record):
    record.citekey = _citekey(record.citekey)
    record.pages = pages(record.pages)
    if record.title == record.original_title:
        record.title = ""
    record.names = list(dict.fromkeys(record.names))
    if record.type not in CSLType.values:
        record.type = _NEAREST.get(record.type, "document")
    if record.language:
        language = to_two(record.language)
        if not language:
            yield _("“%(value)s” is no language we know; it was left out.") % {"value": record.language}
        record.language = language
    for name in ("doi", "pmid", "pmcid", "isbn"):
        value = getattr(record, name)
        if value:
            setattr(record, name, _identifier(name, value))
            if not getattr(record, name):
                yield _("“%(value)s” is no %(name)s; it was left out.") % {"value": excerpt(value, 60), "name": name.upper()}
    if record.issn:
        record.issn = " ".join(dict.fromkeys(_ISSN.findall(record.issn))) or record.issn
    for name in ("url", "full_text_url"):
        value = getattr(record, name)
        if value and not re.fullmatch(r"(?:https?|ftp)://[^\s<>\"]+", value):
            repaired = "https://" + value if re.fullmatch(r"www\.[^\s<>\"]+", value) else ""
            setattr(record, name, repaired)
            if not repaired:
                yield _("“%(value)s” is no web address; it was left out.") % {"value": excerpt(value, 60)}


def _citekey(key):
    """Citekeys stand in addresses and texts; an address in the place of one is none, nor is what our writers put there."""
    if "://" in key or re.fullmatch(rf"{NO_KEY}\d+", key):
        return ""
    return re.sub(r"[^\w:.+-]+", "-", key).strip("-:.+")[:120]


def _identifier(name, value):
    """The identifier in its one form, looked for in what stands around it; empty if there is none."""
    try:
        return getattr(identifiers, name)(value)
    except identifiers.BadIdentifier:
        found = {"doi": _DOI, "isbn": _ISBN}.get(name, re.compile(r"(?!)")).search(value)
    try:
        return getattr(identifiers, name)(found[0].rstrip(".,;)]}")) if found else ""
    except identifiers.BadIdentifier:
        return ""
