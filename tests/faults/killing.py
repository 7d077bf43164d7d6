"""kill -9 at any moment, many times: what was acknowledged is there, nothing is half, nothing is
doubled."""

import io
import os
import random
import shutil
import signal
import sys
import threading
import time

from .site import author, ended, fork
from .table import Row, broken

AT_ONCE = 4
# Of so many rounds: the dearer ones are fewer.
SHARES = {"comments": 8, "saves": 4, "imports": 2, "mails": 4, "backups": 1, "restores": 1}


def every(site, rounds, tell):
    """A `Row` for each kind of work."""
    parts = sum(SHARES.values())
    chance = random.Random(rounds)
    for name, share in SHARES.items():
        number = max(1, round(rounds * share / parts))
        tell(f"kill -9, {name}, {number} rounds")
        yield globals()[name](site, number, chance)


def strike(site, chance, each, wait):
    """A worker, or every eighth time the master; then until somebody answers again."""
    time.sleep(wait)
    if each % 8 == 7:
        site.kill_master()
        return lambda: site.start()
    workers = site.workers()
    if workers:
        os.kill(chance.choice(workers), signal.SIGKILL)
    return lambda: None


def sent(site, address, data, **options):
    """Pressed again until there is an answer that is no failure of the server; how often."""
    for pressed in range(60):
        status, _body, _headers = site.tried(address, data, **options)
        if status and status < 500:
            return status, pressed
        time.sleep(0.1)
    raise SystemExit(f"{address}: no answer, {site.said()[-500:]}")


