"""RIS, written. What it has no field for goes into U1."""

import re
from collections.abc import Iterable, Iterator

from . import dates, extras, names, notices, titles
from .keywords import heading
from .records import Record

# Works whose SP says how many pages they have, not on which they stand.
WHOLE = {"book", "thesis", "report"}
_WRITTEN = {
    "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS",
    "article": "UNPB", "book": "BOOK", "chapter": "CHAP", "entry-encyclopedia": "ENCYC",
    "paper-conference": "CPAPER", "thesis": "THES", "report": "RPRT", "speech": "SLIDE",
    "webpage": "ELEC", "post-weblog": "BLOG", "dataset": "DATA", "motion_picture": "VIDEO",
    "patent": "PAT", "manuscript": "MANSCPT", "personal_communication": "PCOMM", "document": "GEN",
}  # fmt: skip
_PACKED = (
    "number_of_pages", "original_title", "container", "container_short", "event", "nlm_id",
    "country", "study_design",
    "sample_size", "sample_unit", "authors_incomplete", "record_note", "full_text_url", "tags",
    "notices", "issn_kinds",
)  # fmt: skip


def write(records: Iterable[Record]) -> Iterator[str]:
    """The records as RIS, one by one."""
    for record in records:
        lines = [f"{tag}  - {value}" for tag, value in _lines(record) if value]
        yield "\n".join(
            [
                f"TY  - {_WRITTEN.get(record.type, 'JOUR' if record.type == 'review' else 'GEN')}",
                *lines,
                "ER  - ",
                "",
                "",
            ]
        )


def _lines(record):
    packed = set(_PACKED)
    yield "ID", record.citekey
    editors = "A3" if record.type == "book" else "ED" if record.type in WHOLE else "A2"
    for role, tag in (("author", "AU"), ("editor", editors), ("translator", "A4")):
        for name in record.names:
            if name.role == role:
                yield tag, names.comma_form(name)
    yield "TI", notices.marked(record, titles.joined(record))
    yield "TT", record.translated_title
    meeting = record.type == "paper-conference" and record.event and record.container
    if record.type in WHOLE:
        pass
    elif meeting:
        packed -= {"event", "container"}
        yield from (("T2", record.event), ("C3", record.container))
    elif record.container:
        packed.discard("container")
        yield "T2", record.container
        if len(record.container_short) <= len(record.container):
            packed.discard("container_short")
            yield "J2", record.container_short
    yield "PY", str(record.year or "")
    yield "DA", _written_date(record)
    yield from (("VL", record.volume), ("IS", record.issue))
    if record.type in WHOLE and not record.pages and record.number_of_pages.isdigit():
        packed.discard("number_of_pages")
        yield "SP", record.number_of_pages
    yield from _written_pages(record)
    if record.type == "article-journal":
        packed.add("edition")
    else:
        yield "ET", record.edition
    yield from (("SE", record.chapter_number), ("PB", record.publisher), ("CY", record.place))
    yield from (("M3", record.genre), ("DO", record.doi), ("AN", record.pmid), ("C2", record.pmcid))
    yield from (("SN", record.isbn), *(("SN", number) for number in record.issn.split()))
    yield from (("LA", record.language), ("UR", record.url), ("L2", record.full_text_url))
    words = [*record.tags, *map(_written_keyword, record.keywords)]
    yield from (("KW", word) for word in dict.fromkeys(words))
    yield from (
        ("U1", line) for line in extras.pack(record, sorted(packed, key=list(extras.LABELS).index))
    )
    yield "AB", record.abstract


def _written_keyword(word):
    """Headings of MeSH as other programs hand them on from PubMed."""
    return heading(word) if word.vocabulary == "mesh" else word.term


def _written_date(record):
    """“1998/05/12/”; what has no place of its own stands at the end in words: “1998///Spring”,
    “1998/03//1998 Mar-Apr”."""
    if record.year is None:
        return ""
    month = f"{record.month:02d}" if record.month else ""
    day = f"{record.day:02d}" if record.month and record.day else ""
    season = dates.SEASONS[record.season - 1] if record.season else ""
    words = (
        dates.words(dates.date_of(record)._replace(approximate=False)) if record.until else season
    )
    said = " ".join(filter(None, [words, "circa" if record.year_approximate else ""]))
    return f"{record.year}/{month}/{day}/{said}"


def _written_pages(record):
    found = re.fullmatch(r"([^\s,;-]+)-([^\s,;-]+)", record.pages)
    if found and found[1] != found[2]:
        yield from (("SP", found[1]), ("EP", found[2]))
    else:
        # A single number on a whole work would be how many pages it has.
        yield "C7" if record.type in WHOLE and record.pages.isdigit() else "SP", record.pages
