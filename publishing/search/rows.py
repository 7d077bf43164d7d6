"""The rows that the search looks through: written with the page, taken away, rebuilt."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import override

from .. import tasks
from ..http import purging
from . import spelling
from .backends import backend
from .public import indexed_models
from .tables import Document, IndexEntry, IndexRules, Rows
from .words import VERSION, cut

BATCH = 100
# Kinds whose title is somebody's name.
NAMED_AFTER_PEOPLE = ("person", "comment", "question")
# Whose writers are nobody's business: their names are not remembered beside them.
BY_READERS = ("comment", "question")
# Signs that nobody sees.
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


_followers: list[Callable[[Any], None]] = []
# Within `together()`: the keys of the pages whose rows are due, by their model.
_due: ContextVar[dict[type[models.Model], set[int]] | None] = ContextVar("due", default=None)


def index(page: Any, *, same_summary: bool = False) -> IndexEntry | None:
    """Write the page's row, or take it away when the public may not see the page; a page without a
    kind has none.

    `same_summary` says that what a row does not keep, the summary and the headings, is as it was:
    then a row that would be the same is left alone.

    What a page may say of itself beside `index_kind()` and `index_text()`, whose lines are shown:
    `index_label`, `index_authors`, `index_summary` (its summary and headings), `index_extra` (words
    that find it and are not shown), `index_year`, `language`, `visible_from`, `visible_until`.
    Where many are written at once, the class method `for_index(pages)` reads what that takes too.
    Within `together()` it is written at its end, and None given.
    """
    due = _due.get()
    if due is not None:
        due.setdefault(type(page), set()).add(page.pk)
        return None
    if not page.index_kind() or not page.has_public_address():
        remove(page)
        return None
    values, document = _row(page)
    entry = IndexEntry.objects.filter(**_key(page)).first()
    same = entry is not None and not _is_changed(entry, values)
    if same and same_summary:
        return entry
    # Part of the saving of the page: no way back of its own.
    with transaction.atomic(savepoint=False):
        if not same:
            renamed = entry is None or _is_renamed(entry, values)
            entry = IndexEntry(**_key(page), **values)
            _write([entry])
            if renamed:
                _tell_followers([page])
        store([(entry, document)])
    return entry


@contextmanager
def together() -> Iterator[None]:
    """The rows of all pages that are saved within are written at once at the end, each once and as
    the page is by then: for those who save many, within one transaction."""
    due: dict[type[models.Model], set[int]] = {}
    token = _due.set(due)
    try:
        yield
    finally:
        _due.reset(token)
    for model, keys in due.items():
        for start in range(0, len(keys), BATCH):
            _write_batch(model, sorted(keys)[start : start + BATCH])


def _is_changed(entry: IndexEntry, values: dict[str, Any]) -> bool:
    return any(getattr(entry, name) != values[name] for name in values)


def _is_renamed(entry: IndexEntry, values: dict[str, Any]) -> bool:
    return any(getattr(entry, name) != values[name] for name in ("title", "label"))


def _write(entries: list[IndexEntry]) -> None:
    """Each in the place of the row of the same page; gives them their keys."""
    names = {field.name for field in IndexEntry._meta.concrete_fields}
    IndexEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["page_type", "page_id"],
        update_fields=sorted(names - {"id", "page_type", "page_id"}),
    )


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
    written, rows, renamed = [], [], []
    for page in pages:
        values, document = _row(page)
        entry = known.get(page.pk)
        if entry is None or _is_changed(entry, values):
            if entry is not None and _is_renamed(entry, values):
                renamed.append(page)
            entry = IndexEntry(**key, page_id=page.pk, **values)
            written.append(entry)
        rows.append((entry, document))
    with transaction.atomic():
        if written:
            _write(written)
        store(rows)
        _tell_followers(renamed)


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
        "title": title.translate(_UNSEEN),
        "text": text.translate(_UNSEEN),
        "authors": authors,
        "year": getattr(page, "index_year", None),
        "url": url[:1200],
        "visible_from": getattr(page, "visible_from", None),
        "visible_until": getattr(page, "visible_until", None),
    }
    extra = getattr(page, "index_extra", "") or ""
    summary = getattr(page, "index_summary", "") or ""
    return values, Document(title, summary, authors, f"{text}\n{extra}")


def store(rows: Rows) -> None:
    """Make saved entries findable by their texts: `(entry, Document)` rows."""
    backend().write(rows)
    texts = [
        text
        for entry, document in rows
        if entry.kind not in NAMED_AFTER_PEOPLE
        for text in (document.title, document.summary)
    ]
    spelling.learn(
        {word for text in texts for word in cut(text)},
        {
            word
            for entry, document in rows
            if entry.kind not in BY_READERS
            for word in cut(document.authors)
        },
    )


def remove(page: Any) -> None:
    _take_away(IndexEntry.objects.filter(**_key(page)))


def _take_away(entries: models.QuerySet[IndexEntry]) -> None:
    backend().erase(entries)
    gone, _kinds = entries.delete()
    if gone:  # readers could see it until now
        purging.soon()


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
        for model in indexed_models()
    }
    total = sum(len(keys) for keys in everything.values())
    for model, keys in everything.items():
        counts[model] = 0
        for start in range(0, len(keys), BATCH):
            with transaction.atomic():
                counts[model] += _write_batch(model, keys[start : start + BATCH])
            done += len(keys[start : start + BATCH])
            tasks.tell(done, total)
            tasks.breathe()
        here = {"page_type": ContentType.objects.get_for_model(model)}
        IndexEntry.objects.filter(**here).exclude(
            page_id__in=model._default_manager.order_by().values("pk")
        ).delete()
    types = [ContentType.objects.get_for_model(model) for model in counts]
    IndexEntry.objects.exclude(page_type__in=types).delete()
    backend().tidy()
    IndexRules.objects.update_or_create(pk=1, defaults={"version": VERSION})
    return counts


def _write_batch(model: Any, keys: list[int]) -> int:
    """Write the rows of these pages of a model, and take away those of the hidden ones; gives how
    many have one."""
    pages = model._default_manager.filter(pk__in=keys)
    if hasattr(model, "for_index"):
        pages = model.for_index(pages)
    shown = [page for page in pages if page.index_kind() and page.has_public_address()]
    index_all(shown)
    here = {"page_type": ContentType.objects.get_for_model(model)}
    hidden = IndexEntry.objects.filter(**here, page_id__in=set(keys) - {page.pk for page in shown})
    _take_away(hidden)
    return len(shown)


def is_stale() -> bool:
    """Whether the rows were written by other rules than are searched by: after an upgrade."""
    current = IndexRules.objects.filter(version=VERSION).exists()
    return not current and IndexEntry.objects.exists()


def refresh() -> bool:
    """Have the rows written anew if need be; says whether. Where there are none yet, the first ones
    will be by the rules of now."""
    if not IndexEntry.objects.exists():
        IndexRules.objects.update_or_create(pk=1, defaults={"version": VERSION})
    if not is_stale():
        return False
    tasks.enqueue("publishing.rebuild_search")
    return True


def register_follower(function: Callable[[Any], None]) -> None:
    """`function(page)` is called, once all is saved, when a page has another title or label: for
    rows that name it."""
    if function not in _followers:
        _followers.append(function)
