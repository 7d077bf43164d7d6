"""What `make run` and `make setup` make ready."""

import io
import os
import socket
import stat

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from config import accounts, static
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
