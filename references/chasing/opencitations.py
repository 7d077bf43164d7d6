"""OpenCitations: one question for those that cite a work, one for those it cites. It gives numbers
alone, all at once; an empty answer is not “never cited”."""

import json
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from ..searching.asking import SearchFailed, TooMuch, ask, readable
from .answers import MOST_OF_ONE, Answer, Cited, number, openalex_id

SOURCE, LABEL = "opencitations", "OpenCitations"


def page(kind, asked, mark):
    """`Answer` for the work with this number: first who cites it, then (mark “references”) whom it
    cites. Raises `SearchFailed`."""
    way, own, other = (
        ("references", "citing", "cited") if mark else ("citations", "cited", "citing")
    )
    following = "" if mark else "references"
    address = f"{settings.OPENCITATIONS_URL}/{way}/{kind}:{quote(asked, safe='/')}"
    try:
        body = ask(SOURCE, LABEL, address, {"format": "json"})
    except SearchFailed as error:
        # Of one work too many to read, or a number it does not take: the others are asked for.
        if not (error.lasting or error.unknown or isinstance(error, TooMuch)):
            raise
        return Answer(mark=following, warnings=[f"{asked}: {error}"])
    with readable(LABEL):
        rows = json.loads(body)
        if not isinstance(rows, list):
            raise ValueError("no list")
        mine = [row for row in rows if _numbers(row[own]).get(kind) == asked]
        mine.sort(key=lambda row: str(row.get("creation") or ""), reverse=True)
        works = [Cited(not mark, _numbers(row[other])) for row in mine[:MOST_OF_ONE]]
    values = {"source": LABEL, "count": len(rows), "work": asked, "most": MOST_OF_ONE}
    warnings = []
    if len(mine) < len(rows):
        words = _("%(source)s has another work under %(work)s; it is passed over.")
        warnings.append(words % values)
    if len(mine) > MOST_OF_ONE:
        words = _("%(source)s has %(count)s works for %(work)s; the newest %(most)s are taken.")
        warnings.append(words % values)
    return Answer([each for each in works if each.numbers], following, len(mine), warnings)


def _numbers(text):
    """“omid:br/1 doi:10.1000/a pmid:7” → the numbers we know, in their one form."""
    parts = [part.partition(":") for part in str(text)[:2000].split()]
    said = {kind: value for kind, _colon, value in parts}
    found = {kind: number(kind, said[kind]) for kind in ("doi", "pmid") if kind in said}
    found["openalex"] = openalex_id(said.get("openalex"))
    return {kind: value for kind, value in found.items() if value}
