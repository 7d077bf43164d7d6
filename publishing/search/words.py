"""What a word is, for search: folded, cut, shortened. The index and the queries go through the same
functions."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from ..text import foreign

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
# The same of a text that has no other letters, in half the time.
_ASCII_COMPOUND = re.compile(r"[A-Za-z0-9]+(?:['-][A-Za-z0-9]+)*")
LONGEST = 60
# What is not ASCII is mostly the same few letters again: so many are quicker replaced one by one.
FEW_FOREIGN = 40
# Written into every index: another number, and the rows are made anew (`rows.is_stale`).
VERSION = 5

# Words that say nothing about what is looked for; they count inside quotation marks and when
# nothing else is typed.
STOPWORDS = frozenset(
    word
    for line in (
        (
            "a about above after again all also always am an and any are around as at away be"
            " because been before being below beneath beside between but by can could did do"
            " does doing each ever every for from get gets getting give gives go goes going had"
            " has have having he help helps her here his how i if in inside into is it its"
            " itself just like many may me might more most much must my near never no not of off"
            " often on only onto or other our out outside over own s same shall she should so"
            " some someone something still such than that the their them then there these they"
            " this those through to too under up us very was we were what when where whether"
            " which while who whom whose why will with within would you your yours"
        ),
        (
            "a ademas ahi ahora al algo alguien algun alguna algunas alguno algunos alla alli"
            " antes aqui asi aun aunque bajo bastante cada casi cerca como con cual cuales"
            " cualquier cuando cuanta cuantas cuanto cuantos d dan dar de debajo debe deben debo"
            " del delante demasiado dentro desde despues detras dijo donde durante e el ella"
            " ellas ellos en encima entonces entre era eran eres es esa esas ese eso esos esta"
            " estaba estan estar estas este esto estos estoy fue fueron fuera ha haber habia hace"
            " hacer hacia han hasta hay he hecho junto la las le les lo los mas me menos mi mia"
            " mientras mio mis misma mismo mucha muchas mucho muchos muy ni ningun ninguna no"
            " nos nosotros nuestra nuestro nunca o os otra otras otro otros para pero poco podria"
            " por porque pueda puede pueden puedo pues que quien quienes se sea segun ser si"
            " siempre sin sino sobre sois solo somos son soy su sus suya suyo tal tambien tampoco"
            " tan tanto te tener tengo tenia ti tiene tienen tienes toda todas todavia todo todos"
            " tras tu tus tuve u un una unas uno unos usted ustedes va van varias varios vez voy"
            " y ya yo"
        ),
        (
            "abans aixi aixo alguns algunes algu algun alguna alla allo als altra altre altres"
            " amb aquell aquella aquelles aquells aquest aquesta aquests aquestes aqui"
            " ara aux avec bastant cada cap com contra da damunt darrere das davant de deu dels"
            " dels des deuen dins doncs dos du durant el ell ella elles ells els em encara ens"
            " entre era eren es esta estan estic estar et fa fan fer fet fins fora gaire gaires"
            " gens ha hagi haver havia han he hem hi ho i jo ja l les li lluny m massa meu meva"
            " meves meus mateix mateixa mentre mes molt molta moltes molts n ne ni nosaltres"
            " nostra nostre on pel pels per perque pero poc poden podria pot pots prop puc pugui"
            " qu qual quals qualsevol quan quant quanta quantes quants que qui quin quina quines"
            " quins res sempre sense ser seu seva si sigui sobre soc som son sota sovint ser t"
            " tambe tan tant te tenen tenir teu teva tinc tot tota totes tots un una uns"
            " unes une us va vaig van vol voldria vosaltres"
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
_LL = re.compile(r"[·.•‧∙⋅](?<=l.)(?=l)")
# “L4/5”, “L4–L5”: from one to the next.
_LEVELS = re.compile(r"\b([cltsm])(\d{1,2})[/\u2010-\u2013-](?:\1)?(\d{1,2})\b")
_LEVEL = re.compile(r"\d[/\u2010-\u2013-]")

_ENDING = re.compile(
    r"(?:(?<=[cstx]i)on(?:e?s)?|(?<=[sx])is?|(?<=[aei]r)(?:l[aeo]s?|[mst]e|nos)"
    r"|(?<!s)e?s|es|[aeo]s?|ed|ing|en)$"
)
_Z, _Y = re.compile("z(?=[aeiou])"), re.compile("(?<=...)y$")
# What one language writes otherwise than another in a word both have from Greek or Latin:
# “myofascial”, “miofascial”; “oedema”, “edema”; “chronique”, “crònic”; “injection”, “injecció”.
_SPELLINGS = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"y", "i"), (r"ph", "f"), (r"([cprt])h", r"\1"), (r"(?<=.)[ao]e(?=[a-z])", "e"),
        (r"^oe|^ae(?=[a-z])", "e"), (r"k|q(?:u$)?", "c"), (r"gu$", "g"),
        (r"our$", "or"), (r"ol(?:eg|og(?:ist|i))$", "olog"), (r"terap(?:eut|ist)$", "terapi"),
        (r"ical$", "ic"), (r"cci$", "cti"), (r"(?<=n)ci$", "c"),
        (r"(?<=[aeiou])ci$", "ti"), (r"([a-z])\1", r"\1"), (r"(?<=.{3}[ai])d$", "t"),
    )
)  # fmt: skip


# How else a letter of a shortened word may stand in a text.
_WRITTEN = {
    "i": "iy", "f": ("f", "ph"), "c": ("c", "ch", "k", "q", "qu"), "t": ("t", "th"),
    "r": ("r", "rh"), "p": ("p", "ph"), "e": ("e", "ae", "oe"), "s": "sz",
}  # fmt: skip


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


class _Evened(dict[int, str]):
    """Two tables in one: folds a character, then takes other letters and signs nobody sees."""

    def __init__(self, folding: _Folding, like: Mapping[int, str | None]) -> None:
        self._folding, self._like = folding, like

    def __missing__(self, code: int) -> str:
        self[code] = evened = self._folding[code].translate(self._like)
        return evened


_FOLDING, _ALIGNED = _Folding(), _Aligned()
_EVENED, _EVENED_ALIGNED = _Evened(_FOLDING, _LIKE), _Evened(_ALIGNED, _LIKE_ONE)


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
    return text.lower() if text.isascii() else text.translate(_EVENED)


def evened_in_place(text: str) -> str:
    """The same in the same length, letter by letter."""
    letters = foreign(text)
    if len(letters) > FEW_FOREIGN:
        return text.translate(_EVENED_ALIGNED)
    for char in letters:
        if (other := _EVENED_ALIGNED[ord(char)]) != char:
            text = text.replace(char, other)
    if text.isascii():
        return text.lower()
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def cut(text: str) -> list[str]:
    """The words of a text as search has them, in order."""
    return [part for parts in compounds(text) for part in parts]


def compounds(text: str) -> Iterator[tuple[str, ...]]:
    """The same by what is written as one: “l’hèrnia” → (“hernia”,), “L4–L5” → (“l4”, “l5”)."""
    text = evened(text)
    if text.isascii() and text.isalnum():  # a single word, which most are
        return iter([(text[:LONGEST],)])
    text = _LL.sub("", text)
    if _LEVEL.search(text):  # quicker to find, and rare
        text = _LEVELS.sub(r"\1\2-\1\3", text)
    found = (_ASCII_COMPOUND if text.isascii() else COMPOUND).findall(text)
    # A text says most words many times, and nearly every one is a compound of one.
    known = {
        each: (each[:LONGEST],) if each.isascii() and each.isalnum() else _parts(each)
        for each in set(found)
    }
    return filter(None, map(known.__getitem__, found))


def _parts(compound: str) -> tuple[str, ...]:
    return tuple(
        part[:LONGEST] for start, end in spans(compound) for part in named(compound[start:end])
    )


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


@lru_cache(maxsize=50_000)
def shortened(word: str) -> str:
    """A word without its ending, in any of the languages written here, and as another of them may
    spell it: “enfermedades” → “enfermedad”, “lipome” → “lipom”, “chronique” → “cronic”."""
    word = _Z.sub("s", word)
    word = _Y.sub("i", word)
    for again in range(2):
        stem = _ENDING.sub("", word)
        if len(stem) < 4:
            if not again and len(word) in (4, 5) and re.search(r"[^s]s$", word):
                word = word[:-1]
            break
        word = stem
    word = _Y.sub("i", word)
    if len(word) < 5 or not word.isascii():
        return word
    for pattern, other in _SPELLINGS:
        word = pattern.sub(other, word)
    return word


def written(short: str) -> list[str]:
    """Patterns of how a word that is `short` when shortened may begin in a folded text. Each begins
    with a letter, so that `re` looks for nothing but those letters."""
    ways = [[re.escape(way) for way in _WRITTEN.get(letter, letter)] for letter in short[:3]]
    again, *after = (f"(?:{'|'.join(each)})" for each in ways)
    return [first + again + "*" + "".join(f"{each}+" for each in after) for first in ways[0]]


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
