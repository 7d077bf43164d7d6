"""Words found and replaced in what readers read, and nowhere else."""

import pytest

from publishing.richtext import sanitise
from publishing.richtext.replacing import (
    Search,
    find_in_html,
    find_in_text,
    replace_in_html,
    replace_in_text,
)
from tests.factories import cite


def replaced(html, find, new, places=None, **options):
    search = Search(find, new, **options)
    found = [place.index for place in find_in_html(html, search)]
    return replace_in_html(html, search, found if places is None else places)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<p>A lump there.</p>", "<p>A nodule there.</p>"),
        ("<p>Lump there.</p>", "<p>Nodule there.</p>"),
        ("<p>The lumpy one.</p>", "<p>The lumpy one.</p>"),
        (
            '<p><a href="https://lump.example/lump">a lump</a></p>',
            '<p><a href="https://lump.example/lump">a nodule</a></p>',
        ),
        (f"<p>A lump{cite('lump')}.</p>", f"<p>A nodule{cite('lump')}.</p>"),
        ('<p lang="es">un lump</p>', '<p lang="es">un nodule</p>'),
        (
            '<p>See<span class="fn">Of a lump.</span>.</p>',
            '<p>See<span class="fn">Of a nodule.</span>.</p>',
        ),
    ],
)
def test_words_change_and_nothing_else(before, after):
    before, after = sanitise.clean(before), sanitise.clean(after)
    assert replaced(before, "lump", "nodule") == after


def test_parts_of_words_if_wanted():
    assert replaced("<p>lumpy</p>", "lump", "gump", whole_words=False) == "<p>gumpy</p>"


def test_capitals_if_wanted():
    html = "<p>Lump and lump</p>"
    assert replaced(html, "lump", "x", match_case=True) == "<p>Lump and x</p>"


def test_several_words_with_emphasis_or_a_fixed_space_between():
    html = "<p>The <em>back</em> mouse, the back&nbsp;mouse.</p>"
    assert replaced(html, "back mouse", "nodule") == "<p>The <em>nodule</em>, the nodule.</p>"


def test_words_of_two_paragraphs_or_beside_a_citation_are_not_one():
    html = f"<p>the back</p>\n<p>mouse, back {cite('a1')} mouse</p>"
    assert find_in_html(html, Search("back mouse", "x")) == []


def test_only_the_places_chosen():
    assert replaced("<p>a a a</p>", "a", "b", places=[1]) == "<p>a b a</p>"


def test_signs_of_html_are_words_like_others():
    assert replaced("<p>R&amp;D &lt;1</p>", "R&D", "a<b") == "<p>a&lt;b &lt;1</p>"
    assert replaced("<p>a.c abc</p>", "a.c", "x") == "<p>x abc</p>"


def test_a_place_is_shown_with_its_sentence():
    html = "<p>One. Here is a lump to see. Then more.</p>"
    (place,) = find_in_html(html, Search("lump", "nodule"))
    assert (place.before, place.found, place.new, place.after) == (
        "Here is a ",
        "lump",
        "nodule",
        " to see.",
    )


def test_what_others_said_is_marked():
    html = "<p>lump</p>\n<blockquote>\n<p>lump</p>\n</blockquote>\n<p>lump</p>"
    found = find_in_html(sanitise.clean(html), Search("lump", "x"))
    assert [place.quoted for place in found] == [False, True, False]


def test_plain_text_stays_to_the_letter():
    text = "A  lump,\r\n\r\nand a lump."
    search = Search("lump", "nodule")
    assert [place.index for place in find_in_text(text, search)] == [0, 1]
    assert replace_in_text(text, search, [1]) == "A  lump,\r\n\r\nand a nodule."


def test_thousands_of_places_are_found():
    html = "<p>" + "lump <em>and</em> " * 3000 + "</p>"
    assert len(find_in_html(html, Search("lump", "x"))) == 3000
