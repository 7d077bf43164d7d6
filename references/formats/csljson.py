"""CSL-JSON. A list of items (or one); what CSL has no variable for is read from `custom`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from publishing.languages import country_code

from . import dates, notices, unplaced
from . import names as people
from . import titles as titled
from .csljsonkeys import as_csl, unwrapped
from .csljsonwriter import CUSTOM_FIELDS, ROLES, TEXT_FIELDS, as_item, write
from .jsonitems import items
from .keywords import keywords
from .languages import to_two
from .records import (
    Keyword,
    Name,
    Notice,
    Parsed,
    Record,
    Refused,
    WorkNotice,
    attempt,
    note,
)
from .source import Source
from .text import excerpt, unmarked

__all__ = ["as_item", "parse", "people_of", "read", "titles", "write"]

# The words of CSL, and of this site, that are read.
_KNOWN = {
    *TEXT_FIELDS.values(), *ROLES, "id", "type", "title", "original-title", "event-title", "event",
    "language", "issued", "note", "keyword", "custom", "journalAbbreviation", "collection-editor",
    "year", "month", "day", "updated-by", "update-to", "relation", "status",
}  # fmt: skip
# Parts of names as services call them.
_FAMILY = ("family", "lastName", "last", "last_name", "surname", "familyName")
_GIVEN = ("given", "firstName", "first", "first_name", "forename", "givenName")


def parse(text: str) -> Parsed:
    """`Parsed` for a whole file. What is broken is refused by its number; everything else comes
    in."""
    parsed = Parsed()
    for item in read(text):
        parsed.add(item)
    return parsed


def read(text: str | Source) -> Iterator[Record | Notice]:
    """Give every item as a `Record`, or as `Refused` with its line; then what had no place."""
    left_out: dict[str, int] = {}
    number = 0
    for line, whole in items(text):
        for item in [whole] if isinstance(whole, Exception) else unwrapped(whole):
            number += 1
            yield _one(item, number, line, left_out)
    yield from unplaced.fields(left_out)


def _one(item, number, line, left_out):
    key, about = (
        (_text(item.get("id")), excerpt(str(item)[:1000])) if isinstance(item, dict) else ("", "")
    )
    try:
        if isinstance(item, Exception):
            raise ValueError(_("No CSL-JSON can be read here: %(error)s.") % {"error": item})
        return _record(item, number, line, left_out)
    except ValueError as error:
        about = about or ("" if isinstance(item, Exception) else excerpt(str(item)[:1000]))
        return Refused(number, str(error), key, line, about)


def _record(item, number, line, left_out):
    if not isinstance(item, dict):
        raise ValueError(_("This is no description of a work."))
    item, unknown = as_csl(item, _KNOWN)
    for name in unknown:
        left_out[name] = left_out.get(name, 0) + 1
    for role in ROLES:
        _refuse_odd_names(item.get(role), role)
    return attempt(lambda: _filled(item, number, line), number, line, str(item)[:400])


def _filled(item, number, line):
    custom = item.get("custom") if isinstance(item.get("custom"), dict) else {}
    record = Record(
        number=number,
        line=line,
        citekey=_text(item.get("id")),
        type=_text(item.get("type")) or "document",
    )
    for name, key in TEXT_FIELDS.items():
        setattr(record, name, _text(item.get(key)))
    for name, key in CUSTOM_FIELDS.items():
        setattr(record, name, _text(custom.get(key)))
    record.container_short = record.container_short or _text(item.get("journalAbbreviation"))
    record.event = _text(item.get("event-title") or item.get("event"))
    language = _text(item.get("language"))
    record.language = language if re.search(r"[;,]| and ", language) else to_two(language)
    record.country = country_code(_text(custom.get("country")))
    record.sample_size = _number(custom.get("sample_size"))
    record.title, record.translated_title = titles(item, custom, to_two(record.language))
    record.original_title = _text(item.get("original-title"))
    issued = _issued(item)
    _date(issued).put(record, _said(issued))
    _read_people(record, item)
    record.authors_incomplete |= custom.get("authors_incomplete") is True
    record.tags = _tags(custom.get("tags"))
    record.keywords = _keywords(custom.get("keywords")) or _other_keywords(item, record.tags)
    _read_notes(record, item)
    return record


def _other_keywords(item, tags):
    words = item.get("keyword")
    if isinstance(words, str):  # where we wrote it, her tags come first
        words = words.removeprefix(", ".join(tags)).removeprefix("; ".join(tags))
    known = {tag.casefold() for tag in tags}
    return keywords([word for word in _tags(words) if word.casefold() not in known])


def _keywords(value):
    """As we write them, with their vocabulary."""
    found = []
    for each in value if isinstance(value, list) else []:
        term = _text(each.get("term")) if isinstance(each, dict) else ""
        if term:
            parts = [_tags(each.get(name)) for name in ("qualifiers", "starred")]
            word = Keyword(term, _text(each.get("vocabulary"))[:20])
            qualifiers, starred = map(tuple, parts)
            major = each.get("major") is True
            found.append(replace(word, qualifiers=qualifiers, major=major, starred=starred))
    return list(dict.fromkeys(found))


def _read_notes(record, item):
    """Zotero's “Extra” has identifiers a line; the rest is for the author's eyes."""
    for line in str(item.get("note") or "").splitlines():
        found = re.fullmatch(r"\s*(PMID|PMCID)\s*:\s*((?:PMC)?\d{1,9})\s*", line, re.I)
        if found:
            kind = found[1].lower()
            setattr(record, kind, getattr(record, kind) or found[2])
        else:
            note(record, unmarked(line))
    for name in people_of(item.get("collection-editor"), "editor")[0]:
        note(record, f"Series editor: {people.comma_form(name)}")
    notices.read_crossref(record, item)
    custom = item.get("custom") if isinstance(item.get("custom"), dict) else {}
    said = custom.get("notices") if isinstance(custom.get("notices"), list) else []
    for notice in filter(None, map(notices.unpacked, map(_text, said))):
        notices.add(record, notice)
    if _text(item.get("status")).casefold() in ("retracted", "withdrawn"):
        notices.add(record, WorkNotice("retraction"))


def _read_people(record, item):
    for role in ROLES:
        found, more = people_of(item.get(role), role)
        record.names += found
        record.authors_incomplete |= more and role == "author"
    for each in item.get("creators") if isinstance(item.get("creators"), list) else []:
        role = each.get("creatorType", "author") if isinstance(each, dict) else "author"
        if role in ROLES:
            record.names += people_of([each], role)[0]
    record.names.sort(key=lambda name: ROLES.index(name.role))


def titles(item: dict, custom: dict, language: str = "") -> tuple[str, str]:
    """`(title, translation)` from “Titel [Title]”, from “[Title]” alone, or as `custom` names
    them."""
    title = _text(item.get("title"))
    translated, original = (
        _text(custom.get("title_translated")),
        _text(custom.get("title_original")),
    )
    if translated and original:
        return original, translated
    return titled.split(title, language, translated)


def _refuse_odd_names(value, role):
    for name in value if isinstance(value, list) else []:
        if not isinstance(name, dict | str):
            raise ValueError(
                _("A name among the people (%(role)s) cannot be read.") % {"role": role}
            )


def people_of(value: object, role: str) -> tuple[list[Name], bool]:
    """Names out of CSL's objects, out of strings, or out of one string with all of them; whether
    “et al.” follows."""
    found: list[Name] = []
    more = False
    for name in (
        value if isinstance(value, list) else [value] if isinstance(value, dict | str) else []
    ):
        if isinstance(name, str):
            several, others = people.people(_text(name), role)
            found, more = found + several, more or others
        elif isinstance(name, dict):
            found += _named(name, role)
    return found, more


def _named(name, role):
    literal = _text(name.get("literal"))
    family = _text(next((name[key] for key in _FAMILY if name.get(key)), ""))
    given = _text(next((name[key] for key in _GIVEN if name.get(key)), ""))
    family = " ".join(filter(None, (_text(name.get("non-dropping-particle")), family)))
    given = " ".join(filter(None, (given, _text(name.get("dropping-particle")))))
    if not (literal or family or given):
        return people.people(_text(name.get("name")), role)[0]
    return [Name(literal or family or given, given if family and not literal else "",
                 "" if literal else _text(name.get("suffix")), bool(literal), role)]  # fmt: skip


def _issued(item):
    """CSL's date, or year, month and day as words of their own."""
    if item.get("issued"):
        return item["issued"]
    parts = [_text(item.get(name)) for name in ("year", "month", "day")]
    return (
        "-".join(part.zfill(2) if part.isdigit() else part for part in parts if part)
        if parts[0]
        else ""
    )


