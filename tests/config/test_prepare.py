"""What `make run` and `make setup` make ready."""

import io
import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from config import accounts, readiness, schema, starting, static
from config.management.commands import prepare
from config.translations import compile_changed
from deploy import start
from tests.factories import AuthorUserFactory, PostFactory

CATALOGUE = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Blog"\nmsgstr "Bloc"\n'
)


@pytest.fixture
def outcome(monkeypatch):
    """Runs prepare without the parts that have tests of their own; gives what it said and what it
    called."""
    called = []
    monkeypatch.setattr(prepare.Command, "database_answers", lambda self: None)
    monkeypatch.setattr(prepare.Command, "collect_static", lambda self: called.append("static"))
    monkeypatch.setattr(prepare, "call_command", lambda name, **options: called.append(name))

    def run(**options):
        called.clear()
        call_command("prepare", stdout=io.StringIO(), **options)
        return called

    return run


def test_an_empty_site_gets_the_sample_content(db, outcome):
    assert "seed_demo" in outcome(sample=True)


def test_a_site_with_anything_in_it_is_left_alone(db, outcome):
    PostFactory()
    assert "seed_demo" not in outcome(sample=True)


def test_a_server_gets_no_sample_content(db, outcome):
    assert outcome() == ["static", "ensure_author"]


def test_a_database_in_memory_is_refused(db, monkeypatch):
    if prepare.connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    monkeypatch.setattr(prepare.connection, "is_in_memory_db", lambda: True)
    with pytest.raises(CommandError, match="in memory"):
        call_command("prepare")


def test_the_author_gets_a_password_that_is_shown_once(db):
    first, second = io.StringIO(), io.StringIO()
    call_command("ensure_author", stdout=first)
    call_command("ensure_author", stdout=second)
    password = first.getvalue().split("Password")[1].split()[0]
    assert len(password) == 24
    assert second.getvalue() == ""
    author = get_user_model().objects.get(username="author")
    assert author.is_superuser
    assert author.check_password(password)


def test_an_author_who_is_there_keeps_the_account(author):
    assert accounts.ensure_author("other") is None
    assert get_user_model().objects.count() == 1


def test_no_door_opens_for_somebody_who_may_not_enter(db):
    AuthorUserFactory(username="author", is_staff=False, is_superuser=False)
    with pytest.raises(CommandError, match="--username"):
        call_command("ensure_author")
    assert not get_user_model().objects.filter(is_staff=True).exists()


def test_passwords_differ():
    assert len({accounts.random_password() for _ in range(50)}) == 50


def test_only_a_changed_catalogue_is_compiled(tmp_path):
    path = tmp_path / "ca" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(CATALOGUE)
    assert compile_changed(tmp_path) == 1
    assert compile_changed(tmp_path) == 0
    assert b"Bloc" in path.with_suffix(".mo").read_bytes()
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 10))
    assert compile_changed(tmp_path) == 1


def test_static_files_are_collected_again_only_when_one_changed(settings, tmp_path):
    source, collected = tmp_path / "source", tmp_path / "collected"
    source.mkdir(), collected.mkdir()
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], collected
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (source / "a.css").write_text("a {}")
    assert not static.is_collected(tmp_path)
    (collected / "staticfiles.json").write_text("{}")
    static.remember(tmp_path)
    assert static.is_collected(tmp_path)
    (source / "b.css").write_text("b {}")
    assert not static.is_collected(tmp_path)


def test_the_secret_key_is_made_once_and_for_this_user_alone(monkeypatch, tmp_path):
    monkeypatch.setattr(start, "VAR_DIR", tmp_path / "var")
    monkeypatch.delenv("SECRET_KEY")
    start.make_secret_key()
    path = tmp_path / "var" / "secret_key"
    made = path.read_text()
    start.make_secret_key()
    assert path.read_text() == made
    assert len(made) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("wanted", ["abc", "0", "70000", "-1", "８０００"])
