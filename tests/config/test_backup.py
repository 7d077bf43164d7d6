"""The whole site in one file, and back; nothing half, nothing overwritten, nothing brought back
that somebody took away."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pyrage
import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from post_office.models import STATUS, Email

from blog.models import Post
from comments.commenters import erasures, links, retention
from comments.models import Comment, Subscription
from config.backup import archive, making, places, restoring
from config.backup.archive import BackupError
from publishing import backups
from publishing.backups import last_backup, last_check
from publishing.mailing import outbox
from publishing.models import Consent
from tests.factories import PostFactory, comment

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "words that only the backup has"


@pytest.fixture(autouse=True)
def _no_database_is_left_behind():
    yield
    if connection.vendor == "postgresql":
        name = connection.settings_dict["NAME"]
        with places.database().connect("postgres", autocommit=True) as server:
            for (kept,) in server.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name[:40]}\\_%"]
            ).fetchall():
                server.execute(f'DROP DATABASE IF EXISTS "{kept}" WITH (FORCE)')


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "backups"
    path.mkdir()
    return path


@pytest.fixture
def post(settings):
    """A page, a picture and a private file."""
    write("media", "figures/one.png", b"\x89PNG one")
    write("private", "pdf/work.pdf", b"%PDF work")
    return PostFactory(slug="kept", title="Kept", body=f"<p>{WORDS}</p>")


def write(root, name, data):
    path = places.folders()[root] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def restore(path, keys=(), agree=True):
    said = []
    done = restoring.restore(path, keys, lambda *seen: agree, said.append)
    return done, "\n".join(said)


def test_what_is_lost_afterwards_comes_back_and_what_was_new_is_kept(post, folder):
    path = making.make(folder)
    post.delete()
    PostFactory(slug="new")
    picture = write("media", "figures/two.png", b"two")
    (picture.parent / "one.png").unlink()
    done, said = restore(path)
    assert done
    assert list(Post.objects.values_list("slug", flat=True)) == ["kept"]
    assert picture.with_name("one.png").read_bytes() == b"\x89PNG one"
    assert not picture.exists()
    kept = [Path(name) for name in said.split(": ")[-1].split(", ")]
    assert [each.joinpath("figures/two.png").exists() for each in kept].count(True) == 1
    with opened(kept[0]) as before:
        assert before.execute("SELECT slug FROM blog_post").fetchone() == ("new",)
    assert not backups.unfinished()


def opened(kept):
    if connection.vendor == "sqlite":
        return closing(sqlite3.connect(kept))
    return places.database().connect(kept.name)


def test_what_people_took_back_since_stays_taken_back(post, folder):
    gone = comment(post, email="gone@example.org", text="Erase me, please.")
    answered = comment(post, email="all@example.org", text="And all of mine.")
    comment(post, parent=answered, text="An answer.")
    withdrawn = comment(post, email="back@example.org", text="Not any more.")
    quiet = comment(post, email="quiet@example.org")
    stays = comment(post, email="stays@example.org", text="I stay.")
    for each in (quiet, stays):
        Subscription.objects.create(comment=each, language="en", confirmed=timezone.now())
    consent = Consent.objects.create(
        who="A. Nonymous", shown_as="the writer", given=date(2026, 1, 1), scope="one letter"
    )
    mail = outbox.send("waiting", "reader@example.org", "en", {"items": [], "new": 1, "waiting": 1})
    path = making.make(folder)

    Email.objects.filter(pk=mail.pk).update(status=STATUS.sent)
    retention.erase([gone])
    retention.erase_email("all@example.org")
    links.withdraw(withdrawn)
    quiet.subscription.delete()
    consent.withdrawn = date(2026, 2, 2)
    consent.save()
    _done, said = restore(path)

    assert not Comment.objects.filter(text__contains="Erase me").exists()
    assert not Comment.objects.filter(email="all@example.org").exists()
    assert Comment.objects.get(pk=withdrawn.pk).withdrawn
    assert list(Subscription.objects.values_list("comment", flat=True)) == [stays.pk]
    consent.refresh_from_db()
    assert consent.withdrawn == date(2026, 2, 2)
    assert Comment.objects.get(pk=stays.pk).text == "I stay."
    mail.refresh_from_db()
    assert mail.status == STATUS.sent
    assert "2 comments erased since the backup" in said
    assert erasures.was_erased("All@example.org", answered.created)
    assert not erasures.was_erased("All@example.org", timezone.now())


def test_on_another_machine_the_list_beside_newer_backups_tells_what_was_erased(post, folder):
    gone = comment(post, email="gone@example.org", text="Erase me, please.")
    path = making.make(folder / "old.tar.zst")
    retention.erase([gone])
    making.make(folder / "new.tar.zst")
    listed = (folder / making.ERASURES).read_text()
    assert "gone@" not in listed
    assert "Erase" not in listed
    Comment.objects.all().delete()
    erasures.Erasure.objects.all().delete()  # as on a machine that knows nothing
    restore(path)
    assert not Comment.objects.filter(text__contains="Erase me").exists()


def test_it_is_tried_by_restoring_it_into_scratch(post, folder, capsys):
    call_command("backup", str(folder))
    (path,) = making.every(folder)
    call_command("backup", str(path), "--check")
    assert "Good: made" in capsys.readouterr().out
    assert last_backup() == last_check()
    assert (timezone.now() - last_backup()).total_seconds() < 600


def test_a_restore_does_not_change_when_the_last_backup_was(post, folder):
    first = making.make(folder / "first")
    restoring.backups.remember("backup", datetime(2030, 1, 1, tzinfo=UTC))
    restore(first)
    assert last_backup() == datetime(2030, 1, 1, tzinfo=UTC)


def test_who_says_no_changes_nothing(post, folder):
    path = making.make(folder)
    post.delete()
    assert restore(path, agree=False) == (False, "")
    assert not Post.objects.exists()


def test_an_encrypted_one_can_be_read_with_the_key_alone(post, folder, tmp_path, capsys):
    key = pyrage.x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(f"# a comment\n{key}\n")
    call_command("backup", str(folder), recipient=[str(key.to_public())])
    (path,) = making.every(folder)
    assert path.name.endswith(".tar.zst.age")
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="--identity"):
        call_command("backup", str(path), "--check")
    call_command("backup", str(path), "--check", identity=str(tmp_path / "key.txt"))
    other = [pyrage.x25519.Identity.generate()]
    with pytest.raises(BackupError, match="cannot be decrypted"):
        restoring.check(path, other)


@pytest.mark.parametrize(
    ("harm", "encrypted"),
    [("cut", False), ("flipped", False), ("cut", True), ("flipped", True), ("end", True)],
)
def test_a_damaged_one_is_refused_and_nothing_is_touched(post, folder, harm, encrypted):
    key = pyrage.x25519.Identity.generate()
    path = making.make(folder, [key.to_public()] if encrypted else ())
    data = bytearray(path.read_bytes())
    if harm == "flipped":
        data[len(data) // 2] ^= 1
    path.write_bytes(data[: {"cut": len(data) // 2, "flipped": None, "end": -1}[harm]])
    with pytest.raises(BackupError, match=r"damaged|cut off|decrypted"):
        restore(path, [key])
    assert Post.objects.get().slug == "kept"
    assert sorted(each.name for each in places.root().iterdir()) == ["last.json", "lock"]


def test_a_file_that_is_no_backup_is_said_to_be_none(folder):
    (folder / "x").write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(BackupError, match="no backup"):
        restoring.check(folder / "x")


def test_an_archive_with_a_way_out_of_its_folder_is_refused(folder):
    with archive.writing(folder / "x") as writer:
        (folder / "evil").write_text("x")
        writer.add("media/../../evil", folder / "evil")
        writer.finish({})
    with pytest.raises(BackupError, match="no file of a site"):
        restoring.check(folder / "x")


def test_what_comes_and_goes_while_it_is_made_is_all_there(post, folder, monkeypatch):
    """Whatever a picture's row says at the moment of the database, its file is in the archive."""
    kind = type(places.database())
    dump = kind.dump

    def meanwhile(self, place):
        state = dump(self, place)
        write("media", "figures/late.png", b"late")
        write("media", "figures/one.png", b"written over")
        (places.folders()["private"] / "pdf/work.pdf").unlink()
        return state

    monkeypatch.setattr(kind, "dump", meanwhile)
    path = making.make(folder)
    monkeypatch.undo()
    restore(path)
    found = {
        str(each.relative_to(place)): each.read_bytes()
        for place in places.folders().values()
        for each in place.rglob("*.*")
    }
    assert found == {
        "figures/late.png": b"late",
        "figures/one.png": b"written over",
        "pdf/work.pdf": b"%PDF work",
    }


