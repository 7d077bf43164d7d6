"""What an attribute may say, what makes a video, and what stands for nothing: one line for each
rule of the sanitiser."""

import pytest
from django.utils import timezone

from publishing.richtext import sanitise
from publishing.richtext.sanitise import clean
from tests.factories import PostFactory

TABLE = "<table><tbody><tr>{}</tr></tbody></table>"
LONG = "x" * 301


def attribute(html, name):
    """What the first element that has it says, in the cleaned text; None where none has it."""
    values = [
        node.get(name) for node in sanitise.parse(clean(html)).iter() if node.get(name) is not None
    ]
    return values[0] if values else None


@pytest.mark.parametrize(
    ("html", "name", "kept"),
    [
        (TABLE.format('<td colspan="2">a</td>'), "colspan", "2"),
        (TABLE.format('<td colspan="999">a</td>'), "colspan", "999"),
        (TABLE.format('<td colspan="1000">a</td>'), "colspan", None),
        (TABLE.format('<td colspan="0">a</td>'), "colspan", None),
        (TABLE.format('<td colspan="two">a</td>'), "colspan", None),
        (TABLE.format('<td rowspan="1">a</td>'), "rowspan", "1"),
        (TABLE.format('<td rowspan="1000">a</td>'), "rowspan", None),
        (TABLE.format('<th scope="row">a</th>'), "scope", "row"),
        (TABLE.format('<th scope="col">a</th>'), "scope", "col"),
        (TABLE.format('<th scope="rowgroup">a</th>'), "scope", None),
        ('<ol start="3"><li>a</li></ol>', "start", "3"),
        ('<ol start="-3"><li>a</li></ol>', "start", None),
        ('<p dir="ltr">a</p>', "dir", "ltr"),
        ('<p dir="rtl">a</p>', "dir", "rtl"),
        ('<p dir="auto">a</p>', "dir", "auto"),
        ('<p dir="up">a</p>', "dir", None),
        ('<p lang="pt-BR">a</p>', "lang", "pt-BR"),
        ('<p lang="p">a</p>', "lang", None),
        ('<div class="own" data-date="2024-02-29"><p>a</p></div>', "data-date", "2024-02-29"),
        ('<div class="own" data-date="29.2.2024"><p>a</p></div>', "data-date", None),
        (
            '<div class="letter" data-consent=" Agreed\nby letter. "><p>a</p></div>',
            "data-consent",
            "Agreed by letter.",
        ),
        (f'<div class="letter" data-consent="{LONG}"><p>a</p></div>', "data-consent", LONG[:300]),
        ('<div class="letter" data-consent=" "><p>a</p></div>', "data-consent", None),
        ('<a href="https://x.org/?a=1&amp;b=2">a</a>', "href", "https://x.org/?a=1&b=2"),
        ('<a href="/review/x/" title="There">a</a>', "title", "There"),
        ('<a href="doi:10.1136/ard.11.1.30">a</a>', "href", "doi:10.1136/ard.11.1.30"),
        ('<a href="mailto:a@example.org">a</a>', "href", "mailto:a@example.org"),
        ('<a href="ftp://example.org/a">a</a>', "href", None),
        ('<a href="sms:123">a</a>', "href", None),
        ('<img src="http://testserver/media/images/a.png?v=2">', "src", "/media/images/a.png"),
        ('<img src="https://testserver/media/images/a.png">', "src", None),
        ('<img src="/static/a.png">', "src", None),
        ('<img src="//evil.example/media/images/a.png">', "src", None),
        ('<span data-cite="k" data-locator="p. 5">x</span>', "data-locator", "p. 5"),
        ('<span data-cite="k" data-locator="">x</span>', "data-locator", None),
        ('<span data-cite="k" lang="es" dir="rtl">x</span>', "lang", None),
        ('<span data-locator="p. 5" lang="es">x</span>', "data-locator", None),
        ('<span class="fn">a note</span>', "class", "fn"),
        ('<span class="fn cite">a note</span>', "data-cite", None),
        ('<span lang="ar" dir="rtl">x</span>', "dir", None),
        ('<span lang="ar" dir="ltr">x</span>', "dir", "ltr"),
        ('<span lang="es" dir="rtl">x</span>', "dir", "rtl"),
        ('<span dir="ltr">x</span>', "dir", "ltr"),
    ],
)
def test_what_an_attribute_may_say(html, name, kept):
    assert attribute(html, name) == kept


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        (
            "<template>a</template><textarea>b</textarea><select><option>c</option></select><p>d</p>",
            "<p>d</p>",
        ),
        ("<title>a</title><noscript>b</noscript><p>d</p>", "<p>d</p>"),
        ('<section class="own" lang="es">a</section>', "<p>a</p>"),
        ("<p><small>a</small> b</p>", "<p>a b</p>"),
        ("<p><a>a</a> b</p>", "<p>a b</p>"),
        ('<p><a href="">a</a> b</p>', "<p>a b</p>"),
        ("<p><span>a</span> b</p>", "<p>a b</p>"),
        ("<p>a\x07b\x86</p>", "<p>ab</p>"),
        (
            '<p dir="rtl" lang="ar" class="source">a</p>',
            '<p class="source" lang="ar" dir="rtl">a</p>',
        ),
    ],
)
def test_what_stands_for_nothing_goes_and_its_words_stay(html, kept):
    assert clean(html) == kept


