import re
from datetime import datetime
from functools import cache

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import BaseTzLoader

from ..generation import Generations

_NUMBER = re.compile(r"\$(\d+)")


@cache
def moments_in(zone):
    """What reads `timestamptz`: as Django's does, by Python's own reader, which takes a tenth of
    the time; a conversation has thousands."""

    class Moments(BaseTzLoader):
        timezone = zone

        def load(self, data):
            sent = str(data, "ascii")
            if sent.endswith("+00"):  # as all of our connections have it
                try:
                    return datetime.fromisoformat(sent).replace(tzinfo=zone)
                except ValueError:  # a year of five figures, another DateStyle
                    pass
            return super().load(data)

    return Moments


class Prepared(base.CursorMixin, psycopg.RawCursor):
    """Its statements are planned once for each connection; what is given goes beside them, in the
    order of the numbers ($1) that stand for it."""

    def execute(self, query, params=None):
        return super().execute(query, params, prepare=True)


class Operations(base.DatabaseOperations):
    def last_executed_query(self, cursor, sql, params):
        """For logs: with what was given where it belongs, which psycopg does not tell of these."""
        if isinstance(cursor, Prepared):
            given = [self.compose_sql("%s", [value]) for value in params or ()]
            return _NUMBER.sub(lambda found: given[int(found[1]) - 1], sql)
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(Generations, base.DatabaseWrapper):
    ops_class = Operations
    # What is checked at the end is checked before the one row that all writers change: a check that
    # waited for somebody who waits for that row would be a deadlock.
    first = "SET CONSTRAINTS ALL IMMEDIATE"
    there = "SELECT 1 WHERE to_regclass('publishing_generation') IS NOT NULL"
    upsert = Generations.UPSERT % "%s"

    def get_connection_params(self):
        parameters = super().get_connection_params()
        # With none psycopg prepares nothing at all; Django's own cursors never do.
        threshold = self.settings_dict["OPTIONS"].get("prepare_threshold", 5)
        parameters["prepare_threshold"] = threshold if isinstance(threshold, int) else None
        if settings.USE_TZ:
            adapters = parameters["context"].adapters
            adapters.register_loader("timestamptz", moments_in(self.timezone))
        return parameters

    def driver_cursor(self):
        return Prepared(self.connection)

    def prepared(self):
        """A cursor for statements whose words never change. With a pooler in between that keeps no
        statements, `?prepare_threshold=None` in DATABASE_URL."""
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(self.driver_cursor())
