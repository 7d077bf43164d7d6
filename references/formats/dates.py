"""Dates as bibliographies write them: “1998 Spring”, “1998 Mar-Apr”, “c. 1904”, “[1904?]”, “n.d.”, “1998/05/12/”."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from babel import Locale

_YEAR = re.compile(r"(?<!\d)(1\d{3}|2[01]\d{2}|2200)(?!\d)")
_ISO = re.compile(r"(?<!\d)(1\d{3}|2[01]\d{2}|2200)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?![\d])")
_COMPACT = re.compile(r"(?<!\d)(1\d{3}|2[01]\d{2}|2200)(\d{2})(\d{2})(?!\d)")
# “c1904” without a dot or a space is a year of copyright, and quite certain.
_ABOUT = re.compile(
    r"\?|~|%|\bcirca\b|\bca?(?:\.\s*|\s+)\[?\d|\b(?:about|approx|around|between|before|after)\b|\d0s\b", re.I
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Date(NamedTuple):
    year: int | None = None
    month: int | None = None
    day: int | None = None
    approximate: bool = False


@lru_cache(maxsize=1)
def _months():
    """Names and short names of the months in the languages the library is likely to meet; English wins."""
    found = {}
    for language in ("pt", "it", "de", "fr", "ca", "es", "en"):
        for context in ("format", "stand-alone"):
            for width in ("abbreviated", "wide"):
                for number, name in Locale(language).months[context][width].items():
                    word = _WORD.search(name.casefold())
                    if word:
                        found[word[0]] = number
    return found | {name.casefold(): number for number, name in enumerate(MONTHS, 1)} | {"sept": 9}


def month(text):
    """“mar”, “March”, “Mar.-Apr.”, “3” or “03” → 3; a season is no month."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return int(text) if 1 <= int(text[:3]) <= 12 else None
    return next((_months()[word] for word in _WORD.findall(text.casefold()) if word in _months()), None)


def checked(year, month=None, day=None, approximate=False):
    """A `Date` without the parts that cannot be."""
    if year is None or not 1000 <= year <= 2200:
        return Date()
    if month is None or not 1 <= month <= 12:
        return Date(year, None, None, approximate)
    try:
        date(year, month, day or 0)
    except ValueError:
        day = None
    return Date(year, month, day, approximate)


def parse(text):
    """A `Date` as far as `text` gives one. Of a range, its beginning."""
    text = text[:200]
    found = _YEAR.search(text)
    about = bool(_ABOUT.search(text))
    iso = _ISO.search(text) or _COMPACT.search(text)
    if iso and (not found or iso.start() <= found.start()):
        return checked(int(iso[1]), int(iso[2]), int(iso[3] or 0), about)
    if not found:
        decade = re.search(r"(?<!\d)(1\d{3}|2[01]\d{2}|2200)s\b", text)
        return checked(int(decade[1]), approximate=True) if decade else Date()
    rest = text[: found.start()] + " " + text[found.end() :]
    number = month(rest) if _WORD.search(rest) else None
    day = _DAY.search(rest) if number else None
    return checked(int(found[1]), number, int(day[1]) if day else None, about)
