"""One search over everything public: one index row a page, two backends behind the same few
functions.

`index` and `remove` keep the rows, in the page's own transaction. `run` answers what somebody
typed: it reads the query (`query.py`), asks the backend of the database (`postgresql.py`,
`sqlite.py`), first for the words and their endings, then, if little is found, for their beginnings,
then for words spelt nearly alike (`spelling.py`). `hits` makes results ready to show
(`highlight.py`). `suggest` gives titles that begin like what is being typed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache, partial
from types import ModuleType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.module_loading import import_string
from django.utils.translation import override

from .. import tasks, visibility
from . import postgresql, spelling, sqlite
from .highlight import Matcher, excerpt, mark
from .query import Query, Term, parse
from .tables import Document, IndexEntry, Rows
from .words import WORD, fold, tokens

__all__ = [
    "PER_PAGE",
    "Expansion",
    "Results",
    "excerpt",
    "find",
    "fold",
    "hits",
    "index",
    "index_all",
    "mark",
    "matching",
    "parse",
    "rebuild",
    "register_follower",
    "remove",
    "run",
    "suggest",
]

PER_PAGE = 20
BATCH = 100
# With fewer results than this, beginnings of words count and spelling is looked at.
FEW = 3
MAX_CORRECTED = 3
MAX_ASKED = 6
MAX_ALTERNATIVES = 12
SUGGESTIONS = 8

_followers: list[Callable[[Any], None]] = []


@dataclass(frozen=True)
class Expansion:
    """That a search for `phrase` (folded) also looks for `also`, and why, in words for the
    reader."""

    phrase: str
    also: str
    reason: str = ""


def index(page: Any, *, same_summary: bool = False) -> IndexEntry | None:
    """Write the page's row, or take it away when the public may not see the page; a page without a
    kind has none.

    `same_summary` says that what a row does not keep, the summary and the headings, is as it was:
    then a row that would be the same is left alone.

    What a page may say of itself beside `index_kind()` and `index_text()`: `index_label`,
    `index_authors`, `index_summary` (its summary and headings), `index_year`, `language`,
    `visible_from`, `visible_until`.
    """
    if not page.index_kind() or not page.has_public_address():
        remove(page)
        return None
    values, document = _row(page)
    if same_summary and (entry := IndexEntry.objects.filter(**_key(page), **values).first()):
        return entry
    with transaction.atomic():
        entry, new = IndexEntry.objects.update_or_create(**_key(page), defaults=values)
        store([(entry, document)])
        if new or entry.is_renamed:
            _tell_followers([page])
    return entry


def _tell_followers(pages: Iterable[Any]) -> None:
    for page in pages:
        for function in _followers:
            transaction.on_commit(partial(function, page))


def index_all(pages: Iterable[Any]) -> None:
    """`index` for many pages of one model at once, all of them public."""
    pages = list(pages)
    if not pages:
        return
    key = {"page_type": ContentType.objects.get_for_model(pages[0])}
    known = {
        entry.page_id: entry
        for entry in IndexEntry.objects.filter(**key, page_id__in=[page.pk for page in pages])
    }
    new, changed, rows = [], [], []
    for page in pages:
        values, document = _row(page)
        entry = known.get(page.pk)
        if entry is None:
            entry = IndexEntry(**key, page_id=page.pk, **values)
            new.append(entry)
        else:
            for name, value in values.items():
                setattr(entry, name, value)
            changed.append(entry)
        rows.append((entry, document))
    with transaction.atomic():
        IndexEntry.objects.bulk_create(new)
        if changed:
            IndexEntry.objects.bulk_update(changed, list(values))
        store(rows)
        _tell_followers(
            page for page, (entry, _) in zip(pages, rows, strict=True) if entry.is_renamed
        )


def _row(page: Any) -> tuple[dict[str, Any], Document]:
    """The fields of a page's row, and its texts."""
    with override("en"):
        url = page.get_absolute_url()
    title, text = page.index_text()
    authors = getattr(page, "index_authors", "") or ""
    values = {
        "kind": page.index_kind(),
        "language": getattr(page, "language", "") or "",
        "label": str(getattr(page, "index_label", ""))[:300],
        "title": title,
        "text": text,
        "authors": authors,
        "year": getattr(page, "index_year", None),
        "url": url[:1200],
        "visible_from": getattr(page, "visible_from", None),
        "visible_until": getattr(page, "visible_until", None),
    }
    return values, Document(title, getattr(page, "index_summary", "") or "", authors, text)


