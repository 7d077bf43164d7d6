"""`make cluster`: two web nodes behind nginx, PostgreSQL with a replica, a Redis, all on this
machine; with a store that speaks S3 (moto), if there is one.

A story in a browser, then each part is killed in turn while readers read and comments are sent:
readers see no 5xx, and every comment that was taken is there at the end. It says what is missing.
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
from contextlib import ExitStack
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

from tests.run import find_chromium, find_nginx, server_programs

HOST = "review.example.org"
PACE = 0.1  # seconds between two pages of a reader
# nginx counts whole seconds: what it keeps for one is good until the next but one begins.
NGINX_KEEPS = 2.0
NUMBERS = itertools.count()


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
    """Sends comments; `taken` are those the site said it has."""

    def __init__(self, front, page):
        super().__init__(front, [])
        self.page, self.taken, self.refused = page, [], 0
        self.threads = [threading.Thread(target=self.write)]

    def write(self):
        from django.db import Error

        from tests.comments.forms import address, filled
        from tests.faults.site import let_go

        cookie = "c" * 32
        headers = {
            "Cookie": f"__Host-csrftoken={cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"https://{HOST}",
            "Referer": f"https://{HOST}/",
        }
        path = address(self.page)
        while True:
            if self.over.wait(0.5):
                break
            text = f"Comment {next(NUMBERS)} of the cluster."
            try:
                data = filled(self.page, text=text, email="") | {"csrfmiddlewaretoken": cookie}
                status = self.front.ask(path, "POST", urlencode(data), **headers)[0]
            except (OSError, HTTPException, Error):
                status = 0
                let_go()
            if status == 302:
                self.taken.append(text)
            else:
                self.refused += 1
        let_go()


class Cluster:
    def __init__(self, folder, stack):
        from .servers import ClusterFront, Node, PostgreSQL, Redis, Store

        programs = server_programs()
        self.primary = PostgreSQL(programs, folder / "primary")
        stack.callback(lambda: self.end(self.primary.process))
        self.primary.start()
        self.primary.ask("CREATE DATABASE faults")
        self.replica = PostgreSQL(programs, folder / "replica", of=self.primary)
        stack.callback(lambda: self.end(self.replica.process))
        self.replica.start()
        self.both(True)
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

    def both(self, wished):
        """Whether a writing is told to be done only when the replica has it as well."""
        names = "follows" if wished else ""
        self.primary.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.primary.ask("SELECT pg_reload_conf()")

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
    """`(what, kill, mend)`"""
    yield "nothing", lambda: None, lambda: None
    yield "Redis", cluster.redis.kill, cluster.redis.start
    for name, node in zip(("one node", "the other node"), cluster.nodes, strict=True):
        yield name, node.kill, node.start

    if cluster.store:
        yield "S3", cluster.store.kill, lambda: None  # moto forgets what it had

    def lose_the_replica():
        cluster.replica.kill()
        time.sleep(1)
        cluster.both(False)  # else nothing could be written

    def have_it_back():
        cluster.replica.start()
        cluster.catch_up()
        cluster.both(True)

    yield "the replica", lose_the_replica, have_it_back
    yield "nginx", cluster.front.kill, cluster.front.start

    def lose_the_primary():
        cluster.primary.kill()
        time.sleep(3)
        cluster.replica.promote()

    yield "the primary; after 3 s the replica takes its place", lose_the_primary, lambda: None


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
    for what, kill, mend in kills(cluster):
        with Readers(cluster.front, paths) as readers, Writer(cluster.front, chapter) as writer:
            time.sleep(1)
            kill()
            time.sleep(6)
            mend()
            time.sleep(3)
        taken += writer.taken
        print(
            f"killed: {what}: {readers.pages} pages, {len(readers.errors)} of them 5xx, slowest"
            f" {readers.slowest:.1f} s, {readers.silent} without an answer;"
            f" comments: {len(writer.taken)} taken, {writer.refused} not",
            flush=True,
        )
        wrong += readers.errors
        for node in cluster.nodes if readers.errors else ():
            print(node.log.read_text()[-2000:])
        let_go()
    kept = set(Comment.objects.values_list("text", flat=True))
    lost = [text for text in taken if text not in kept]
    print(f"{len(taken)} comments were taken; lost: {len(lost)}.")
    let_go()
    if wrong or lost:
        return f"Not as it should be: {wrong[:10]} {lost[:10]}"
    return 0


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.faults.settings"
    # Playwright's loop runs in the thread that looks into the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sys.exit(main())
