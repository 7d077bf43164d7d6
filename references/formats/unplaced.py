"""What a file says that the library has no place for: told once for each name, with how often."""

from collections.abc import Iterator

from django.utils.translation import ngettext

from .records import Warned
from .text import excerpt

LONGEST = 60  # letters of a name


def tags(unknown: dict[str, int]) -> Iterator[Warned]:
    """`unknown`: how many records have each tag."""
    for name, count in sorted(unknown.items()):
        words = ngettext(
            "The tag “%(name)s” has no place in the library; it was left out of %(count)d record.",
            "The tag “%(name)s” has no place in the library; it was left out of %(count)d records.",
            count,
        )
        yield _told(words, name, count)


def fields(unknown: dict[str, int]) -> Iterator[Warned]:
    """`unknown`: how many entries have each field."""
    for name, count in sorted(unknown.items()):
        words = ngettext(
            "The field “%(name)s” has no place in the library; it was left out of %(count)d entry.",
            "The field “%(name)s” has no place in the library; it was left out of %(count)d"
            " entries.",
            count,
        )
        yield _told(words, name, count)


def columns(unknown: dict[str, int]) -> Iterator[Warned]:
    """`unknown`: how many rows have something in each column."""
    for name, count in sorted(unknown.items()):
        words = ngettext(
            "The column “%(name)s” has no place in the library; it was left out of %(count)d row.",
            "The column “%(name)s” has no place in the library; it was left out of %(count)d rows.",
            count,
        )
        yield _told(words, name, count)


def _told(words: str, name: str, count: int) -> Warned:
    return Warned(0, words % {"name": excerpt(name, LONGEST), "count": count})
