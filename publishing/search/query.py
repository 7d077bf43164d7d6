"""What somebody typed, read once: words, "phrases", -not, OR, author:, year:, in:, lang:. Nothing
typed is an error."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from ..languages import SOURCE_LANGUAGES, language_name
from .words import STOPWORDS, compounds, cut, fold, joined

MAX_LENGTH = 2000
MAX_WORDS = 24
MAX_PHRASE = 5

FIELDS = {
    "author": ("author", "autor", "autora", "autors"),
    "year": ("year", "ano", "any"),
    "kind": ("in", "en", "a"),
    "language": ("lang", "language", "idioma", "lengua", "llengua"),
}
SECTIONS = {
    ("reference",): "library references biblioteca bibliografia referencias referencies",
    ("reference", "notes"): "notes notas",
    ("chapter",): "review chapters revision revisio capitulos capitols",
    ("inshort",): "short breve breu",
    ("post",): "blog posts entradas entrades",
    ("comment", "question"): "comments comentarios comentaris",
    ("question",): "questions preguntas preguntes",
    ("keptanswer",): "answers respuestas respostes faq",
    ("person",): "people authors personas persones gente gent autores autors",
    ("name",): "names nombres noms",
}
_FIELD = {word: name for name, words in FIELDS.items() for word in words}
_SECTION = {word: kinds for kinds, words in SECTIONS.items() for word in words.split()}
_PIECE = re.compile(r'(-?)(?:(\w+):)?"([^"]*)"|(\S+)')
_BARE = re.compile(r"([-−–]?)(?:(\w+):)?(.*)", re.DOTALL)
_QUOTES = str.maketrans(dict.fromkeys("“”„«»＂", '"'))
# “1990:2020”, as in PubMed.
_SPAN = re.compile(r"(\d{4}):(\d{4})?")
_YEARS = re.compile(r"(\d{4})?\s*[-–—]\s*(\d{4})?|(\d{4})")


@dataclass(frozen=True)
class Term:
    """One word, or several that have to follow each other; `exact` admits no other endings.

    `joined`: the word that a compound such as “sacro-iliac” is elsewhere, and enough as well.
    `far`: 0 for what was typed, else how far what stands for it is from that: 1, 2 …
    """

    tokens: tuple[str, ...]
    exact: bool = False
    author: bool = False
    joined: str = ""
    far: int = 0

    @property
    def is_word(self) -> bool:
        return len(self.tokens) == 1 and not self.exact and not self.author


@dataclass(frozen=True)
class Filter:
    """`name` is kind, language or year; years are `(first, last)`, either may be None."""

    name: str
    values: tuple
    negated: bool = False


Branch = tuple[Term, ...]
Group = tuple[Branch, ...]
Groups = tuple[Group, ...]
# Whether a “not” stands before it, and what it is: a term, a filter, or “OR”.
Piece = tuple[bool, Term | Filter | str]


@dataclass(frozen=True)
class Query:
    """Every group has to be there. A group is a tuple of branches, one of which is enough; a branch
    a tuple of terms."""

    text: str = ""
    groups: Groups = ()
    excluded: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = field(default=())
    # The phrases for which others are accepted as well.
    extended: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups or self.filters)

    @property
    def terms(self) -> list[Term]:
        return [term for group in self.groups for branch in group for term in branch]

    @property
    def marked(self) -> list[Term]:
        """What to mark in a result: whole words for what stood in quotation marks, beginnings for
        the rest."""
        return [term for term in self.terms if term.tokens]

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but words: no quotation marks, no OR, no author."""
        said = [[branch for branch in group if not branch[0].far] for group in self.groups]
        return all(
            len(branches) == 1 and not any(term.exact or term.author for term in branches[0])
            for branches in said
        )

    def phrases(self) -> list[str]:
        """The words and phrases of the query, folded: everything that could be the name of
        something."""
        found = []
        for run in self._runs():
            terms = [self.groups[index][0][0] for index in run]
            for words in dict.fromkeys(
                (
                    tuple(token for term in terms for token in term.tokens),
                    tuple(token for term in terms for token in _as_one(term)),
                )
            ):
                for length in range(min(len(words), MAX_PHRASE), 0, -1):
                    found += [
                        " ".join(words[start : start + length])
                        for start in range(len(words) - length + 1)
                    ]
        return list(dict.fromkeys(found))

    def _runs(self) -> Iterator[list[int]]:
        """Places of groups that are plain words one after the other, or one phrase."""
        run = []
        for index, group in enumerate(self.groups):
            simple = len(group) == 1 and len(group[0]) == 1 and not group[0][0].author
            if simple and not group[0][0].exact:
                run.append(index)
                continue
            if run:
                yield run
            run = []
            if simple:
                yield [index]
        if run:
            yield run

    def with_alternatives(self, alternatives: dict[str, list[tuple[str, int]]]) -> "Query":
        """The query that also accepts, for each folded phrase, the phrases `alternatives` gives for
        it, each with how far it is from what was typed."""
        groups, extended = list(self.groups), list[str]()
        for phrase in sorted(alternatives, key=len, reverse=True):
            others = tuple(
                branch for other, far in alternatives[phrase] if (branch := _branch(other, far))
            )
            place = _place(groups, tuple(phrase.split())) if others else None
            if place:
                start, end = place
                said = tuple(branch for group in groups[start:end] for branch in group[0])
                groups[start:end] = [(said, *others)]
                extended.append(phrase)
        return replace(self, groups=tuple(groups), extended=tuple(extended))


