"""`make cluster`: two web nodes behind nginx, PostgreSQL with a replica, a Redis, all on this
machine; with a store that speaks S3 (moto), if there is one.

A story in a browser, then each part is killed in turn while readers read and comments are sent:
readers see no 5xx; a comment is taken, or its words come back with a page that asks to wait; when
all is mended comments are taken again; each that was taken is there at the end, once. It says what
is missing.
"""

import itertools
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from tests.run import find_chromium, find_nginx, server_programs

HOST = "review.example.org"
PACE = 0.1  # seconds between two pages of a reader
# nginx counts whole seconds: what it keeps for one is good until the next but one begins.
NGINX_KEEPS = 2.0
NUMBERS = itertools.count()
PATIENCE = 30  # seconds for a comment to be taken once all is mended


def missing():
    yield from (
        words
        for words, found in {
            "nginx (apt-get install nginx)": find_nginx(),
            "PostgreSQL's server (apt-get install postgresql)": server_programs(),
            "redis-server (apt-get install redis-server)": shutil.which("redis-server"),
            "the package redis (.venv/bin/pip install redis)": find_spec("redis"),
        }.items()
        if not found
    )


def has_store():
    return shutil.which("moto_server") and find_spec("storages")


class Readers:
    """They read pages that are kept and pages that are made, and never stop."""

    def __init__(self, front, paths):
        self.front, self.paths, self.over = front, paths, threading.Event()
        self.pages, self.errors, self.silent, self.slowest = 0, [], 0, 0.0
        self.threads = [threading.Thread(target=self.read, args=[n]) for n in range(2)]

    def read(self, first):
        for path in itertools.islice(itertools.cycle(self.paths), first, None):
            if self.over.wait(PACE):
                return
            begun = time.monotonic()
            try:
                status = self.front.ask(path)[0]
            except (OSError, HTTPException):
                self.silent += 1
                continue
            self.pages += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)
            if status >= 500:
                self.errors.append((path, status))

    def __enter__(self):
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        for each in self.threads:
            each.join()


class Writer(Readers):
    """Sends comments, each from another reader's address: LIMITS lets one send sixty in an hour.
    What was refused is sent again as it was, as by the button of the page that says so.

    `taken`: those the site said it has; `refused`: how often it said that it cannot just now, with
    all that was typed; `others`: statuses of any other answer, 0 for none.
    """

    def __init__(self, front, page):
        super().__init__(front, [])
        self.page, self.taken, self.refused, self.others = page, [], 0, []
        self.threads = [threading.Thread(target=self.write)]

    def write(self):
        from django.db import Error

        from tests.comments.forms import filled
        from tests.faults.site import let_go

        for number in NUMBERS:
            if self.over.is_set():
                break
            text = f"Comment {number} of the cluster."
            try:
                form = filled(self.page, text=text, email="")
            except Error:
                let_go()
                continue
            reader = f"127.1.{number // 250}.{number % 250 + 1}"
            while not self.over.wait(0.5) and not self.send(form, reader):
                pass
        let_go()

    def send(self, form, reader):
        """Whether it was taken."""
        from tests.comments.forms import address

        cookie = "c" * 32
        headers = {
            "Cookie": f"__Host-csrftoken={cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"https://{HOST}",
            "Referer": f"https://{HOST}/",
        }
        data = urlencode(form | {"csrfmiddlewaretoken": cookie})
        try:
            status, _, page = self.front.ask(address(self.page), "POST", data, reader, **headers)
        except (OSError, HTTPException):
            status, page = 0, b""
        if status == 302:
            self.taken.append(form["text"])
        elif status == 503 and form["text"].encode() in page:
            self.refused += 1
        else:
            self.others.append(status)
        return status == 302

    def again(self):
        """Seconds until one more was taken; None if none was for PATIENCE."""
        before, begun = len(self.taken), time.monotonic()
        while len(self.taken) == before:
            if time.monotonic() - begun > PATIENCE:
                return None
            time.sleep(0.05)
        return time.monotonic() - begun


