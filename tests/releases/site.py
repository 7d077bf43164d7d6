"""The sample site of a release, kept as it was, and what every later version must be able to do
with it.

`python -m tests.releases.site keep 0.1.0` writes the sample site as it is now beside this file:
SQLite as it is, and PostgreSQL, when TEST_DATABASE_URL names a server, as SQL; and the sums of the
migrations, which are released with it. `python -m tests.releases.site read` brings the database
named by TEST_DATABASE_URL up to date and asks for every address of its sitemap; its last line says
how many answered.
"""

import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import django

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
SUMS = FOLDER / "migrations.json"
OURS = ("blog", "comments", "publishing", "references", "review")


def kept(release, ending):
    return FOLDER / f"{release}.{ending}.gz"


def releases():
    return sorted(path.name.removesuffix(".sqlite3.gz") for path in FOLDER.glob("*.sqlite3.gz"))


def run(what, url):
    """Run this module on a database in a process of its own; gives what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.releases.site", what],
        cwd=ROOT,
        env=os.environ | {"TEST_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    return done.stdout


def restore_sqlite(release, path):
    path.write_bytes(gzip.decompress(kept(release, "sqlite3").read_bytes()))
    return f"sqlite:///{path}"


def restore_postgresql(release, connection):
    """Into an empty database; `connection` is psycopg's."""
    connection.execute(gzip.decompress(kept(release, "sql").read_bytes()).decode())


def fill():
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("seed_demo", verbosity=0)


def read():
    """Migrate, compare, and read every address of the sitemap."""
    from django.core.management import call_command
    from django.test import Client
    from lxml import etree

    from config import schema

    call_command("migrate", verbosity=0)
    if wrong := schema.differences():
        raise SystemExit(f"The database does not fit: {wrong}")
    client, waiting, pages = Client(), ["/sitemap.xml"], []
    while waiting:
        answer = client.get(waiting.pop())
        sitemap = etree.fromstring(answer.getvalue())
        for place in sitemap.iterfind(".//{*}loc"):
            path = place.text.removeprefix("http://testserver")
            (waiting if sitemap.tag.endswith("sitemapindex") else pages).append(path)
    failed = [(path, status) for path in pages if (status := client.get(path).status_code) != 200]
    if failed:
        raise SystemExit(f"{len(failed)} addresses fail: {failed[:5]}")
    print(len(pages))


def keep(release):
    """Write the sample site as the code of this release makes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.sqlite3"
        run("fill", f"sqlite:///{path}")
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("VACUUM")
        kept(release, "sqlite3").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        run("fill", url)
        dump = [
            "pg_dump",
            "--inserts",
            "--no-owner",
            "--no-privileges",
            url.replace("postgres:", "postgresql:"),
        ]
        text = subprocess.run(dump, capture_output=True, check=True).stdout
        # Words for psql alone, which newer versions of pg_dump write.
        lines = [line for line in text.splitlines(keepends=True) if not line.startswith(b"\\")]
        kept(release, "sql").write_bytes(gzip.compress(b"".join(lines), mtime=0))
    sums = {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for app in OURS
        for path in sorted((ROOT / app / "migrations").glob("0*.py"))
    }
    SUMS.write_text(json.dumps(sums, indent=2) + "\n")


if __name__ == "__main__":
    if sys.argv[1] == "keep":
        keep(sys.argv[2])
    else:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
        django.setup()
        {"fill": fill, "read": read}[sys.argv[1]]()
