"""Which of the two backends the database has."""

from types import ModuleType

from django.db import connection

from . import postgresql, sqlite


def backend() -> ModuleType:
    return postgresql if connection.vendor == "postgresql" else sqlite
