"""A work as a ContextObject (COinS), from which Zotero and library resolvers take it out of any
list."""

import re
from urllib.parse import urlencode

from ..csl import numbers

SEASONS = {1: "spring", 2: "summer", 3: "fall", 4: "winter"}
KINDS = {"book": "book", "chapter": "book", "report": "book", "thesis": "dissertation"}
GENRES = {
    "book": "book",
    "chapter": "bookitem",
    "report": "report",
    "paper-conference": "proceeding",
    "thesis": "",
}
WHOLE = {"book": "rft.btitle", "report": "rft.btitle", "thesis": "rft.title"}
# A work of thousands of authors does not make every list it is in long.
MOST_AUTHORS = 200


def pages_of(reference):
    """The first page and the last in full: “101-5; quiz 110” gives 101 and 105."""
    pages = numbers.pages(reference.pages, "expanded", "-")
    first, _dash, last = re.split(r"[;,]", pages)[0].partition("-")
    return first.strip(), last.strip()


def written(reference, authors):
    """The `title` of its `<span class="Z3988">`; `authors` are its people, all of them in full."""
    kind = KINDS.get(reference.type, "journal")
    first, last = pages_of(reference)
    title = reference.title or reference.original_title or reference.translated_title
    mark = "RETRACTED: " if reference.status == "retracted" else ""
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{kind}"),
        ("rft.genre", GENRES.get(reference.type, "article")),
        (WHOLE.get(reference.type, "rft.atitle"), mark + title),
        ("rft.btitle" if reference.type == "chapter" else "rft.jtitle", reference.container),
        ("rft.stitle", reference.container_short if kind == "journal" else ""),
        ("rft.date", reference.issued_iso),
        ("rft.ssn", SEASONS.get(reference.season, "") if kind == "journal" else ""),
        ("rft.volume", reference.volume),
        ("rft.issue", reference.issue),
        ("rft.spage", first),
        ("rft.epage", last),
        ("rft.issn", (reference.issn.split() or [""])[0] if kind == "journal" else ""),
        ("rft.isbn", reference.isbn),
        ("rft.inst" if kind == "dissertation" else "rft.pub", reference.publisher),
        ("rft.place", reference.place),
        ("rft_id", f"info:doi/{reference.doi}" if reference.doi else ""),
        ("rft_id", f"info:pmid/{reference.pmid}" if reference.pmid else ""),
        *_authors(authors),
    ]
    return urlencode([(name, value) for name, value in fields if value])


def _authors(authors):
    """The first in parts too, as the format has it."""
    first = authors[0] if authors else None
    if first and not first.literal:
        yield from (("rft.aulast", first.family), ("rft.aufirst", first.given))
        yield "rft.ausuffix", first.suffix
    for person in authors[:MOST_AUTHORS]:
        yield "rft.aucorp" if person.literal else "rft.au", re.sub(r"\s+", " ", str(person))