def test_a_folder_keeps_the_last_ones(post, folder, monkeypatch):
    for day in (1, 2, 3):
        (folder / f"living-review-2026010{day}T000000Z.tar.zst").write_text("old")
    (folder / "mine.tar.zst").write_text("not of this rotation")
    made = making.make(folder, keep=2)
    assert sorted(each.name for each in folder.iterdir()) == sorted(
        ["erasures.json", "living-review-20260103T000000Z.tar.zst", made.name, "mine.tar.zst"]
    )


def test_a_folder_for_backups_that_is_not_there_is_named_with_how_to_make_it(tmp_path):
    with pytest.raises(BackupError, match=f"install -d -m 700 {tmp_path / 'backup'}"):
        making.make(tmp_path / "backup", keep=14)


def test_nothing_is_written_over(post, folder):
    (folder / "x").write_text("mine")
    with pytest.raises(CommandError, match="is there already"):
        call_command("backup", str(folder / "x"))
    assert (folder / "x").read_text() == "mine"


def test_two_at_once_are_one_after_the_other(post, folder):
    with places.alone(), pytest.raises(BackupError, match="Another backup"):
        making.make(folder)


KILLED = """
import os, signal, sys, django
django.setup()
from django.core.management import call_command
from config.backup import archive, making, restoring
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
{patch}
call_command(*sys.argv[1:])
"""
PATCHES = {
    "while it is written": "archive.Writer.finish = die",
    "before anything is replaced": "restoring._write_down = die",
    "before the database is replaced": "restoring._carry_out = die",
    "between database and files": """
from pathlib import Path
known = Path.rename
Path.rename = lambda self, to: die() if '.restoring' in self.name else known(self, to)
""",
}


