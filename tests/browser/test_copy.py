"""Searching in the copy of the site, which lies on a disk and has no server."""

import shutil
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from config.moving.static import finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEARCHED = """searchCopy([
["Lipoma", "a/index.html", "A fatty mouse, 10⁹ cells of Åström; col·lecció."],
["Other", "b c/index.html", "The dormouse is no back mouse."],
]);
"""


def test_the_copy_is_searched_from_a_disk(tmp_path, new_page):
    shutil.copy(finding.HERE / finding.SCRIPT, tmp_path)
    (tmp_path / "index.js").write_text(SEARCHED, encoding="utf-8")
    (tmp_path / "search.html").write_text(
        '<meta charset="utf-8"><form><input id="q" name="q"></form><p id="count"></p>'
        '<div id="found" data-root="." data-index="index.js" data-count="Found: %n"'
        ' data-none="None: %q"></div>'
        '<script src="search.js"></script>', encoding="utf-8",
    )  # fmt: skip
    page = new_page()
    for query, said in {
        "mouse": "Found: 2", "mous fat": "Found: 1", "astrom": "Found: 1", "colleccio": "Found: 1",
        '"back mouse"': "Found: 1", "mouse -dormouse": "Found: 1", "ormouse": "None: ormouse",
    }.items():  # fmt: skip
        page.goto(f"{(tmp_path / 'search.html').as_uri()}?q={quote(query)}")
        expect(page.locator("#count")).to_have_text(said)
    page.goto(f"{(tmp_path / 'search.html').as_uri()}?q=back")
    expect(page.locator("#found a")).to_have_attribute("href", "./b%20c/index.html")
    expect(page.locator("#found mark")).to_have_text("back")