def _as_one(term: Term) -> tuple[str, ...]:
    return (term.joined,) if term.joined else term.tokens


def _branch(text: str, far: int) -> Branch:
    """Another way to say it: one word in any of its endings, several as they follow each other."""
    words = tuple(cut(text))
    return (Term(words, exact=len(words) > 1, far=far),) if words else ()


def _place(groups: Sequence[Group], words: tuple[str, ...]) -> tuple[int, int] | None:
    """Where in `groups` these words stand side by side, as `(start, end)`."""
    for start in range(len(groups)):
        found: tuple[str, ...] = ()
        for end in range(start, len(groups)):
            group = groups[end]
            if len(group) != 1 or len(group[0]) != 1 or group[0][0].author:
                break
            term = group[0][0]
            found += term.tokens if words[len(found)] == term.tokens[0] else _as_one(term)
            if found == words:
                return start, end + 1
            if len(found) >= len(words):
                break
    return None


def parse(text: str) -> Query:
    """The `Query` of what was typed."""
    text = text[:MAX_LENGTH]
    pieces, room = [], MAX_WORDS
    for negated, piece in _pieces(text.translate(_QUOTES)):
        if isinstance(piece, Term):
            room -= len(piece.tokens)
            if room < 0:
                break
        pieces.append((negated, piece))
    filters = tuple(
        replace(piece, negated=negated) for negated, piece in pieces if isinstance(piece, Filter)
    )
    pieces = [(negated, piece) for negated, piece in pieces if not isinstance(piece, Filter)]
    groups = _groups(pieces)
    excluded = tuple(piece for negated, piece in pieces if negated and isinstance(piece, Term))
    if not groups and not any(not each.negated for each in filters):
        # Nothing but “not”: there is nothing to take it away from, so they are the words looked
        # for.
        groups, excluded = tuple(((term,),) for term in excluded), ()
        filters = ()
    return Query(text, _worth(groups), excluded, filters)


def _pieces(text: str) -> Iterator[Piece]:
    """`(negated, Term | Filter | "OR")` in the order typed."""
    for match in _PIECE.finditer(text):
        minus, name, phrase, bare = match.groups()
        if bare is None:
            yield from _field(minus, name, phrase, quoted=True)
        elif bare in ("OR", "|"):
            yield False, "OR"
        elif parts := _BARE.match(bare):
            yield from _field(*parts.groups(), quoted=False)


def _field(minus: str, name: str | None, value: str, *, quoted: bool) -> Iterator[Piece]:
    words = tuple(cut(value))[:MAX_WORDS]
    span = None if quoted or not name else _SPAN.fullmatch(f"{name}:{value}")
    kind = _FIELD.get(fold(name or ""))
    if kind == "author" and words:
        yield bool(minus), Term(words, author=True)
    elif kind and (values := _values(kind, fold(value).strip())):
        yield bool(minus), Filter(kind, values)
    elif span:
        yield (
            bool(minus),
            Filter("year", _span(*(int(year) if year else None for year in span.groups()))),
        )
    else:
        yield from ((bool(minus), Term((token,))) for token in cut(name or ""))
        if quoted and words:
            yield bool(minus), Term(words, exact=True)
        elif words:
            yield from ((bool(minus), _term(parts)) for parts in compounds(value))


def _term(parts: tuple[str, ...]) -> Term:
    """A word; a compound; or, of a script without spaces, a phrase."""
    one = joined(parts)
    return Term(parts[:MAX_WORDS], exact=len(parts) > 1 and not one, joined=one)


def _values(kind: str, value: str) -> tuple:
    if kind == "kind":
        return _SECTION.get(value, ())
    if kind == "language":
        return (_languages()[value],) if value in _languages() else ()
    match = _YEARS.fullmatch(value)
    if not match or not any(match.groups()):
        return ()
    if match[3]:
        return int(match[3]), int(match[3])
    return _span(*(int(year) if year else None for year in match.groups()[:2]))


@cache
def _languages() -> dict[str, str]:
    """`{name or code: code}`; the names are of the three languages that the site speaks."""
    names = {
        fold(language_name(code, within)): code
        for code in SOURCE_LANGUAGES
        for within in ("en", "es", "ca")
    }
    codes = {code: code for code in SOURCE_LANGUAGES}
    return names | codes | {"castellano": "es", "castella": "es"}


def _span(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    return (last, first) if first and last and first > last else (first, last)


def _groups(pieces: list[Piece]) -> Groups:
    """Positive terms, those with OR between them together. An OR that joins nothing is a word."""
    groups, joined = list[Group](), False
    around: list[Piece | None] = [None, *pieces, None]
    for (before, piece), after in zip(pairwise(around), around[2:], strict=False):
        if piece is None:
            continue
        negated, term = piece
        if not isinstance(term, Term):
            joined = _positive(before) and _positive(after)
            if not joined:
                groups.append(((Term(("or",)),),))
        elif not negated:
            if joined:
                groups[-1] = (*groups[-1], (term,))
            else:
                groups.append(((term,),))
            joined = False
    return tuple(groups)


def _positive(piece: Piece | None) -> bool:
    return piece is not None and not piece[0] and isinstance(piece[1], Term)


def _worth(groups: Groups) -> Groups:
    """Without words such as “of”, unless nothing else is left."""
    kept = tuple(
        group
        for group in groups
        if not all(
            term.is_word and term.tokens[0] in STOPWORDS for branch in group for term in branch
        )
    )
    return kept or groups
