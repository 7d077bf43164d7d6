import os
import subprocess
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from config import copying, env

ALIAS = "copy"


class Command(BaseCommand):
    help = (
        "Copy every row of this site's database into another one, SQLite or PostgreSQL, and compare"
        " them. Stop the site first; afterwards set DATABASE_URL to the other one."
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", required=True, metavar="URL", help="as in DATABASE_URL")
        parser.add_argument(
            "--replace", action="store_true", help="delete first what is in the other one"
        )

    def handle(self, *, to, replace, **options):
        try:
            there = env.database(to)
        except ImproperlyConfigured as error:
            raise CommandError(str(error).replace("DATABASE_URL", "--to")) from None
        here = connections["default"].settings_dict
        if all(
            str(there.get(key) or "") == str(here[key] or "") for key in ("NAME", "HOST", "PORT")
        ):
            raise CommandError("--to names the database this site uses already.")
        self.there(to, "migrate", "--anew", "--noinput", "--verbosity", "0")
        connections.settings[ALIAS] = connections["default"].settings_dict | {
            "OPTIONS": {},
            **there,
        }
        try:
            counts = copying.copy("default", ALIAS, replace=replace)
        except copying.CopyError as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(f"Nothing was copied: {' '.join(str(error).split())}") from None
        finally:
            connections[ALIAS].close()
            if connections[ALIAS].vendor == "postgresql":
                connections[ALIAS].close_pool()
            del connections[ALIAS], connections.settings[ALIAS]
        self.stdout.write(
            f"{sum(counts.values())} rows in {len(counts)} tables, the same on both sides."
        )
        self.stdout.write("Making it findable …")
        self.there(to, "rebuild_search")
        self.stdout.write("Now set DATABASE_URL to it, and start the site.")

    def there(self, url, *command):
        done = subprocess.run(  # noqa: S603
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
            env=os.environ
            | {
                "DATABASE_URL": url,
                "SECRET_KEY": settings.SECRET_KEY,
                "DJANGO_SETTINGS_MODULE": "config.settings",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            said = (done.stderr.strip().splitlines() or ["it does not say why"])[-1]
            raise CommandError(f"The other database: {said}")
