"""A database of SQLite for a backup: never copied as a file, which tears it while it is in use."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from .archive import BackupError

ENGINE, FILE = "sqlite", "site.sqlite3"


class Database:
    """`path`: of the live one. What is called scratch is the path of another."""

    engine = ENGINE

    def __init__(self, settings):
        self.path = str(settings["NAME"])
        if ":memory:" in self.path:
            raise BackupError("The database is in memory: there is nothing to keep.")

    def dump(self, folder):
        """A copy as it was at one moment, in one step: in several it would begin anew at every
        write. Gives its state."""
        copy = folder / FILE
        _copy(self.path, copy)
        return self.state(copy)

    def state(self, scratch):
        """`{table: [number of rows, sha256 of them]}`."""
        with closing(_open(scratch)) as connection:
            tables = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name"
            ).fetchall()
            return {name.decode(): _digest(connection, name.decode()) for (name,) in tables}

    def load(self, folder):
        """The copy in `folder`, tried; gives the scratch database."""
        scratch = folder / FILE
        if not scratch.exists():
            raise BackupError("The archive holds no database of SQLite.")
        try:
            with closing(_open(scratch)) as connection:
                said = [row[0] for row in connection.execute("PRAGMA integrity_check")]
                lost = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise BackupError(f"The database in the archive cannot be read: {error}") from None
        if said != [b"ok"]:
            raise BackupError(f"The database in the archive is damaged: {said[0].decode()}")
        if lost:
            raise BackupError(
                f"In the database of the archive a row of {lost[0].decode()} points to nothing."
            )
        return str(scratch)

    def url(self, scratch):
        return f"sqlite:///{scratch}"

    def is_there(self, scratch):
        return Path(scratch).exists()

    def swap(self, scratch, kept):
        """Put the scratch database in the place of the live one, which goes on as `kept`; done
        again it does no harm. Who reads meanwhile reads the one before."""
        if Path(self.path).exists() and not Path(kept).exists():
            half = Path(f"{kept}.half")
            half.unlink(missing_ok=True)
            _copy(self.path, half)
            half.rename(kept)
        _copy(scratch, self.path)

    def name_kept(self, moment):
        return f"{self.path}.before-{moment}"

    def kept(self):
        path = Path(self.path)
        return [str(each) for each in path.parent.glob(f"{path.name}.before-*Z")]

    def drop(self, scratch):
        for ending in ("", "-wal", "-shm"):
            Path(scratch + ending).unlink(missing_ok=True)


def _open(path):
    connection = sqlite3.connect(path, timeout=60)
    connection.text_factory = bytes  # as it is, even where it is no UTF-8
    return connection


def _copy(source, target):
    with closing(_open(source)) as there, closing(_open(target)) as here:
        there.backup(here)


def _digest(connection, name):
    digest, count = hashlib.sha256(), 0
    for row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608
        digest.update(repr(row).encode())
        count += 1
    return [count, digest.hexdigest()]
