"""`python -m bench.killed [ROUNDS [NAME …]]`: each way in and out stopped by kill -9 at random
moments, then run again. All tables, and all that was written, must be as if never stopped.

SQLite, or with DATABASE_URL=postgres://… databases of its own beside the one that is named.
"""

import hashlib
import io
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

PLACE = Path(tempfile.mkdtemp(prefix="killed-"))
POSTGRES = os.environ.get("DATABASE_URL", "")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "of no use but to this " * 3,
    "DEBUG": "true", "MEDIA_ROOT": str(PLACE / "now/media"),
    "PRIVATE_ROOT": str(PLACE / "now/private"),
    "DATABASE_URL": f"{POSTGRES}_killed" if POSTGRES else f"sqlite:///{PLACE}/now/db.sqlite3",
}  # fmt: skip

import django  # noqa: E402
import psycopg  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402

from publishing.worker import Worker  # noqa: E402
from tests.config.moving.zotero import Library  # noqa: E402
from tests.publishing.test_images import picture  # noqa: E402

WORDPRESS = Path(__file__).parents[1] / "tests/config/moving/data/wordpress-6.1.xml"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
# What is of no matter: what is asked for, kept in memory, or of one process.
PASSING = re.compile(r"django_tasks|django_session|sqlite_|publishing_(?:task|generation)|axes_|"
                     r"django_migrations|auth_permission|django_content_type|_(?:data|idx|docsize|"
                     r"config|content)$")  # fmt: skip
_SUM = re.compile(r"\b[0-9a-f]{64}\b")
_FILE = re.compile(r"(?:files|images|pdf|figures|media)/[\w./-]+")


