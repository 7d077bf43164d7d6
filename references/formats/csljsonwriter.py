"""CSL-JSON, written, and which of its fields has which of ours."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from . import dates, notices
from . import titles as titled
from .keywords import as_tags
from .records import (
    NO_KEY,
    Record,
)

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
    "issn_kinds": "issn_kinds",
}
ROLES = ("author", "editor", "translator")


def write(records: Iterable[Record]) -> Iterator[str]:
    """The records as one JSON list, item by item; what CSL has no variable for stands under
    `custom`."""
    first = True
    for number, record in enumerate(records, 1):
        found = as_item(record, number)
        if record.notices and found.get("title"):
            found["title"] = notices.marked(record, found["title"])
        item = json.dumps(found, ensure_ascii=False, indent=1)
        yield ("[\n" if first else ",\n") + item
        first = False
    yield "[]\n" if first else "\n]\n"


def as_item(record: Record, number: int = 1) -> dict:
    """One record as a CSL-JSON item."""
    item = {"id": record.citekey or f"{NO_KEY}{number}", "type": record.type}
    title = titled.joined(record)
    pairs: list[tuple[str, object]] = [
        ("title", title),
        ("original-title", record.original_title),
        ("event-title", record.event),
    ]
    pairs += [(key, getattr(record, name)) for name, key in TEXT_FIELDS.items()]
    pairs += [
        (role, [_as_name(name) for name in record.names if name.role == role]) for role in ROLES
    ]
    pairs += [
        ("issued", _as_date(record)),
        ("language", record.language),
        ("keyword", _joined(list(dict.fromkeys([*record.tags, *as_tags(record.keywords)])))),
        ("status", "retracted" if notices.title_mark(record) else ""),
    ]
    custom = {key: getattr(record, name) for name, key in CUSTOM_FIELDS.items()}
    custom |= {
        "title_translated": record.translated_title,
        "title_original": record.title if record.translated_title else "",
        "country": record.country,
        "sample_size": record.sample_size,
        "tags": record.tags,
        "keywords": [_as_keyword(word) for word in record.keywords if word.vocabulary],
        "notices": [notices.packed(notice) for notice in record.notices],
        "authors_incomplete": record.authors_incomplete,
    }
    pairs.append(
        (
            "custom",
            {
                key: value
                for key, value in custom.items()
                if value or (value == 0 and value is not False)
            },
        )
    )
    return item | {key: value for key, value in pairs if value}


def _joined(words):
    """Between commas, or semicolons where a word has a comma itself."""
    if not any("," in word for word in words):
        return ", ".join(words)
    return "; ".join(words) if len(words) > 1 else f"{words[0]};"


def _as_keyword(word):
    return {name: value for name, value in asdict(word).items() if value}


def _as_name(name):
    if name.literal:
        return {"literal": name.family}
    return {
        key: value
        for key, value in (("family", name.family), ("given", name.given), ("suffix", name.suffix))
        if value
    }


def _as_date(record):
    """Of a span from season to season each is a month of 21 to 24; for one alone CSL has a word."""
    if record.year is None:
        return None
    end = dates.date_of(record).end
    season = dates.SEASON_MONTH + record.season if record.season and end else None
    begin = (record.year, season or record.month, record.month and record.day)
    issued = {"date-parts": [[part for part in span if part] for span in (begin, end) if span]}
    issued |= {"season": record.season} if record.season and not end else {}
    return issued | ({"circa": True} if record.year_approximate else {})
