"""Faults that last: what readers and the author see meanwhile, and afterwards."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

from .site import author, let_go
from .table import Row, broken

PAGES = ["/", "/review/", "/references/", "/blog/"]
FORM_WORDS = "Words that must not be lost."
HOUR = 3600


def upgrade(site):
    """Every address of the sitemap of a site of the first release, with the rows it had."""
    site.start()
    waiting, pages = ["/sitemap.xml"], []
    while waiting:
        found = re.findall(r"<loc>([^<]+)</loc>", site.ask(waiting.pop())[1].decode())
        for address in found:
            path = address.removeprefix(os.environ["SITE_URL"])
            (waiting if path.endswith(".xml") else pages).append(path)
    failed = [(path, status) for path in pages if (status := site.ask(path)[0]) != 200]
    ready = site.ask("/readyz")[1].decode().strip()
    site.stop()
    if failed or not ready.startswith("ready"):
        broken(f"after the upgrade: {failed[:5]}, {ready}")
    return Row(
        f"an upgrade from {site.restored}, with rows in it",
        f"all {len(pages)} addresses of the sitemap: 200; `/readyz`: {ready}",
        "the site of before",
        "nothing",
    )


class Reader:
    """Somebody with an open form, and the author with another."""

    def __init__(self, site):
        from django.urls import reverse

        from blog.models import Post
        from tests.comments.forms import address, filled
        from tests.publishing.test_editing import form_of

        self.site, self.page = site, Post.objects.published().first()
        self.path = address(self.page)
        self.fill = lambda: filled(self.page, text=FORM_WORDS, email="")
        self.client, self.cookies = author()
        self.desk = reverse("admin:blog_post_change", args=[self.page.pk])
        self.form = lambda: form_of(self.client, self.desk, title=FORM_WORDS)

    def reads(self):
        """The worst status of some pages."""
        return max(self.site.tried(path)[0] or 599 for path in PAGES)

    def send(self, data):
        """`(status, whether the words are on the page)`"""
        status, body, _headers = self.site.tried(self.path, data)
        return status, FORM_WORDS in body.decode(errors="replace")

    def save(self, data):
        status, body, _headers = self.site.tried(self.desk, data, cookies=self.cookies)
        return status, FORM_WORDS in body.decode(errors="replace")


def disk_full(site):
    """Only where the folder of the database is a disk of its own."""
    from comments.models import Comment

    place = site.path.parent
    if not place.is_mount():
        return Row("the disk is full", "not tried: only root can make a small disk", "", "")
    reader = Reader(site)
    sent, saved = reader.fill(), reader.form()
    site.start()
    reader.reads()
    filler = place / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    read, (status, kept), (desk, desk_kept) = reader.reads(), reader.send(sent), reader.save(saved)
    filler.unlink()
    after, later = reader.send(sent)[0], reader.save(saved)[0]
    site.stop()
    if (read, status, desk, after, later) != (200, 503, 503, 302, 302) or not (kept and desk_kept):
        broken(f"disk full: {(read, status, desk, after, later, kept, desk_kept)}")
    if Comment.objects.filter(text=FORM_WORDS).count() != 1:
        broken("disk full: the comment is not there once")
    Comment.objects.filter(text=FORM_WORDS).delete()
    return Row(
        "the disk is full",
        "pages: 200; who sends a comment: 503 with the words in the form; with room again, the"
        " same form: taken",
        "503 with everything typed in the form; with room again, the same form: saved",
        "nothing",
    )


def read_only(site):
    """PostgreSQL as a standby answers; SQLite on a disk that came up read-only."""
    from django.db import connection

    reader = Reader(site)
    sent, saved = reader.fill(), reader.form()
    place = site.path.parent
    if connection.vendor == "sqlite" and not place.is_mount():
        return Row("a read-only disk", "not tried: only root can make one", "", "")
    with _unwritable(connection, place):
        try:
            site.start()
            started = True
        except SystemExit:
            started = False
        read = reader.reads() if started else 0
        status, kept = reader.send(sent) if started else (0, False)
        desk, _kept = reader.save(saved) if started else (0, False)
        site.stop()
    site.start()
    after = reader.reads()
    site.stop()
    if after != 200 or (started and (status, desk) != (503, 503)):
        broken(f"read-only: {(started, read, status, kept, desk, after)}")
    said = "pages: 200" if read == 200 else f"pages: {read}, in words"
    return Row(
        "the database cannot be written to, from the start on",
        f"{said}; who sends a comment: {status}{' with the words in the form' if kept else ''}",
        f"{desk} in words; what was typed is kept beside the form by the browser",
        "nothing; with the disk writable again all goes on",
    )


@contextlib.contextmanager
def _unwritable(connection, place):
    if connection.vendor == "sqlite":
        let_go()
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        try:
            yield
        finally:
            let_go()
            subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
        return
    name = connection.settings_dict["NAME"]

    def say(words):
        with connection.cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" {words}')

    say("SET default_transaction_read_only = on")
    let_go()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            cursor.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        let_go()


def clock_back(site):
    """An hour, while forms are open and mail waits: as when a clock that ran ahead is put right."""
    from post_office.models import Email

    from comments.models import Comment

    reader = Reader(site)
    file = site.folder / "clock"
    file.write_text(str(HOUR))
    site.start("tests.faults.clock:application", CLOCK_FILE=str(file))
    form = site.ask(reader.path)[1].decode()
    data = reader.fill() | {"email": "clock@example.org"}
    data["stamp"] = re.search(r'name="stamp" value="([^"]+)"', form)[1]
    # The digits of another form do not count for this one.
    from tests.comments.forms import answer_to

    data["captcha_0"] = re.search(r'name="captcha_0" value="([^"]+)"', form)[1]
    data["captcha_1"] = answer_to(data["captcha_0"])
    saved = reader.form()
    before = reader.reads()
    file.write_text("0")
    read, (status, _kept), (desk, _kept) = reader.reads(), reader.send(data), reader.save(saved)
    site.stop()
    queued = Email.objects.filter(to__startswith="clock").count()
    if (before, read, status, desk, queued) != (200, 200, 302, 302, 1):
        broken(f"clock: {(before, read, status, desk, queued)}")
    Comment.objects.filter(text=FORM_WORDS).delete()
    return Row(
        "the clock goes back an hour",
        "pages: 200; a form opened before: taken",
        "still logged in; a form opened before: saved",
        "nothing",
    )


def mail_server(site):
    """Each kind of trouble with three mails that wait."""
    from django.conf import settings
    from post_office.models import Email

    from publishing.mailing import outbox, smtp
    from tests.comments.smtp_server import smtp_server

    settings.EMAIL_BACKEND = "publishing.mailing.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT, smtp.LONGER = "127.0.0.1", 2, 2
    kinds = {
        "down": "no server answers",
        "go away": "421",
        "put off": "451",
        "refuse": "550",
        "say nothing": "it hangs before the mail is whole",
        "take and stall": "it takes the mail and hangs",
    }
    for behaviour, said in kinds.items():
        Email.objects.all().delete()
        with smtp_server() as server:
            settings.EMAIL_PORT = server.port
            for n in range(3):
                outbox.send(
                    "waiting", f"smtp{n}@example.org", "en", {"items": [], "new": n, "waiting": n}
                )
            server.behaviour = [behaviour] + ["take"] * 9
            if behaviour == "down":
                server.close()
            first = outbox.deliver()
        with smtp_server() as again:
            settings.EMAIL_PORT = again.port
            outbox.Email.objects.filter(status__in=outbox.QUEUED).update(scheduled_time=None)
            second = outbox.deliver()
            taken = [mail["Message-ID"] for mail in [*server.taken, *again.taken]]
        left = Email.objects.exclude(status=0).count()
        if len(set(taken)) != len(taken) or (left, first.given_up) not in ((0, 0), (1, 1)):
            broken(f"mail, {said}: {first}, {second}, {left} left")
        yield Row(
            f"the mail server: {said}",
            f"of three mails {len(taken)} arrive, each once",
            f"{first.sent} sent at once, {first.put_off} put off, {first.given_up} given up and"
            f" shown to her; when it is well again {second.sent} more"
            if first.given_up or first.put_off
            else "nothing",
            "nothing" if len(taken) == 3 else "nothing silently: one is the author's to send again",
        )


# PostgreSQL alone


class Postmaster:
    """The throw-away server of this run, stopped and started as `systemctl` would."""

    def __init__(self, folder, programs, account):
        self.folder, self.programs, self.account = Path(folder), programs, account
        self.process = None

    def stop(self):
        pid = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
        if self.process:
            self.process.wait(30)
        while (self.folder / "data/postmaster.pid").exists():
            time.sleep(0.01)

    def start(self):
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, "-h", ""],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, **self.account,
        )  # fmt: skip


def soon(site):
    """Seconds “back at once” may last: ten, or fifty searches of the machine as it is just now."""
    begun = time.monotonic()
    site.ask("/search/?q=nodule")
    return max(10, 50 * (time.monotonic() - begun))


def database_away(site, postmaster):
    """Stopped for some seconds."""
    reader = Reader(site)
    sent = reader.fill()
    site.start()
    enough = soon(site)
    for _worker in range(12):  # each keeps pages for itself
        reader.reads()
    let_go()
    postmaster.stop()
    kept, made, retry = [], [], set()
    end = time.monotonic() + 4
    while time.monotonic() < end:
        for path, times in (("/", kept), ("/search/?q=nodule", made)):
            begun = time.monotonic()
            status, _body, headers = site.tried(path)
            times.append((status, time.monotonic() - begun))
            if status == 503:
                retry.add(headers.get("Retry-After"))
    posted, _kept = reader.send(sent)
    postmaster.start()
    begun = time.monotonic()
    while site.tried("/search/?q=nodule")[0] != 200 and time.monotonic() - begun < enough:
        time.sleep(0.05)
    back = time.monotonic() - begun
    site.stop()
    shown = sum(status == 200 for status, _took in kept)
    slowest = max(took for _status, took in made[4:])
    if {status for status, _took in made} != {503} or None in retry or posted != 503:
        broken(f"database away: {made[:3]}, {retry}, {posted}")
    if shown < len(kept) * 0.8 or back > enough:
        broken(f"database away: {shown} of {len(kept)} from the store; back after {back:.1f} s")
    return Row(
        "the database server is stopped",
        f"the home page from the store in {shown} of {len(kept)}; a search: 503 with `Retry-After`,"
        f" at most {max(took for _s, took in made):.1f} s, once it is known"
        f" {slowest * 1000:.0f} ms; pages again {back:.1f} s after its start",
        "503 in words",
        "nothing; what was typed is in the browser",
    )


def database_restarted(site, postmaster):
    """While people read and write."""
    from comments.models import Comment
    from tests.comments.forms import filled

    reader = Reader(site)
    forms = [filled(reader.page, text=f"Restart {n}", email="") for n in range(60)]
    site.start()
    enough = soon(site)
    reads, writes, over = [], [], threading.Event()

    def read():
        while not over.is_set():
            reads.append(site.tried("/search/?q=fascia")[0])

    def write():
        for number, data in enumerate(forms):
            writes.append((number, site.tried(reader.path, data, reader=f"10.3.{number}.1")[0]))
            if over.wait(0.1):
                return

    threads = [threading.Thread(target=each) for each in (read, read, write)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    let_go()
    postmaster.stop()
    postmaster.start()
    begun = time.monotonic()
    time.sleep(0.2)
    while site.tried("/search/?q=fascia")[0] != 200 and time.monotonic() - begun < enough:
        time.sleep(0.05)
    back = time.monotonic() - begun
    time.sleep(1)
    over.set()
    for thread in threads:
        thread.join()
    site.stop()
    kept = set(Comment.objects.values_list("text", flat=True))
    good = [number for number, status in writes if status == 302]
    lost = [number for number in good if f"Restart {number}" not in kept]
    odd = {status for status in reads if status not in (200, 503)}
    odd |= {status for _n, status in writes if status not in (302, 503, 429)}
    if lost or odd or back > enough:
        broken(f"restart: {len(lost)} lost, statuses {odd}, back after {back:.1f} s")
    return Row(
        "the database server is restarted under load",
        f"{reads.count(503)} of {len(reads)} searches and {sum(s == 503 for _n, s in writes)} of"
        f" {len(writes)} comments: 503 in words; pages again {back:.1f} s after its start",
        "the same",
        f"nothing: {len(good)} acknowledged comments are there",
    )
