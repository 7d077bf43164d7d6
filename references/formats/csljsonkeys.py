"""JSON that says the same in other words than CSL: “authors”, “doi”, “year”, “journal”, as scripts
and services write it."""

import re
from collections.abc import Iterator

# The words of CSL the library has a place for are read elsewhere; these others of CSL, Zotero and
# Crossref nobody misses.
_PASSED_OVER = set(
    "accessed annote archive archive_collection archive_location archive-place authority "
    "available-date call-number categories chair citation-key citation-label citation-number "
    "collection-number collection-title compiler composer container-author contributor curator "
    "dimensions director division editorial-director event-date event-place executive-producer "
    "first-reference-note-number guest host illustrator interviewer jurisdiction locator medium "
    "narrator number number-of-volumes organizer original-author original-date "
    "original-publisher original-publisher-place part-number part-title performer "
    "printing-number producer recipient references reviewed-author reviewed-genre reviewed-title "
    "scale script-writer section series-creator source submitted supplement-number "
    "title-short shortTitle version volume-title year-suffix schema "
    # Crossref
    "indexed reference-count references-count content-domain short-container-title created "
    "published-online published-print update-policy is-referenced-by-count prefix member "
    "reference original-title-list deposited score resource link license funder "
    "assertion subtitle short-title journal-issue alternative-id article-number published-other "
    "approved posted accepted content-created content-updated isbn-type issn-type standards-body "
    "institution group-title subject archive-list clinical-trial-number aliases free-to-read "
    "issued-online published "
    # Zotero's own and other book-keeping
    "itemID itemKey key version dateAdded dateModified accessDate libraryCatalog attachments "
    "relations collections uri citationKey select notes seeAlso file timestamp checked "
    "created_at updated_at".split()
)  # fmt: skip
# `{a word without its hyphens and capitals: the word of CSL}`, where the meaning is sure.
_SURE = {
    "authors": "author", "authorlist": "author", "editors": "editor", "translators": "translator",
    "doi": "DOI", "pmid": "PMID", "pubmedid": "PMID", "pmcid": "PMCID", "pmc": "PMCID",
    "journal": "container-title", "journaltitle": "container-title",
    "journalname": "container-title", "sourcetitle": "container-title",
    "booktitle": "container-title", "publicationtitle": "container-title",
    "containertitle": "container-title", "publicationname": "container-title",
    "journalabbreviation": "container-title-short", "journalabbr": "container-title-short",
    "isoabbreviation": "container-title-short", "vol": "volume", "number": "issue",
    "issuenumber": "issue", "pages": "page", "pagination": "page", "pagerange": "page",
    "publisherlocation": "publisher-place", "place": "publisher-place", "isbn": "ISBN",
    "issn": "ISSN", "url": "URL", "uri": "URL", "link": "URL", "abstracttext": "abstract",
    "summary": "abstract", "abstractnote": "abstract", "keywords": "keyword", "tags": "keyword",
    "subjects": "keyword", "lang": "language", "articletitle": "title", "date": "issued",
    "pubdate": "issued", "publicationdate": "issued", "published": "issued", "citekey": "id",
    "bibkey": "id", "itemtype": "type", "numpages": "number-of-pages", "year": "year",
    "month": "month", "day": "day", "publicationyear": "year", "pubyear": "year", "title": "title",
    "author": "author", "type": "type", "volume": "volume", "issue": "issue", "page": "page",
    "publisher": "publisher", "edition": "edition", "language": "language", "abstract": "abstract",
    "creators": "creators", "firstpage": "page-first", "lastpage": "page-last",
}  # fmt: skip
_TYPES = {
    "article": "article-journal", "journalarticle": "article-journal", "journal": "article-journal",
    "inbook": "chapter", "booksection": "chapter", "bookchapter": "chapter",
    "incollection": "chapter", "inproceedings": "paper-conference",
    "conferencepaper": "paper-conference", "proceedingsarticle": "paper-conference",
    "phdthesis": "thesis", "mastersthesis": "thesis", "dissertation": "thesis",
    "website": "webpage", "preprint": "article", "postedcontent": "article",
    "newspaperarticle": "article-newspaper", "magazinearticle": "article-magazine",
    "monograph": "book", "editedbook": "book", "techreport": "report",
}  # fmt: skip
_WRAPPINGS = (
    "message",
    "data",
    "items",
    "records",
    "references",
    "results",
    "works",
    "articles",
    "publications",
    "hits",
)
_SAYS_WHAT = {"title", "author", "authors", "DOI", "doi", "container-title"}


def unwrapped(item: object) -> Iterator[object]:
    """The works in what a service answers around them: `{"message": {"items": [...]}}`."""
    inside = item
    for _level in range(4):
        if not isinstance(inside, dict) or _SAYS_WHAT & inside.keys():
            break
        inner = next(
            (inside[name] for name in _WRAPPINGS if isinstance(inside.get(name), dict | list)), None
        )
        if inner is None:
            break
        inside = inner
    yield from inside if isinstance(inside, list) and inside is not item else [inside]


def as_csl(item: dict, known: set[str]) -> tuple[dict, list[str]]:
    """The item in the words of CSL, and those of its words nobody knows; `known` are the words that
    are read."""
    found, unknown = {}, []
    for name, value in item.items():
        if name in known and not (name == "number" and "issue" not in item):
            found[name] = value
    for name, value in item.items():
        sure = _SURE.get(re.sub(r"[\W_]", "", str(name)).casefold())
        if name in known or value in (None, "", [], {}):
            continue
        if sure and not found.get(sure):
            found[sure] = value
        elif not sure and name not in _PASSED_OVER and not str(name).startswith("_"):
            unknown.append(str(name))
    if "type" in found:
        plain = re.sub(r"[\W_]", "", str(found["type"])).casefold()
        found["type"] = (
            _TYPES.get(plain, found["type"])
            if found["type"] != "article" or "id" not in item
            else "article"
        )
    elif found.get("container-title"):
        found["type"] = "article-journal"
    if "page-first" in found:
        found.setdefault(
            "page",
            "-".join(str(found[name]) for name in ("page-first", "page-last") if found.get(name)),
        )
    return found, unknown
