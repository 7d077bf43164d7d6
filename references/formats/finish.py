"""What every record goes through after its reader: identifiers, addresses and words brought to the
library's forms."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from references import identifiers
from references.vocabulary import CSLType

from . import kinds, names, notices
from .languages import to_two
from .records import NO_KEY, NO_TITLE, Name, Notice, Record, Refused, Warned, note
from .text import excerpt, pages, shorten, unmarked

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ISBN = re.compile(r"\b(?:97[89][-\s]?)?(?:\d[-\s]?){9}[\dXx]\b")
_ISSN = re.compile(r"\b(\d{4})-?(\d{3}[\dXx])\b")
# The end of its online edition's date stands where other kinds of work have their edition.
_NO_DATE = re.compile(r"(?:n\W*d\b|s\W*[fd]\b|no date|undated|sin fecha|sense data|0+$)", re.I)
_DATE = re.compile(r"(?:1[89]|20)\d{2}[-/.]?(?:0[1-9]|1[0-2])(?:[-/.]?[0-3]\d)?")
# How long a text may be in the library; tests/references/formats/test_dialects.py compares them
# with the model.
LENGTHS = {
    "container": 400, "container_short": 200, "volume": 50, "issue": 50, "pages": 100,
    "number_of_pages": 30, "edition": 50, "chapter_number": 30, "genre": 100, "event": 300,
    "publisher": 300, "place": 200, "nlm_id": 30, "issn": 60, "issn_kinds": 60, "country": 100,
    "study_design": 80, "sample_unit": 80,
}  # fmt: skip
ADDRESS, FAMILY, SUFFIX, TAG, TERM = 600, 150, 20, 100, 200
MOST_KEYWORDS, MOST_ASPECTS = 200, 20
MOST_NAMED = 5  # in one message
_TEXTS = ("title", "original_title", "translated_title", "container", "container_short", "abstract")
_KNOWN_BY = ("doi", "pmid", "pmcid", "isbn", "container")
# CSL types the library has no word of its own for, and the nearest it has.
_NEAREST = {
    "bill": "document", "broadcast": "motion_picture", "classic": "book", "collection": "book",
    "entry": "chapter", "entry-dictionary": "entry-encyclopedia", "event": "speech",
    "interview": "personal_communication", "pamphlet": "book", "periodical": "book",
    "post": "post-weblog", "review-book": "review", "standard": "report", "regulation": "report",
    "thesis-type": "thesis",
}  # fmt: skip


def finish(record: Record) -> list[Notice]:
    """Mend `record` in place and give the notices: a `Refused` if it cannot be taken, `Warned` for
    what it lost."""
    notices = [_notice(Warned, record, reason) for reason in _mend(record)]
    if record.title == NO_TITLE or not (
        record.title or record.original_title or record.translated_title
    ):
        if not any(getattr(record, name) for name in _KNOWN_BY):
            return [_notice(Refused, record, _("The record has no title."))]
        record.title = NO_TITLE
        reason = _("The record has no title; it came in as “%(title)s”, to be filled in.") % {
            "title": NO_TITLE
        }
        notices.append(_notice(Warned, record, reason))
    return notices


def _notice(kind, record, reason):
    about = record.title or record.translated_title or record.container
    return kind(record.number, reason, record.citekey, record.line, excerpt(about))


def _mend(record):
    record.citekey = _citekey(record.citekey)
    for name in _TEXTS:
        setattr(record, name, unmarked(getattr(record, name)))
    notices.read_title(record)
    record.pages = pages(record.pages)
    if record.title == record.original_title:
        record.title = ""
    if not record.title and record.translated_title == NO_TITLE.strip("[]"):
        record.title, record.translated_title = NO_TITLE, ""
    record.names = [names.tidied(name) for name in record.names]
    if record.type not in CSLType.values:
        record.type = _NEAREST.get(record.type, "document")
    kinds.read_genre(record)
    if record.type == "book" and record.container == record.title:
        record.container = ""
    if _DATE.fullmatch(record.edition):
        record.edition = ""
    if len(record.issn_kinds.split()) != len(record.issn.split()):
        record.issn_kinds = ""
    if record.issn:
        record.issn = (
            " ".join(dict.fromkeys("-".join(found) for found in _ISSN.findall(record.issn)))
            or record.issn
        )
    yield from _mend_date(record)
    yield from _mend_names(record)
    yield from _mend_language(record)
    yield from _mend_identifiers(record)
    yield from _mend_addresses(record)
    yield from _mend_lengths(record)


def _mend_names(record):
    told = doubt(record.names)
    if told:
        record.names = [replace(name, doubtful=False) for name in record.names]
        yield told


def doubt(people: list[Name]) -> str:
    """What to say of names whose order was a guess, once for all of them; empty if none was."""
    guessed = [name for name in people if name.doubtful]
    if not guessed:
        return ""
    shown = "; ".join(names.comma_form(name) for name in guessed[:MOST_NAMED])
    return _(
        "It is not certain how these names are meant; they were read as “%(names)s”. Please check"
        " which is the family name."
    ) % {"names": excerpt(shown + ("; …" if len(guessed) > MOST_NAMED else ""), 200)}


def _mend_date(record):
    """What says in words that there is none is no loss."""
    written, record.unread_date = record.unread_date.strip(" /"), ""
    if re.search(r"\w", written) and not _NO_DATE.match(written):
        yield _("“%(value)s” has no year that could be read; it was left out.") % {
            "value": excerpt(written, 60)
        }


def _mend_language(record):
    """Of several languages the first is the work's; all are noted."""
    if not record.language:
        return
    written = [
        part.strip()
        for part in re.split(r"[;,|&]|/(?=\s*\w{2})|\band\b", record.language)
        if part.strip()
    ]
    if len(written) == 1 and not to_two(written[0]):
        written = written[0].split()
    known = list(dict.fromkeys(filter(None, map(to_two, written))))
    if not known:
        yield _("“%(value)s” is no language we know; it was left out.") % {
            "value": excerpt(record.language, 60)
        }
    if len(known) > 1:
        note(record, f"Languages: {', '.join(known)}")
    record.language = known[0] if known else ""


