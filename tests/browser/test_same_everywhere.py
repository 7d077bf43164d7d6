"""What the screen shows is on paper, in the PDF, in the EPUB and in the feed: compared element by
element."""

import io
import re
import zipfile

import lxml.html
import pytest
from playwright.sync_api import expect

from publishing.models import Image
from publishing.richtext.elements import ELEMENTS
from review.paper import book, epub, pdf
from tests.factories import ChapterFactory, ReferenceFactory, cite
from tests.review.paper import picture

typeset = pytest.importorskip("review.paper.typeset")
pypdf = pytest.importorskip("pypdf")
pytestmark = pytest.mark.django_db(transaction=True)

COLUMNS = 14
HEADS = "".join(f"<th>hd{n:02}</th>" for n in range(COLUMNS))
CELLS = "".join(f"<td>cl{n:02}</td>" for n in range(COLUMNS))
ADDRESS = "https://example.org/" + "a-long-way/" * 12
# A word of its own in each element; scripts every machine with DejaVu has glyphs of.
BODY = f"""<p>mkp <em>mkem</em> <strong>mkstrong</strong> <sub>mksub</sub><sup>mksup</sup>
<s>mks</s> <q>mkq</q>
<cite>mkcite</cite> <span lang="el">λέξη</span> слово <a href="{ADDRESS}">{ADDRESS}</a>
{cite("ries1937")} noted<span class="fn">mkfn</span></p>
<h2>mkhtwo</h2><h3>mkhthree</h3><h4>mkhfour</h4>
<ol start="7"><li>mkol</li></ol><ul><li>mkul</li></ul><hr>
<blockquote><p>mkquote</p></blockquote><div class="own"><p>mkown</p></div>
<div class="claim"><p>mkclaim</p></div>
<figure class="figure"><img src="SRC" alt="A back"><figcaption>mkcaption
<small class="credit">mkcredit</small></figcaption></figure>
<table><caption>mktable</caption><thead><tr>{HEADS}</tr></thead>
<tbody><tr>{CELLS}</tr></tbody></table>"""
WORDS = [
    *re.findall(r"\bmk[a-z]+", BODY),
    *re.findall(r"\b(?:hd|cl)\d\d", BODY),
    "λέξη",
    "слово",
    "Episacroiliac",
]
# What stands elsewhere than in a text of this kind.
ELSEWHERE = {"div", "span", "p", "li", "thead", "tbody", "tr", "td", "br", "img", "small"}


def seen(page):
    """What one reads of the page, once its last element is there."""
    expect(page.locator("main")).to_contain_text(WORDS[-1])
    return page.evaluate("document.querySelector('main').innerText")


def words_of(html):
    return "".join(lxml.html.fromstring(html).itertext())


def missing(text):
    text = re.sub(r"\s+", "", text)
    return [word for word in WORDS if word not in text]


def test_every_element_is_in_this_test():
    shown = {each for each in ELEMENTS if f"<{each}" in BODY}
    assert set(ELEMENTS) - shown - ELSEWHERE == set()


def test_screen_print_pdf_epub_and_feed_hold_the_same(new_page):
    image = picture()
    ReferenceFactory(citekey="ries1937", title="Episacroiliac lipoma")
    chapter = ChapterFactory(body=BODY.replace("SRC", image.get_absolute_url()))
    assert Image.objects.count() == 1
    page = new_page(viewport={"width": 700, "height": 1000})
    page.goto(chapter.get_absolute_url())
    assert missing(seen(page)) == [], "screen"

    page.emulate_media(media="print")
    assert missing(seen(page)) == [], "print"
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("main td, main th, main a, main p, main li")]
        .filter((each) => each.getClientRects().length
          && each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .map((each) => each.textContent.slice(0, 40))"""
    )
    assert beyond == [], "beyond the edge of the paper"

    made = book.collect(chapter.path, alone=True)
    file = typeset.pdf(pdf.html(made), pdf.settings.MEDIA_ROOT, pdf.SHEETS)
    pages = pypdf.PdfReader(io.BytesIO(file)).pages
    text = "".join(each.extract_text() for each in pages)
    assert missing(text) == [], "PDF"
    assert "7." in text
    assert ADDRESS in re.sub(r"\s+", "", text)
    assert any(each.images for each in pages)

    archive = zipfile.ZipFile(io.BytesIO(epub.build(made)))
    text = archive.read(f"OEBPS/c{chapter.pk}.xhtml").decode()
    assert missing(words_of(text.encode())) == [], "EPUB"
    assert 'start="7"' in text

    feed = page.request.get("/review/feed.atom").text()
    content = lxml.html.fromstring(feed.encode()).xpath("string(//content)")
    assert missing(words_of(content)) == [], "feed"
    assert 'start="7"' in content
