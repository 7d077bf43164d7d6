from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from config import schema


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
        super().handle(*args, **options)