def _said(value):
    """The words of a date that is written in words."""
    if isinstance(value, dict):
        value = value.get("raw") or value.get("literal")
    return value if isinstance(value, str) else ""


def _date(value):
    """As far as the date is known; “n.d.” is not known at all."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return dates.parse(str(value))
    value = value if isinstance(value, dict) else {}
    parts = value.get("date-parts")
    first, last = (_parts(parts, at) for at in (0, 1))
    if first[0] is None:
        return dates.parse(_text(value.get("raw") or value.get("literal")))
    about = value.get("circa") not in (None, False, "", 0, "0", "false")
    season = _number(value.get("season")) or dates.season(_text(value.get("season")))
    return dates.checked(
        *first, about, season and (season - 1) % 4 + 1, dates.numbers(*last) if last[0] else ""
    )


def _parts(parts, at):
    """Year, month and day of the beginning or the end; months 13 to 24 are seasons."""
    found = (
        parts[at]
        if isinstance(parts, list) and len(parts) > at and isinstance(parts[at], list)
        else []
    )
    year, month, day = ([_number(part) for part in found] + [None, None, None])[:3]
    season = month and 12 < month <= 24
    return year, dates.SEASON_MONTH + (month - 1) % 4 + 1 if season else month, day


def _tags(value):
    values = re.split("[;]" if ";" in value else ",", value) if isinstance(value, str) else value
    values = (
        [each.get("tag") if isinstance(each, dict) else each for each in values]
        if isinstance(values, list)
        else []
    )
    return list(dict.fromkeys(filter(None, map(_text, values))))


def _text(value):
    """One line of plain text; CSL allows a little markup in titles, which is dropped here."""
    if isinstance(value, list):
        value = "; ".join(map(_text, value))
    if value is None or isinstance(value, dict | bool):
        return ""
    return unmarked(str(value))


def _number(value):
    """A whole number out of 12 or "12"; None for anything else."""
    match = re.fullmatch(r"-?\d{1,9}", str(value).strip()) if not isinstance(value, bool) else None
    return int(match[0]) if match else None
