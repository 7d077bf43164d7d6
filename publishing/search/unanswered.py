"""Queries that found nothing, for the author to answer: collected in memory, kept only if nobody
can be known by them.

The server says each to the task worker over a socket file, and writes nothing; without a worker
nobody listens and nothing is kept. The worker writes what it has heard every minute: words that the
library knows or that several readers used, how often, and no more.
"""

import json
import logging
import os
import socket
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from .tables import FoundNothing

log = logging.getLogger(__name__)

SEVERAL = 3  # readers
KEPT = timedelta(days=30)
PATIENCE = 24 * 3600  # seconds a rare word is remembered in memory, should others use it too
MOST_WORDS, MOST_QUERIES = 5000, 2000
LONGEST = 200
HIDDEN = "…"


def tell(words: Iterable[str], reader: str) -> None:
    """Say that nothing holds these words. `reader`: a mark that tells readers apart today, from
    which nobody can be known."""
    message = json.dumps([" ".join(words)[:LONGEST], reader]).encode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        try:
            sender.sendto(message, str(settings.UNANSWERED_SOCKET))
        except OSError:  # nobody listens, or has the time to
            return


@dataclass
class Heard:
    """What was heard and is not written yet; in memory alone."""

    readers: OrderedDict[str, set[str]] = field(default_factory=OrderedDict)
    queries: OrderedDict[str, list] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, query: str, reader: str, now: float) -> None:
        with self.lock:
            for word in query.split():
                readers = self.readers.setdefault(word, set())
                if len(readers) < SEVERAL:
                    readers.add(reader)
                self.readers.move_to_end(word)
            since = self.queries.setdefault(query, [0, now])
            since[0] += 1
            while len(self.readers) > MOST_WORDS:
                self.readers.popitem(last=False)
            while len(self.queries) > MOST_QUERIES:
                self.queries.popitem(last=False)

    def take(self, known: Iterable[str], now: float) -> dict[str, int]:
        """`{words: how often}` of what may be written now; of what nobody else used within a day,
        the words that may."""
        known, taken = set(known), dict[str, int]()
        with self.lock:
            for query, (count, since) in list(self.queries.items()):
                words = [
                    word if word in known or len(self.readers.get(word, ())) >= SEVERAL else HIDDEN
                    for word in query.split()
                ]
                if HIDDEN in words and now - since < PATIENCE:
                    continue
                del self.queries[query]
                if set(words) != {HIDDEN}:
                    text = " ".join(words)
                    taken[text] = taken.get(text, 0) + count
        return taken

    def words(self) -> set[str]:
        with self.lock:
            return {word for query in self.queries for word in query.split()}


heard = Heard()


def listen() -> None:
    """Hear what `tell` says, as long as this process lasts."""
    path = str(settings.UNANSWERED_SOCKET)
    try:
        if os.path.exists(path):
            os.unlink(path)
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiver.bind(path)
        os.chmod(path, 0o600)
    except OSError as error:  # a path too long, a folder nobody may write to
        log.warning("Queries that find nothing are not collected: %s", error)
        return
    threading.Thread(target=_hear, args=(receiver,), daemon=True).start()


def _hear(receiver: socket.socket) -> None:
    while True:
        message = receiver.recv(4096)
        try:
            query, reader = json.loads(message)
            heard.add(str(query), str(reader), time.monotonic())
        except (ValueError, TypeError):
            continue


def write(known: Callable[[Iterable[str]], Iterable[str]]) -> int:
    """Keep what was heard; `known(words)` gives those that the library knows. Gives how many
    queries."""
    words = heard.words()
    taken = heard.take(known(words) if words else (), time.monotonic())
    for text, count in taken.items():
        row, _made = FoundNothing.objects.get_or_create(words=text[:LONGEST])
        FoundNothing.objects.filter(pk=row.pk).update(count=F("count") + count, last=timezone.now())
    return len(taken)


def forget(now: datetime) -> int:
    return FoundNothing.objects.filter(since__lt=now - KEPT).delete()[0]
