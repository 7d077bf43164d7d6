"""What takes long is computed before a transaction takes its locks, so that nobody waits for it.

What the database said meanwhile is kept, and asked again once the lock is held: where an answer is
another by then, it is computed anew.
"""

from contextlib import contextmanager

from django.db import connection


class Readings:
    """What was asked of the database, and what it said."""

    def __init__(self):
        self._told, self._asking = [], False

    @contextmanager
    def kept(self):
        with connection.execute_wrapper(self._keep):
            yield

    def still_hold(self) -> bool:
        return all(self._ask(sql, params) == said for sql, params, said in self._told)

    def _keep(self, execute, sql, params, many, context):
        # Before the one who asks gets the answer: what changes in between is found to differ later.
        if not self._asking and sql.startswith("SELECT"):
            self._told.append((sql, params, self._ask(sql, params)))
        return execute(sql, params, many, context)

    def _ask(self, sql, params):
        self._asking = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)
                return cursor.fetchall()
        finally:
            self._asking = False
