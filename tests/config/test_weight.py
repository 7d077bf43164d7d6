"""What a reader loads with a chapter: sizes as brotli sends them."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from publishing.storage import StaticFilesStorage
from tests.factories import ChapterFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once("what pages load is no matter of databases")]
KB = 1024


def sent(data):
    return len(brotli.compress(data, quality=11))


@pytest.fixture
def page(client):
    return client.get(ChapterFactory().get_absolute_url()).content.decode()


@pytest.fixture
def sheet(tmp_path):
    """The chapter's sheet as it is put together."""
    storage = StaticFilesStorage(location=tmp_path, base_url="/static/")
    sources = {}
    for finder in finders.get_finders():
        for name, source in finder.list([]):
            if name.startswith("css/"):
                sources.setdefault(name, (source, name))
    (tmp_path / "css").mkdir()
    storage._put_together("css/chapter.css", sources)
    return (tmp_path / "css/chapter.css").read_text()


def test_a_chapter_has_one_sheet_of_twelve_kilobytes(page, sheet):
    assert len(re.findall('rel="stylesheet"', page)) == 1
    assert sent(sheet.encode()) <= 12 * KB


def test_the_sheet_holds_all_that_it_names_in_their_order(sheet):
    assert "@import" not in sheet
    places = [sheet.index(each) for each in ("--madder:", ".masthead", ".comment {", ".pick-one")]
    assert places == sorted(places)


def test_scripts_hold_up_no_painting_and_stay_small(page):
    scripts = re.findall(r"<script [^>]*src=\"[^\"]*\"[^>]*>", page)
    assert all('type="module"' in each or " async" in each for each in scripts)
    named = {re.search(r"js/([\w/-]+?)(?:\.\w{12})?\.js", each)[1] for each in scripts}
    found = [finders.find(f"js/{name}.js") for name in named]
    # The budget of all that a chapter asks for at once; what is loaded on demand is not here.
    assert sum(sent(Path(path).read_bytes()) for path in found) <= 7 * KB, named
