"""`make test`: what is quick, on SQLite, of it what asks the database again on PostgreSQL, and in
the browser. `make test-all` (`--all`): the journeys too (`tests/journeys.py`).

PostgreSQL is the server named by TEST_DATABASE_URL, or one started for this run from the installed
server's programs and removed afterwards. What could not be run is said before the closing line, and
is an error with --require-all. That line is like pytest's, of all lanes together; above it stands
every test that failed, in whatever lane.
"""

import contextlib
import ctypes
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from ctypes.util import find_library
from pathlib import Path

import psycopg

from config.translations import compile_changed

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = (
    "The browser tests were NOT run: there is no chromium (set CHROMIUM, or: apt-get install"
    " chromium)."
)
NO_SERVER = (
    "Nothing was run on PostgreSQL: set TEST_DATABASE_URL, or install its server (apt-get install"
    " postgresql)."
)
NO_PANGO = (
    "PDFs were NOT tested: there is no Pango (apt-get install libpango-1.0-0 libpangoft2-1.0-0)."
)
NO_EPUBCHECK = "EPUBs were NOT validated: there is no epubcheck (apt-get install epubcheck)."
NO_NGINX = (
    "What stands in front of the site was NOT tested: there is no nginx (apt-get install nginx)."
)
EPUBCHECK = Path(os.environ.get("EPUBCHECK_JAR") or "/usr/share/java/epubcheck.jar")
QUICK = ("-m", "not journey")
BROWSER = ("tests/browser", "-p", "no:cacheprovider")
PLAIN = ("--ignore=tests/browser", "-p", "no:cacheprovider")
# About half of it: what runs alone at the end would leave the other processor idle. Whatever folder
# is new is among the others. Most journeys are of the first: without them it takes on more.
HALF = ("tests/config", "tests/publishing")
WITHOUT_JOURNEYS = (*HALF, "tests/blog", "tests/review")
OUTCOMES = ("failed", "passed", "skipped", "xfailed", "xpassed", "error")
PR_SET_PDEATHSIG = 1
# The lanes share the processors. A page that is looked at has moments that pass, and its server a
# patience; what only computes can stand back for it.
STANDS_BACK = 10
# Of so many failures of this lane each is tried once more when the processors are free.
MOMENTS, FEW = "In the browser", 3


def halves(folders):
    """What to run of these folders, and of all others."""
    return (*folders, *PLAIN), (*(f"--ignore={folder}" for folder in folders), *PLAIN)


def find_chromium():
    wanted = os.environ.get("CHROMIUM")
    return shutil.which(wanted) if wanted else next(filter(None, map(shutil.which, BROWSERS)), None)


def find_nginx():
    """Debian puts it where only the administrator looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def server_programs():
    """The folder with initdb and postgres: in PATH, where Debian puts the newest version, or where
    pg_config says."""
    folders = [
        Path(program).parent for name in ("postgres", "initdb") if (program := shutil.which(name))
    ]
    folders += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: float(path.parent.name),
        reverse=True,
    )
    if shutil.which("pg_config"):
        told = subprocess.run(
            ["pg_config", "--bindir"], capture_output=True, text=True, check=False
        ).stdout.strip()
        folders.append(Path(told))
    return next(
        (path for path in folders if (path / "initdb").exists() and (path / "postgres").exists()),
        None,
    )


def server_account():
    """Whose the server is: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise SystemExit(
        "PostgreSQL cannot be started by root, and there is no account “postgres” or “nobody”."
    )