def killed(patch, *command):
    database = places.database()
    name = getattr(database, "path", None) or database.name
    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(patch=PATCHES[patch]), *map(str, command)],
        cwd=site.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database.url(name),
            "MEDIA_ROOT": str(site.MEDIA_ROOT),
            "PRIVATE_ROOT": str(site.PRIVATE_ROOT),
            "BACKUP_ROOT": str(site.BACKUP_ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_backup_that_is_killed_leaves_none_and_the_next_one_is_whole(post, folder):
    killed("while it is written", "backup", folder)
    assert making.every(folder) == []
    path = making.make(folder)
    assert sorted(each.name for each in folder.iterdir()) == ["erasures.json", path.name]
    restoring.check(path)


def test_a_restore_that_is_killed_before_it_is_ready_changed_nothing(post, folder):
    path = making.make(folder)
    post.delete()
    killed("before anything is replaced", "restore", path, "--noinput")
    assert not Post.objects.exists()
    assert not restoring.finish()
    restoring.check(path)
    assert not any(places.beside(each).exists() for each in places.folders().values())
    if connection.vendor == "postgresql":
        start = f"{connection.settings_dict['NAME']}_scratch_"
        with places.database().connect("postgres") as server:
            names = server.execute("SELECT datname FROM pg_database").fetchall()
        assert not [name for (name,) in names if name.startswith(start)]


@pytest.mark.parametrize(
    "moment", ["before the database is replaced", "between database and files"]
)
def test_a_restore_that_is_killed_later_is_gone_on_with(post, folder, moment):
    path = making.make(folder)
    post.delete()
    picture = write("media", "figures/one.png", b"another")
    if connection.vendor == "postgresql":
        connection.close_pool()
    killed(moment, "restore", path, "--noinput")
    with pytest.raises(BackupError, match="--finish"):
        making.make(folder)
    assert restoring.finish()
    assert Post.objects.get().slug == "kept"
    assert picture.read_bytes() == b"\x89PNG one"
    assert json.loads((places.root() / "last.json").read_text())


def test_a_site_in_the_servers_own_database_is_renamed_from_beside_it_too():
    """The whole way is gone by `make test-faults`, whose site lives in “postgres”."""
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    kind = type(places.database())
    for name in ("postgres", connection.settings_dict["NAME"]):
        database = kind({**connection.settings_dict, "NAME": name})
        with database._server() as server:
            assert server.info.dbname != name
            assert server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()


def test_without_the_right_to_make_a_database_it_is_said_how_to_get_it(post, folder):
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    path = making.make(folder)
    database = places.database()
    role = f"small_{os.getpid()}"
    with database.connect(autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN")
        try:
            small = type(database)({**connection.settings_dict, "USER": role})
            scratch = folder / "scratch"
            scratch.mkdir()
            archive.unpack(path, dict.fromkeys(archive.ROOTS, scratch))
            with pytest.raises(BackupError, match=f"ALTER ROLE {role} CREATEDB"):
                small.load(scratch)
        finally:
            server.execute(f"DROP ROLE {role}")
