from django.db.backends.sqlite3 import base

from ..generation import Generations


class DatabaseWrapper(Generations, base.DatabaseWrapper):
    there = "SELECT 1 FROM sqlite_master WHERE name = 'publishing_generation'"
    upsert = Generations.UPSERT % "?"
