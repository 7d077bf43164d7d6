from django.db.backends.postgresql import base

from ..generation import Generations


class DatabaseWrapper(Generations, base.DatabaseWrapper):
    # What is checked at the end is checked before the one row that all writers change: a check that
    # waited for somebody who waits for that row would be a deadlock.
    first = "SET CONSTRAINTS ALL IMMEDIATE"
    there = "SELECT 1 WHERE to_regclass('publishing_generation') IS NOT NULL"
    upsert = Generations.UPSERT % "%s"
