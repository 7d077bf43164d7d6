"""EndNote XML: every text may stand in runs of <style>; the kind of work is a number with a name."""

import re

from . import dates, names, titles
from .records import Record, Refused
from .text import pages
from .xmlpieces import elements, text_of, texts_of

# EndNote's numbers of its reference types.
TYPES = {
    3: "paper-conference", 5: "chapter", 6: "book", 7: "chapter", 10: "paper-conference", 12: "webpage", 13: "document",
    16: "webpage", 17: "article-journal", 19: "article-magazine", 21: "motion_picture", 23: "article-newspaper",
    25: "patent", 26: "personal_communication", 27: "report", 28: "book", 31: "document", 32: "thesis", 34: "article",
    36: "manuscript", 43: "article-journal", 44: "book", 45: "dataset", 46: "report", 47: "paper-conference",
    48: "motion_picture", 52: "entry-encyclopedia", 53: "entry-encyclopedia", 54: "book", 56: "post-weblog",
    57: "book", 58: "report", 59: "dataset", 60: "chapter",
}  # fmt: skip
_NAMES = {
    "journal article": "article-journal", "electronic article": "article-journal", "book": "book", "book section": "chapter",
    "edited book": "book", "thesis": "thesis", "report": "report", "web page": "webpage", "blog": "post-weblog",
    "conference paper": "paper-conference", "conference proceedings": "paper-conference",
    "newspaper article": "article-newspaper", "magazine article": "article-magazine",
}  # fmt: skip
_ROLES = {"authors": "author", "secondary-authors": "editor", "translated-authors": "translator"}
_WHOLE = {"book", "thesis", "report"}
_SIMPLE = {
    "volume": "volume", "issue": "number", "edition": "edition", "publisher": "publisher", "place": "pub-location",
    "doi": "electronic-resource-num", "language": "language", "abstract": "abstract", "genre": "work-type",
    "record_note": "notes", "citekey": "label",
}  # fmt: skip


def read(text):
    """Give every record as a `Record`, and every one that cannot be read as `Refused`."""
    for number, (line, element) in enumerate(elements(text, "record"), 1):
        yield element if isinstance(element, Refused) else _record(element, number, line)


def _record(element, number, line):
    record = Record(number=number, line=line, type=_type(element.find("ref-type")))
    for name, path in _SIMPLE.items():
        setattr(record, name, text_of(element, path))
    if " " in record.citekey:
        record.citekey = ""
    _read_titles(record, element)
    _read_date(record, element.find("dates"))
    _read_pages(record, text_of(element, "pages"))
    for group, role in _ROLES.items():
        for value in texts_of(element, f"contributors/{group}/author"):
            name = names.person(value, role)
            if name:
                record.names.append(name)
            elif role == "author" and names.OTHERS.fullmatch(value):
                record.authors_incomplete = True
    if record.type == "chapter":
        record.chapter_number = text_of(element, "section")
    _read_identifiers(record, element)
    record.tags = list(dict.fromkeys(texts_of(element, "keywords/keyword")))
    return record


def _type(element):
    if element is None:
        return "document"
    number = (element.text or "").strip()
    name = element.get("name", "").strip().lower()
    return _NAMES.get(name) or TYPES.get(int(number) if re.fullmatch(r"[0-9]{1,3}", number) else 0, "document")


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
    alternative = text_of(element, "titles/alt-title") or text_of(element, "alt-periodical/full-title")
    short = short or (alternative if len(alternative) < len(full) else "")
    record.container, record.container_short = (short, full) if len(short) > len(full) else (full, short)
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
            found = more._replace(approximate=found.approximate or more.approximate, until=more.until or found.until)
    found.put(record)


def _read_pages(record, text):
    if record.type in _WHOLE and re.fullmatch(r"(?:[ivxl]+, ?)?\d+(?: ?pp?\.?)?", text):
        record.number_of_pages = text.rstrip("p. ")
    else:
        record.pages = pages(text)


def _read_identifiers(record, element):
    numbers = re.split(r"[;,\s]+(?=\d)", text_of(element, "isbn"))
    issns = [found[0] for number in numbers if (found := re.match(r"\d{4}-?\d{3}[\dXx](?![\d-])", number))]
    record.issn = " ".join(issns)
    record.isbn = next((number for number in numbers if number and not re.match(r"\d{4}-?\d{3}[\dXx](?![\d-])", number)), "")
    accession, database = text_of(element, "accession-num"), text_of(element, "remote-database-name").lower()
    found = re.fullmatch(r"(PMID:?\s*)?([1-9]\d{0,7})", accession, re.I)
    if found and (found[1] or not database or re.search("medline|pubmed|nlm", database)):
        record.pmid = found[2]
    found = re.search(r"\bPMC\d+\b", text_of(element, "custom2"), re.I)
    record.pmcid = found[0] if found else ""
    links = [*texts_of(element, "urls/related-urls/url"), *texts_of(element, "urls/web-urls/url")]
    record.url = next((link for link in links if "://" in link), "")
