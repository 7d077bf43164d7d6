"""What readers' pages take of CLDR: names of languages and countries, dates in words.

Kept in a file of 24 kB, for Babel and its tables weigh 5 MB in each process; what is not in it is
Babel's to say. `python -m publishing.cldr` writes it anew, after Babel was changed.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path

from .later import later

babel, babel_dates = later("babel"), later("babel.dates")

FILE = Path(__file__).with_name("cldr.json")
LOCALES = ("en_GB", "es", "ca")
# A day, a month of a year, a day of any year.
SHAPES = ("long", "yMMMM", "MMMMd")
YEAR, DAY = 1234, 27  # which no name of a month holds


@cache
def kept() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8"))


def day_in_words(day: date, locale: str, shape: str = "long") -> str:
    """“3 May 2026”; “May 2026” as "yMMMM", “3 May” as "MMMMd"."""
    shapes = kept()["dates"].get(locale)
    if shapes is None:
        return _of_babel(day, locale, shape)
    return shapes[shape][day.month - 1].format(year=day.year, day=day.day)


def name(kind: str, code: str, language: str) -> str:
    """Of a language or a country ("languages", "territories"); empty where Babel has to say."""
    return kept()[kind].get(language, {}).get(code, "")


def of_babel(codes: list[str]) -> dict:
    """What the file has to hold, with the names of these languages."""
    locales = {each[:2]: babel.Locale(each[:2]) for each in LOCALES}
    return {
        "dates": {
            locale: {
                shape: [_template(month, locale, shape) for month in range(1, 13)]
                for shape in SHAPES
            }
            for locale in LOCALES
        },
        "languages": {
            code: {each: locale.languages[each] for each in codes if each in locale.languages}
            for code, locale in locales.items()
        },
        "territories": {
            code: {each: name for each, name in locale.territories.items() if len(each) == 2}
            for code, locale in locales.items()
        },
    }


def _template(month, locale, shape):
    said = _of_babel(date(YEAR, month, DAY), locale, shape)
    return said.replace(str(YEAR), "{year}").replace(str(DAY), "{day}")


def _of_babel(day, locale, shape):
    if shape == "long":
        return babel_dates.format_date(day, shape, locale=locale)
    return babel_dates.format_skeleton(shape, day, locale=locale)


if __name__ == "__main__":
    from .languages import SOURCE_LANGUAGES

    text = json.dumps(of_babel(SOURCE_LANGUAGES), ensure_ascii=False, indent=1, sort_keys=True)
    FILE.write_text(f"{text}\n", encoding="utf-8")
