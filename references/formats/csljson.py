"""CSL-JSON. A list of items (or one); what CSL has no variable for is read from `custom`."""

import json
import re
from itertools import islice

from django.utils.translation import gettext as _

from publishing.languages import country_code

from . import dates
from . import titles as titled
from .languages import to_two
from .records import NO_KEY, Name, Parsed, Record, Refused
from .text import excerpt, one_line

TEXT_FIELDS = {
    "container": "container-title",
    "container_short": "container-title-short",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "number_of_pages": "number-of-pages",
    "edition": "edition",
    "chapter_number": "chapter-number",
    "genre": "genre",
    "publisher": "publisher",
    "place": "publisher-place",
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "isbn": "ISBN",
    "issn": "ISSN",
    "url": "URL",
    "abstract": "abstract",
}
CUSTOM_FIELDS = {
    "study_design": "study_design",
    "sample_unit": "sample_unit",
    "record_note": "note",
    "full_text_url": "full_text_url",
    "nlm_id": "nlm_id",
}
ROLES = ("author", "editor", "translator")
_MARKUP = re.compile(r"</?(?:i|b|sub|sup|sc|span)(?:\s[^<>]*)?>")
_OPENING = re.compile(r"\s*(?:\{\s*\"(?:items|references)\"\s*:\s*)?(\[?)\s*")
_BETWEEN = re.compile(r"[\s,]*")
# Each place where a text breaks off is searched for from its beginning: a file with more of them is none of works.
MOST_BROKEN = 200
_NEXT_ITEM = re.compile(r"[,\[]\s*(?=\{)")


def parse(text):
    """`Parsed` for a whole file. What is broken is refused by its number; everything else comes in."""
    parsed = Parsed()
    for item in read(text):
        parsed.add(item)
    return parsed


def read(text):
    """Give every item as a `Record`, or as `Refused` with its line."""
    for number, (line, item) in enumerate(_items(text), 1):
        try:
            if isinstance(item, Exception):
                raise ValueError(_("No CSL-JSON can be read here: %(error)s.") % {"error": item})
            yield _record(item, number, line)
        except ValueError as error:
            key = _text(item.get("id")) if isinstance(item, dict) else ""
            yield Refused(number, str(error), key, line, "" if isinstance(item, Exception) else excerpt(str(item)))


def _items(text):
    """`(line, item)` one after the other; where the file is broken, the error, then whatever items follow."""
    text = text.removeprefix("\ufeff")
    decoder, line, counted = json.JSONDecoder(), 1, 0
    opening = _OPENING.match(text)
    at, broken = opening.end(), 0
    if at == len(text):
        return
    while at < len(text) and not (text[at] == "]" and opening[1]):
        line, counted = line + text.count("\n", counted, at), at
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield line, ValueError(_broken(error, line))
            at, broken = _next_item(decoder, text, at + 1), broken + 1
            if at is None or broken == MOST_BROKEN:
                return
        else:
            yield line, item
        at = _BETWEEN.match(text, at).end()


def _broken(error, line):
    if isinstance(error, json.JSONDecodeError):
        return _("the text is cut off or not JSON from line %(line)d on") % {"line": error.lineno}
    return _("it is nested too deeply, or a number has too many digits")


def _next_item(decoder, text, at):
    """Where the next readable work begins; a name or a date inside the broken one is no work."""
    for match in islice(_NEXT_ITEM.finditer(text, at), MOST_BROKEN):
        try:
            item, _end = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if "type" in item or "id" in item:
            return match.end()
    return None


def _record(item, number, line):
    if not isinstance(item, dict):
        raise ValueError(_("This is no description of a work."))
    custom = item.get("custom") if isinstance(item.get("custom"), dict) else {}
    record = Record(number=number, line=line, citekey=_text(item.get("id")), type=_text(item.get("type")) or "document")
    for name, key in TEXT_FIELDS.items():
        setattr(record, name, _text(item.get(key)))
    for name, key in CUSTOM_FIELDS.items():
        setattr(record, name, _text(custom.get(key)))
    record.container_short = record.container_short or _text(item.get("journalAbbreviation"))
    record.event = _text(item.get("event-title") or item.get("event"))
    record.record_note = record.record_note or _text(item.get("note"))
    record.language = to_two(_text(item.get("language")))
    record.country = country_code(_text(custom.get("country")))
    record.sample_size = _number(custom.get("sample_size"))
    record.title, record.translated_title = titles(item, custom, record.language)
    record.original_title = _text(item.get("original-title"))
    _date(item.get("issued")).put(record)
    record.names = [name for role in ROLES for name in _names(item.get(role), role)]
    record.authors_incomplete = custom.get("authors_incomplete") is True
    record.tags = _tags(custom.get("tags")) or _tags(item.get("keyword"))
    return record


