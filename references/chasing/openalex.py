"""OpenAlex: first the work itself, then page by page those that cite it and those it cites. Paged
by number, for a cursor is given to holders of a key alone."""

import json
from urllib.parse import quote

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from .. import formats
from ..formats import names
from ..searching.asking import SearchFailed, as_json, ask, readable
from .answers import MOST_OF_ONE, Answer, Cited, number, openalex_id

SOURCE, LABEL = "openalex", "OpenAlex"
PORTION = 200
MOST_NAMES = 50
FIELDS = (
    "id,ids,doi,display_name,publication_year,type,language,authorships,primary_location,biblio"
)
TYPES = {
    "article": "article-journal", "review": "article-journal", "letter": "article-journal",
    "editorial": "article-journal", "erratum": "article-journal", "preprint": "article",
    "book": "book", "book-chapter": "chapter", "dissertation": "thesis", "report": "report",
    "dataset": "dataset", "reference-entry": "entry",
}  # fmt: skip


def page(kind, asked, mark):
    """`Answer` for the work with this number (`doi` or `pmid`) from a mark on: “cites W1 2” is the
    second page of those that cite it. Raises `SearchFailed`."""
    if not mark:
        return _begin(kind, asked)
    way, work, at = mark.split(" ")
    query = {
        "filter": f"{way}:{work}",
        "sort": "publication_date:desc",
        "per_page": PORTION,
        "page": at,
        "select": FIELDS,
    }
    answer = _ask("/works", query)
    with readable(LABEL):
        results, count = answer["results"], int(answer["meta"]["count"])
        works = [_cited(each, way == "cites") for each in results]
    at = int(at)
    more = len(results) == PORTION and at * PORTION < min(count, MOST_OF_ONE)
    following = "" if way == "cited_by" else f"cited_by {work} 1"
    warnings = []
    if at == 1 and count > MOST_OF_ONE:
        words = _("%(source)s has %(count)s works for %(work)s; the newest %(most)s are taken.")
        warnings.append(
            words % {"source": LABEL, "count": count, "work": asked, "most": MOST_OF_ONE}
        )
    return Answer(
        [each for each in works if each.numbers],
        f"{way} {work} {at + 1}" if more else following,
        count if at == 1 else 0,
        warnings,
    )


def _begin(kind, asked):
    """Which work it is there: what it does not know, and a number that leads to another work, is
    told and passed over."""
    try:
        work = _ask(f"/works/{kind}:{quote(asked, safe='/')}", {"select": "id,doi,ids"})
    except SearchFailed as error:
        if not (error.unknown or error.lasting):
            raise
        words = _("%(source)s does not know %(work)s.")
        return Answer(warnings=[words % {"source": LABEL, "work": asked}])
    with readable(LABEL):
        found = _numbers(work)
        if not found.get("openalex"):
            raise ValueError("id")
    if found.get(kind, asked) != asked:
        words = _("%(source)s has another work under %(work)s; it is passed over.")
        return Answer(warnings=[words % {"source": LABEL, "work": asked}])
    return Answer(mark=f"cites {found['openalex']} 1")


def _ask(path, query):
    if settings.LOOKUP_CONTACT:
        query["mailto"] = settings.LOOKUP_CONTACT
    if settings.OPENALEX_API_KEY:
        query["api_key"] = settings.OPENALEX_API_KEY
    return as_json(ask(SOURCE, LABEL, f"{settings.OPENALEX_URL}{path}", query), LABEL)


def _numbers(work):
    ids = work.get("ids") or {}
    found = {
        "doi": number("doi", work.get("doi") or ids.get("doi")),
        "pmid": number("pmid", str(ids.get("pmid") or "").rstrip("/").rpartition("/")[2]),
        "openalex": openalex_id(work["id"]),
    }
    return {kind: value for kind, value in found.items() if value}


def _cited(work, cites_seed):
    numbers = _numbers(work)
    return Cited(cites_seed, numbers, _record(work, numbers))


def _record(work, numbers):
    """Its description, by way of CSL-JSON as that of Crossref."""
    title = " ".join(strip_tags(str(work.get("display_name") or "")).split())
    if not title:
        return None
    place, biblio = (work.get("primary_location") or {}).get("source") or {}, work.get("biblio")
    biblio = biblio or {}
    year = work.get("publication_year")
    pages = [str(each) for each in (biblio.get("first_page"), biblio.get("last_page")) if each]
    people = [each.get("author") or {} for each in (work.get("authorships") or [])[:MOST_NAMES]]
    item = {
        "id": "",
        "type": TYPES.get(work.get("type"), "document"),
        "title": title,
        "container-title": place.get("display_name"),
        "issued": {"date-parts": [[int(year)]]} if year else None,
        "volume": biblio.get("volume"),
        "issue": biblio.get("issue"),
        "page": "-".join(pages),
        "language": work.get("language"),
        "DOI": numbers.get("doi"),
        "PMID": numbers.get("pmid"),
        "author": [_person(each.get("display_name")) for each in people],
    }
    records = formats.parse(json.dumps([item])).records
    if not records:
        return None
    records[0].citekey = ""
    return records[0]


def _person(text):
    text = " ".join(str(text or "").split())
    name = names.natural(text) if text else None
    if name is None or not name.given:
        return {"literal": text}
    return {"family": name.family, "given": name.given, "suffix": name.suffix}