class Fixed(datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW.astimezone(tz) if tz else NOW.replace(tzinfo=None)


def _let_go():
    """No connection is shared with a child, or keeps a database from being replaced."""
    connections.close_all()
    if POSTGRES:
        connection.close_pool()


def child(work):
    """The process that does it."""
    _let_go()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        sys.stdout = sys.stderr = io.StringIO()
        with mock.patch("django.utils.timezone.datetime", Fixed):
            work()
        code = 0
    except BaseException as error:
        os.write(2, f"{type(error).__name__}: {error}\n".encode()[:2000])
    finally:
        os._exit(code)


def whole(work):
    """Without being stopped, and with what it left for the task worker; whether it failed."""
    return done(child(work)) or done(child(lambda: Worker(stays=False).work_off(60)))


def done(pid):
    return os.waitpid(pid, 0)[1]


def begin_with(name):
    """The site of that name."""
    _let_go()
    shutil.rmtree(PLACE / "now", ignore_errors=True)
    shutil.copytree(PLACE / name, PLACE / "now")
    if POSTGRES:
        _copy(f"{_name()}_{name}", _name())


def keep_as(name):
    _let_go()
    shutil.rmtree(PLACE / name, ignore_errors=True)
    shutil.copytree(PLACE / "now", PLACE / name)
    if POSTGRES:
        _copy(_name(), f"{_name()}_{name}")


def _name():
    return os.environ["DATABASE_URL"].rpartition("/")[2]


def _copy(source, target):
    with psycopg.connect(POSTGRES, autocommit=True) as asked:
        asked.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        if source:
            asked.execute(f"CREATE DATABASE {target} TEMPLATE {source}")


def tables():
    """`{table: sorted rows}`; of a file its content instead of its name, which is made by chance,
    so sums of texts that name one are left out. On PostgreSQL numbers have gaps where something
    was stopped: there they are left out."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if not PASSING.search(table):
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = sorted(_comparable(row) for row in cursor)
    _let_go()
    return found


def _comparable(row):
    words = _FILE.sub(_content, _SUM.sub("", repr(row)))
    return re.sub(r"\d+", "", words) if POSTGRES else words


def _content(match):
    for root in ("media", "private"):
        path = PLACE / "now" / root / match[0].removeprefix("media/")
        if path.is_file():
            return hashlib.sha256(path.read_bytes()).hexdigest()
    return match[0]


def files(folder):
    """`{name: digest}`"""
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}  # fmt: skip


def markdown(folder):
    folder.mkdir()
    (folder / "a.png").write_bytes(picture(size=(300, 200)))
    for at in range(24):
        (folder / f"t{at:02}.md").write_text(
            f"---\ntitle: Text {at}\ndate: 2020-01-{at + 1:02}\ntags: [a, b{at % 3}]\n---\n"
            f"Words of {at}, [next](t{(at + 1) % 24:02}.md).\n\n![A](a.png)\n"
        )
    return folder


def zotero(folder):
    made = Library(folder)
    works = [
        made.item(f"WORK{at:04}", title=f"Title {at} of the fat of backs", volume=str(at),
                  date=f"19{at + 10}-00-00", publicationTitle="Journal",
                  people=[("author", "A.", f"Name{at}")], tags=[("fat", 0)])
        for at in range(24)
    ]  # fmt: skip
    made.collection("ABOVE001", "Backs", works=works[::2])
    for at, work in enumerate(works):
        made.note(f"NOTE{at:04}", work, f"<p>Note {at}</p>")
        if at % 3 == 0:
            made.file(f"PDFS{at:04}", work)
    return folder


def _differences(right, now):
    """The names of what differs, and a few of its lines."""
    for key in right | now:
        before, after = right.get(key), now.get(key)
        if before != after and isinstance(before, list) and isinstance(after, list):
            yield key, sorted({*before} ^ {*after})[:4]
        elif before != after:
            yield key


def _clear_out():
    for made in PLACE.glob("out*"):
        shutil.rmtree(made)


def run(name, site, work, seen, rounds, chance):
    """Prints one line; gives whether all was the same."""
    _clear_out()
    begin_with(site)
    begun = time.monotonic()
    if done(child(work)):
        raise SystemExit(f"{name}: it fails without being stopped")
    lasts = time.monotonic() - begun
    whole(lambda: None)
    right = seen()
    stopped, wrong = 0, []
    for each in range(rounds):
        begin_with(site)
        _clear_out()
        pid = child(work)
        time.sleep(chance.uniform(0, lasts))
        os.kill(pid, signal.SIGKILL)
        stopped += os.WIFSIGNALED(done(pid))
        again = 0 if (PLACE / "out").exists() else whole(work)
        now = seen()
        if now != right:  # one that had come to its end may refuse to do it twice
            wrong.append((each, again, *_differences(right, now)))
    good = rounds - len(wrong)
    print(f"{name}: {lasts:.1f} s; {stopped} of {rounds} stopped before the end;"
          f" {good} the same after the next run", *wrong, sep="\n  ", flush=True)  # fmt: skip
    return not wrong


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    chance = random.Random(15)
    (PLACE / "now/media").mkdir(parents=True)
    (PLACE / "now/private").mkdir()
    if POSTGRES:
        _copy("template1", _name())
    done(child(lambda: call_command("migrate", verbosity=0)))
    keep_as("empty")
    folder, library = markdown(PLACE / "texts"), zotero(PLACE / "zotero")
    out = PLACE / "out"
    moved_in = {
        "import_wordpress": lambda: call_command("import_wordpress", WORDPRESS),
        "import_markdown": lambda: call_command("import_markdown", folder),
        "import_zotero": lambda: call_command("import_zotero", library),
    }
    begin_with("empty")
    for work in (*moved_in.values(), lambda: call_command("export_site", PLACE / "whole")):
        done(child(work))
    keep_as("full")
    works = {name: ("empty", work, tables) for name, work in moved_in.items()} | {
        "import_site": ("empty", lambda: call_command("import_site", PLACE / "whole"), tables),
        "export_site": ("full", lambda: call_command("export_site", out), lambda: files(out)),
        "static": ("full", lambda: call_command("export_site", out, static=True),
                   lambda: files(out)),
    }  # fmt: skip
    good = [
        run(name, site, work, seen, rounds, chance)
        for name, (site, work, seen) in works.items()
        if name in (sys.argv[2:] or works)
    ]
    for name in ("", "_empty", "_full") if POSTGRES else ():
        _copy("", _name() + name)
    shutil.rmtree(PLACE)
    raise SystemExit(not all(good))


if __name__ == "__main__":
    main()
