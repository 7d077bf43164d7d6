"""`make test-faults ROUNDS=200`: every fault on SQLite and on PostgreSQL, and the page about it.

Without `--write` (CI) the page is left as it is. A database has a process of its own, in which the
settings name it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

from tests import run
from tests.releases.site import releases

from . import killing, standing
from .site import ROOT, Site, folder
from .table import BrokenError, Row, text

PAGE = ROOT / "docs/faults.md"
SMALL_DISK = "48m"


def tell(words):
    print(f"   {words} …", file=sys.stderr, flush=True)


@contextmanager
def small_disk(place):
    """Where only root can make one; else a folder."""
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(place)]
    made = (
        os.geteuid() == 0
        and not subprocess.run(["mount", *options], capture_output=True, check=False).returncode
    )
    try:
        yield
    finally:
        if made:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def rows(url, rounds):
    """What one database gives."""
    with folder() as place, small_disk(place / "data"):
        tell("bringing the first release up to date")
        site = Site(place, url)
        try:
            yield standing.upgrade(site)
            for fault in (standing.disk_full, standing.read_only, standing.clock_back):
                if url and fault is standing.disk_full:
                    continue
                tell(fault.__name__.replace("_", " "))
                yield fault(site)
            tell("mail server")
            yield from standing.mail_server(site)
            if url:
                master = standing.Postmaster(
                    url.rpartition("host=")[2], run.server_programs(), run.server_account()
                )
                for fault in (standing.database_away, standing.database_restarted):
                    tell(fault.__name__.replace("_", " "))
                    yield fault(site, master)
            yield from killing.every(site, rounds, tell)
        finally:
            site.stop()


def one(url, rounds, out):
    found = []
    try:
        for row in rows(url, rounds):
            found.append(row)
            tell(f"good: {row.fault}")
    except BrokenError as error:
        sys.exit(f"BROKEN: {error}")
    Path(out).write_text(json.dumps([asdict(row) for row in found]))


def measured(url, rounds):
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        command = [sys.executable, "-m", "tests.faults", "--rounds", str(rounds), "--one", url]
        subprocess.run([*command, "--out", out.name], cwd=ROOT, check=True)
        return [Row(**row) for row in json.loads(Path(out.name).read_text())]


def everything(rounds, write):
    found = {}
    print(f"── Faults on SQLite, {rounds} rounds of kill -9 ──", flush=True)
    found["SQLite"] = measured("", rounds)
    version = "(not tried)"
    programs = run.server_programs()
    if programs:
        print(f"── Faults on PostgreSQL, {rounds} rounds of kill -9 ──", flush=True)
        with run.throw_away_server(programs) as url:
            version = _version(url)
            found["PostgreSQL"] = measured(url, rounds)
    facts = {
        "rounds": rounds,
        "when": f"{date.today():%-d %B %Y}",
        "release": releases()[-1],
        "version": version,
        "cores": os.cpu_count(),
    }
    said = text(found, **facts)
    if write:
        PAGE.write_text(said)
    print(f"{sum(map(len, found.values()))} faults tried, none broke a promise.")


def _version(url):
    import psycopg

    with psycopg.connect(run.libpq(url)) as server:
        return server.info.server_version // 10000


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make test-faults")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--write", action="store_true", help="docs/faults.md")
    parser.add_argument("--one", help="DATABASE_URL, or nothing for SQLite")
    parser.add_argument("--out")
    options = parser.parse_args()
    if options.one is not None:
        one(options.one, options.rounds, options.out)
    else:
        everything(options.rounds, options.write)