def comments(site, rounds, chance):
    from post_office.models import Email

    from blog.models import Post
    from comments.models import Comment
    from tests.comments.forms import address, filled
    from tests.comments.threads.test_order import assert_sound

    page = Post.objects.published().first()
    path = address(page)
    forms = [
        filled(page, name=f"Reader {each}", email=f"kill{each}@example.org", text=f"Words {each}.")
        for each in range(rounds * AT_ONCE)
    ]
    acknowledged, unanswered = [], []

    def press(number):
        status = site.tried(path, forms[number], reader=f"10.1.{number // 200}.{number % 200}")[0]
        (acknowledged if status == 302 else unanswered).append(number)

    site.start()
    for each in range(rounds):
        threads = [
            threading.Thread(target=press, args=(each * AT_ONCE + n,)) for n in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        again = strike(site, chance, each, chance.uniform(0, 0.4))
        for thread in threads:
            thread.join()
        again()
    texts = set(Comment.objects.values_list("text", flat=True))
    lost = [number for number in acknowledged if f"Words {number}." not in texts]
    for number in unanswered:
        status, _times = sent(
            site, path, forms[number], reader=f"10.2.{number // 200}.{number % 200}"
        )
        if status != 302:
            broken(f"a form sent again was answered {status}")
    site.stop()
    kept = list(Comment.objects.filter(email__startswith="kill").values_list("text", flat=True))
    welcomes = [mail.to[0] for mail in Email.objects.filter(to__startswith="kill") if mail.to]
    assert_sound(page)
    if lost or len(kept) != len(forms) or len(set(kept)) != len(kept):
        broken(f"comments: {len(lost)} acknowledged are lost, {len(kept)} of {len(forms)} kept")
    if sorted(welcomes) != sorted(data["email"] for data in forms):
        broken(f"{len(welcomes)} mails of welcome for {len(forms)} comments")
    return Row(
        f"web worker or master killed (`kill -9`) while comments are sent, {rounds} times",
        f"{len(unanswered)} of {len(forms)} had no answer (the connection ended, or the front says"
        " 502); the same form sent again was taken",
        "nothing",
        f"nothing: {len(acknowledged)} acknowledged and {len(forms)} sent in the end are there,"
        " each once, in its place, each with one mail of welcome",
    )


def saves(site, rounds, chance):
    from django.urls import reverse
    from reversion.models import Version

    from blog.models import Post
    from tests.publishing.test_editing import form_of

    client, cookies = author()
    post = Post.objects.published().first()
    address = reverse("admin:blog_post_change", args=[post.pk])
    site.start()
    unanswered = lost = half = 0
    for each in range(rounds):
        before, after = Post.objects.get(pk=post.pk).title, f"Title {each} of {rounds}"
        data = form_of(client, address, title=after)
        found = []

        def press(data=data, found=found):
            found.append(site.tried(address, data, cookies=cookies)[0])

        thread = threading.Thread(target=press)
        thread.start()
        again = strike(site, chance, each, chance.uniform(0, 0.8))
        thread.join()
        again()
        status = found[0]
        now = Post.objects.get(pk=post.pk).title
        newest = Version.objects.get_for_object(post).first()
        unanswered += status != 302
        lost += status == 302 and now != after
        half += now not in (before, after)
        half += bool(newest) and now == after and newest.field_dict["title"] != now
        if status != 302:
            status, _times = sent(site, address, data, cookies=cookies)
            if Post.objects.get(pk=post.pk).title != after:
                broken(f"a save sent again was answered {status} and is not there")
    site.stop()
    if lost or half:
        broken(f"saves: {lost} lost, {half} half")
    return Row(
        f"the same while the author saves a post, {rounds} times",
        "nothing",
        f"{unanswered} times no answer; what she typed is kept beside the form; the same form sent"
        " again is saved once",
        "nothing: each acknowledged save is there, with its version in the history",
    )


def imports(site, rounds, chance):
    from django.core.management import call_command

    from references.models import Reference

    records = 24
    stopped, whole = 0, None
    for each in range(-1, rounds):
        path = site.folder / f"import{each}.bib"
        path.write_text(
            "\n".join(
                f"@article{{kill{each}x{n}, title={{Work {each}.{n} of the killed}},"
                f" author={{Doe, Jane}}, journal={{J}}, year={{19{n + 10}}},"
                f" doi={{10.5555/kill.{each}.{n}}}}}"
                for n in range(records)
            )
        )

        def bring(path=path):
            call_command("import_references", str(path), verbosity=0, stdout=io.StringIO())

        if each >= 0:
            stopped += ended(fork(bring), chance.uniform(0, whole))
        begun = time.monotonic()
        pid = fork(bring)
        os.waitpid(pid, 0)
        whole = whole or time.monotonic() - begun
        found = list(
            Reference.objects.filter(doi__startswith=f"10.5555/kill.{each}.").values_list(
                "doi", flat=True
            )
        )
        if len(found) != records or len(set(found)) != records:
            broken(f"import: {len(found)} of {records} works after the second run")
    return Row(
        f"an import killed, {rounds} times ({stopped} before its end)",
        "nothing",
        "the command ends; run again, it goes on",
        f"nothing: {records} of {records} works each time, none twice",
    )


def mails(site, rounds, chance):
    from django.conf import settings
    from post_office.models import Email

    from publishing.mailing import outbox
    from tests.comments.smtp_server import smtp_server

    Email.objects.filter(status__in=outbox.QUEUED).delete()
    settings.EMAIL_BACKEND = "publishing.mailing.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    stopped = 0
    with smtp_server() as server:
        settings.EMAIL_PORT = server.port
        for each in range(rounds):
            for n in range(3):
                outbox.send(
                    "waiting", f"mail{each}.{n}@example.org", "en",
                    {"items": [], "new": n, "waiting": n},
                )  # fmt: skip
            stopped += ended(fork(outbox.deliver), chance.uniform(0, 0.12))
            outbox.Email.objects.filter(status__in=outbox.QUEUED).update(scheduled_time=None)
        while outbox.deliver().sent:
            pass
        time.sleep(0.2)
        taken = [mail["Message-ID"] for mail in server.taken]
        queued = Email.objects.filter(to__startswith="mail")
        unsure = queued.exclude(status=0).values_list("message_id", flat=True)
        missing = [mail.message_id for mail in queued if mail.message_id not in taken]
        quietly = set(missing) - set(unsure)
    if len(set(taken)) != len(taken) or quietly:
        broken(f"mail: {len(taken) - len(set(taken))} twice, {len(quietly)} lost silently")
    return Row(
        f"who sends mail killed, {rounds} times ({stopped} before the end of the run)",
        f"{len(taken)} of {rounds * 3} mails, none twice",
        f"{len(unsure)} that the server may have had stand at the desk, to be sent again by a press"
        if unsure
        else "nothing; what was under way goes out a quarter of an hour later",
        "nothing: all went out" if not missing else f"{len(missing)} wait at the desk for her",
    )


def backups(site, rounds, chance):
    from config.backup import making, restoring

    folder = site.folder / "backups"
    folder.mkdir()
    pid = fork(lambda: making.make(folder))
    begun = time.monotonic()
    os.waitpid(pid, 0)
    whole = time.monotonic() - begun
    stopped = 0
    for _each in range(rounds):
        before = set(making.every(folder))
        stopped += ended(fork(lambda: making.make(folder)), chance.uniform(0, whole))
        for path in set(making.every(folder)) - before:
            restoring.check(path)
        time.sleep(1)  # names are of seconds
    restoring.check(making.make(folder))
    return Row(
        f"`backup` killed, {rounds} times ({stopped} before its end)",
        "nothing",
        "no file of that name, or a whole one; the next backup is good",
        "nothing: every file that is there could be restored",
    )


def restores(site, rounds, chance):
    """Of three blows one falls at a step of the replacing, one while all is prepared, and one at
    any moment of the replacing, which begins where it is written down."""
    from config.backup import making, restoring
    from publishing import backups as state

    folder = site.folder / "restores"
    folder.mkdir()
    write, seen = _marked(site)
    write("kept")
    path = making.make(folder)
    bring = lambda: restoring.restore(path, (), lambda *said: True, lambda words: None)  # noqa: E731
    whole, replacing = _times_of(fork(bring), state.unfinished)
    _throw_away_kept(site)
    stopped, before, between = 0, 0, 0
    for each in range(rounds):
        turn, kind = divmod(each, 3)
        later = f"later {each}"
        write(later)
        if kind == 0:
            stopped += ended(fork(lambda turn=turn: _at_rename(1 + turn % 4, bring)), 600)
        elif kind == 1:
            stopped += ended(fork(bring), chance.uniform(0, whole - replacing))
        else:
            stopped += ended(fork(bring), chance.uniform(0, replacing), begun=state.unfinished)
        half = state.unfinished()
        if half:
            before += seen() == (later, later)
            between += seen() != (later, later)
            if not _refused(making.make, folder):
                broken("a backup was made in the middle of a restore")
            restoring.finish()
        if seen() not in ([("kept", "kept")] if half else [("kept", "kept"), (later, later)]):
            broken(f"a restore left {seen()}")
        if state.unfinished():
            broken("a restore did not come to its end")
        _throw_away_kept(site)
    if not between:
        broken("no blow fell between the database and the files")
    return Row(
        f"`restore` killed, {rounds} times ({stopped} before its end: {before} when it was to"
        f" replace the database, {between} between that and the last of the files)",
        "nothing: the site is stopped meanwhile",
        "the next command says that it did not come to its end; `restore --finish`, needed"
        f" {before + between} times, ends it",
        "nothing: database and files are both of before or both of the backup; of the backup"
        " wherever it was to be ended",
    )


def _at_rename(number, work):
    """Do this work; killed just before the rename of this number, counted since the replacing is
    written down."""
    from publishing import backups as state

    left = number

    def hear(event, _args):
        nonlocal left
        if event == "os.rename" and state.unfinished():
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)
    work()


