"""Who writes and who reads, for minutes: `python -m tests.cluster.race [SECONDS]`.

Two nodes of two processes, PostgreSQL with a replica and nginx, with a Redis and then without. One
writes the title of a chapter again and again; readers at each node, and at nginx, never stop. A
node shows nobody what was before a writing that was done when they asked; nginx may for
`NGINX_KEEPS` after it was answered, which may be after the writing. It says how many read and what
was too old.
"""

import os
import random
import re
import sys
import threading
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from . import __main__ as cluster


def at_node(node):
    """Asks one node itself, as nginx does."""

    def ask(path):
        wire = HTTPConnection("127.0.0.1", node.port, timeout=60)
        try:
            wire.request("GET", path, headers={"Host": cluster.HOST, "X-Forwarded-Proto": "https"})
            answer = wire.getresponse()
            return answer.status, answer.read()
        finally:
            wire.close()

    return ask


def at_front(front):
    def ask(path):
        status, _headers, body = front.ask(path)
        return status, body

    return ask


class Reader(threading.Thread):
    """`oldest`: for how many seconds something else had been true when that was shown; `slowest`:
    how long an answer took."""

    def __init__(self, race, name, ask):
        super().__init__(name=name)
        self.race, self.ask = race, ask
        self.reads, self.stale, self.oldest, self.slowest, self.failed = 0, 0, 0.0, 0.0, []

    def run(self):
        while not self.race.over.is_set():
            began, known = time.monotonic(), len(self.race.written) - 1
            try:
                status, body = self.ask(self.race.path)
                seen = re.search(rb"<h1[^>]*>.*?Words (\d+)<", body, re.DOTALL)
                if status != 200 or not seen:
                    self.failed.append(status)
                    continue
            except Exception as error:
                self.failed.append(repr(error))
                continue
            self.reads += 1
            self.slowest = max(self.slowest, time.monotonic() - began)
            if int(seen[1]) < known:
                self.stale += 1
                since = began - self.race.written[int(seen[1]) + 1]
                self.oldest = max(self.oldest, since)


class Race:
    """`written[n]`: when the n-th writing was done."""

    def __init__(self, chapter, asked):
        self.path, self.pk, self.over = chapter.get_absolute_url(), chapter.pk, threading.Event()
        self.written = []
        self.write()
        self.readers = [Reader(self, name, ask) for name, ask in asked for _ in range(2)]

    def write(self):
        from review.models import Chapter

        Chapter.objects.filter(pk=self.pk).update(title=f"Words {len(self.written)}")
        self.written.append(time.monotonic())

    def run(self, seconds):
        for each in self.readers:
            each.start()
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                # Now in a rush, now so seldom that all of them keep the page.
                time.sleep(random.choice((0, 0.01, 0.1, 0.5, 2.5)))
                self.write()
        finally:
            self.over.set()
            for each in self.readers:
                each.join()

    def told(self):
        """Lines, and whether something was not as it should be."""
        wrong = False
        for name in dict.fromkeys(each.name for each in self.readers):
            of_it = [each for each in self.readers if each.name == name]
            oldest, stale = max(each.oldest for each in of_it), sum(each.stale for each in of_it)
            slowest = max(each.slowest for each in of_it)
            failed = [each for reader in of_it for each in reader.failed]
            wrong |= bool(failed) or oldest > (
                cluster.NGINX_KEEPS + slowest if name == "nginx" else 0
            )
            print(
                f"  {name}: {sum(each.reads for each in of_it)} pages, {stale} of before, the"
                f" oldest by {oldest:.2f} s; slowest {slowest:.2f} s;"
                f" {len(failed)} failed {failed[:3] or ''}",
                flush=True,
            )
        return wrong


def main(seconds):
    if lacking := list(cluster.missing()):
        return f"Not tried. There is missing: {'; '.join(lacking)}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=cluster.place())))
        folder.chmod(0o755)
        around = cluster.Cluster(folder, stack)
        from review.models import Chapter

        chapter = Chapter.objects.published().order_by("pk").first()
        asked = [(f"node {n}", at_node(node)) for n, node in enumerate(around.nodes, 1)]
        asked.append(("nginx", at_front(around.front)))
        os.environ["WEB_CONCURRENCY"] = "2"
        wrong = False
        for shared in (around.redis.url, ""):
            os.environ["CACHE_URL"] = shared
            for node in around.nodes:
                node.stop()
                node.start()
            race = Race(chapter, asked)
            race.run(seconds)
            print(
                f"{'With' if shared else 'Without'} a Redis, {seconds} s:"
                f" {len(race.written)} writings",
                flush=True,
            )
            wrong |= race.told()
    return int(wrong)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 180))