def titles(item, custom, language=""):
    """`(title, translation)` from “Titel [Title]”, from “[Title]” alone, or as `custom` names them."""
    title = _text(item.get("title"))
    translated, original = _text(custom.get("title_translated")), _text(custom.get("title_original"))
    if translated and original:
        return original, translated
    return titled.split(title, language, translated)


def _names(value, role):
    for name in value if isinstance(value, list) else []:
        if not isinstance(name, dict):
            raise ValueError(_("A name among the people (%(role)s) cannot be read.") % {"role": role})
        literal = _text(name.get("literal"))
        family = " ".join(filter(None, (_text(name.get("non-dropping-particle")), _text(name.get("family")))))
        given = " ".join(filter(None, (_text(name.get("given")), _text(name.get("dropping-particle")))))
        if literal or family or given:
            yield Name(literal or family or given, given if family and not literal else "",
                       "" if literal else _text(name.get("suffix")), bool(literal), role)  # fmt: skip


def _date(value):
    """As far as the date is known; “n.d.” is not known at all."""
    value = value if isinstance(value, dict) else {}
    parts = value.get("date-parts")
    first, last = (_parts(parts, at) for at in (0, 1))
    if first[0] is None:
        return dates.parse(_text(value.get("raw") or value.get("literal")))
    about = value.get("circa") not in (None, False, "", 0, "0", "false")
    season = _number(value.get("season")) or dates.season(_text(value.get("season")))
    return dates.checked(*first, about, season and (season - 1) % 4 + 1, dates.numbers(*last) if last[0] else "")


def _parts(parts, at):
    """Year, month and day of the beginning or the end; months 13 to 24 are seasons."""
    found = parts[at] if isinstance(parts, list) and len(parts) > at and isinstance(parts[at], list) else []
    year, month, day = ([_number(part) for part in found] + [None, None, None])[:3]
    season = month and 12 < month <= 24
    return year, dates.SEASON_MONTH + (month - 1) % 4 + 1 if season else month, day


def _tags(value):
    values = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return list(dict.fromkeys(filter(None, map(_text, values))))


def _text(value):
    """One line of plain text; CSL allows a little markup in titles, which is dropped here."""
    if isinstance(value, list):
        value = "; ".join(map(_text, value))
    if value is None or isinstance(value, dict | bool):
        return ""
    return one_line(_MARKUP.sub("", str(value)))


def _number(value):
    """A whole number out of 12 or "12"; None for anything else."""
    match = re.fullmatch(r"-?\d{1,9}", str(value).strip()) if not isinstance(value, bool) else None
    return int(match[0]) if match else None


def write(records):
    """The records as one JSON list, item by item; what CSL has no variable for stands under `custom`."""
    first = True
    for number, record in enumerate(records, 1):
        item = json.dumps(as_item(record, number), ensure_ascii=False, indent=1)
        yield ("[\n" if first else ",\n") + item
        first = False
    yield "[]\n" if first else "\n]\n"


def as_item(record, number=1):
    """One record as a CSL-JSON item."""
    item = {"id": record.citekey or f"{NO_KEY}{number}", "type": record.type}
    title = titled.joined(record)
    pairs = [("title", title), ("original-title", record.original_title), ("event-title", record.event)]
    pairs += [(key, getattr(record, name)) for name, key in TEXT_FIELDS.items()]
    pairs += [(role, [_as_name(name) for name in record.names if name.role == role]) for role in ROLES]
    pairs += [("issued", _as_date(record)), ("language", record.language), ("keyword", ", ".join(record.tags))]
    custom = {key: getattr(record, name) for name, key in CUSTOM_FIELDS.items()}
    custom |= {
        "title_translated": record.translated_title,
        "title_original": record.title if record.translated_title else "",
        "country": record.country,
        "sample_size": record.sample_size,
        "tags": record.tags,
        "authors_incomplete": record.authors_incomplete,
    }
    pairs.append(("custom", {key: value for key, value in custom.items() if value or (value == 0 and value is not False)}))
    return item | {key: value for key, value in pairs if value}


def _as_name(name):
    if name.literal:
        return {"literal": name.family}
    return {key: value for key, value in (("family", name.family), ("given", name.given), ("suffix", name.suffix)) if value}


def _as_date(record):
    """Of a span from season to season each is a month of 21 to 24; for one alone CSL has a word."""
    if record.year is None:
        return None
    end = dates.of(record).end
    season = dates.SEASON_MONTH + record.season if record.season and end else None
    begin = (record.year, season or record.month, record.month and record.day)
    issued = {"date-parts": [[part for part in span if part] for span in (begin, end) if span]}
    issued |= {"season": record.season} if record.season and not end else {}
    return issued | ({"circa": True} if record.year_approximate else {})
