"""Dates as bibliographies write them: “1998 Spring”, “1998 Mar-Apr”, “1998-99”, “c. 1904”, “n.d.”,
“1998/5/12”."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from publishing.later import later

from .records import Record

babel = later("babel")

_YEAR = re.compile(r"(?<!\d)(1\d{3}|2[01]\d{2}|2200)(?!\d)")
_ISO = re.compile(r"(?<!\d)(1\d{3}|2[01]\d{2}|2200)[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?![\d])")
_COMPACT = re.compile(r"(?<!\d)(1\d{3}|2[01]\d{2}|2200)(\d{2})(\d{2})(?!\d)")
# “1998-99”, where the second cannot be a month.
_SHORT_RANGE = re.compile(r"(?<!\d)(1\d|2[012])(\d{2})\s*[-–—/]\s*(1[3-9]|[2-9]\d)(?!\d|[-/.]\d)")
_EDTF = re.compile(
    r"\s*(\d{4}(?:-\d{2}){0,2})[?~%]?(?:/(?:(\d{4}(?:-\d{2}){0,2})[?~%]?|\.\.)?)?\s*"
)
_UNTIL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
# “c1904” without a dot or a space is a year of copyright, and quite certain.
_ABOUT = re.compile(
    r"\?|~|%|\bcirca\b|\bca?(?:\.\s*|\s+)\[?\d|\b(?:about|approx|around|between|before|after)\b|\d0s\b",
    re.I,
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SEASONS = ("Spring", "Summer", "Fall", "Winter")
_SEASON_WORDS = {
    1: "spring spr primavera printemps frühling frühjahr",
    2: "summer sum verano estiu été sommer estate verão",
    3: "fall fal autumn aut otoño tardor automne herbst autunno outono",
    4: "winter win invierno hivern hiver inverno",
}
_SEASON_OF = {word: number for number, words in _SEASON_WORDS.items() for word in words.split()}
# The months of a season where only numbers are written: 21 to 24.
SEASON_MONTH = 20


class Date(NamedTuple):
    """What is known of a date. `season` is 1 to 4, from spring on; `until` ends a span: “1999”,
    “1998-04”, “1998-22”."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    approximate: bool = False
    season: int | None = None
    until: str = ""

    def put(self, record: Record, written: str = "") -> None:
        """`written` is what the file says, kept to be told where no year is in it."""
        record.unread_date = "" if self.year else written
        (
            record.year,
            record.month,
            record.day,
            record.year_approximate,
            record.season,
            record.until,
        ) = self

    @property
    def end(self) -> tuple[int, int, int] | None:
        """`(year, month, day)` of the end of a span, 0 for what is not given; None where it is one
        date."""
        found = _UNTIL.fullmatch(self.until)
        return (int(found[1]), int(found[2] or 0), int(found[3] or 0)) if found else None


def date_of(record: Record) -> Date:
    return Date(
        record.year, record.month, record.day, record.year_approximate, record.season, record.until
    )


@lru_cache(maxsize=1)
def _months():
    """Names and short names of the months in the languages the library is likely to meet; English
    wins."""
    found = {}
    for language in ("pt", "it", "de", "fr", "ca", "es", "en"):
        for context in ("format", "stand-alone"):
            for width in ("abbreviated", "wide"):
                for number, name in babel.Locale(language).months[context][width].items():
                    word = _WORD.search(name.casefold())
                    if word:
                        found[word[0]] = number
    return found | {name.casefold(): number for number, name in enumerate(MONTHS, 1)} | {"sept": 9}


