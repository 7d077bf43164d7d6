"""What is kept of CLDR says what Babel says."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date, format_skeleton

from publishing import cldr
from publishing.languages import SOURCE_LANGUAGES


def test_the_file_is_what_babel_would_have_written_in_it():
    assert cldr.kept() == cldr.of_babel(SOURCE_LANGUAGES)


@pytest.mark.parametrize("locale", [*cldr.LOCALES, "fr"])
def test_days_and_months_are_written_as_babel_writes_them(locale):
    for number in range(0, 1500, 7):
        day = date(1899, 1, 1) + timedelta(number)
        assert cldr.day_in_words(day, locale) == format_date(day, "long", locale=locale)
        for shape in ("yMMMM", "MMMMd"):
            said = format_skeleton(shape, day, locale=locale)
            assert cldr.day_in_words(day, locale, shape) == said


def test_a_day_in_catalan_has_its_article_and_its_apostrophe():
    assert cldr.day_in_words(date(2026, 4, 1), "ca") == "1 d’abril del 2026"
