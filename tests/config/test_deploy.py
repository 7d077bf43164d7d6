"""What a host is given: the maker of .env, the units of systemd, the container's files."""

import os
import re
import shutil
import stat
import subprocess
import sys

import environ
import pytest
from django.conf import settings as site

from deploy.ask import line

DEPLOY = site.BASE_DIR / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
SQLITE = ["Review.example.org", "review.example.org", "", "", "", "no"]
ALL = [
    "review.example.org", "yes", "db.internal:5433", "", "", "p/w:@#%",
    "smtp.example.org", "465", "mailer", "$ecret 'a\\b", "", "nobody", "security@example.org",
    "",
]  # fmt: skip


@pytest.fixture
def fresh(tmp_path):
    """Run in an empty checkout of its own."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(DEPLOY / "ask.py", tmp_path / "deploy")

    def run(answers):
        return subprocess.run(
            [sys.executable, "-m", "deploy.ask"], cwd=tmp_path, text=True, capture_output=True,
            input="".join(f"{answer}\n" for answer in answers), check=False,
        )  # fmt: skip

    run.file = tmp_path / ".env"
    return run


def read(path, monkeypatch):
    monkeypatch.setattr(environ.Env, "ENVIRON", {})
    env = environ.Env()
    env.escape_proxy = True
    env.read_env(path)
    return {name: env.str(name) for name in environ.Env.ENVIRON}


def test_a_few_answers_make_an_env_that_only_its_owner_reads(fresh, monkeypatch):
    done = fresh(SQLITE)
    assert done.returncode == 0, done.stderr
    assert "in small letters" in done.stdout  # what does not fit is asked again
    assert stat.S_IMODE(fresh.file.stat().st_mode) == 0o600
    assert read(fresh.file, monkeypatch) == {"SITE_URL": "https://review.example.org"}


def test_passwords_are_read_back_as_they_were_typed(fresh, monkeypatch):
    assert fresh(ALL).returncode == 0
    told = read(fresh.file, monkeypatch)
    assert told["DATABASE_URL"] == "postgres://review:p%2Fw%3A%40%23%25@db.internal:5433/review"
    assert told["EMAIL_HOST_PASSWORD"] == "$ecret 'a\\b"
    assert (told["EMAIL_PORT"], told["EMAIL_FROM"]) == ("465", "noreply@review.example.org")
    assert told["SECURITY_CONTACTS"] == "mailto:security@example.org"
    assert "http://127.0.0.1:8099/" in told["PURGE_URLS"]
    assert "listen 127.0.0.1:8099;" in (DEPLOY / "nginx.conf").read_text()


@pytest.mark.parametrize("value", ["plain", "'a'", '"a"', "'a\"", "$a$", "a # b", '"\\"', "a=b"])
def test_every_value_survives(value, tmp_path, monkeypatch):
    (tmp_path / ".env").write_text(line("NAME", value) + "\n")
    assert read(tmp_path / ".env", monkeypatch) == {"NAME": value}


def test_an_env_that_is_there_is_left_alone(fresh):
    fresh.file.write_text("SITE_URL=https://old.example.org\n")
    done = fresh(SQLITE)
    assert done.returncode == 1
    assert "left as it is" in done.stderr
    assert fresh.file.read_text() == "SITE_URL=https://old.example.org\n"


def test_who_stops_in_the_middle_has_nothing_written(fresh):
    assert fresh(SQLITE[:2]).returncode == 1
    assert not fresh.file.exists()


systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")


@systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_the_units_and_finds_them_closed(unit, tmp_path):
    """With the programs they start in their place."""
    for path in [*UNITS, *DEPLOY.glob("*.timer")]:
        text = path.read_text()
        (tmp_path / path.name).write_text(re.sub(r"/srv/review/\.venv/bin/\w+", "/bin/true", text))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", tmp_path / unit.name],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, str(tmp_path) in told.stderr) == (0, False), told.stderr
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", unit],
        capture_output=True, text=True, check=False, env=os.environ | {"SYSTEMD_PAGER": ""},
    )  # fmt: skip
    assert told.returncode == 0, told.stdout[-300:]


def test_units_are_as_closed_as_each_other():
    """What keeps one in keeps all in."""

    def closed(unit):
        lines = unit.read_text().partition("# What it may:")[2].partition("\n[")[0].splitlines()
        return [line for line in lines if line and not line.startswith("ReadWritePaths=")]

    assert all(closed(unit) == closed(UNITS[0]) for unit in UNITS)
    assert len(closed(UNITS[0])) > 20


def test_the_server_reads_env_by_itself(tmp_path):
    """The units have no EnvironmentFile: systemd reads quotes and signs in its own way."""
    for name in ("config", "deploy"):
        (tmp_path / name).symlink_to(site.BASE_DIR / name)
    code = (
        "from config import env; env.env.read_env('.env');"
        "scope = {}; exec(open('deploy/gunicorn.conf.py').read(), scope); print(scope['workers'])"
    )
    (tmp_path / ".env").write_text("WEB_CONCURRENCY=3\n")
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=kept, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stdout == "3\n", done.stderr
