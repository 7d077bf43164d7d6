"""Every command of the operator's guide, taken from its text and run in a fresh root.

Programs that only a whole machine has are played: `systemctl` knows the units of `deploy/`,
`runuser` runs what follows. What cannot be run at all is named in `ELSEWHERE`, and why.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as site

from tests.releases.site import kept, releases, restore_sqlite

GUIDE = site.BASE_DIR / "docs/operator.md"
ELSEWHERE = {
    "apt-get install": "installs into the machine; .ci/run does on a new one",
    "adduser ": "makes an account of the machine",
    "git clone ": "the root is such a copy already",
    "certbot ": "asks an authority in the network",
    "nginx -t": "tests/config/test_front.py starts nginx with that file",
    "runuser -u postgres ": "a server of PostgreSQL; tests/run.py sets one up",
}
ANSWERS = {"make env": "review.example.org\nno\n\n\n\n"}
CRON = re.compile(r"^(?:[*/0-9]+ ){5}")
SYSTEMCTL = """#!/bin/sh
for word; do case $word in living-review*)
    case $word in *.timer|*.service) unit=$word;; *) unit=$word.service;; esac
    test -f {units}/$unit || test -f {here}/deploy/$unit || { echo "no unit $unit" >&2; exit 5; };;
esac; done
"""
RUNUSER = """#!/bin/sh
test "$1 $2 $3" = "-u review --" || exit 1
shift 3; exec "$@"
"""
# It ends so while there is something to look at, as on a machine without mail.
SAYS_SO = {"manage.py doctor": "to look at."}


def indented(text):
    """The lines of its indented blocks. Without an empty line before, it goes on with a list."""
    before, block = "", False
    for line in text.splitlines():
        block = line.startswith("    ") and (block or not before)
        if block:
            yield line.strip()
        before = line


def written():
    """The commands of each part: the lines of its indented blocks."""
    parts = re.split(r"^## (.+)\n", GUIDE.read_text(), flags=re.M)[1:]
    found = {}
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        if lines := [line for line in indented(text) if not line.startswith("#")]:
            found[title] = lines
    return found


WRITTEN = written()


def is_elsewhere(line):
    return line.startswith(tuple(ELSEWHERE))


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """The site of the last release, brought up to date, in a checkout of its own."""
    tmp = tmp_path_factory.mktemp("root")
    here, units, programs = tmp / "srv/review", tmp / "units", tmp / "bin"
    ignored = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", "tests", "bench")
    shutil.copytree(site.BASE_DIR, here, ignore=ignored)
    units.mkdir(), programs.mkdir(), (here / "var").mkdir()
    (here / ".venv").symlink_to(Path(sys.prefix))
    for folder in ("sites-available", "sites-enabled", "modules-enabled"):
        (tmp / "nginx" / folder).mkdir(parents=True)
    (tmp / "nginx/nginx.conf").write_text("events { worker_connections 768; }\n")
    (here / "deploy/install.sh").write_text("#!/bin/sh\n")  # the packages are those of this run
    for name, text in (("systemctl", SYSTEMCTL), ("runuser", RUNUSER)):
        text = text.replace("{units}", str(units)).replace("{here}", str(here))
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    restore_sqlite(releases()[-1], here / "var/site.sqlite3")
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "TEST_", "GIT_"))},
        "PATH": f"{programs}:{os.environ['PATH']}",
        "DATABASE_URL": "sqlite:///var/site.sqlite3",
        "SITE_URL": "http://127.0.0.1:8000",
        "DEBUG": "true",  # static files are another matter
        "EMAIL": "tests@example.org",
        "GIT_CONFIG_GLOBAL": "/dev/null",
    }
    known = {"age1…": "age1…"}

    def run(line):
        for written, meant in {
            "-o review ": "",
            "/backup": f"{tmp}/backup",
            "/etc/systemd/system/": f"{units}/",
            "/etc/nginx/": f"{tmp}/nginx/",
            "cd /srv/review": f"cd {here}",
            "postgres://review:PASSWORD@127.0.0.1:5432/review": f"sqlite:///{tmp}/other.sqlite3",
            **known,
        }.items():
            line = line.replace(written, meant)
        line = CRON.sub("", line)
        typed = next((typed for name, typed in ANSWERS.items() if name in line), "yes\n")
        done = subprocess.run(
            ["sh", "-c", line], cwd=here, env=environment, input=typed, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        if key := re.search(r"^age1\w+$", done.stdout, re.M):
            known["age1…"] = key[0]
        return done

    run.here, run.nginx = here, tmp / "nginx"
    run.serve = lambda: serving(here, environment, known)
    set_up = "git init -q -b main && git add -A && git commit -qm one && git branch next"
    assert run(f"{set_up} && git branch -q -u next").returncode == 0
    done = run(".venv/bin/python manage.py prepare")
    assert done.returncode == 0, done.stderr
    return run


def serving(here, environment, known):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    known["https://review.example.org"] = f"http://127.0.0.1:{port}"
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi"]
    server = subprocess.Popen(
        gunicorn, cwd=here, env=environment | {"PORT": port, "WEB_CONCURRENCY": "1"}
    )
    while True:
        try:
            socket.create_connection(("127.0.0.1", int(port))).close()
            return server
        except ConnectionRefusedError:
            assert server.poll() is None, "the server did not start"
            time.sleep(0.1)


@pytest.mark.parametrize("section", WRITTEN)
def test_the_commands_of_the_guide_work_as_written(root, section):
    if shutil.which("curl") is None and section == "What to watch":
        pytest.skip("there is no curl (apt-get install curl)")
    server = root.serve() if section == "What to watch" else None
    try:
        for line in WRITTEN[section]:
            if is_elsewhere(line):
                continue
            done = root(line)
            allowed = any(name in line and words in done.stderr for name, words in SAYS_SO.items())
            assert done.returncode == 0 or allowed, f"{line}\n{done.stdout}{done.stderr}"
    finally:
        if server:
            server.terminate()
            server.wait()


def test_they_left_what_they_should(root):
    assert "SITE_URL=https://review.example.org\n" in (root.here / ".env").read_text()
    shipped = (site.BASE_DIR / "deploy/nginx.conf").read_text()
    assert (root.nginx / "sites-enabled/review").read_text() == shipped
    assert "worker_connections 8192;" in (root.nginx / "nginx.conf").read_text()


def test_most_commands_are_run_and_the_others_have_a_reason():
    lines = [line for section in WRITTEN.values() for line in section]
    assert len([line for line in lines if not is_elsewhere(line)]) >= 25
    for start in ELSEWHERE:
        assert any(line.startswith(start) for line in lines), f"{start} is not in the guide"
    assert kept(releases()[-1], "sqlite3").exists()


def test_every_unit_the_guide_names_is_shipped():
    named = set(re.findall(r"(living-review[\w-]*\.(?:service|timer))", GUIDE.read_text()))
    assert {name for name in named if not (site.BASE_DIR / "deploy" / name).exists()} == set()
