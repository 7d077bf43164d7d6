"""Locks on a whole group of rows, where locking row by row would let people wait for each other in
a ring."""

from zlib import crc32

from django.db import OperationalError, connection, transaction

TRIES = 4
# PostgreSQL: “deadlock detected” and “could not serialize access”. The other one has gone on; this
# one can begin again.
_AGAIN = {"40P01", "40001"}


def hold(name):
    """Keep everybody else who asks for the same `name` waiting until this transaction ends.

    On SQLite a transaction that writes has the whole file already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [crc32(name.encode())])


def retried(work):
    """`work()` in a transaction (or a savepoint of the one there is), begun again when it was in
    another's way."""
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return work()
        except OperationalError as error:
            if not left or not was_in_the_way(error):
                raise


def was_in_the_way(error):
    return getattr(error.__cause__, "sqlstate", None) in _AGAIN
