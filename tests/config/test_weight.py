"""What a reader loads with a chapter: sizes as brotli sends them."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory

from config.views import server_error
from publishing.refusals import refuse
from publishing.storage import SCRIPTS, SHEETS, TOGETHER, StaticFilesStorage
from tests.factories import ChapterFactory, ReferenceFactory, cite, comment

from .test_reading_writes_nothing import addresses, site

__all__ = ["site"]  # its fixture

pytestmark = [pytest.mark.django_db, pytest.mark.once("what pages load is no matter of databases")]
KB = 1024
FILE = re.compile(r"\.[\w.]+(?:\?.*)?$")


def sent(data):
    return len(brotli.compress(data, quality=11))


@pytest.fixture
def together(tmp_path):
    """A file as it is put together."""
    storage = StaticFilesStorage(location=tmp_path, base_url="/static/")
    sources = {}
    for finder in finders.get_finders():
        for name, source in finder.list([]):
            if name.startswith(("css/", "js/")):
                sources.setdefault(name, (source, name))

    for name in TOGETHER:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        storage._put_together(name, sources)

    def put(name):
        return (tmp_path / name).read_text()

    return put


@pytest.fixture
def pages(client, site):
    """`{address: HTML}` of every page for readers, and of those that say what went wrong."""
    request = RequestFactory().post("/comments/new/", {"text": "Words."})
    found = {
        "what went wrong": server_error(request).text,
        "what cannot be done now": refuse(request, status=503, words="Later.", wait=1).text,
    }
    client.post(f"/comments/mine/{site['mine']}/")
    for address in addresses(site):
        answer = None if FILE.search(address) else client.get(address)
        if answer and answer["Content-Type"].startswith("text/html") and answer.content:
            found[address] = answer.text
    return found


@pytest.fixture
def sheet(together):
    return together("css/chapter.css")


def test_every_page_for_readers_has_one_sheet_of_twelve_kilobytes(pages, together):
    weights = {}
    for address, page in pages.items():
        (name,) = re.findall(r'rel="stylesheet"\s+href="/static/([^"]+)"', page) or [None]
        if name not in weights:
            weights[name] = sent(together(name).encode())
        assert weights[name] <= 12 * KB, (address, name, weights[name])
    assert len(pages) > 70
    assert set(weights) == {f"css/{name}.css" for name in SHEETS}


def test_the_sheet_holds_all_that_it_names_in_their_order(sheet):
    assert "@import" not in sheet
    places = [sheet.index(each) for each in ("--madder:", ".masthead", ".comment {", ".pick-one")]
    assert places == sorted(places)


def test_every_page_for_readers_has_two_scripts_of_six_kilobytes_that_hold_up_nothing(
    pages, together
):
    theme = sent(Path(finders.find("js/theme.js")).read_bytes())
    weights = {}
    for address, page in pages.items():
        tags = re.findall(r"<script [^>]*src=[^>]*>", page)
        names = [re.search(r'/static/([^"]+)"', each)[1] for each in tags]
        assert "js/theme.js" in names, address
        assert len(tags) <= 2, (address, names)
        assert all('type="module"' in each or " async" in each for each in tags), address
        for name in {*names} - {"js/theme.js", *weights}:
            weights[name] = theme + sent(together(name).encode())
    assert set(weights) == {f"js/{name}.js" for name in SCRIPTS}
    # What a page asks for at once; what is loaded on demand is not here.
    assert max(weights.values()) <= 6 * KB


def test_scripts_that_are_put_together_keep_their_names_to_themselves(together):
    text = together("js/page.js")
    assert 'import "./' not in text
    assert "open their form in place" not in text
    assert text.count("\n}\n{\n") == 2
    assert 'import("./preview.js")' in text  # asked for when it is needed, as before
    assert "reply:open" in together("js/form.js")


def test_a_long_chapter_with_its_talk_is_forty_kilobytes_in_all(client, together):
    """With twenty works, their evidence, twenty comments; without its figures."""
    works = [ReferenceFactory() for _ in range(20)]
    body = "".join(
        f"<h2>Part {n}</h2><p>{'Some words of a text. ' * 40}{cite(works[n].citekey)}</p>"
        for n in range(20)
    )
    chapter = ChapterFactory(body=body, references=works, evidence_table=True)
    for _ in range(20):
        comment(chapter, text="Some words of a reader. " * 10)
    html = client.get(chapter.get_absolute_url()).content
    tags = re.findall(r"<(?:link|script)[^>]*>", html.decode())
    files = {name for tag in tags for name in re.findall(r'(?:src|href)="/static/([^"]+)"', tag)}
    assert {"css/chapter.css", "js/page.js", "img/icon.svg"} <= files
    assert 1 + len(files) + 1 <= 12, "the page, its files, a figure within the window"
    joined = {name: together(name).encode() for name in ("css/chapter.css", "js/page.js")}
    parts = [joined.get(name) or Path(finders.find(name)).read_bytes() for name in files]
    assert sum(map(sent, [html, *parts])) <= 40 * KB