def store(rows: Rows) -> None:
    """Make saved entries findable by their texts: `(entry, Document)` rows."""
    _backend().write(rows)
    spelling.learn(
        {
            word
            for _, document in rows
            for text in (document.title, document.authors)
            for word in tokens(text)
        }
    )


def remove(page: Any) -> None:
    entries = IndexEntry.objects.filter(**_key(page))
    _backend().erase(entries)
    entries.delete()


def _key(page: Any) -> dict[str, Any]:
    return {"page_type": ContentType.objects.get_for_model(page), "page_id": page.pk}


@tasks.task("publishing.rebuild_search")
def rebuild() -> dict[type[models.Model], int]:
    """Write every row again and drop those without a page; gives `{model: number of rows}`.

    Readers go on searching. Between its short transactions others write;
    stopped half-way, it can be done again.
    """
    counts: dict[type[models.Model], int] = {}
    done = 0
    spelling.forget()
    everything = {
        model: list(model._default_manager.order_by("pk").values_list("pk", flat=True))
        for model in _indexed_models()
    }
    total = sum(len(keys) for keys in everything.values())
    for model, keys in everything.items():
        counts[model] = 0
        for start in range(0, len(keys), BATCH):
            with transaction.atomic():
                pages = model._default_manager.filter(pk__in=keys[start : start + BATCH])
                counts[model] += sum(index(page) is not None for page in pages)
            done += len(keys[start : start + BATCH])
            tasks.tell(done, total)
            tasks.breathe()
        here = {"page_type": ContentType.objects.get_for_model(model)}
        IndexEntry.objects.filter(**here).exclude(
            page_id__in=model._default_manager.order_by().values("pk")
        ).delete()
    types = [ContentType.objects.get_for_model(model) for model in counts]
    IndexEntry.objects.exclude(page_type__in=types).delete()
    _backend().tidy()
    return counts


def _indexed_models() -> list[Any]:
    return [model for model in apps.get_models() if hasattr(model, "index_text")]


@cache
def _expanders() -> list[Callable[[list[str]], list[Expansion]]]:
    """What adds other words to a query: functions from folded phrases to `Expansion`s."""
    return [import_string(path) for path in settings.SEARCH_EXPANDERS]


def register_follower(function: Callable[[Any], None]) -> None:
    """`function(page)` is called, once all is saved, when a page has another title or label: for
    rows that name it."""
    if function not in _followers:
        _followers.append(function)