class Kill(NamedTuple):
    what: str
    kill: Callable = lambda: None
    mend: Callable = lambda: None
    meanwhile: tuple = ()  # what else a comment may meet than to be told to wait, as in `others`


def wrong_of(each, readers, writer, again):
    """What was not as it should be, in words; empty if all was."""
    if readers.errors:
        yield f"{each.what}: readers saw {readers.errors[:5]}"
    if unlike := [status for status in writer.others if status not in each.meanwhile]:
        yield f"{each.what}: comments met {unlike[:5]}"
    if again is None:
        yield f"{each.what}: no comment was taken afterwards"


class Cluster:
    def __init__(self, folder, stack):
        from .servers import ClusterFront, Node, PostgreSQL, Redis, Store

        programs = server_programs()
        self.primary = PostgreSQL(programs, folder / "primary")
        stack.callback(lambda: self.end(self.primary.process))
        self.primary.start()
        self.primary.ask("CREATE DATABASE faults")
        self.primary.waits_for("follows")
        self.replica = PostgreSQL(programs, folder / "replica", of=self.primary)
        stack.callback(lambda: self.end(self.replica.process))
        self.replica.start()
        self.redis = Redis(folder / "redis")
        self.redis.start()
        stack.callback(lambda: self.end(self.redis.process))
        self.store = Store(stack) if has_store() else None
        self.nodes = [Node(folder, name) for name in ("one", "two")]
        self.front = ClusterFront(folder / "front", self.nodes)
        self.fill(folder)
        for node in self.nodes:
            stack.callback(lambda node=node: self.end(node.process))
            node.start()
        stack.callback(lambda: self.end(self.front.nginx))
        self.front.start()

    def end(self, process):
        if process and process.poll() is None:
            process.send_signal(signal.SIGINT)  # PostgreSQL would wait for who is connected
            process.wait(60)

    def fill(self, folder):
        """The sample site of the last release, and the settings of every node."""
        from tests.faults.site import Site

        # Whichever of the two can be written to is the primary.
        either = f"{self.primary.folder},{self.replica.folder}"
        url = f"postgres://tests@/faults?host={either}&target_session_attrs=read-write"
        address = f"https://{HOST}:{self.front.port}"
        self.site = Site(
            folder, self.primary.url("faults"),
            DATABASE_URL=url,
            DATABASE_REPLICA_URL=self.replica.url("faults"),
            CACHE_URL=self.redis.url,
            PURGE_URLS=f"DELETE http://127.0.0.1:{self.front.purge}/{{0123456789abcdef}}/",
            SITE_URL=f"https://{HOST}", ALLOWED_HOSTS=f"{HOST},127.0.0.1,testserver",
            CSRF_TRUSTED_ORIGINS=f"https://{HOST},{address}", HTTPS="true",
            SECOND_FACTOR_REQUIRED="false", WEB_CONCURRENCY="1", WEB_THREADS="4",
            LOG_LEVEL="ERROR", S3_URL=self.store.bucket if self.store else "",
        )  # fmt: skip

    def catch_up(self):
        for _ in range(300):
            behind = self.primary.ask(
                "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
                " AND replay_lsn = pg_current_wal_lsn()"
            )
            if behind[0]:
                return
            time.sleep(0.1)
        raise SystemExit("The replica does not catch up.")

    def lose_the_replica(self):
        self.replica.kill()
        time.sleep(1)
        self.primary.waits_for("")  # else nothing could be written

    def have_it_back(self):
        self.replica.start()
        self.catch_up()
        self.primary.waits_for("follows")

    def follow_the_promoted(self):
        """What was the primary, which is not to come back as one."""
        self.primary, self.replica = self.replica, self.primary
        self.replica.clone(self.primary)
        self.have_it_back()