def end_with_parent():
    """Linux: the server stops even if this program is killed."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


@contextlib.contextmanager
def throw_away_server(programs, nice=0):
    """Its DATABASE_URL, while it runs. Nothing listens on the network; only its account can enter
    its folder."""
    account = server_account()
    folder = Path(tempfile.mkdtemp(prefix="review-pg-"))
    server = None
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        cluster = [
            "-D",
            folder / "data",
            "-U",
            "tests",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        made = subprocess.run(
            [programs / "initdb", *cluster],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            **account,
        )
        if made.returncode:
            raise SystemExit(
                f"PostgreSQL could not be set up: {made.stderr.strip().splitlines()[-1]}"
            )
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, "-h", "", "-F", "-c",
                "full_page_writes=off"],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=(folder / "log").open("w"),
            start_new_session=True,
            preexec_fn=end_with_parent, **account,
        )  # fmt: skip
        stand_back(server, nice)
        url = f"postgres://tests@/postgres?host={folder}"
        wait_for(url, server, folder / "log")
        yield url
    finally:
        if server and server.poll() is None:
            server.send_signal(signal.SIGINT)  # “fast”: disconnects everybody
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(url, server, log):
    for _ in range(150):
        if server.poll() is not None:
            break
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(libpq(url)):
            return
        time.sleep(0.2)
    raise SystemExit(f"PostgreSQL did not start: {log.read_text().strip()[-300:]}")


def libpq(url):
    return url.replace("postgres://", "postgresql://", 1)


def answers(url):
    """Whether the named server does; else one line says why not."""
    try:
        psycopg.connect(libpq(url), connect_timeout=5).close()
    except psycopg.Error as error:
        print(f"TEST_DATABASE_URL: {' '.join(str(error).split())}", file=sys.stderr)
        return False
    return True


def stand_back(process, steps):
    """Only as far as the system has room for; nobody may come forward again."""
    now = os.getpriority(os.PRIO_PROCESS, process.pid)
    os.setpriority(os.PRIO_PROCESS, process.pid, min(now + steps, 19))


@contextlib.contextmanager
def suite(*options, database="", output=None, nice=0, told=""):
    """pytest at work. Left early, it gets the time to close its database and its browser."""
    environment = os.environ | {"TEST_DATABASE_URL": database, "LANE_TOLD": str(told)}
    running = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options], env=environment, stdout=output, stderr=output
    )
    stand_back(running, nice)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                running.wait(timeout=20)
            running.kill()


def run_all(lanes):
    """Side by side, each to its end: the first is seen at once, what the others say when all are
    done. Returns the exit code: that of the first lane that did not succeed."""
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="review-lanes-")))
        running = []
        for number, (title, options, database, nice) in enumerate(lanes):
            words = stack.enter_context(tempfile.TemporaryFile("w+")) if running else None
            told = folder / str(number)
            at_work = suite(*options, database=database, output=words, nice=nice, told=told)
            running.append((title, stack.enter_context(at_work), words, told))
        for _, each, _, _ in running:
            each.wait()
        for title, _, words, _ in running[1:]:
            words.seek(0)
            print(f"\n── {title} ──\n{words.read()}", end="", flush=True)
        ended = [(title, each.returncode, told) for title, each, _, told in running]
        ended = [
            once_more(*lane, options) for lane, (_, options, *_) in zip(ended, lanes, strict=True)
        ]
        print(summary(ended, began), flush=True)
        return next((code for _, code, _ in ended if code), 0)


def once_more(title, code, told, options):
    """A page in the browser has moments that pass while four lanes share the processors: a few
    failures there are tried again by themselves. What passes then is told as such, never unsaid.

    Returns the lane as `summary` takes it."""
    found = json.loads(told.read_text()) if told.exists() else {}
    failed = found.get("failed", [])
    if title != MOMENTS or code != 1 or not 0 < len(failed) <= FEW:
        return title, code, told
    print(f"\n── {title}, what failed once more ──", flush=True)
    again = told.with_suffix(".again")
    with suite(*failed, *options[1:], told=again) as running:
        code = running.wait()
    if not code:
        passed = json.loads(again.read_text())["counted"].get("passed", 0)
        counted = {k: n for k, n in found["counted"].items() if k not in ("failed", "error")}
        counted["passed"] = counted.get("passed", 0) + passed
        words = [f"{each} (passed by itself)" for each in found["failures"]]
        told.write_text(json.dumps({"counted": counted, "failures": [], "unsteady": words}))
    return title, code, told


def summary(ended, began):
    """Every failure of every lane, then one line like pytest's for all of them.

    `ended`: `(title, exit code, file with what pytest told)` of each lane."""
    counted, failures, unsteady = Counter(), [], []
    for title, code, told in ended:
        if told.exists():
            found = json.loads(told.read_text())
            counted.update(found["counted"])
            failures += [f"{title}: {each}" for each in found["failures"]]
            unsteady += [f"{title}: {each}" for each in found.get("unsteady", ())]
        if code and not (told.exists() and found["failures"]):
            failures.append(f"{title}: it ended with {code}, see what it said above")
            counted["error"] += 1
    lines = ["", "── What failed ──", *failures] if failures else []
    lines += ["", "── What failed beside the others only ──", *unsteady] if unsteady else []
    lines += [f"!!! {each}" for each in os.environ.get("NOTICES", "").split("\n") if each]
    parts = [f"{count} {name}" for name in OUTCOMES if (count := counted[name])]
    took = time.monotonic() - began
    clock = f"{int(took) // 3600}:{int(took) // 60 % 60:02}:{int(took) % 60:02}"
    return "\n".join([*lines, f"== {', '.join(parts)} in {took:.2f}s ({clock}) =="])


def main(require_all, everything):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    chromium, named, programs = (
        find_chromium(),
        os.environ.get("TEST_DATABASE_URL"),
        server_programs(),
    )
    if chromium:
        os.environ["CHROMIUM"] = chromium
    # A hundred programs are started by tests, each of which would compile all modules again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    there = {
        NO_BROWSER: chromium,
        NO_SERVER: named or programs,
        NO_PANGO: find_library("pangoft2-1.0"),
        NO_EPUBCHECK: EPUBCHECK.exists() and shutil.which("java"),
        NO_NGINX: find_nginx(),
    }
    notices = [text for text, found in there.items() if not found]
    if notices and require_all:
        return "\n".join(notices)
    os.environ["NOTICES"] = "\n".join(notices)
    with tempfile.TemporaryDirectory(prefix="review-sample-") as folder:
        # The sample site and an empty database are made by the lane that comes first.
        os.environ["SAMPLE_KEPT"] = folder
        return run_lanes(chromium, named, programs, () if everything else QUICK)


def run_lanes(chromium, named, programs, kind):
    # Each suite would compile the same files at once.
    compile_changed(Path("locale"))
    folders = WITHOUT_JOURNEYS if kind else HALF
    first, others = halves(folders)
    lanes = [  # each on a file, in memory: a worker and threads share it
        (f"SQLite: {', '.join(folders)}", (*first, *kind), "", STANDS_BACK),
        ("SQLite: the others", (*others, *kind), "", STANDS_BACK),
    ]
    if chromium:
        lanes.append((MOMENTS, (*BROWSER, *kind), "", 0))
    print(f"── {lanes[0][0]} ──", flush=True)
    if not named and not programs:
        return run_all(lanes)
    if named and not answers(named):
        return 1
    server = contextlib.nullcontext(named) if named else throw_away_server(programs, STANDS_BACK)
    with server as url:
        options = (*PLAIN, *kind, "--again", *(["--likely"] if kind else []))
        return run_all([*lanes, ("PostgreSQL", options, url, STANDS_BACK)])


if __name__ == "__main__":
    try:
        sys.exit(main("--require-all" in sys.argv, "--all" in sys.argv))
    except KeyboardInterrupt:
        sys.exit(130)
