"""What a reader loads with a chapter: sizes as brotli sends them."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from publishing.storage import StaticFilesStorage
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite, comment

pytestmark = [pytest.mark.django_db, pytest.mark.once("what pages load is no matter of databases")]
KB = 1024


def sent(data):
    return len(brotli.compress(data, quality=11))


@pytest.fixture
def page(client):
    return client.get(ChapterFactory().get_absolute_url()).content.decode()


@pytest.fixture
def together(tmp_path):
    """A file as it is put together."""
    storage = StaticFilesStorage(location=tmp_path, base_url="/static/")
    sources = {}
    for finder in finders.get_finders():
        for name, source in finder.list([]):
            if name.startswith(("css/", "js/")):
                sources.setdefault(name, (source, name))

    def put(name):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        storage._put_together(name, sources)
        return (tmp_path / name).read_text()

    return put


@pytest.fixture
def sheet(together):
    return together("css/chapter.css")


def test_a_chapter_has_one_sheet_of_twelve_kilobytes(page, sheet):
    assert len(re.findall('rel="stylesheet"', page)) == 1
    assert sent(sheet.encode()) <= 12 * KB


def test_first_pages_lists_posts_and_works_have_one_sheet_too(client, together):
    pages = [PostFactory().get_absolute_url(), ReferenceFactory().get_absolute_url()]
    for page in (*pages, "/", "/review/", "/references/", "/blog/", "/search/", "/names/"):
        sheets = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', client.get(page).text)
        assert len(sheets) == 1, page
        assert sent(together(sheets[0]).encode()) <= 12 * KB, page


def test_the_sheet_holds_all_that_it_names_in_their_order(sheet):
    assert "@import" not in sheet
    places = [sheet.index(each) for each in ("--madder:", ".masthead", ".comment {", ".pick-one")]
    assert places == sorted(places)


def test_scripts_hold_up_no_painting_and_stay_small(page, together):
    scripts = re.findall(r"<script [^>]*src=\"[^\"]*\"[^>]*>", page)
    assert all('type="module"' in each or " async" in each for each in scripts)
    named = {re.search(r"js/([\w/-]+?)(?:\.\w{12})?\.js", each)[1] for each in scripts}
    assert named == {"theme", "page", "thread"}  # the first waits for nothing, two are deferred
    found = [Path(finders.find(f"js/{name}.js")).read_bytes() for name in ("theme", "page")]
    # The budget of all that a chapter asks for at once; what is loaded on demand is not here.
    assert sum(map(sent, [*found, together("js/thread.js").encode()])) <= 6 * KB


def test_scripts_that_are_put_together_keep_their_names_to_themselves(together):
    text = together("js/thread.js")
    assert 'import "./' not in text
    assert "open their form in place" not in text
    assert text.count("\n}\n{\n") == 2
    assert 'import("./preview.js")' in text  # asked for when it is needed, as before


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
    assert {"css/chapter.css", "js/thread.js", "img/icon.svg"} <= files
    assert 1 + len(files) + 1 <= 12, "the page, its files, a figure within the window"
    joined = {name: together(name).encode() for name in ("css/chapter.css", "js/thread.js")}
    parts = [joined.get(name) or Path(finders.find(name)).read_bytes() for name in files]
    assert sum(map(sent, [html, *parts])) <= 40 * KB
