import gc
from contextlib import contextmanager

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from config import schema

# Each step makes the models of that moment anew and leaves the last ones behind in rings: looking
# for those at every 20,000 new objects, as `manage.py` does, took a sixth of a new database. So
# seldom, it takes nothing, and 3 MB.
LOOKED_THROUGH_AT = 200_000


@contextmanager
def seldom_looked_through():
    usual = gc.get_threshold()
    gc.set_threshold(LOOKED_THROUGH_AT)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Command(migrate.Command):
    """Django's, which does not fill silently what was found empty: whoever types it by habit is
    told as by `make setup`."""

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--anew", action="store_true", help="fill also a database that was emptied"
        )

    def handle(self, *args, anew=False, **options):
        is_own = options["database"] == DEFAULT_DB_ALIAS
        if is_own and not anew and (words := schema.was_emptied()):
            raise CommandError(words)
        with seldom_looked_through():
            super().handle(*args, **options)
