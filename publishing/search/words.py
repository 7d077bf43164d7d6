"""What a word is, for search: folded, cut, shortened. The index and the queries go through the same
functions."""

import re
import unicodedata
from functools import lru_cache

# Chinese and Japanese stand without spaces: every character is a word, a run of them is looked up
# as a phrase.
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
LONGEST = 60

# Words that say nothing about what is looked for; they count inside quotation marks and when
# nothing else is typed.
STOPWORDS = frozenset(
    word
    for line in (
        (
            "a and are as at by for from had has in is it its of on or s that the their this to was"
            " were which with"
        ),
        (
            "a al como con d de del e el en es la las lo los o para por que se si sin son su sus u"
            " un una unas unos y"
        ),
        (
            "als amb aux avec da das dels des do dos du et i l le les ne no perque pour qu qui sur"
            " uns unes une"
        ),
        (
            "am auf das dem den der di die della delle dei ein eine il im na mit ue um und von zu"
            " zum zur"
        ),
    )
    for word in line.split()
)

_ENDING = re.compile(r"(?:(?<!s)e?s|es|[aeo]s?|ed|ing|en)$")


class _Folding(dict[int, str]):
    """Folds one character; remembers it."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize(
            "NFKD", unicodedata.normalize("NFKD", chr(code)).casefold()
        )
        self[code] = folded = "".join(
            char for char in decomposed if not unicodedata.combining(char)
        )
        return folded


class _Aligned(_Folding):
    """Folds one character to exactly one, so that places in the folded text are places in the
    text."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = (super().__missing__(code) or " ")[0]
        return folded


_FOLDING, _ALIGNED = _Folding(), _Aligned()


def fold(text: str) -> str:
    """“Lagèze” → “lageze”."""
    return text.translate(_FOLDING)


def fold_in_place(text: str) -> str:
    """Folded text of the same length."""
    return text.translate(_ALIGNED)


def tokens(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return [word[:LONGEST] for word in WORD.findall(fold(text))]


@lru_cache(maxsize=10_000)
def shortened(word: str) -> str:
    """A word without its ending, in any of the languages written here: “enfermedades” →
    “enfermedad”."""
    for _ in range(2):
        stem = _ENDING.sub("", word)
        if len(stem) < 4:
            return word[:-1] if len(word) == 4 and re.search(r"[^s]s$", word) else word
        word = stem
    return word


def grams(word: str) -> set[str]:
    """The trigrams of a word and its letters in order of the alphabet, which catches letters that
    changed places."""
    padded = f"  {word} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)} | {
        "=" + "".join(sorted(word))
    }


def distance(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or in each other's place."""
    before, row = list[int](), list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
