"""What stands in the text for a citation: numbers, where in the work, author and year. Knows no
database."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from ..csl import term

# Words an author may type before a number, in the languages of the site → the word in CSL.
LOCATORS = {
    "page": "p pp pg pág págs pag pags pàg pàgs page pages página páginas pàgina pàgines",
    "chapter": "ch chap chaps cap caps chapter chapters capítulo capítulos capítol capítols",
    "figure": "fig figs figure figures figura figuras figures",
    "table": "table tables tab tbl tabla tablas taula taules",
    "volume": "vol vols volume volumes volumen volúmenes volum volums",
    "section": "sec sect secs § section sections sección secciones secció seccions",
    "paragraph": "para paras ¶ paragraph paragraphs párrafo párrafos paràgraf paràgrafs",
    "note": "n note notes nota notas notes",
    "line": "line lines línea líneas línia línies",
}
LOCATOR_OF = {word: name for name, words in LOCATORS.items() for word in words.split()}
NUMBER = r"[A-Za-z]?\d\w*"
LOCATOR = re.compile(
    r"(?:(?P<word>pp?(?=\d)|[^\W\d]+(?=[.\s])|[§¶])\.?\s*)?"
    rf"(?P<number>{NUMBER}(?:\s*[-–—,&]\s*{NUMBER})*)\.?"
)


def collapse(numbers):
    """`[2, 3, 4, 7]` → “2–4, 7”. Two neighbours stay apart: “2, 3”."""
    runs = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = []
    for run in runs:
        parts.extend([f"{run[0]}–{run[-1]}"] if len(run) > 2 else map(str, run))
    return ", ".join(parts)


def places(pairs):
    """`[(2, ""), (3, ""), (7, "p. 5")]` → “2, 3; 7, p. 5”: who names a place in a work stands apart
    from the others."""
    where = defaultdict(list)
    for number, place in pairs:
        where[number] += [place] if place and place not in where[number] else []
    parts, plain = [], []
    for number in sorted(where):
        if not where[number]:
            plain.append(number)
            continue
        parts += [collapse(plain)] if plain else []
        parts.append(", ".join([str(number), *where[number]]))
        plain = []
    return "; ".join([*parts, *([collapse(plain)] if plain else [])])


def letter(index):
    """1 → a, 26 → z, 27 → aa."""
    text = ""
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(97 + rest) + text
    return text


def locator(text, language="en"):
    """“5” → “p. 5”, “5-7” → “pp. 5–7”, “fig 2” → “fig. 2”, in the language of the page; other words
    stay as typed."""
    text = " ".join(str(text or "").split())
    match = LOCATOR.fullmatch(text)
    name = LOCATOR_OF.get((match["word"] or "page").lower()) if match else None
    if not name:
        return text
    number = re.sub(r"\s*,\s*", ", ", re.sub(r"\s*[-–—]+\s*", "–", match["number"]))
    plural = bool(re.search("[–,&]", number))
    return f"{term(name, language, 'short', plural=plural)}\xa0{number}"


@dataclass(frozen=True)
class Work:
    """What a label is made of. `names` are family names or organisations; `order` breaks ties in a
    year (month, day)."""

    key: str
    names: tuple
    year: str = ""
    title: str = ""
    order: tuple = field(default=())


def author_date(work, language="en", suffix=""):
    """“Copeman 1944”, “Copeman and Ackerman 1944a”, “Herz et al. 1946”, “Copeman n.d.”."""
    year = work.year or term("no date", language, "short")
    joint = "-" if suffix and not work.year else ""
    return f"{_who(work, language)} {year}{joint}{suffix}".strip()


def labels(works, language="en"):
    """`{key: label}`. Works whose labels would be the same get a, b, c …: by date, then title, then
    key, never by place."""
    same = defaultdict(list)
    for work in works:
        same[author_date(work, language)].append(work)
    found = {}
    for label, group in same.items():
        if len(group) == 1:
            found[group[0].key] = label
            continue
        group.sort(key=lambda work: (work.order, work.title.casefold(), work.key))
        for at, work in enumerate(group, 1):
            found[work.key] = author_date(work, language, letter(at))
    return found


def _who(work, language):
    names = work.names or (_short_title(work.title),)
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return f"{names[0]} {_and(names[1], language)} {names[1]}"
    return f"{names[0]} {term('et-al', language)}"


def _short_title(title):
    return title if len(title) <= 40 else title[:39].rsplit(" ", 1)[0] + "…"


def _and(following, language):
    """Spanish says “e” before the sound of i: García e Ibáñez, but Mora y Hierro."""
    if language[:2] == "es" and re.match(r"(?i)h?[ií](?![aeou])", following):
        return "e"
    return term("and", language)