def month(text: str) -> int | None:
    """“mar”, “March”, “Mar.-Apr.”, “3” or “03” → 3; a season is no month."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return int(text) if 1 <= int(text[:3]) <= 12 else None
    return next(
        (_months()[word] for word in _WORD.findall(text.casefold()) if word in _months()), None
    )


def season(text: str) -> int | None:
    """“Spring”, “otoño” → 1 to 4, from spring on."""
    return next(
        (_SEASON_OF[word] for word in _WORD.findall(text.casefold()) if word in _SEASON_OF), None
    )


def checked(
    year: int | None,
    month: int | None = None,
    day: int | None = None,
    approximate: bool = False,
    season: int | None = None,
    until: str = "",
) -> Date:
    """A `Date` without the parts that cannot be. A month of 21 to 24 is a season."""
    if year is None or not 1000 <= year <= 2200:
        return Date()
    if month and SEASON_MONTH < month <= SEASON_MONTH + 4:
        season, month = month - SEASON_MONTH, None
    if month is None or not 1 <= month <= 12:
        month = day = None
    elif not _exists(year, month, day):
        day = None
    season = season if month is None and season in (1, 2, 3, 4) else None
    begin = Date(year, month, day, approximate, season, until)
    return begin._replace(until=_checked_end(begin) if until else "")


def _checked_end(begin):
    """The end of a span, no more exact than its beginning; empty if it is not later."""
    if begin.end is None:
        return ""
    year, month, day = begin.end
    in_season = SEASON_MONTH < month <= SEASON_MONTH + 4
    if begin.season:
        month = month if in_season else SEASON_MONTH + begin.season
    elif in_season or month > 12 or not begin.month:
        month = 0
    if not begin.day or not _exists(year, month, day):
        day = 0
    if year > begin.year:
        later = year <= 2200
    elif year < begin.year or not month:
        later = False
    elif begin.season:
        later = month - SEASON_MONTH != begin.season
    else:
        later = month > begin.month or (month == begin.month and day > (begin.day or 99))
    return numbers(year, month, day) if later else ""


def _exists(year, month, day):
    try:
        return bool(date(year, month, day or 0))
    except ValueError:
        return False


def numbers(year: int, month: int | None = None, day: int | None = None) -> str:
    """“1998-04-15” as far as it is given."""
    return f"{year:04d}" + (f"-{month:02d}" + (f"-{day:02d}" if day else "") if month else "")


def edtf(found: Date) -> str:
    """“1998-21”, “1998-03/1998-04”, “1904~”, as BibLaTeX has dates; empty without a year."""
    if found.year is None:
        return ""
    about = "~" if found.approximate else ""
    begin = numbers(
        found.year,
        SEASON_MONTH + found.season if found.season else found.month or 0,
        found.day or 0,
    )
    return begin + about + (f"/{found.until}{about}" if found.until else "")


def from_edtf(text: str) -> Date | None:
    """A `Date` where `text` is one in numbers alone, else None."""
    found = _EDTF.fullmatch(text)
    if not found:
        return None
    year, month, day = ([int(part) for part in found[1].split("-")] + [None, None])[:3]
    return checked(year, month, day, bool(_ABOUT.search(text)), until=found[2] or "")


def words(found: Date) -> str:
    """“1998 Mar-Apr”, “1998-1999 Winter”, “1904?”, as MEDLINE has dates; `parse` reads the same
    again."""
    begin = [
        f"{found.year}?" if found.approximate else str(found.year),
        *_small(found.season, found.month, found.day),
    ]
    if not found.end:
        return " ".join(begin)
    year, month, day = found.end
    season = month - SEASON_MONTH if month > SEASON_MONTH else 0
    if year == found.year:
        small = [str(day)] if month == found.month else _small(season, month, day)
        return f"{' '.join(begin)}-{' '.join(small)}"
    if season and season == found.season:
        return f"{begin[0]}-{year} {SEASONS[season - 1]}"
    return f"{' '.join(begin)}-{' '.join([str(year), *_small(season, month, day)])}"


def _small(season, month, day):
    """The words of a date after its year."""
    if season:
        return [SEASONS[season - 1]]
    return [MONTHS[month - 1], *([str(day)] if day else [])] if month else []


def parse(text: str) -> Date:
    """A `Date` as far as `text` gives one, of a span with its end."""
    text = text[:200]
    found = _YEAR.search(text)
    about = bool(_ABOUT.search(text))
    if "/" in text and (whole := from_edtf(text)):
        return whole
    short = _SHORT_RANGE.search(text)
    if short and int(short[3]) > int(short[2]):
        return checked(
            int(short[1] + short[2]), None, None, about, season(text), short[1] + short[3]
        )
    iso = _ISO.search(text) or _COMPACT.search(text)
    if iso and (not found or iso.start() <= found.start()):
        month = int(iso[2]) if int(iso[2]) <= 12 else None
        return checked(int(iso[1]), month, int(iso[3] or 0), about)
    if not found:
        decade = re.search(r"(?<!\d)(1\d{3}|2[01]\d{2}|2200)s\b", text)
        return checked(int(decade[1]), approximate=True) if decade else Date()
    one = _one(text)
    return _span(text, about) or checked(one.year, one.month, one.day, about, one.season)


def _one(text):
    found = _YEAR.search(text)
    rest = text[: found.start()] + " " + text[found.end() :] if found else text
    number = month(rest) if _WORD.search(rest) else None
    day = _DAY.search(rest)
    return Date(
        int(found[1]) if found else None, number, int(day[1]) if day else None, season=season(rest)
    )


def _span(text, about):
    """A `Date` with its end where a dash joins two dates, or the parts in which two dates differ;
    else None."""
    before, *after = re.split(r"\s*[-–—/]\s*", text, maxsplit=1)
    first, last = _one(before), _one("".join(after))
    both_small = (first.month and last.month) or (first.season and last.season)
    if first.year and last.year:
        if last.season and not (first.month or first.season):
            first = first._replace(season=last.season)
    elif first.year and (both_small or (first.month and first.day and last.day)):
        last = last._replace(year=first.year, month=last.month or first.month)
    elif last.year and both_small:
        first = first._replace(year=last.year)
    elif last.year and last.month and last.day and first.day and not first.season:
        first = first._replace(year=last.year, month=last.month)
    else:
        return None
    small = SEASON_MONTH + last.season if last.season and not last.month else last.month or 0
    end = numbers(last.year, small, (last.month and last.day) or 0)
    return checked(first.year, first.month, first.day, about, first.season, end)
