"""Plain text from outside, brought to a form on which work takes time in proportion to its
length."""

import re
import unicodedata
from functools import cache

MOST_MARKS = 30  # on one letter: UAX #15, Stream-Safe Text Format. No writing needs half as many.


def _is_mark(code):
    """Whether normalising sorts it behind the letter before; some marks are known only by what they
    are made of."""
    return unicodedata.combining(unicodedata.normalize("NFD", chr(code))[0]) > 0


def _marks():
    """The inside of a character class."""
    codes = filter(_is_mark, range(0x300, 0x20000))  # beyond are ideographs alone
    return "".join(map(chr, codes))


# A hundred times faster, for the texts that have none; written so that the first is looked for, and
# by what it is not: a set with an end above \uffff takes Python longer to make than some pages.
_HINT = re.compile(f"[^\x00-\u02ff][^\x00-\u02ff]{{{MOST_MARKS}}}")


_ASCII = bytes(range(128))
# Nothing here joins what stands beside it: most texts have no other letters and signs.
_COMPOSED = frozenset(map(chr, [*range(0x80, 0x300), *range(0x2010, 0x2028)]))


@cache
def _too_many():
    """Takes as long to make as a page: made for the first text that needs it."""
    mark = f"[{_marks()}]"
    return re.compile(f"({mark}{{{MOST_MARKS}}}){mark}+")


def bounded(text: str) -> str:
    """Text with at most thirty marks on a letter: to put more of them in order takes the square of
    their number."""
    return _too_many().sub(r"\1", text) if _HINT.search(text) else text


def foreign(text: str) -> set[str]:
    """The characters of a text that are not of ASCII, each once. By its bytes: a pattern looks at
    each letter and takes four times as long."""
    rest = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return set(rest.decode("utf-8", "surrogatepass"))


def nfc(text: str) -> str:
    """Composed characters. Everything from outside is normalised by this function, and nothing
    elsewhere by another."""
    if text.isascii() or _COMPOSED.issuperset(foreign(text)):
        return text
    return unicodedata.normalize("NFC", bounded(text))
