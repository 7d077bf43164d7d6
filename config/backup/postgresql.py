"""A database of PostgreSQL for a backup, by its own programs."""

import hashlib
import os
import re
import secrets
import shutil
import subprocess
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from .archive import BackupError

ENGINE, FILE = "postgresql", "site.dump"
TABLES = """
    SELECT c.relname, coalesce(array_agg(a.attname ORDER BY k.place)
        FILTER (WHERE a.attname IS NOT NULL), '{}')
    FROM pg_class c
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    LEFT JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(number, place) ON true
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    GROUP BY c.relname ORDER BY c.relname COLLATE "C"
"""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
# One spelling of every value, whatever the server's settings.
SPELLING = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'"


class Database:
    """What is called scratch is the name of another database on the same server."""

    engine = ENGINE

    def __init__(self, settings):
        names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        self.given = {theirs: settings[ours] for ours, theirs in names.items() if settings[ours]}
        self.options = {
            key: value
            for key, value in settings["OPTIONS"].items()
            if key not in ("pool", "options") and isinstance(value, str | int)
        }
        self.name = settings["NAME"]

    def connect(self, name=None, **options):
        try:
            return psycopg.connect(
                **{**self.given, **self.options}, dbname=name or self.name, **options
            )
        except psycopg.OperationalError as error:
            raise BackupError(f"The database does not answer: {error}") from None

    def dump(self, folder):
        """By `pg_dump`, which sees the moment that is counted. Gives its state."""
        with self.connect() as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
            words = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges"]
            self._run(
                "pg_dump", self.name, *words, f"--snapshot={snapshot}", f"--file={folder / FILE}"
            )
            return _state(connection)

    def state(self, scratch):
        with self.connect(scratch) as connection:
            return _state(connection)

    def load(self, folder):
        """Restored whole into a database of its own; gives its name."""
        if not (folder / FILE).exists():
            raise BackupError("The archive holds no database of PostgreSQL.")
        scratch = f"{self.name[:40]}_scratch_{secrets.token_hex(4)}"
        self._drop_left()
        with self.connect(autocommit=True) as connection:
            collate, kind = connection.execute(
                "SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()"
            ).fetchone()
            try:
                connection.execute(
                    sql.SQL(
                        "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
                        " LC_COLLATE {} LC_CTYPE {}"
                    ).format(sql.Identifier(scratch), sql.Literal(collate), sql.Literal(kind))
                )
            except psycopg.errors.InsufficientPrivilege:
                raise BackupError(
                    "To try a backup takes a database of its own, which this role may not make:"
                    f" as postgres, ALTER ROLE {connection.info.user} CREATEDB."
                ) from None
        try:
            words = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
            self._run("pg_restore", scratch, *words, str(folder / FILE))
        except BaseException:
            self.drop(scratch)
            raise
        return scratch

    def _drop_left(self):
        """What a killed one left: nobody is connected to it."""
        with self._server() as connection:
            left = connection.execute(
                "SELECT datname FROM pg_database d WHERE starts_with(datname, %s) AND NOT EXISTS"
                " (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)",
                [f"{self.name[:40]}_scratch_"],
            ).fetchall()
        for (name,) in left:
            self.drop(name)

    def url(self, scratch):
        user = quote(self.given.get("user", ""), safe="")
        password = quote(self.given.get("password", ""), safe="")
        host = f"{self.given.get('host', '')}:{self.given.get('port', '')}".rstrip(":")
        query = f"?{urlencode(self.options)}" if self.options else ""
        signed = f"{user}:{password}" if password else user
        return f"postgres://{signed}@{quote(host, safe=':')}/{quote(scratch, safe='')}{query}"

    def is_there(self, scratch):
        with self._server() as connection:
            return bool(
                connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [scratch]
                ).fetchone()
            )

    def swap(self, scratch, kept):
        """Both names change at one moment. Who is connected is sent away, and comes back."""
        for left in reversed(range(5)):
            try:
                with self._server() as connection:
                    connection.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname IN (%s, %s) AND pid <> pg_backend_pid()",
                        [self.name, scratch],
                    )
                    with connection.transaction():
                        for old, new in ((self.name, kept), (scratch, self.name)):
                            connection.execute(
                                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                                    sql.Identifier(old), sql.Identifier(new)
                                )
                            )
                return
            except psycopg.errors.ObjectInUse:
                if not left:
                    raise BackupError(
                        "Somebody keeps connecting to the database: stop the site and its worker,"
                        " then `manage.py restore --finish`."
                    ) from None

    def name_kept(self, moment):
        return f"{self.name[:40]}_before_{moment.lower()}"

    def kept(self):
        with self._server() as connection:
            found = connection.execute(
                "SELECT datname FROM pg_database WHERE datname ~ %s",
                [rf"^{re.escape(self.name[:40])}_before_\d{{8}}t\d{{6}}z$"],
            )
            return [name for (name,) in found]

    def drop(self, scratch):
        with self._server() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(scratch))
            )

    def _server(self):
        """Beside the database: a connection to it would keep it from being renamed. Every server
        has both; some sites live in “postgres” itself."""
        beside = "template1" if self.name == "postgres" else "postgres"
        return self.connect(beside, autocommit=True)

    def _run(self, program, name, *words):
        found = shutil.which(program)
        if found is None:
            raise BackupError(f"{program} is missing (Debian: apt-get install postgresql-client).")
        given = {key: str(value) for key, value in {**self.given, **self.options}.items()}
        password = given.pop("password", None)
        target = psycopg.conninfo.make_conninfo(**given, dbname=name)
        done = subprocess.run(  # noqa: S603
            [found, *words, "--dbname", target],
            env=os.environ | ({"PGPASSWORD": password} if password else {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.strip().splitlines() or ["it does not say why"]
            raise BackupError(f"{program} failed: {said[0]}")


def _state(connection):
    connection.execute(SPELLING)
    tables = {
        name: _digest(connection, name, keys)
        for name, keys in connection.execute(TABLES).fetchall()
    }
    counters = {f"{name} (counter)": [value, ""] for name, value in connection.execute(SEQUENCES)}
    return tables | counters


def _digest(connection, name, keys):
    order = [sql.SQL('{}::text COLLATE "C"').format(sql.Identifier(key)) for key in keys or [name]]
    query = sql.SQL("COPY (SELECT * FROM {} ORDER BY {}) TO STDOUT").format(
        sql.Identifier(name), sql.SQL(", ").join(order)
    )
    digest, count = hashlib.sha256(), 0
    with connection.cursor().copy(query) as rows:
        for piece in rows:
            digest.update(piece)
            count += bytes(piece).count(b"\n")
    return [count, digest.hexdigest()]
