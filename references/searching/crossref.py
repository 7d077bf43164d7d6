"""Crossref's list of works. It weighs words and knows no AND: of what it counts, the nearest are
taken."""

import json

from django.conf import settings
from django.utils.translation import gettext as _

from .. import formats
from ..importing.lookup import from_crossref
from .answers import Counted, Page
from .asking import as_json, ask, readable

SOURCE, LABEL = "crossref", "Crossref"
PORTION = 100
NEAREST = 300
FIELDS = (
    "DOI,type,title,subtitle,original-title,container-title,short-container-title,published-print,"
    "published-online,issued,volume,issue,page,article-number,publisher,ISSN,ISBN,language,abstract,"
    "author,editor,event,updated-by,update-to,relation"
)


def count(strategy, *, begin=None, end=None):
    message = _list(strategy, 0, "", begin, end)
    with readable(LABEL):
        found = int(message["total-results"])
    warnings = []
    if found > NEAREST:
        words = _(
            "Crossref counts %(count)s works for these words; the nearest %(most)s are taken."
        )
        warnings.append(words % {"count": found, "most": NEAREST})
    return Counted(min(found, NEAREST), strategy, warnings, "0 *" if found else "")


def page(strategy, cursor, *, begin=None, end=None):
    """`cursor`: how many were taken, and Crossref's own mark."""
    taken, _space, mark = cursor.partition(" ")
    message = _list(strategy, PORTION, mark, begin, end)
    with readable(LABEL):
        results = message["items"]
        items = [from_crossref(each) for each in results]
        following = str(message.get("next-cursor") or "")
        taken = int(taken) + len(results)
    records = formats.parse(json.dumps(items)).records if items else []
    keyed = [(each.doi, each) for each in records if each.doi]
    for each in records:
        each.citekey = ""
    # Its mark may stay the same from page to page; NEAREST ends it in any case.
    more = len(results) == PORTION and following and taken < NEAREST
    return Page(keyed, f"{taken} {following}" if more else "")


def _list(words, rows, mark, begin, end):
    query = {"query.bibliographic": words, "rows": rows, "select": FIELDS}
    if begin and end:
        query["filter"] = f"from-created-date:{begin},until-created-date:{end}"
    if mark:
        query["cursor"] = mark
    if settings.LOOKUP_CONTACT:
        query["mailto"] = settings.LOOKUP_CONTACT
    answer = as_json(ask(SOURCE, LABEL, f"{settings.CROSSREF_URL}/works", query), LABEL)
    with readable(LABEL):
        message = answer["message"]
        if not isinstance(message, dict):
            raise ValueError("message")
        return message