def _mend_identifiers(record):
    for name in ("doi", "pmid", "pmcid", "isbn"):
        value = getattr(record, name)
        if value:
            found = _identifier(name, value)
            setattr(record, name, found if len(found) <= 300 else "")
            if not getattr(record, name):
                yield _("“%(value)s” is no %(name)s; it was left out.") % {
                    "value": excerpt(value, 60),
                    "name": name.upper(),
                }


def _mend_addresses(record):
    for name in ("url", "full_text_url"):
        value = getattr(record, name)
        if value and not re.fullmatch(r"(?:https?|ftp)://[^\s<>\"]+", value):
            repaired = "https://" + value if re.fullmatch(r"www\.[^\s<>\"]+", value) else ""
            setattr(record, name, repaired)
            if not repaired:
                yield _("“%(value)s” is no web address; it was left out.") % {
                    "value": excerpt(value, 60)
                }
        if len(getattr(record, name)) > ADDRESS:
            note(record, value)
            setattr(record, name, "")
            yield _("A web address is too long for the library; it stands in the private note.")


def _mend_lengths(record):
    """Nothing at the side refuses a work: what is too long is shortened, and kept whole in the
    private note."""
    for name, most in LENGTHS.items():
        value = getattr(record, name)
        if len(value) > most:
            setattr(record, name, shorten(value, most))
            note(record, f"{name.replace('_', ' ')}: {value}")
            yield _shortened(value)
    for at, name in enumerate(record.names):
        if max(len(name.family), len(name.given)) > FAMILY or len(name.suffix) > SUFFIX:
            record.names[at] = _short_name(name)
            note(record, f"{name.role}: {names.comma_form(name)}")
            yield _shortened(name.family)
    if len(record.keywords) > MOST_KEYWORDS:
        note(record, "; ".join(word.term for word in record.keywords[MOST_KEYWORDS:]))
        yield _("It has more than %(count)d keywords; the rest stands in the private note.") % {
            "count": MOST_KEYWORDS
        }
    record.keywords = [_short_keyword(word) for word in record.keywords[:MOST_KEYWORDS]]
    if any(len(tag) > TAG for tag in record.tags):
        yield _shortened(max(record.tags, key=len))
        record.tags = [shorten(tag, TAG) for tag in record.tags]


def _short_keyword(word):
    kept = tuple(shorten(part, TAG) for part in word.qualifiers[:MOST_ASPECTS])
    starred = tuple(part for part in kept if part in word.starred)
    return replace(word, term=shorten(word.term, TERM), qualifiers=kept, starred=starred)


def _shortened(value):
    reason = _(
        "“%(value)s” is too long for the library; it was shortened and stands whole in the private"
        " note."
    )
    return reason % {"value": excerpt(value, 60)}


def _short_name(name):
    """A family name so long is an organisation's."""
    if len(name.family) > FAMILY:
        return Name(shorten(name.family, FAMILY), literal=True, role=name.role)
    return Name(
        name.family,
        shorten(name.given, FAMILY),
        shorten(name.suffix, SUFFIX),
        name.literal,
        name.role,
    )


def _citekey(key):
    """Citekeys stand in addresses and texts; an address in the place of one is none, nor is what
    our writers put there.

    Nor are the running numbers of EndNote and of databases.
    """
    if "://" in key or re.fullmatch(rf"(?:{NO_KEY}|RN|ITEM-)?\d+|(?:WOS|ISI):\w+", key):
        return ""
    return re.sub(r"[^\w:.+-]+", "-", key).strip("-:.+")[:120]


def _identifier(name, value):
    """The identifier in its one form, looked for in what stands around it; empty if there is
    none."""
    try:
        return getattr(identifiers, name)(value)
    except identifiers.BadIdentifier:
        found = {"doi": _DOI, "isbn": _ISBN}.get(name, re.compile(r"(?!)")).search(value)
    try:
        return getattr(identifiers, name)(found[0].rstrip(".,;)]}")) if found else ""
    except identifiers.BadIdentifier:
        return ""
