"""What a reader gets of a text: computed when it is written, the same for everybody, asking nobody
else."""

import re

import pytest
from PIL import Image as Pillow

from publishing import images
from publishing.models import Image
from publishing.richtext import sanitise
from publishing.richtext.render import render
from tests.factories import ChapterFactory

pytestmark = pytest.mark.django_db


def html_of(body, language="en", **options):
    return render(sanitise.clean(body), language=language, **options).html


def stored_picture(width=1200):
    file_name, *size, widths = images.store(Pillow.new("RGB", (width, 600), "white"))
    return Image.objects.create(
        file=file_name, width=size[0], height=size[1], widths=widths, title="Sacrum"
    )


def test_an_empty_text_is_nothing():
    rendered = render("", language="en")
    assert (rendered.html, rendered.contents, rendered.words) == ("", [], 0)


def test_headings_have_addresses_of_their_own():
    body = (
        "<h2>Results</h2><h2>Results</h2><h3>¿Qué sabemos?</h3><h2>Ref 1</h2><h2>中</h2><h2>!</h2>"
    )
    rendered = render(sanitise.clean(body), language="en")
    anchors = [heading["id"] for heading in rendered.contents]
    assert anchors == ["results", "results-2", "qué-sabemos", "ref-1-2", "中", "part"]
    assert [f'id="{anchor}"' in rendered.html for anchor in anchors] == [True] * 6


def test_parts_are_numbered_only_where_there_are_several():
    assert "Part 2" in html_of("<h2>a</h2><h2>b</h2>", numbered_parts=True)
    assert "Part" not in html_of("<h2>a</h2>", numbered_parts=True)
    assert "Part" not in html_of("<h2>a</h2><h2>b</h2>")


def test_a_citation_in_a_heading_is_not_part_of_its_name():
    chapter = ChapterFactory(body='<h2>Nodules <span class="cite" data-cite="x">[x]</span></h2>')
    assert chapter.contents[0]["text"] == "Nodules"


def test_figures_are_numbered_and_come_in_the_size_that_fits():
    source = stored_picture().get_absolute_url()
    figure = (
        f'<figure class="figure"><img src="{source}" alt="A"><figcaption>Cap</figcaption></figure>'
    )
    html = html_of(figure + figure)
    assert re.findall(r'id="(fig-\d)"', html) == ["fig-1", "fig-2"]
    assert "<b>Figure 2</b> Cap" in html
    assert 'width="1200" height="600"' in html
    assert f"{source.replace('.png', '-480.png')} 480w" in html


def test_a_picture_that_is_gone_does_not_break_the_page():
    assert 'src="/media/images/gone.png"' in html_of(
        '<p><img src="/media/images/gone.png" alt="x"></p>'
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=abcdefgh123",
        "https://youtu.be/abcdefgh123",
        "https://vimeo.com/12345",
    ],
)
def test_a_video_asks_nobody_before_the_reader_does(address):
    html = html_of(f'<figure class="video"><a href="{address}">An operation</a></figure>')
    assert "<iframe" not in html
    assert not re.search(r'(src|poster)="https?:', html)
    assert f'href="{address}"' in html
    assert "data-load=" in html


def test_a_table_can_be_scrolled_by_keyboard_and_has_a_name():
    html = html_of("<table><caption>Series</caption><tbody><tr><td>1</td></tr></tbody></table>")
    assert 'role="region" tabindex="0" aria-label="Series"' in html


def test_words_are_counted_without_citations():
    chapter = ChapterFactory(
        body='<p>Five words of plain text <span class="cite" data-cite="x">[x]</span>.</p>'
    )
    assert chapter.words == 5
    assert chapter.minutes == 1


def test_dates_move_with_the_words_and_not_with_an_unchanged_save():
    chapter = ChapterFactory(body="<p>a</p>")
    before = chapter.updated
    chapter.save()
    assert chapter.updated == before
    chapter.body = "<p>b</p>"
    chapter.save()
    assert chapter.updated > before


def test_a_heading_that_says_its_part_is_not_told_it_twice():
    body = "<h2>Part 1 - The back</h2><h2>Part II: The hip</h2><h2>Partial relief</h2>"
    rendered = render(body, language="en", numbered_parts=True)
    assert rendered.html.count('class="part"') == 1
    assert '<span class="part">Part 3</span>' in rendered.html
    assert [each["number"] for each in rendered.contents] == [None, None, 3]