@dataclass
class Results:
    """What a search found and how it was understood."""

    query: Query
    entries: models.QuerySet
    counts: dict[str, int] = field(default_factory=dict)
    # The most that is counted of a kind, if there was too much to count.
    cap: int = 0
    # The words searched for instead of those typed, of which nothing was found.
    corrected: str = ""
    # Words that would find more.
    suggestion: str = ""
    expansions: list[Expansion] = field(default_factory=list)
    # When nothing is found: each word typed and how much it finds alone.
    alone: list[tuple[str, int]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def capped(self) -> bool:
        return self.cap > 0

    @property
    def more(self) -> list[str]:
        """The kinds of which there is more than their number says."""
        return [kind for kind, number in self.counts.items() if self.cap and number >= self.cap]


def run(text: str, kind: str = "", *, as_typed: bool = False) -> Results:
    """Search for what was typed; `as_typed` corrects nothing."""
    typed = parse(text)
    if not typed:
        return Results(typed, IndexEntry.objects.none())
    entries = _published()
    query, expansions = _expanded(typed)
    matches = _matches(entries, query)
    corrected = suggestion = ""
    alone: list[tuple[str, int]] = []
    if not as_typed and _total(matches) < FEW:
        better_text, alone = _respelt(entries, typed)
        better = _matches(entries, _expanded(parse(better_text))[0]) if better_text else None
        if better and _total(better) > _total(matches):
            if _total(matches):
                suggestion = better_text
            else:
                corrected, matches = better_text, better
                query, expansions = _expanded(parse(better_text))
    return Results(
        query=query,
        entries=matches.entries(kind),
        counts=matches.counts,
        cap=matches.cap,
        corrected=corrected,
        suggestion=suggestion,
        expansions=expansions,
        alone=[] if matches.counts else alone,
    )


def find(text: str, kind: str = "") -> tuple[models.QuerySet, dict[str, int]]:
    """Entries that hold every word of a query, best first, and the number of entries of each kind.

    Gives `(queryset, {kind: count})`; an empty query gives nothing.
    """
    results = run(text, kind)
    return results.entries, results.counts


def matching(text: str, kind: str, *, loose: bool = False) -> models.QuerySet | None:
    """The ids of the pages of one kind that a query finds, for `pk__in=`; None for an empty query.

    With `loose` the beginning of a word is always enough, for lists that are narrowed while one
    types.
    """
    query, _ = _expanded(parse(text))
    if not query:
        return None
    entries = _seen().filter(kind=kind)
    loose = loose or len(_backend().ids(entries, query)[:FEW]) < FEW
    return _backend().ids(entries, query, loose=loose)


def suggest(text: str) -> list[IndexEntry]:
    """Up to eight entries whose titles hold words that begin like those typed, names of people
    first."""
    words = tokens(text[:100])[:6]
    if not "".join(words)[1:]:
        return []
    typed = " ".join(words)
    found = (
        _backend()
        .titled(_published(), words, 200)
        .only("kind", "title", "url", "label", "language", "page_type", "page_id")
    )

    def rank(entry: IndexEntry) -> tuple:
        title = " ".join(tokens(entry.title))
        return (
            entry.kind == "comment",
            not title.startswith(typed),
            entry.kind != "person",
            len(title),
            title,
            entry.pk,
        )

    best, seen = [], set()
    for entry in sorted(found.exclude(kind="comment"), key=rank):
        if entry.title not in seen:
            seen.add(entry.title)
            best.append(entry)
    return best[:SUGGESTIONS]


@dataclass
class Hit:
    """A search result ready to show."""

    entry: IndexEntry
    title: str
    excerpt: str


def hits(entries: Iterable[IndexEntry], query: str | Query) -> list[Hit]:
    """`query`: as typed, or `Results.query`, which knows what was corrected and expanded."""
    found = Matcher(query)
    return [
        Hit(entry, mark(entry.title, found), mark(excerpt(entry.text, found), found))
        for entry in entries
    ]


def _backend() -> ModuleType:
    return postgresql if connection.vendor == "postgresql" else sqlite


def _seen() -> models.QuerySet:
    return IndexEntry.objects.filter(visibility.open_q("visible_from", "visible_until"))


def _published() -> models.QuerySet:
    """What the public may see at this moment: rows are written ahead of time, and a page above may
    have gone since."""
    visible = Q()
    for model in _indexed_models():
        published = getattr(model._default_manager, "published", None)
        if published and (public := published()).query.where:
            kind = ContentType.objects.get_for_model(model)
            visible &= ~Q(page_type=kind) | Exists(public.order_by().filter(pk=OuterRef("page_id")))
    return _seen().filter(visible)


def _matches(entries: models.QuerySet, query: Query) -> Any:
    """The entries that hold the words; when they are few, those that hold words beginning like them
    too."""
    backend = _backend()
    matches = backend.Matches(entries, query)
    if _total(matches) < FEW and query.groups:
        loose = backend.Matches(entries, query, loose=True)
        return loose if _total(loose) > _total(matches) else matches
    return matches


def _total(matches: Any) -> int:
    return sum(matches.counts.values())


def _expanded(query: Query) -> tuple[Query, list[Expansion]]:
    phrases = query.phrases() if _expanders() else []
    expansions = (
        [each for function in _expanders() for each in function(phrases)][:MAX_ALTERNATIVES]
        if phrases
        else []
    )
    alternatives: dict[str, list[str]] = {}
    for each in expansions:
        alternatives.setdefault(each.phrase, []).append(each.also)
    return query.with_alternatives(alternatives) if alternatives else query, expansions


def _respelt(entries: models.QuerySet, query: Query) -> tuple[str, list[tuple[str, int]]]:
    """The text typed with misspelt words replaced, or nothing; and how much each word finds
    alone."""
    terms = {
        token: Term((token,), author=term.author) for term in query.terms for token in term.tokens
    }
    numbers = {word: _alone(entries, term) for word, term in list(terms.items())[:MAX_ASKED]}
    unknown = [word for word, number in numbers.items() if not number]
    rare = [word for word, number in numbers.items() if 0 < number < FEW]
    replaced = {}
    for word in (unknown or rare)[:MAX_CORRECTED]:
        for other in spelling.candidates(word)[:3]:
            if _alone(entries, replace(terms[word], tokens=(other,))) > numbers[word] * FEW:
                replaced[word] = other
                break
    respelt = (
        WORD.sub(lambda match: replaced.get(fold(match[0]), match[0]), query.text)
        if replaced
        else ""
    )
    return respelt, list(numbers.items())


def _alone(entries: models.QuerySet, term: Term) -> int:
    return _total(_matches(entries, Query(groups=(((term,),),))))
