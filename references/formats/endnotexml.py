"""EndNote XML: every text may stand in runs of <style>; the kind of work is a number with a
name."""

import functools
import re
from collections.abc import Iterator

from . import dates, names, titles
from .keywords import keywords
from .records import Notice, Record, Refused, attempt, note
from .source import Source
from .text import pages
from .xmlpieces import elements, text_of, texts_of

# EndNote's numbers of its reference types.
TYPES = {
    3: "paper-conference", 5: "chapter", 6: "book", 7: "chapter", 10: "paper-conference",
    12: "webpage", 13: "document",
    16: "webpage", 17: "article-journal", 19: "article-magazine", 21: "motion_picture",
    23: "article-newspaper",
    25: "patent", 26: "personal_communication", 27: "report", 28: "book", 31: "document",
    32: "thesis", 34: "article",
    36: "manuscript", 43: "article-journal", 44: "book", 45: "dataset", 46: "report",
    47: "paper-conference",
    48: "motion_picture", 52: "entry-encyclopedia", 53: "entry-encyclopedia", 54: "book",
    56: "post-weblog",
    57: "book", 58: "report", 59: "dataset", 60: "chapter",
}  # fmt: skip
TYPE_NAMES = {
    "journal article": "article-journal", "electronic article": "article-journal", "book": "book",
    "book section": "chapter",
    "edited book": "book", "thesis": "thesis", "report": "report", "web page": "webpage",
    "blog": "post-weblog",
    "conference paper": "paper-conference", "conference proceedings": "paper-conference",
    "newspaper article": "article-newspaper", "magazine article": "article-magazine",
}  # fmt: skip
_WHOLE = {"book", "thesis", "report"}
_SIMPLE = {
    "volume": "volume", "issue": "number", "edition": "edition", "publisher": "publisher",
    "place": "pub-location",
    "doi": "electronic-resource-num", "language": "language", "abstract": "abstract",
    "genre": "work-type",
    "citekey": "label",
}  # fmt: skip


def read(text: str | Source) -> Iterator[Record | Notice]:
    """Give every record as a `Record`, and every one that cannot be read as `Refused`."""
    for number, (line, element) in enumerate(elements(text, "record"), 1):
        if isinstance(element, Refused):
            yield element
        else:
            make = functools.partial(_record, element, number, line)
            yield attempt(make, number, line, text_of(element, "titles"))


def _record(element, number, line):
    record = Record(number=number, line=line, type=_type(element.find("ref-type")))
    for name, path in _SIMPLE.items():
        setattr(record, name, text_of(element, path))
    if " " in record.citekey:
        record.citekey = ""
    _read_titles(record, element)
    _read_date(record, element.find("dates"))
    _read_pages(record, text_of(element, "pages"))
    _read_people(record, element)
    if record.type == "chapter":
        record.chapter_number = text_of(element, "section")
    _read_identifiers(record, element)
    if record.type == "article-journal":
        record.edition = ""  # there it is the day it came out online
    medline = re.search("medline|pubmed|nlm", text_of(element, "remote-database-name").lower())
    record.keywords = keywords(texts_of(element, "keywords/keyword"), "mesh" if medline else "")
    note(record, *(text_of(element, path) for path in ("notes", "research-notes", "auth-address")))
    return record


def _read_people(record, element):
    """The second group edits the book a part stands in, but the series of a whole book; the third
    edits the other one."""
    kind = element.find("ref-type")
    edited = kind is not None and "edited" in kind.get("name", "").lower()
    whole = record.type in _WHOLE
    groups = {
        "authors": "editor" if edited else "author",
        "secondary-authors": "Series editor" if whole else "editor",
        "tertiary-authors": "editor" if whole else "Series editor",
        "subsidiary-authors": "translator",
        "translated-authors": "translator",
    }
    if (
        whole
        and not texts_of(element, "contributors/authors/author")
        and not text_of(element, "titles/secondary-title")
    ):
        groups["secondary-authors"] = "editor"
    for group, role in groups.items():
        for value in texts_of(element, f"contributors/{group}/author"):
            if role == "Series editor":
                note(record, f"{role}: {value}")
                continue
            found, more = names.people(value, role)
            record.names += found
            record.authors_incomplete |= more and role == "author"
    record.names.sort(key=lambda name: ("author", "editor", "translator").index(name.role))


def _type(element):
    if element is None:
        return "document"
    number = (element.text or "").strip()
    name = element.get("name", "").strip().lower()
    return TYPE_NAMES.get(name) or TYPES.get(
        int(number) if re.fullmatch(r"[0-9]{1,3}", number) else 0, "document"
    )


def _read_titles(record, element):
    language = record.language.lower()
    record.title, record.translated_title = titles.split(
        text_of(element, "titles/title"),
        "en" if language.startswith("eng") else language[:2],
        text_of(element, "titles/translated-title"),
    )
    if record.type in _WHOLE:
        return
    full = text_of(element, "periodical/full-title") or text_of(element, "titles/secondary-title")
    short = text_of(element, "periodical/abbr-1")
    alternative = text_of(element, "titles/alt-title") or text_of(
        element, "alt-periodical/full-title"
    )
    short = short or (alternative if len(alternative) < len(full) else "")
    record.container, record.container_short = (
        (short, full) if len(short) > len(full) else (full, short)
    )
    if record.container_short == record.container:
        record.container_short = ""


def _read_date(record, element):
    """The year as EndNote has it, month and day from its free text (“Mar 12”, “Spring”)."""
    if element is None:
        return
    year, free = text_of(element, "year"), text_of(element, "pub-dates/date")
    found = dates.parse(year)
    if found.year is None:
        found = dates.parse(free)
    elif free and not found.month:
        more = dates.parse(free if re.search(r"\d{4}", free) else f"{found.year} {free}")
        if more.year == found.year:
            found = more._replace(
                approximate=found.approximate or more.approximate, until=more.until or found.until
            )
    found.put(record, year or free)


def _read_pages(record, text):
    if record.type in _WHOLE and re.fullmatch(r"(?:[ivxl]+, ?)?\d+(?: ?pp?\.?)?", text):
        record.number_of_pages = text.rstrip("p. ")
    else:
        record.pages = pages(text)


def _read_identifiers(record, element):
    numbers = re.split(r"[;,\s]+(?=\d)", text_of(element, "isbn"))
    issns = [
        found[0]
        for number in numbers
        if (found := re.match(r"\d{4}-?\d{3}[\dXx](?![\d-])", number))
    ]
    record.issn = " ".join(issns)
    record.isbn = next(
        (
            number
            for number in numbers
            if number and not re.match(r"\d{4}-?\d{3}[\dXx](?![\d-])", number)
        ),
        "",
    )
    accession, database = (
        text_of(element, "accession-num"),
        text_of(element, "remote-database-name").lower(),
    )
    found = re.fullmatch(r"(PMID:?\s*)?([1-9]\d{0,7})", accession, re.I)
    if found and (found[1] or not database or re.search("medline|pubmed|nlm", database)):
        record.pmid = found[2]
    found = re.search(r"\bPMC\d+\b", text_of(element, "custom2"), re.I)
    record.pmcid = found[0] if found else ""
    links = [*texts_of(element, "urls/related-urls/url"), *texts_of(element, "urls/web-urls/url")]
    record.url = next((link for link in links if "://" in link), "")
