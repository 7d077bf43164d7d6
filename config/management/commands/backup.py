from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from config.backup import archive, making, restoring
from config.backup.archive import BackupError


class Command(BaseCommand):
    help = (
        "Write database, pictures and private files into one file, while the site is in use;"
        " --check restores one into scratch and compares it."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            type=Path,
            nargs="?",
            help="the file to write; a folder gets one named by the moment",
        )
        parser.add_argument(
            "--check", action="store_true", help="try the backup FILE, or the newest of a folder"
        )
        parser.add_argument(
            "--new-key",
            metavar="FILE",
            help="only make a secret key of age; what it prints is for --recipient",
        )
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            metavar="KEY",
            help="encrypt it to this public key of age (age1…); may be given more than once",
        )
        parser.add_argument(
            "--identity", metavar="FILE", help="with --check: your secret key of age"
        )
        parser.add_argument(
            "--keep", type=int, default=0, metavar="N", help="in a folder: keep the last N"
        )

    def handle(self, *, file, check, new_key, recipient, identity, keep, **options):
        if keep < 0:
            raise CommandError("--keep is how many are kept: write a whole number.")
        if file is None and not new_key:
            raise CommandError("Name the file or the folder to write to.")
        try:
            if new_key:
                self.stdout.write(archive.new_key(new_key))
            elif check:
                file = making.newest(file)
                manifest = restoring.check(file, archive.identities(identity) if identity else ())
                self.stdout.write(f"Good: {told(manifest)}")
            else:
                made = making.make(file, archive.recipients(recipient), keep)
                self.stdout.write(f"{made}: {made.stat().st_size / 1e6:.1f} MB")
        except BackupError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.strerror}: {error.filename or file}") from None


def told(manifest):
    """One line about a backup."""
    rows = sum(number for number, digest in manifest["tables"].values() if digest)
    return (
        f"made {manifest['made']}, {manifest['site']}, {manifest['engine']},"
        f" {rows} rows in {len(manifest['tables'])} tables, {len(manifest['files']) - 1} files"
    )
