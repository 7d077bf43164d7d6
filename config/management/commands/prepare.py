from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from blog.models import Post
from comments import captcha, captcha_sound
from comments.moderation import flags
from config import roles, schema, static
from config.env import VAR_DIR
from config.translations import compile_changed
from config.unavailable import why_away
from publishing import search
from references import explaining
from references.models import Reference
from review.models import Chapter


class Command(BaseCommand):
    help = (
        "Make everything ready to serve: database, translations, static files, the author's"
        " account. Safe to run again."
    )
    # `make check` looks at the code; a start looks at the machine.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--sample", action="store_true", help="load the sample content into an empty site"
        )

    def handle(self, *, sample, **options):
        self.database_answers()
        self.migrate()
        for folder in settings.LOCALE_PATHS:
            compile_changed(folder)
        if not settings.DEBUG:
            self.collect_static()
        if sample and is_empty():
            self.stdout.write("Loading the sample content …")
            call_command("seed_demo", stdout=self.stdout)
        for model in (Chapter, Post):
            model.renew_old_citations()
        explaining.mark_old_texts()
        roles.make()
        if search.refresh():
            self.stdout.write("The search learns to read words anew, beside the readers …")
        flags.mark_again()  # the lists the site brings may have grown
        captcha.top_up()
        captcha_sound.record_all()
        call_command("ensure_author", stdout=self.stdout)

    def database_answers(self):
        if connection.vendor == "sqlite" and connection.is_in_memory_db():
            raise CommandError(
                "DATABASE_URL names a database in memory: nothing would be kept. Name a file."
            )
        words = why_away(seconds=5)
        try:
            if not words:
                connection.ensure_connection()
        except DatabaseError as error:
            words = " ".join(str(error).split())
            if connection.vendor == "sqlite":
                words += f" ({connection.settings_dict['NAME']})"
        if words:
            raise CommandError(f"The database does not answer: {words}")

    def migrate(self):
        if words := schema.was_emptied():
            raise CommandError(words)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date …")
            call_command("migrate", interactive=False, verbosity=0)
        wrong = schema.differences()
        if wrong:
            shown = "; ".join(wrong[:5]) + (
                f"; and {len(wrong) - 5} more" if len(wrong) > 5 else ""
            )
            raise CommandError(
                f"The database does not fit this version of the site: {shown}. Nothing was served."
                " Use the version that made this database, or restore a backup that fits this one"
                " (docs/operator.md, “Upgrade”)."
            )
        schema.remember_filled()

    def collect_static(self):
        if not static.is_collected(VAR_DIR):
            self.stdout.write("Collecting static files …")
            call_command("collectstatic", interactive=False, verbosity=0)
            static.remember(VAR_DIR)


def is_empty():
    return not any(model.objects.exists() for model in (Chapter, Post, Reference))
