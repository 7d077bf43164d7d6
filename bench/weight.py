"""What the site weighs on a small server: `python -m bench.weight`.

Two web workers, the task worker and SQLite with the sample content, each as deploy/ starts it;
every address of the sitemap is asked for and a comment's language judged. Proportional memory
(PSS: what several share is divided among them), and the CPU from starting to the first page. Linux
alone: read from /proc.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

from .pages import fill, prepare
from .standstill import answered, free_port


def children(pid):
    named = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in named for each in children(int(child)))]


def megabytes(pid, what):
    """`what`: Pss or Rss."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(rf"^{what}:\s+(\d+) kB", text, re.M)[1]) / 1024


def cpu(pids):
    """Seconds they have used."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(*command, **environment):
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def wait_for(address):
    while True:
        with suppress(OSError):
            return answered(address)
        time.sleep(0.02)


def addresses(root):
    """Every page of the sitemap."""

    def places(path):
        with urllib.request.urlopen(root + path) as answer:
            return re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", answer.read().decode())

    return [page for part in places("/sitemap.xml") for page in places(part)]


def show(title, pids):
    total = sum(megabytes(pid, "Pss") for pid in pids)
    each = ", ".join(f"{megabytes(pid, 'Rss'):.0f}" for pid in pids)
    print(f"{title:<34}{total:6.0f} MB PSS   ({each} MB RSS)")
    return total


def main():
    with tempfile.TemporaryDirectory() as folder:
        hosts = "127.0.0.1,testserver"
        prepare(folder, SITE_URL="http://127.0.0.1", ALLOWED_HOSTS=hosts)
        fill()
        port = str(free_port())
        root = f"http://127.0.0.1:{port}"
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
        web = running(*gunicorn, "config.wsgi", PORT=port, WEB_CONCURRENCY="2")
        worker = running(sys.executable, "manage.py", "run_worker")
        with web as server:
            wait_for(f"{root}/")
            print(f"CPU from starting to the first page: {cpu(children(server.pid)):.2f} s")
            with worker as tasks:
                pages = addresses(root)
                for path in pages * 2:
                    assert answered(root + path)[0] == 200, path
                body = urllib.parse.urlencode({"text": "Bon dia, tinc un bony.", "language": ""})
                urllib.request.urlopen(f"{root}/comments/preview/", body.encode()).close()
                time.sleep(20)  # the worker has had its minute's chores
                print(f"after {len(pages)} pages, each twice:")
                master, *workers = children(server.pid)
                both = show("gunicorn and two web workers", [master, *workers])
                total = both + show("task worker", children(tasks.pid))
                print(f"{'together':<34}{total:6.0f} MB PSS")


if __name__ == "__main__":
    main()