def story(cluster):
    """That of tests/browser, over nginx and both nodes."""
    from playwright.sync_api import sync_playwright

    from tests.browser import test_story
    from tests.factories import AuthorUserFactory

    user = AuthorUserFactory(username="author")
    user.set_password("a long enough password")
    user.save()
    rules = f"--host-resolver-rules=MAP {HOST} 127.0.0.1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", rules],
        )
        pages = []
        for width, height in ((1280, 900), (390, 844)):
            context = chromium.new_context(
                base_url=f"https://{HOST}:{cluster.front.port}", locale="en-GB",
                viewport={"width": width, "height": height}, ignore_https_errors=True,
            )  # fmt: skip
            context.set_default_timeout(60_000)
            pages.append(context.new_page())
        phone, again = pages[1], pages[1].reload

        def reload():
            time.sleep(NGINX_KEEPS)
            return again()

        phone.reload = reload
        test_story.test_she_writes_a_reader_asks_she_answers_and_the_reader_sees_it(*pages, None)
        chromium.close()


def kills(cluster):
    yield Kill("nothing")
    yield Kill("Redis", cluster.redis.kill, cluster.redis.start)
    for name, node in zip(("one node", "the other node"), cluster.nodes, strict=True):
        # What it had begun is not asked of the other: nginx's own page says to go back.
        yield Kill(name, node.kill, node.start, (502,))
    if cluster.store:
        yield Kill("S3", cluster.store.kill)  # moto forgets what it had
    yield Kill("the replica", cluster.lose_the_replica, cluster.have_it_back)
    yield Kill("nginx", cluster.front.kill, cluster.front.start, (0,))
    yield Kill("the primary, until the replica is promoted", cluster.primary.kill,
               cluster.replica.promote)  # fmt: skip
    yield Kill("nothing, and what was the primary follows the other", cluster.follow_the_promoted)


def main():
    lacking = list(missing())
    if lacking:
        return f"Not tried. There is missing: {'; '.join(lacking)}"
    if not find_chromium():
        print("The story was NOT told: there is no chromium (apt-get install chromium).")
    if not has_store():
        print(
            "S3 was NOT tried: .venv/bin/pip install 'django-storages[s3]', and moto_server in PATH"
            " (pip install 'moto[server]')."
        )
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="review-cluster-", dir=place()))
        folder.chmod(0o755)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        cluster = Cluster(folder, stack)
        return tell(cluster)


def place():
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def tell(cluster):
    from comments.models import Comment
    from review.models import Chapter
    from tests.faults.site import let_go

    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # of this process
    wrong = []
    if find_chromium():
        story(cluster)
        print("The story in a browser, over both nodes: told.", flush=True)
    chapter = Chapter.objects.published().order_by("pk").first()
    paths = ["/", chapter.get_absolute_url(), "/references/", "/search/?q=fascia", "/es/blog/"]
    if cluster.store:
        from django.core.files.base import ContentFile
        from django.core.files.storage import default_storage

        paths.append("/media/" + default_storage.save("images/a.png", ContentFile(b"a picture")))
    let_go()
    taken = []
    for each in kills(cluster):
        with Readers(cluster.front, paths) as readers, Writer(cluster.front, chapter) as writer:
            time.sleep(1)
            each.kill()
            time.sleep(6)
            each.mend()
            again = writer.again()
            time.sleep(3)
        taken += writer.taken
        print(
            f"killed: {each.what}: {readers.pages} pages, {len(readers.errors)} of them 5xx,"
            f" slowest {readers.slowest:.1f} s, {readers.silent} without an answer; comments:"
            f" {len(writer.taken)} taken, {writer.refused} asked to wait, other answers"
            f" {dict(Counter(writer.others))}; once mended, the next"
            + (" was not taken" if again is None else f" taken after {again:.1f} s"),
            flush=True,
        )
        found = list(wrong_of(each, readers, writer, again))
        wrong += found
        for node in cluster.nodes if found else ():
            print(node.log.read_text()[-2000:])
        let_go()
    kept = Counter(Comment.objects.values_list("text", flat=True))
    lost = [text for text in taken if not kept[text]]
    twice = [text for text in taken if kept[text] > 1]
    print(f"{len(taken)} comments were taken; lost: {len(lost)}; there twice: {len(twice)}.")
    let_go()
    if wrong or lost or twice:
        return f"Not as it should be: {'; '.join(wrong)} {lost[:10]} {twice[:10]}"
    return 0


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
    # Playwright's loop runs in the thread that looks into the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sys.exit(main())
