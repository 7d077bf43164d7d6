"""What a web worker that serves readers must not load: it has several copies, and little memory."""

import os
import subprocess
import sys

import pytest
from django.contrib import admin
from django.db import connection
from reversion.revisions import get_registered_models

CODE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import config.wsgi
from config import starting
starting.warm_up(config.wsgi.django)
of_writers = {
    "lxml", "nh3", "babel", "bibtexparser", "pylatexenc", "rispy", "defusedxml", "openpyxl",
    "review.admin", "references.admin", "comments.admin", "publishing.desk",
    "config.moving", "config.door.views", "references.importing", "references.searching.asking",
    "references.formats.bibtex", "references.tasks", "publishing.checking.links",
}
print(*sorted(of_writers & set(sys.modules)))
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
words = {"text": "Bon dia, tinc un bony a l'esquena des de fa anys.", "language": ""}
answer = Client().post("/comments/preview/", words, headers={"x-forwarded-proto": "https"})
assert answer.status_code == 200, answer.status_code
assert answer.json()["language"] == "ca", answer.content
heavy = {
    "numpy", "py3langid", "weasyprint", "fido2", "cryptography", "qrcode", "pypdf", "docx",
    "yaml", "markdown_it", "PIL._imagingft", "PIL._imagingcms",
}
print(*sorted(heavy & set(sys.modules)))
from django.template import engines
from django.urls import get_resolver, reverse
compiled = engines["django"].engine.template_loaders[0].get_template_cache
assert "base.html" in compiled
print(*sorted(name for name in compiled if name.startswith("admin/")))
resolvers = [each for each in get_resolver().url_patterns if hasattr(each, "url_patterns")]
within = [each for resolver in resolvers for each in resolver.url_patterns]
[desk] = [each for each in within if getattr(each, "namespace", "") == "admin"]
print(*vars(desk).keys() & {"url_patterns"})
assert reverse("admin:review_chapter_changelist").endswith("/admin/review/chapter/")
"""

DESK = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import config.wsgi
from django.contrib import admin
from reversion.revisions import get_registered_models
assert not list(get_registered_models())
from django.urls import reverse
reverse("admin:index")
print(*sorted(str(model._meta) for model in get_registered_models()))
print(*sorted(str(model._meta) for model in admin.site._registry))
"""
CHECK = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import config.wsgi
import blog.admin
blog.admin.PostAdmin.list_display = ["there_is_no_such_column"]
from django.core import checks
print(*(each.id for each in checks.run_checks()))
"""


def run(code):
    """What a process of the web server prints that does this."""
    database = (
        f"sqlite:///{connection.settings_dict['NAME']}"
        if connection.vendor == "sqlite"
        else os.environ["DATABASE_URL"]
    )
    env = {**os.environ, "DATABASE_URL": database, "WEB_THREADS": "4"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.once("about modules")
def test_what_readers_never_need_is_not_loaded(db):
    assert run(CODE).strip() == ""


@pytest.mark.once("about modules")
def test_the_desk_that_a_web_worker_loads_later_is_the_whole_desk(db):
    kept, desks = run(DESK).splitlines()
    assert kept.split() == sorted(str(model._meta) for model in get_registered_models())
    assert desks.split() == sorted(str(model._meta) for model in admin.site._registry)


@pytest.mark.once("about modules")
def test_checks_look_at_the_desk_of_a_web_worker_too(db):
    assert "admin.E108" in run(CHECK)
