import re
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.text import html as text_html
from comments.text import language as text_language
from tests.factories import PostFactory, comment

LANGUAGES = Path(__file__).parents[1] / "data" / "languages.tsv"
ANY = st.text(st.characters(), max_size=400)
MARKUP = ["http://", "https://a.org/", "https://x.org/<b>", "<p>", "</p>", "&amp;", '"', "'", ")."]
LETTERS = [
    "> ",
    ">",
    "a",
    "e",
    "\u0301",
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\x00",
    "\ud800",
    "\u202e",
    "\x85",
    "\u2028",
]
PIECES = st.lists(st.sampled_from(MARKUP + LETTERS), max_size=40).map("".join)


@given(ANY | PIECES)
def test_normalising_twice_is_normalising_once(words):
    once = text_html.normalise(words)
    assert text_html.normalise(once) == once


@given(ANY | PIECES)
def test_what_is_kept_every_database_takes(words):
    text_html.normalise(words).encode("utf-8")
    assert "\x00" not in text_html.normalise(words)


@given(ANY | PIECES)
def test_only_our_own_markup_is_in_the_html(words):
    html = text_html.to_html(text_html.normalise(words))
    if not html:
        return
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    for node in root.iterdescendants():
        assert node.tag in ("p", "br", "a", "blockquote")
        assert set(node.attrib) == ({"href", "rel"} if node.tag == "a" else set())
        if node.tag == "a":
            assert node.get("href").startswith(("http://", "https://"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_the_words_come_back_equal_from_the_html(words):
    kept = text_html.normalise(words)
    root = lxml.html.fragment_fromstring(text_html.to_html(kept) or "<p></p>", create_parent="div")
    for node in root.iter("br", "p"):
        node.tail = "\n" + (node.tail or "")
    typed = " ".join(re.sub(r"^[ \t]*>[> \t]*(?=.)", "", line) for line in kept.split("\n"))
    assert (
        "".join(root.itertext()).replace(">", "").split() == typed.replace(">", "").split()
        or "http" in kept
    )


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("see https://example.org/a?b=1&c=2.", "https://example.org/a?b=1&c=2"),
        ("(http://example.org)", "http://example.org"),
        ("https://example.org/ñ", "https://example.org/ñ"),
        (
            "(https://en.wikipedia.org/wiki/Spinal_disc_(anatomy)).",
            "https://en.wikipedia.org/wiki/Spinal_disc_(anatomy)",
        ),
        ("https://example.org/O'Brien's_test, or", "https://example.org/O'Brien's_test"),
        ("'https://example.org/a'", "https://example.org/a"),
        ("https://example.org/{a}[b]!", "https://example.org/{a}[b]"),
        ("HTTPS://Example.org/A?", "HTTPS://Example.org/A"),
        ("https://example.org/a…", "https://example.org/a"),
        ("见 https://example.org/a）。", "https://example.org/a"),
    ],
)
def test_an_address_becomes_a_link_that_gives_nothing_away(words, address):
    link = lxml.html.fragment_fromstring(text_html.to_html(words)).find(".//a")
    assert link.get("href") == address
    assert set(link.get("rel").split()) == {"nofollow", "ugc", "noreferrer", "noopener"}


@pytest.mark.parametrize(
    "words", ["javascript:alert(1)", "http://", "https://.", "data:text/html,x", "ftp://x.org"]
)
def test_nothing_else_becomes_a_link(words):
    assert "<a" not in text_html.to_html(words)


@pytest.mark.parametrize("words", ["> 3 cm, it was", ">= 2 years", ">4 of them\nwere men"])
def test_more_than_so_many_is_no_quotation(words):
    assert "<blockquote>" not in text_html.to_html(words)


def test_within_a_quotation_it_is_one():
    html = text_html.to_html("> it was\n> 3 cm wide\nYes.")
    assert html.count("<blockquote>") == 1
    assert "3 cm wide</p></blockquote>" in html


def test_blank_lines_make_paragraphs_and_line_ends_breaks():
    assert text_html.to_html("one\ntwo\n\nthree") == "<p>one<br>two</p><p>three</p>"


@pytest.mark.parametrize(
    ("words", "html"),
    [
        ("> said\nanswered", "<blockquote><p>said</p></blockquote><p>answered</p>"),
        ("> one\n> two\n>\n> three", "<blockquote><p>one<br>two</p><p>three</p></blockquote>"),
        (">> deep\n> less", "<blockquote><p>deep<br>less</p></blockquote>"),
        ("before\n> said", "<p>before</p><blockquote><p>said</p></blockquote>"),
        ("> see https://example.org", '<blockquote><p>see <a href="https://example.org" '),
        (">", "<p>&gt;</p>"),
        ("a > b", "<p>a &gt; b</p>"),
        ("> <b>bold</b>", "<blockquote><p>&lt;b&gt;bold&lt;/b&gt;</p></blockquote>"),
    ],
)
def test_lines_that_begin_with_a_mark_are_a_quotation(words, html):
    assert text_html.to_html(words).startswith(html)


class TestPartsInAnotherLanguage:
    SPANISH = "Hola doctora, tengo un bulto en la espalda desde hace años y no sé si es peligroso."
    ENGLISH = (
        "I am sorry that I write in both, but my English is not that good and it is late here."
    )

    @pytest.mark.django_db
    def test_each_part_says_its_own(self):
        made = comment(
            PostFactory(),
            text=f"{self.ENGLISH}\n\n{self.SPANISH}\n\n> {self.SPANISH}",
            language="en",
        )
        assert made.html.startswith("<p>I am sorry")
        assert made.html.count('<p lang="es">Hola doctora') == 2

    @pytest.mark.django_db
    def test_when_the_language_is_put_right_so_are_the_parts(self):
        made = comment(PostFactory(), text=f"{self.ENGLISH}\n\n{self.SPANISH}", language="en")
        made.language = "es"
        made.save(update_fields=["language"])
        assert made.html.startswith('<p lang="en">I am sorry')
        assert "<p>Hola doctora" in made.html

    def test_no_text_in_one_language_has_such_a_part(self):
        rows = [
            line.split("\t")
            for line in LANGUAGES.read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")
        ]
        alone = [(code, text) for code, _seen, text in rows if "+" not in code]
        assert len(alone) > 100
        assert [text for code, text in alone if text_language.of_part(text, code)] == []
