"""What a word is, for search: folded, cut, shortened. The index and the queries go through the same
functions."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Chinese and Japanese stand without spaces: every character is a word, a run of them is looked up
# as a phrase.
_CJK = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
)
_LETTERS = rf"[^\W_{_CJK}]+"
WORD = re.compile(rf"[{_CJK}]|{_LETTERS}")
_APOSTROPHES = "'’‘ʼ＇"
_JOINTS = _APOSTROPHES + "\u2010\u2011\u2012\u2013\u2212\uff0d-"
# Words written as one: “sacro-iliac”, “O’Brien’s”, a run of Chinese.
COMPOUND = re.compile(rf"[{_CJK}]+|{_LETTERS}(?:[{_JOINTS}]{_LETTERS})*")
LONGEST = 60
# Written into every index: another number, and the rows are made anew (`rows.is_stale`).
VERSION = 2

# Words that say nothing about what is looked for; they count inside quotation marks and when
# nothing else is typed.
STOPWORDS = frozenset(
    word
    for line in (
        (
            "a about an and any are as at be been by can could did do does for from had has"
            " have help helps how i if in into is it its my me no not of on or s should so some"
            " than that the their them then there these they this those to us was we were what"
            " when where whether which who why will with would you your"
        ),
        (
            "a al algun alguna como con cual cuando d de del desde donde e el ella en entre era"
            " es esa ese esta este estan esto ha hace hasta hay la las le les lo los me mi mis"
            " muy ni no nos o para pero por porque puede pueden que quien se ser si sin sobre"
            " son su sus te tengo tiene tienen u un una unas uno unos y ya yo"
        ),
        (
            "algun alguna als amb aquell aquest aquesta aquests aquestes aux avec cada da das"
            " dels des dos du el els em ens es esta et fa fins han he hem hi ho i jo l les m meu"
            " meva mes molt ne on pel pels per perque pero poden pot pots qu qual quan que qui"
            " quin quina quines quins sobre son sota t te tinc uns unes une us ser n ja"
        ),
        (
            "am auf bei ce ces che das dans dem den der di die della delle degli dei ein eine"
            " est gli il ist je ma mit na nel nella nicht non o pas per sind sono sur ue um und"
            " von wie zu zum zur"
        ),
    )
    for word in line.split()
)

# What stands before an apostrophe and belongs to no word, in Catalan, French and Italian.
_ELIDED = frozenset(
    "l d s n m t c j qu jusqu lorsqu puisqu quoiqu"
    " all dall dell nell sull coll gl degl agl negl un quell quest".split()
)
# Letters that are no accented letters, as they are written without them; signs nobody sees.
_LIKE = str.maketrans(
    dict.fromkeys(
        "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061"
        "\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
    )
    | {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ɫ": "l", "ƒ": "f",
    }
)  # fmt: skip
_LIKE_ONE = {code: (other or " ")[0] for code, other in _LIKE.items()}
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho"
        " sigma tau upsilon phi chi psi omega".split(),
        strict=True,
    )
)
_SCRIPTS = re.compile(r"[\u0370-\u03ff]+|[^\u0370-\u03ff]+")
_LL = re.compile(r"(?<=l)[·.•‧∙⋅](?=l)")
# “L4/5”, “L4–L5”: from one to the next.
_LEVELS = re.compile(r"\b([cltsm])(\d{1,2})[/\u2010-\u2013-](?:\1)?(\d{1,2})\b")

_ENDING = re.compile(r"(?:(?<=[cstx]i)on(?:e?s)?|(?<!s)e?s|es|[aeo]s?|ed|ing|en)$")


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
    """The folded words of a text, in order: for keys that are stored, which outlive what search
    makes of words."""
    return [word[:LONGEST] for word in WORD.findall(fold(text))]


def evened(text: str) -> str:
    """Folded as search does it: “Łódź” → “lodz”, and nothing the eye does not see."""
    return fold(text).translate(_LIKE)


def evened_in_place(text: str) -> str:
    """The same in the same length, letter by letter."""
    return fold_in_place(text).translate(_LIKE_ONE)


def cut(text: str) -> list[str]:
    """The words of a text as search has them, in order."""
    return [part for parts in compounds(text) for part in parts]


def compounds(text: str) -> Iterator[tuple[str, ...]]:
    """The same by what is written as one: “l’hèrnia” → (“hernia”,), “L4–L5” → (“l4”, “l5”)."""
    text = _LEVELS.sub(r"\1\2-\1\3", _LL.sub("", evened(text)))
    for match in COMPOUND.finditer(text):
        if match[0].isascii() and match[0].isalnum():  # nearly every word
            yield (match[0][:LONGEST],)
            continue
        parts = tuple(
            part[:LONGEST] for start, end in spans(match[0]) for part in named(match[0][start:end])
        )
        if parts:
            yield parts


def spans(compound: str) -> list[tuple[int, int]]:
    """Where in a compound its words stand: all but what is elided and the possessive “s”."""
    found = [match.span() for match in WORD.finditer(compound)]
    kept = [
        (start, end)
        for start, end in found
        if not (
            compound[end : end + 1] in _APOSTROPHES
            and end < len(compound)
            and evened(compound[start:end]) in _ELIDED
        )
        and not (
            start > 0
            and end == len(compound)
            and compound[start - 1] in _APOSTROPHES
            and compound[start:end] in "sS"
        )
    ]
    return kept or found


def named(part: str) -> list[str]:
    """A folded word with single Greek letters by their names: “tnfα” → “tnf”, “alpha”."""
    if part.isascii():
        return [part]
    return [_GREEK.get(piece, piece) for piece in _SCRIPTS.findall(part)]


def joined(parts: tuple[str, ...]) -> str:
    """How somebody else writes a compound: “sacroiliac”; nothing for what nobody does."""
    one = "".join(parts)
    latin = len(parts) > 1 and len(one) <= LONGEST and not re.search(f"[{_CJK}]", one)
    return one if latin and not one.isdigit() else ""


@lru_cache(maxsize=10_000)
def shortened(word: str) -> str:
    """A word without its ending, in any of the languages written here: “enfermedades” →
    “enfermedad”."""
    for _ in range(2):
        stem = _ENDING.sub("", word)
        if len(stem) < 4:
            word = word[:-1] if len(word) in (4, 5) and re.search(r"[^s]s$", word) else word
            break
        word = stem
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


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
