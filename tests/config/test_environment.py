"""What is wrong with a machine's settings is said in one line, by every program that reads them."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config import env

# The folder of this machine may hold a key of its own; these programs must not find it.
ELSEWHERE = "from pathlib import Path; from config import env; env.VAR_DIR = Path('/nowhere');"
MANAGE = ELSEWHERE + "import manage, sys; sys.argv = ['manage.py', 'check']; manage.main()"
SERVER = ELSEWHERE + "import config.wsgi"
GOOD = {
    "SECRET_KEY": "k" * 60,
    "DEBUG": "false",
    "DATABASE_URL": "sqlite://",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


def run(program, **environment):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = {
        name: value for name, value in {**kept, **GOOD, **environment}.items() if value is not None
    }
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**environment, "PYTHONPATH": str(settings.BASE_DIR), "PYTHONIOENCODING": "utf-8"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_good_settings_are_accepted():
    assert run(MANAGE).returncode == 0


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"DEBUG": "maybe"}, "DEBUG is “maybe”"),
        ({"SITE_URL": "review.example.org"}, "SITE_URL is “review.example.org”"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is “LOUD”"),
        (
            {"DATABASE_URL": "site.sqlite3"},
            "DATABASE_URL cannot be used: only sqlite:// and postgres://",
        ),
        ({"DATABASE_URL": "mysql://user:pw@host/name"}, "only sqlite:// and postgres://"),
        ({"DATABASE_URL": "postgres://user:pw@host"}, "it names no database"),
        ({"DATABASE_URL": "postgres://user:pw@host:abc/name"}, "its port is no number"),
        (
            {"DATABASE_URL": "postgres://u:p@h/n", "DATABASE_POOL": "many"},
            "DATABASE_POOL is “many”",
        ),
    ],
)
def test_a_bad_setting_is_one_line(environment, said):
    done = run(MANAGE, **environment)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_server_says_so_in_one_line_too():
    done = run(SERVER, DEBUG="maybe")
    assert done.returncode == 1
    assert "DEBUG is “maybe”" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "url", ["foo://user:s3cret@host/name", "postgres://user:s3c:ret/@host/name"]
)
def test_a_password_is_not_repeated(url):
    done = run(MANAGE, DATABASE_URL=url)
    assert done.returncode == 1
    assert "s3c" not in done.stderr
    assert "ret/" not in done.stderr


def test_a_database_that_does_not_answer_is_one_line():
    done = run(
        ELSEWHERE + "import manage, sys; sys.argv = ['manage.py', 'prepare']; manage.main()",
        DATABASE_URL="postgres://user:s3cret@127.0.0.1:1/name",
    )
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert "s3cret" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_database_file_that_cannot_be_opened_is_named(tmp_path):
    file = tmp_path / "not-there" / "site.sqlite3"
    done = run(
        ELSEWHERE + "import manage, sys; sys.argv = ['manage.py', 'prepare']; manage.main()",
        DATABASE_URL=f"sqlite:///{file}",
    )
    assert done.returncode == 1
    assert str(file) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_key_that_was_made_here_is_used(monkeypatch, tmp_path):
    monkeypatch.setattr(env, "VAR_DIR", tmp_path)
    monkeypatch.delenv("SECRET_KEY")
    (tmp_path / "secret_key").write_text("made here\n")
    assert env.secret_key(debug=False) == "made here"


def test_debugging_needs_no_key(monkeypatch, tmp_path):
    monkeypatch.setattr(env, "VAR_DIR", tmp_path)
    monkeypatch.delenv("SECRET_KEY")
    assert env.secret_key(debug=True)
    with pytest.raises(ImproperlyConfigured):
        env.secret_key(debug=False)


def test_the_site_answers_at_its_own_address():
    program = (
        "from config import settings as s; print(s.ALLOWED_HOSTS[0], s.CSRF_TRUSTED_ORIGINS,"
        " s.SECURE_SSL_REDIRECT)"
    )
    said = run(program, SITE_URL="https://review.example.org/").stdout
    assert said.split() == ["review.example.org", "['https://review.example.org']", "True"]


def test_an_sqlite_path_is_counted_from_the_project_and_not_from_where_one_stands():
    assert (
        env.database("sqlite:///var/site.sqlite3")["NAME"] == settings.BASE_DIR / "var/site.sqlite3"
    )
    assert str(env.database("sqlite:////srv/site.sqlite3")["NAME"]) == "/srv/site.sqlite3"


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("Yes", True), (" on ", True), ("false", False), ("", False)]
)
def test_yes_and_no_are_understood(monkeypatch, text, value):
    monkeypatch.setenv("DEBUG", text)
    assert env.env_bool("DEBUG", None) is value


def test_what_is_out_of_bounds_is_named_with_them(monkeypatch):
    monkeypatch.setenv("EMAIL_PORT", "99999")
    with pytest.raises(ImproperlyConfigured, match=r"EMAIL_PORT is “99999”.* from 1 to 65535"):
        env.env_int("EMAIL_PORT", 587, least=1, most=65535)
    monkeypatch.setenv("PROXY_NETWORKS", "10.0.0.0/8,10.0.0.0/99")
    with pytest.raises(ImproperlyConfigured, match="which is no network"):
        env.env_networks("PROXY_NETWORKS", [])
    monkeypatch.setenv("SITE_URL", "https://a name.example")
    with pytest.raises(ImproperlyConfigured, match="SITE_URL is"):
        env.site_url("")
    monkeypatch.setenv("SITE_URL", "http://[::1]:8000/")
    assert env.site_url("") == "http://[::1]:8000"
