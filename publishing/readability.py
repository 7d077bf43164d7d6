"""How hard a text is to read, by one formula a language.

English: Flesch Reading Ease (Flesch 1948). Spanish: Szigriszt-Pazos (1993) with the bands of the
INFLESZ scale (Barrio-Cantalejo 2008), made for texts for patients. For Catalan none has been
tested; LIX (Björnsson 1968) counts long words instead of syllables, and was compared across eleven
languages, so it stands in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORD = re.compile(r"[^\W\d_]+(?:[’'·-][^\W\d_]+)*")
LONG = 6  # letters; LIX counts words with more

HARD, FAIRLY_HARD, PLAIN, EASY, VERY_EASY = (
    _("hard"),
    _("fairly hard"),
    _("plain"),
    _("easy"),
    _("very easy"),
)
# The least score of each band, the hardest first; LIX grows as texts get harder.
FLESCH = [(float("-inf"), HARD), (50, FAIRLY_HARD), (60, PLAIN), (70, EASY), (80, VERY_EASY)]
INFLESZ = [(float("-inf"), HARD), (40, FAIRLY_HARD), (55, PLAIN), (65, EASY), (80, VERY_EASY)]
LIX = [(float("-inf"), VERY_EASY), (30, EASY), (40, PLAIN), (50, FAIRLY_HARD), (60, HARD)]


@dataclass(frozen=True)
class Level:
    """`aim`: what the score should be for readers who are no doctors, in words."""

    formula: str
    score: int
    band: Promise
    aim: Promise


def level(sentences: Iterable[str], language: str) -> Level | None:
    """Of a text in sentences; None where there is not a word, or no formula for the language."""
    each = [found for sentence in sentences if (found := WORD.findall(sentence))]
    words = [word for found in each for word in found]
    if not words or language not in FORMULAS:
        return None
    return FORMULAS[language](words, len(words) / len(each))


def _english(words: list[str], length: float) -> Level:
    syllables = sum(map(english_syllables, words)) / len(words)
    score = round(206.835 - 1.015 * length - 84.6 * syllables)
    return Level("Flesch Reading Ease", score, _band(FLESCH, score), _("60 or more"))


def _spanish(words: list[str], length: float) -> Level:
    syllables = sum(map(spanish_syllables, words)) / len(words)
    score = round(206.835 - 62.3 * syllables - length)
    return Level("Szigriszt-Pazos (INFLESZ)", score, _band(INFLESZ, score), _("55 or more"))


def _catalan(words: list[str], length: float) -> Level:
    long = sum(len(re.sub(r"[^\w]", "", word)) > LONG for word in words)
    score = round(length + 100 * long / len(words))
    return Level("LIX", score, _band(LIX, score), _("50 or less"))


FORMULAS = {"en": _english, "es": _spanish, "ca": _catalan}


def _band(bands: list[tuple[float, Promise]], score: int) -> Promise:
    return [name for least, name in bands if score >= least][-1]


def english_syllables(word: str) -> int:
    """Groups of vowels, without the silent e at the end; at least one."""
    word = word.casefold()
    groups = len(re.findall(r"[aeiouyà-ÿ]+", word))
    silent = re.search(r"[^aeiouy](?:e|es|ed)$", word)
    heard = re.search(r"(?:[^aeiouyl]le|[td]ed|(?:[sxz]|ch|sh|[cg])es)$", word)
    return max(1, groups - bool(silent and not heard))


def spanish_syllables(word: str) -> int:
    """Strong vowels and accented weak ones make one each; other weak ones only where none of
    them stands beside."""
    word = re.sub(r"q[uü]|g[u](?=[eéií])", "g", word.casefold())
    word = re.sub(r"y(?=[aeiouáéíóú])", "j", word)
    strong = len(re.findall(r"[aeoáéóíú]", word))
    alone = re.findall(r"(?<![aeoáéóíúiuüy])[iuüy]+(?![aeoáéóíúiuüy])", word)
    return max(1, strong + len(alone))
