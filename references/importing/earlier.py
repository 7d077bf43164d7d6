"""What earlier records of a file would bring, while the file is compared: nothing is written to the
library, and a file has more of them than memory should hold."""

import json
import sqlite3
from dataclasses import asdict, dataclass
from functools import cached_property

from .. import matching
from ..formats.records import FIELDS, Record, from_dict
from ..models import Reference

MOST_OF_ONE_KEY = 20
RECENT = 1000


@dataclass(eq=False)
class Brought:
    """A work that an earlier record of the same file would bring."""

    record: Record
    citekey: str

    @property
    def identity(self):
        return f"record {self.record.number}"

    @cached_property
    def features(self):
        return matching.Features(self.record)

    @cached_property
    def reference(self):
        """It has no row."""
        values = {name: getattr(self.record, name) for name in FIELDS}
        return Reference(**values | {"citekey": self.citekey})


class Earlier:
    """Works by their keys, in a file of SQLite that has no name and goes with the connection."""

    def __init__(self):
        self.recent = {}  # the last that were asked for, by number
        self.kept = sqlite3.connect("", isolation_level=None)
        self.kept.execute("PRAGMA journal_mode = OFF")
        self.kept.execute("PRAGMA cache_size = -8000")
        self.kept.execute("CREATE TABLE work (number INTEGER PRIMARY KEY, citekey, data)")
        self.kept.execute("CREATE TABLE key (key, number, PRIMARY KEY (key, number)) WITHOUT ROWID")

    def add(self, brought, keys):
        """Of one key the first works are kept: what many share tells none of them apart."""
        number = brought.record.number
        data = json.dumps(asdict(brought.record))
        self.kept.execute(
            "INSERT OR IGNORE INTO work VALUES (?, ?, ?)", (number, brought.citekey, data)
        )
        self.kept.executemany(
            "INSERT OR IGNORE INTO key SELECT ?1, ?2"
            " WHERE (SELECT count(*) FROM key WHERE key = ?1) < ?3",
            [(_written(key), number, MOST_OF_ONE_KEY) for key in keys],
        )

    def find(self, keys):
        """The works that have one of these keys, in the order of the file."""
        numbers = set()
        for key in keys:
            found = self.kept.execute("SELECT number FROM key WHERE key = ?", (_written(key),))
            numbers.update(number for (number,) in found)
        for number in sorted(numbers):
            found = self.recent.pop(number, None) or self._read(number)
            self.recent[number] = found
            yield found
        while len(self.recent) > RECENT:
            self.recent.pop(next(iter(self.recent)))

    def _read(self, number):
        row = self.kept.execute("SELECT citekey, data FROM work WHERE number = ?", (number,))
        citekey, data = row.fetchone()
        return Brought(from_dict(json.loads(data)), citekey)


def _written(key):
    kind, value = key
    return f"{kind} {value}"
