"""What comes of text pasted from other programs. The texts stand in tests/browser/data/paste."""

import re
from pathlib import Path

import pytest

from publishing.richtext import pasted

FOLDER = Path(__file__).parents[2] / "browser/data/paste"
NAMES = sorted(path.name[: -len(".clean.html")] for path in FOLDER.glob("*.clean.html"))


def shown(html):
    """The clean HTML and what was left out, as the files have it."""
    found = pasted.paste(html)
    said = [f"<!-- picture: {alt} -->" for alt in found.pictures]
    said += [f"<!-- embed: {name} -->" for name in found.embeds]
    return "\n".join([found.html, *said])


def test_there_are_texts_of_all_programs():
    assert len(NAMES) >= 9


@pytest.mark.parametrize("name", NAMES)
def test_text_of_another_program_is_pasted_whole_and_clean(name):
    expected = (FOLDER / f"{name}.clean.html").read_text().strip()
    assert shown((FOLDER / f"{name}.html").read_text()) == expected


@pytest.mark.parametrize(
    ("address", "behind"),
    [
        ("https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fx&ved=1",
            "https://example.org/x"),
        ("https://www.google.com/search?q=https://example.org", None),
        ("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D"
         "https%253A%252F%252Fexample.org%252F", "https://example.org/"),
        ("https://example.org/?utm_source=a&id=7&utm_medium=b#x", "https://example.org/?id=7#x"),
        ("https://www.google.com/url?q=javascript:alert(1)", None),
    ],
)  # fmt: skip
def test_a_link_leads_where_it_says(address, behind):
    assert pasted.unwrapped(address) == (behind or address)


@pytest.mark.parametrize(
    "html",
    ["", "   ", "<!-- only -->", "<", "<li>x", "<ul><ul><li>x", "<a href='#x' id='x'>1</a>",
        "<table>x",
     "<p style='mso-list:l0 level9 lfo1'>x", "<div class=ListContainerWrapper><ul></ul></div>x",
     "<a href='http://[x'>y</a><img src='http://[x'><iframe src='http://[x'></iframe>",
     "<a href='#b' id='a'>1</a><p id='b'><a href='#a'>2</a>", "\x00<p>a\ud800",
     "<a class=cite data-cites='[1'>[1]</a>", "<a class=cite data-cites='[[1,2],3]'>[1]</a>",
     "<div>" * 3000 + "x", "<b>" * 3000 + "x", "<p>plain"],
)  # fmt: skip
def test_no_text_is_too_odd_to_be_pasted(html):
    words = re.sub(r"<[^>]*>", "", html).strip("\x00 <")
    assert words[:1] in pasted.paste(html).html or "cite" in html


def test_a_foreign_page_brings_no_voice_and_no_consent():
    html = (
        '<div class="letter" data-consent="7"><p>a</p></div><p onclick="x()" class="source">b</p>'
    )
    assert "consent" not in pasted.paste(html).html
    assert "onclick" not in pasted.paste(html).html


def test_what_is_too_long_is_left_to_the_caller():
    with pytest.raises(pasted.TooLong):
        pasted.paste("x" * (pasted.LONGEST + 1))
