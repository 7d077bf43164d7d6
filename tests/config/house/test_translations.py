"""The catalogues are complete, and hold what the code says today."""

import ast
import os
import re
import shutil
import subprocess
import sys

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = settings.BASE_DIR
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != "en"]
IN_AN_F_STRING = re.compile(r"""\bf(['"]).*\{.*\b(?:gettext|_)\(""")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
SOURCES = (
    "config",
    "review",
    "blog",
    "comments",
    "references",
    "publishing",
    "templates",
    "manage.py",
    "locale",
)


def catalogue(language, root=ROOT):
    path = root / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def messages(language, root=ROOT):
    return [message for message in catalogue(language, root) if message.id]


def forms(value):
    return list(value) if isinstance(value, (tuple, list)) else [value]


def placeholders(text):
    return sorted(PLACEHOLDER.findall(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_translated(language):
    assert [message.id for message in messages(language) if not all(forms(message.string))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language):
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_the_same_things(language):
    wrong = [
        message.id
        for message in messages(language)
        for translated in forms(message.string)
        # A singular may leave the number out.
        if translated and placeholders(translated) not in map(placeholders, forms(message.id))
    ]
    assert wrong == []


def test_no_word_hides_in_an_f_string():
    """xgettext does not look there, so that nobody is asked for the translation."""
    known = {text for message in messages(LANGUAGES[0]) for text in forms(message.id)}
    hidden = [
        f"{path.relative_to(ROOT)}: {word.value}"
        for name in SOURCES
        for path in (ROOT / name).rglob("*.py")
        if IN_AN_F_STRING.search(text := path.read_text())
        for string in ast.walk(ast.parse(text))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("_", "gettext", "ngettext")
        for word in call.args
        if isinstance(word, ast.Constant) and word.value not in known
    ]
    assert hidden == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs GNU gettext")
def test_the_catalogues_hold_what_the_code_says(tmp_path):
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name,
                tmp_path / name,
                ignore=shutil.ignore_patterns("__pycache__", "sample", "*.mo"),
            )
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    subprocess.run(
        [
            sys.executable,
            "manage.py",
            "makemessages",
            "--locale",
            LANGUAGES[0],
            "--no-obsolete",
            "--no-wrap",
        ],
        cwd=tmp_path,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
        capture_output=True,
    )
    now, kept = (
        {(m.context, str(m.id)) for m in messages(LANGUAGES[0], root)} for root in (tmp_path, ROOT)
    )
    assert now - kept == set(), "words without an entry: run make messages"
    assert kept - now == set(), "entries for words that are gone: run make messages"