def _marked(site):
    """Two functions: one writes a word into the database and into a file, the other reads both."""
    from blog.models import Post

    mark = site.folder / "media/mark.txt"
    post = Post.objects.published().first()

    def write(word):
        mark.parent.mkdir(exist_ok=True)
        mark.write_text(word)
        Post.objects.filter(pk=post.pk).update(title=word)

    def seen():
        """No word where there is no file: of two folders one was put away, the other not there
        yet."""
        return Post.objects.get(pk=post.pk).title, mark.read_text() if mark.exists() else ""

    return write, seen


def _times_of(pid, state):
    """Seconds until this process ends, and how many of them `state` was something."""
    begun, first = time.monotonic(), None
    while not os.waitpid(pid, os.WNOHANG)[0]:
        if first is None and state():
            first = time.monotonic()
    end = time.monotonic()
    return end - begun, end - (first or end)


def _refused(work, *args):
    from config.backup.archive import BackupError

    try:
        work(*args)
    except BackupError:
        return True
    return False


def _throw_away_kept(site):
    """What the restores replaced and kept: the disk is small."""
    from django.db import connection

    from config.backup import places

    for kept in site.path.parent.glob("*.before-*"):
        kept.unlink()
    for place in places.folders().values():
        for kept in place.parent.glob(f"{place.name}.before-*"):
            shutil.rmtree(kept)
    if connection.vendor == "postgresql":
        database = places.database()
        with database._server() as server:
            names = server.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)",
                [f"{database.name}_"],
            ).fetchall()
        for (name,) in names:
            database.drop(name)
