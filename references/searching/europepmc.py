"""Europe PMC: pages of a hundred, each naming where the next begins."""

import json

from django.conf import settings

from .. import formats
from ..formats import names
from .answers import Counted, Page
from .asking import as_json, ask, readable

SOURCE, LABEL = "europepmc", "Europe PMC"
PORTION = 100
START = "*"


def count(strategy, *, begin=None, end=None):
    answer = _search(strategy, START, 1, begin, end)
    with readable(LABEL):
        found = int(answer["hitCount"])
        understood = (answer.get("request") or {}).get("queryString") or ""
    return Counted(found, str(understood), cursor=START if found else "")


def page(strategy, cursor, *, begin=None, end=None):
    answer = _search(strategy, cursor, PORTION, begin, end)
    with readable(LABEL):
        results = answer["resultList"]["result"]
        following = str(answer.get("nextCursorMark") or "")
        items = [_item(each) for each in results]
    records = formats.parse(json.dumps(items)).records if items else []
    keyed = []
    for record in records:
        result = results[record.number - 1]
        record.citekey = ""
        keyed.append((f"{result.get('source')}:{result['id']}", record))
    more = bool(results) and following not in ("", cursor)
    return Page(keyed, following if more else "")


def _search(strategy, cursor, size, begin, end):
    if begin and end:  # when it first came into Europe PMC
        strategy = f"({strategy}) AND FIRST_IDATE:[{begin} TO {end}]"
    query = {
        "query": strategy,
        "format": "json",
        "resultType": "core",
        "pageSize": size,
        "cursorMark": cursor,
    }
    return as_json(ask(SOURCE, LABEL, f"{settings.EUROPEPMC_URL}/search", query), LABEL)


def _item(result):
    """A result as a CSL-JSON item."""
    info = result.get("journalInfo") or {}
    journal = info.get("journal") or {}
    kinds = {str(kind).casefold() for kind in (result.get("pubTypeList") or {}).get("pubType", ())}
    people = (result.get("authorList") or {}).get("author") or ()
    book = result.get("bookOrReportDetails") or {}
    return {
        "id": str(result["id"]),
        "type": "article" if "preprint" in kinds else "book" if book else "article-journal",
        "title": str(result.get("title") or "").rstrip("."),
        "container-title": journal.get("title"),
        "container-title-short": journal.get("medlineAbbreviation")
        or journal.get("isoabbreviation"),
        "ISSN": " ".join(filter(None, (journal.get("issn"), journal.get("essn")))),
        "publisher": book.get("publisher"),
        "volume": info.get("volume"),
        "issue": info.get("issue"),
        "page": result.get("pageInfo"),
        "issued": {"date-parts": [_date(result, info)]},
        "language": result.get("language"),
        "DOI": result.get("doi"),
        "PMID": result.get("pmid"),
        "PMCID": result.get("pmcid"),
        "abstract": result.get("abstractText"),
        "author": [_person(each) for each in people] or _people(result.get("authorString")),
    }


def _date(result, info):
    year = info.get("yearOfPublication") or result.get("pubYear")
    month = info.get("monthOfPublication") if info.get("yearOfPublication") else None
    return [int(part) for part in (year, month) if part]


def _person(person):
    if person.get("collectiveName"):
        return {"literal": person["collectiveName"]}
    given = person.get("firstName") or person.get("initials") or ""
    if person.get("lastName"):
        return {"family": person["lastName"], "given": given}
    return {"literal": person.get("fullName") or ""}


def _people(text):
    """“Herz R, Copeman W.”, as it stands where no list does."""
    found = [names.person(each) for each in str(text or "").rstrip(".").split(", ") if each]
    return [{"family": each.family, "given": each.given} for each in found if each]
