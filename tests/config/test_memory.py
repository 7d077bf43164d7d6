"""What a web worker that serves readers must not load: it has several copies, and little memory."""

import os
import subprocess
import sys

import pytest
from django.db import connection

CODE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import config.wsgi
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
words = {"text": "Bon dia, tinc un bony a l'esquena des de fa anys.", "language": ""}
answer = Client().post("/comments/preview/", words, headers={"x-forwarded-proto": "https"})
assert answer.status_code == 200, answer.status_code
assert answer.json()["language"] == "ca", answer.content
from config import starting
starting.warm_up(config.wsgi.django)
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


@pytest.mark.once("about modules")
def test_what_readers_never_need_is_not_loaded(db):
    database = (
        f"sqlite:///{connection.settings_dict['NAME']}"
        if connection.vendor == "sqlite"
        else os.environ["DATABASE_URL"]
    )
    env = {**os.environ, "DATABASE_URL": database}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
