"""`make upgrade`: the next version, or all of the one before."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection

from config.management.commands import check_pages
from tests.factories import PostFactory

# Of this file the new version is made: nothing else in the clone differs.
BROKEN = """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("blog", "{last}")]
    operations = [
        migrations.AddField("post", "lost", models.CharField(max_length=5, default="x")),
        migrations.RemoveField("post", "title"),
    ]
"""
GOOD = "from django.db import migrations\nclass Migration(migrations.Migration):\n"
GOOD += '    dependencies = [("blog", "{last}")]\n    operations = []\n'


@pytest.fixture
def clone(tmp_path, django_db_setup):
    """A checkout of this code with a site, and a branch it follows; `run(*command)`."""
    origin, here = tmp_path / "origin", tmp_path / "here"
    folder = tmp_path / "var"
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "TEST_", "GIT_"))},
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
        "PRIVATE_ROOT": f"{folder}/private",
        "BACKUP_ROOT": f"{folder}/backup",
        "SITE_URL": "http://127.0.0.1:8000",
        "DEBUG": "true",  # static files are another matter
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "EMAIL": "tests@example.org",
    }

    def run(*command, cwd=here):
        done = subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    folder.mkdir()
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "var", "__pycache__", "tests", "docs", "bench"
    )
    shutil.copytree(site.BASE_DIR, origin, ignore=ignored)
    # Its packages are those of this run, and stay.
    (origin / "deploy/install.sh").write_text("#!/bin/sh\n")
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "one"]):
        assert run("git", *command, cwd=origin)[0] == 0
    assert run("git", "clone", "-q", str(origin), str(here), cwd=tmp_path)[0] == 0
    (here / ".venv").symlink_to(Path(sys.prefix))
    run.origin, run.database = origin, folder / "site.sqlite3"
    # The empty database of this run: to migrate another takes as long as all the rest.
    here_now = sqlite3.connect(connection.settings_dict["NAME"])
    with closing(here_now), closing(sqlite3.connect(run.database)) as site_of_it:
        here_now.backup(site_of_it)
    assert run(sys.executable, "manage.py", "prepare")[0] == 0
    return run


def publish(run, text):
    folder = run.origin / "blog/migrations"
    last = max(path.stem for path in folder.glob("0*.py"))
    name = f"{int(last[:4]) + 1:04d}_next.py"
    (folder / name).write_text(text.format(last=last))
    assert run("git", "add", "-A", cwd=run.origin)[0] == 0
    assert run("git", "commit", "-qm", "next", cwd=run.origin)[0] == 0
    return name


def test_it_comes_up_to_date_or_goes_all_the_way_back(clone):
    publish(clone, GOOD)
    code, said = clone(sys.executable, "-m", "deploy.upgrade")
    assert code == 0, said
    assert "pages answer" in said
    good = clone("git", "rev-parse", "HEAD")[1]

    broken = publish(clone, BROKEN)
    code, said = clone(sys.executable, "-m", "deploy.upgrade")
    assert code == 1
    assert "the site is as it was before" in said, said
    assert clone("git", "rev-parse", "HEAD")[1] == good
    assert clone("git", "rev-parse", "--abbrev-ref", "HEAD")[1] == "main\n"
    with closing(sqlite3.connect(clone.database)) as database:
        run = {name for (name,) in database.execute("SELECT name FROM django_migrations")}
        columns = {row[1] for row in database.execute("PRAGMA table_info(blog_post)")}
    assert broken[:-3] not in run
    assert "title" in columns
    assert "lost" not in columns


@pytest.mark.django_db
def test_every_page_of_the_sitemap_is_asked_for(monkeypatch):
    PostFactory(slug="well")
    asked = []
    get = check_pages.Client.get

    def listened(self, path, **options):
        asked.append(path)
        return get(self, path, **options)

    monkeypatch.setattr(check_pages.Client, "get", listened)
    call_command("check_pages")
    assert {"/", "/admin/login/", "/blog/well/", "/privacy/"} <= set(asked)