def test_a_picture_says_at_least_that_it_says_nothing():
    assert attribute('<img src="/media/images/a.png">', "alt") == ""
    assert attribute('<img src="/media/images/a.png" alt="A knee">', "alt") == "A knee"
    assert clean('<p>a<img alt="no address">b</p>') == "<p>ab</p>"


def test_who_made_a_figure_is_said_as_its_credit():
    html = clean(
        "<figure><img src='/media/a.png'><figcaption>A knee <small>Dr"
        " Ott</small></figcaption></figure>"
    )
    assert '<small class="credit">Dr Ott</small>' in html


LINK = '<a href="https://youtu.be/abcdefghijk">{}</a>'
PICTURE = '<img src="/media/images/a.png" alt="A">'
CAPTION = "<figcaption>Said.</figcaption>"


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (LINK.format("A talk"), "A talk"),
        (LINK.format("A <em>long</em>\n talk"), "A long talk"),
        (LINK.format(""), "https://youtu.be/abcdefghijk"),
        (PICTURE + LINK.format("A talk"), "A talk"),
        (LINK.format("A talk") + CAPTION, "A talk"),
        (PICTURE + LINK.format("A talk") + CAPTION, "A talk"),
    ],
)
def test_a_video_is_a_link_with_at_most_a_picture_and_a_caption(inside, words):
    (figure,) = sanitise.parse(clean(f'<figure class="video">{inside}</figure>')).iter("figure")
    assert figure.get("class") == "video"
    (link,) = figure.iter("a")
    assert (link.get("href"), link.text, len(link)) == ("https://youtu.be/abcdefghijk", words, 0)


@pytest.mark.parametrize(
    "inside",
    [
        "Words before " + LINK.format("A talk"),
        LINK.format("A talk") + " words after",
        LINK.format("A talk") + LINK.format("Another"),
        '<a href="https://evil.example/x">A talk</a>',
        '<a href="https://youtube.com.evil.example/x">A talk</a>',
    ],
)
def test_anything_else_with_a_link_is_no_video(inside):
    html = clean(f'<figure class="video">{inside}</figure>')
    assert "video" not in html
    assert "A talk</a>" in html


def test_a_picture_of_the_evidence_is_a_link_to_a_page_of_ours():
    plot = '<figure class="plot">{}</figure>'
    kept = plot.format('<a href="/references/#map">The map</a><figcaption>Of all.</figcaption>')
    assert clean(kept) == kept
    for inside in ("https://x.org/", "//x.org/", "mailto:a@x.org"):
        assert "plot" not in clean(plot.format(f'<a href="{inside}">The map</a>')), inside


def test_plain_text_keeps_lines_apart_and_notes_in_brackets():
    html = clean('<p>one<br>two<span class="fn">three</span></p><ul><li>four</li></ul>')
    assert sanitise.text_of(html) == "one two (three) four"
    assert sanitise.text_of("") == ""


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("/media/images/a.png", True),
        ("http://testserver/media/images/a.png", True),
        ("ftp://testserver/media/images/a.png", False),
        ("http://evil.example/media/images/a.png", False),
        ("/images/media/a.png", False),
    ],
)
def test_pictures_are_the_sites_own(address, own):
    assert sanitise.is_own_media(address) == own


@pytest.mark.django_db
def test_a_note_of_hers_has_the_day_it_was_written():
    note, letter = '<div class="own"><p>New.</p></div>', '<div class="letter"><p>Dear</p></div>'
    body = PostFactory(body=note + note.replace(">", ' data-date="2020-01-01">', 1) + letter).body
    days = [node.get("data-date") for node in sanitise.parse(body).iter("div") if node.get("class")]
    assert days == [timezone.localdate().isoformat(), "2020-01-01", None]
