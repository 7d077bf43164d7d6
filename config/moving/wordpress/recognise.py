"""What a page of a WordPress site may be beside a page: notes on one article, a list of articles, a
total somebody typed. Guesses, for the author to confirm."""

import re
from dataclasses import dataclass

from references.formats import citation
from references.formats.records import Name, Record

LONGEST = 700  # characters of a citation
MOST = 2000  # articles of one list
_NUMBERED = re.compile(r"\bPMID:?\s*\d{5,8}\b|\b10\.\d{4,9}/\S+", re.IGNORECASE)
_LIKE_ONE = re.compile(r"\b(?:1[89]|20)\d\d\b\s*(?:[A-Z][a-z]{2}[^;:]{0,12})?[;,:]\s*\d")
_LISTED = re.compile(
    r"^(?:(?P<kind>BOOK|THESIS|LETTER)\b[\s:]*)?(?:→|&rarr;|->)\s*(?P<who>[^→:()]{2,120}?),?\s+"
    r"(?P<year>(?:1[5-9]|20)\d\d)[a-z]?\s*(?:\((?P<where>[^()]{0,80})\))?\s*:\s*(?P<title>.{3,400})$"
)
_TOTAL = re.compile(
    r"^(?:(?:in\s+)?total|altogether|en total)\b.{0,40}\b\d+\b.{0,60}$"
    r"|^\d+ (?:articles|artículos)\b.{0,40}$",
    re.IGNORECASE,
)
_NEWS = re.compile(
    r"^(?:NEW|UPDATE|ANNOUNCEMENT|NUEVO|NOVEDAD|NOU|AVÍS)\b.{0,10}[:!]", re.IGNORECASE
)
PERSONAL = re.compile(r"^\(\s*Personal note\s*:\s*(.*?)\)?$", re.IGNORECASE | re.DOTALL)
_KINDS = {"BOOK": "book", "THESIS": "thesis", "LETTER": "article-journal"}


@dataclass
class Found:
    """`citation`: the line it begins with; `listed`: how many articles; `totals`, `news`: lines."""

    citation: str = ""
    listed: int = 0
    totals: tuple = ()
    news: tuple = ()

    def __bool__(self):
        return bool(self.citation or self.listed or self.totals or self.news)


def look(lines):
    """What `lines` of plain text may be."""
    found = Found(citation=citation_of(lines))
    found.listed = sum(1 for line in lines[: MOST * 2] if _LISTED.match(line))
    short = [line for line in lines[:500] if len(line) < 200]
    found.totals = tuple(line for line in short if _TOTAL.match(line))[:10]
    found.news = tuple(line for line in short if _NEWS.match(line))[:10]
    return found


def citation_of(lines):
    """The first line that cites an article, of the first two."""
    for line in lines[:2]:
        if len(line) > LONGEST or not (_NUMBERED.search(line) or _LIKE_ONE.search(line)):
            continue
        read = citation.read(line)
        if (
            read.record.pmid
            or read.record.doi
            or (read.record.names and read.record.year and not {"title", "authors"} & read.unsure)
        ):
            return line
    return ""


def record_of(line):
    """The `Record` of a citation."""
    return citation.read(line).record


def articles(lines):
    """`(number of the line, Record)` of the articles a list names, in their order."""
    for number, line in enumerate(lines):
        if match := _LISTED.match(line):
            yield number, _record(match)


def _record(match):
    people, _sure, more = citation.read_people(match["who"])
    names = people or [Name(family=match["who"])]
    title = match["title"].strip().rstrip(".")
    kind = _KINDS.get(match["kind"] or "", "article-journal")
    record = Record(type=kind, title=title, year=int(match["year"]), names=names)
    record.authors_incomplete = more or " et al" in match["who"]
    if match["where"]:
        record.place = match["where"].strip()
    return record