def test_a_port_that_is_none_is_refused(monkeypatch, wanted):
    monkeypatch.setenv("PORT", wanted)
    with pytest.raises(SystemExit, match="write a number from 1 to 65535"):
        start.port()


def test_a_port_in_use_is_refused(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(SystemExit, match="is in use"):
            start.port()


class TestAnEmptyDatabaseWhereThereWasOne:
    @pytest.fixture
    def emptied(self, db, monkeypatch):
        """The tables are gone, as when another disk is mounted there."""
        schema.remember_filled()
        monkeypatch.setattr(
            type(schema.connection.introspection), "table_names", lambda *args, **kwargs: []
        )

    def test_it_is_not_filled_silently(self, emptied, outcome, monkeypatch):
        monkeypatch.setattr(starting, "_leave_nothing_open", lambda connection: None)
        with pytest.raises(CommandError, match="is empty, and it was not"):
            outcome()
        with pytest.raises(CommandError, match="is empty, and it was not"):
            call_command("migrate")
        assert "is empty, and it was not" in starting.wrong()
        assert "is empty, and it was not" in readiness.database()

    def test_who_wants_a_new_site_is_told_what_to_delete(self, emptied, settings):
        mark = schema.was_emptied().split("delete ")[1].split(" first")[0]
        os.unlink(mark)
        assert schema.was_emptied() == ""

    def test_making_it_ready_remembers_that_it_is_filled(self, db, outcome, settings):
        outcome()
        assert len(list(settings.BACKUP_ROOT.glob("filled-*"))) == 1
        assert schema.was_emptied() == ""


def run(program, tmp_path, *words, **environment):
    return subprocess.run(
        [program, *words],
        cwd=site.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
            "SECRET_KEY": "k" * 60,
            "BIND": f"unix:{tmp_path}/site.sock",
            "STATIC_ROOT": str(tmp_path),
        }
        | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("is_there", "said"), [(False, "is not there"), (True, "has not been run")]
)
def test_the_server_does_not_start_on_a_database_that_is_not_ready(tmp_path, is_there, said):
    if is_there:
        (tmp_path / "site.sqlite3").touch()
    server = Path(sys.executable).with_name("gunicorn")
    done = run(server, tmp_path, "-c", "deploy/gunicorn.conf.py", "config.wsgi")
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert (tmp_path / "site.sqlite3").exists() == is_there


def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path):
    program = """
import errno, manage, sys
def refused(*args):
    raise OSError(errno.EROFS, "Read-only file system", "/srv/review/var")
manage.execute_from_command_line = refused
manage.main()
"""
    done = run(sys.executable, tmp_path, "-c", program, PYTHONPATH=str(site.BASE_DIR))
    assert done.returncode == 1
    assert done.stderr == "Not done: /srv/review/var: Read-only file system.\n"


@pytest.mark.parametrize("whose", ["the checkout", "the packages"])
def test_what_cannot_be_installed_into_is_one_line(tmp_path, whose):
    """Root may write everywhere: somebody else tries, where there is somebody."""
    folder = tmp_path / "checkout"
    (folder / "deploy").mkdir(parents=True)
    shutil.copy(site.BASE_DIR / "deploy/install.sh", folder / "deploy")
    (folder / "requirements.txt").write_text("x")
    if whose == "the packages":
        (folder / ".venv").mkdir()
    opened = [each for each in folder.parents if each.stat().st_mode & 0o005 == 0]
    for each in opened:
        each.chmod(0o711)
    for each in [folder, *folder.rglob("*")]:
        each.chmod(0o555)
    somebody = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
    try:
        done = subprocess.run(
            ["sh", str(folder / "deploy/install.sh"), "requirements.txt"],
            env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
            **({**somebody, "extra_groups": []} if somebody else {}),
        )  # fmt: skip
    finally:
        for each in [folder, *folder.rglob("*")]:
            each.chmod(0o755)
        for each in opened:
            each.chmod(0o700)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "cannot be written to" in done.stderr
