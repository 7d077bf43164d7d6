"""What can be followed. The apps say what theirs are called, and what changed in them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

MOST = 30  # changes of one topic that a mail names


@dataclass(frozen=True)
class Change:
    """One thing that changed: `address` within the site, in no language's menus; `meaning` for
    patients, "" for none."""

    title: str
    address: str
    language: str
    words: str
    meaning: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Topic:
    """`changes(since, until, language)` gives `Change`s, the oldest first."""

    key: str
    name: str
    language: str
    address: str
    changes: Callable[[datetime, datetime, str], Iterable[Change]]


_kinds = {}


def register(kind: str, find: Callable[[int], Topic | None]) -> None:
    """`find(pk)` gives the topic, if the public may see it; `pk` is 0 for a kind that has one."""
    _kinds[kind] = find


def of(key: str) -> Topic | None:
    """“review”, “blog” or “review.chapter/12” as a topic; None for what nobody can follow."""
    kind, _slash, pk = key.partition("/")
    if kind not in _kinds or (pk and not (pk.isascii() and pk.isdecimal() and len(pk) < 19)):
        return None
    return _kinds[kind](int(pk or 0))
