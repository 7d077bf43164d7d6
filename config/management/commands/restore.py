import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.backup import archive, making, restoring
from config.backup.archive import BackupError

from .backup import told

UNKNOWN = (
    "What people erased after this backup cannot be told from the database here; only the list"
    " beside the backup is repeated."
)


class Command(BaseCommand):
    help = (
        "Put a backup in the place of database, pictures and private files. It is tried first; what"
        " is replaced is kept."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, nargs="?", help="the backup, or a folder: its newest"
        )
        parser.add_argument("--identity", metavar="FILE", help="your secret key of age")
        parser.add_argument("--noinput", action="store_true", help="do not ask")
        parser.add_argument(
            "--finish", action="store_true", help="go on with a restore that was killed"
        )

    def handle(self, *, file, identity, noinput, finish, **options):
        try:
            if finish:
                done = restoring.finish()
                self.stdout.write("Done." if done else "There is nothing to go on with.")
                return
            if file is None:
                raise CommandError("Name the backup to restore.")
            keys = archive.identities(identity) if identity else ()
            done = restoring.restore(
                making.newest(file),
                keys,
                lambda *seen: noinput or self.ask(*seen),
                self.stdout.write,
            )
        except BackupError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.strerror}: {error.filename or file}") from None
        self.stdout.write("Restored." if done else "Nothing was changed.")

    def ask(self, manifest, known):
        self.stdout.write(f"A good backup: {told(manifest)}")
        if not known:
            self.stdout.write(UNKNOWN)
        self.stdout.write("It takes the place of this site's database, pictures and private files.")
        self.stdout.write("Type “yes” to go on: ", ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip().lower() == "yes"
