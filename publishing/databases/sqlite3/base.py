"""Django's own wrapper of SQLite, which notes the generation of pages, and reads a database on a
disk that cannot be written to."""

import time
from pathlib import Path
from sqlite3 import SQLITE_CANTOPEN, OperationalError

from django.db.backends.sqlite3 import base

from ..generation import Generations

AGAIN = 10  # seconds, after which it is looked whether the disk can be written to again


class DatabaseWrapper(Generations, base.DatabaseWrapper):
    there = "SELECT 1 FROM sqlite_master WHERE name = 'publishing_generation'"
    upsert = Generations.UPSERT % "?"

    def get_new_connection(self, conn_params):
        try:
            return super().get_new_connection(conn_params)
        except OperationalError as error:
            path = Path(str(conn_params["database"]))
            if error.sqlite_errorcode & 0xFF != SQLITE_CANTOPEN or not is_whole(path):
                raise
            self.close_at = time.monotonic() + AGAIN
            address = f"{path.absolute().as_uri()}?immutable=1"
            connection = base.Database.connect(**{**conn_params, "database": address})
            base.register_functions(connection)
            return connection

    def prepared(self):
        """A cursor for statements whose words never change: Python's driver keeps any."""
        return self.cursor()


def is_whole(path):
    """Whether all of it is in the one file: nothing is left in a write-ahead log, which could not
    be read without writing."""
    log = path.with_name(f"{path.name}-wal")
    return path.is_file() and not (log.exists() and log.stat().st_size)
