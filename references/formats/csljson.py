"""CSL-JSON. A list of items (or one); what CSL has no variable for is read from `custom`."""

import json
import re

from django.utils.translation import gettext as _

from publishing.languages import country_code, language_code
from publishing.richtext import strip_control

from .records import Name, Parsed, Record, Refused

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
_NEXT_ITEM = re.compile(r"[,\[]\s*(?=\{)")


def parse(text):
    """`Parsed` for a whole file. What is broken is refused by its number; everything else comes in."""
    parsed = Parsed()
    for number, item in enumerate(_items(text), 1):
        try:
            if isinstance(item, Exception):
                raise ValueError(_("No CSL-JSON can be read here: %(error)s.") % {"error": item})
            parsed.records.append(_record(item, number))
        except ValueError as error:
            key = _text(item.get("id")) if isinstance(item, dict) else ""
            parsed.refused.append(Refused(number, str(error), key))
    return parsed


def _items(text):
    """The items of a file; where it is broken, the error, then whatever items follow."""
    text = text.removeprefix("\ufeff").strip()
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return _salvage(text)
    if isinstance(whole, dict) and isinstance(whole.get("items"), list):
        whole = whole["items"]
    return whole if isinstance(whole, list) else [whole]


def _salvage(text):
    """Item by item through a file that is no JSON as a whole, cut off for example."""
    decoder, items, at = json.JSONDecoder(), [], re.match(r"\s*\[?\s*", text).end()
    while at < len(text) and text[at] != "]":
        try:
            item, end = decoder.raw_decode(text, at)
            items.append(item)
        except (ValueError, RecursionError) as error:
            items.append(ValueError(str(error) if isinstance(error, ValueError) else _("nested too deeply")))
            end = _next_item(decoder, text, at + 1)
            if end is None:
                break
        at = re.compile(r"[\s,]*").match(text, end).end()
    return items


def _next_item(decoder, text, at):
    """Where the next readable work begins; a name or a date inside the broken one is no work."""
    for match in _NEXT_ITEM.finditer(text, at):
        try:
            item, _end = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if "type" in item or "id" in item:
            return match.end()
    return None


def _record(item, number):
    if not isinstance(item, dict):
        raise ValueError(_("This is no description of a work."))
    custom = item.get("custom") if isinstance(item.get("custom"), dict) else {}
    record = Record(number=number, citekey=_text(item.get("id")), type=_text(item.get("type")) or "document")
    for name, key in TEXT_FIELDS.items():
        setattr(record, name, _text(item.get(key)))
    for name, key in CUSTOM_FIELDS.items():
        setattr(record, name, _text(custom.get(key)))
    record.container_short = record.container_short or _text(item.get("journalAbbreviation"))
    record.event = _text(item.get("event-title") or item.get("event"))
    record.record_note = record.record_note or _text(item.get("note"))
    record.language = language_code(_text(item.get("language")))
    record.country = country_code(_text(custom.get("country")))
    record.sample_size = _number(custom.get("sample_size"))
    record.title, record.translated_title = titles(item, custom)
    record.original_title = _text(item.get("original-title"))
    record.year, record.month, record.day, record.year_approximate = _date(item.get("issued"))
    record.names = [name for role in ROLES for name in _names(item.get(role), role)]
    record.tags = _tags(custom.get("tags")) or _tags(item.get("keyword"))
    return record


def titles(item, custom):
    """`(title, translation)` from “Titel [Title]”, from “[Title]” alone, or as `custom` names them."""
    title = _text(item.get("title"))
    translated, original = _text(custom.get("title_translated")), _text(custom.get("title_original"))
    if translated:
        title = original or title.removesuffix(f"[{translated}]").strip()
        return title, translated
    whole = re.fullmatch(r"\[([^\[\]]+)\]\.?", title)
    return ("", whole[1].strip()) if whole else (title, "")


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
    """`(year, month, day, approximate)` as far as the date is known; “n.d.” is not known at all."""
    value = value if isinstance(value, dict) else {}
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    year, month, day = ([_number(part) for part in first] + [None, None, None])[:3]
    if year is None:
        found = re.search(r"\b(1\d{3}|20\d{2})(?:-(\d{2}))?(?:-(\d{2}))?", _text(value.get("raw") or value.get("literal")))
        year, month, day = (_number(part) for part in found.groups()) if found else (None, None, None)
    month = month if month and 1 <= month <= 12 else None
    return year, month, day if month else None, bool(value.get("circa"))


def _tags(value):
    values = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return list(dict.fromkeys(filter(None, map(_text, values))))


def _text(value):
    """One line of plain text; CSL allows a little markup in titles, which is dropped here."""
    if isinstance(value, list):
        value = "; ".join(map(_text, value))
    if value is None or isinstance(value, dict | bool):
        return ""
    return re.sub(r"\s+", " ", _MARKUP.sub("", strip_control(str(value)))).strip()


def _number(value):
    """A whole number out of 12 or "12"; None for anything else."""
    match = re.fullmatch(r"-?\d{1,9}", str(value).strip()) if not isinstance(value, bool) else None
    return int(match[0]) if match else None
