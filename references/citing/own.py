"""How a page of this site is cited, in every style.

Stored without the address of the site and without the day of reading, which stand in it as `SITE`
and `TODAY`: an address that was written into texts stayed there when the site moved.
"""

import re
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils.translation import gettext, override

from .. import csl
from .entries import STYLES, author_parts

SITE, TODAY = "{site}", "{today}"
NLM = "vancouver"
_NEVER = date(1111, 11, 11)
_CITED = re.compile(r"\[(\S+) ([^\[\]]*\b(\d{4})\b[^\[\]]*)\]")


def of_page(page, *, author, site_name, path) -> dict[str, str]:
    """`{style: safe HTML}` of a page, as a web page that has an author and a date. `path` is its
    address within the site."""
    number = getattr(page, "number", "")
    item = {
        "id": path,
        "type": "webpage",
        "title": page.title,
        "author": [_author(author)],
        "container-title": site_name,
        "issued": _parts(page.updated),
        "URL": SITE + path,
        "language": page.language,
    }
    if number:
        item["chapter-number"] = number
    written = {style: csl.cite(item, style, page.language) for style in STYLES if style != NLM}
    return {NLM: _nlm(item, page), **written}


def shown(kept: str, language: str, today: date) -> str:
    """A stored citation as readers get it."""
    filled = kept.replace(SITE, settings.SITE_URL)
    return filled.replace(TODAY, nlm_date(today, language)) if TODAY in filled else filled


def _nlm(item, page):
    """The NLM wants the day a page was last changed and the day it was read: “2019 [updated 2026
    May 3; cited 2026 Nov 27]”."""
    if page.first_published:
        item = {**item, "issued": {"date-parts": [[page.first_published.year]]}}
    text = csl.cite({**item, "accessed": _parts(_NEVER)}, NLM, page.language)
    with override(page.language):
        updated = gettext("updated %(date)s") % {"date": nlm_date(page.updated, page.language)}
    before, _bracket, after = text.partition("[Internet]")
    return before + _bracket + _CITED.sub(rf"[{updated}; \1 {TODAY}]", after, count=1)


@lru_cache(maxsize=512)
def _nlm_date(day, language):
    item = {"id": "x", "type": "webpage", "title": "x", "URL": "x", "accessed": _parts(day)}
    found = _CITED.search(csl.cite(item, NLM, language))
    return found[2] if found else day.isoformat()


def nlm_date(day, language) -> str:
    """“2026 Nov 27”, as the style writes it in a language."""
    return _nlm_date(date(day.year, day.month, day.day), language)


def _parts(day):
    return {"date-parts": [[day.year, day.month, day.day]]}


def _author(name):
    family, given = author_parts(name)
    return {"family": family, "given": given} if given else {"literal": family}
