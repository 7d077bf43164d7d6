"""Rich text: one canonical form, nothing dangerous, nothing the author wrote lost."""

import re
from html import escape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from publishing.richtext import elements, sanitise
from publishing.richtext.sanitise import clean

SAMPLES = sorted(Path("config/sample").glob("*/*.html"))
TEXT = st.text("ab ñ\xa0\n<&>\"'{}[]\u200b\u202e中", max_size=8).map(escape)
ATTRIBUTES = st.sampled_from(
    ["", "", "", ' class="own"', ' class="letter x"', ' class="cite" data-cite="a1"',
        ' data-cite="a b"', ' lang="es"',
     ' href="https://x.org/?a=1&amp;b"', ' href="javascript:alert(1)"',
     ' href=" JaVaScRiPt:alert(1)"', ' src="/media/images/a.png" alt="A"',
     ' src="https://evil.example/a.png"', ' src="data:image/png;base64,AA"', ' onclick="alert(1)"',
     ' style="color:red"',
     ' class="figure"', ' class="video"', ' class="credit"', ' class="source"', ' colspan="2"',
     ' colspan="-1"',
     ' scope="row"', ' dir="rtl"', ' start="3"', ' data-locator="p. 5" data-cite="k"',
     ' href="http://[::1"',
     ' id="x" name="y"']
)  # fmt: skip
NAMES = st.sampled_from(
    [
        *elements.ELEMENTS,
        *elements.RENAMED,
        "script",
        "style",
        "iframe",
        "svg",
        "math",
        "object",
        "form",
        "textarea",
        "font",
        "o:p",
        "td",
    ]
)


def element(inside):
    return st.builds(
        lambda name, attributes, children: f"<{name}{attributes}>{''.join(children)}</{name}>",
        NAMES,
        ATTRIBUTES,
        st.lists(inside, max_size=4),
    )


HTML = st.lists(st.recursive(TEXT, element, max_leaves=18), max_size=5).map("".join)
BROKEN = st.lists(
    st.one_of(
        TEXT,
        st.builds(
            lambda slash, name, more: f"<{slash}{name}{more}>",
            st.sampled_from(["", "/"]),
            NAMES,
            ATTRIBUTES,
        ),
    ),
    max_size=25,
).map("".join)
often = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def words(html):
    """What a reader sees of a cleaned text, blanks aside."""
    return re.sub(r"\s", "", sanitise.parse(html).text_content())


@often
@given(st.one_of(HTML, BROKEN))
@example("<a href=x><p>a</p></a>")
@example("<ul>a<p>b</p></ul>")
@example('<span data-cite="a"><span data-cite="b"><em>c</em></span></span>')
@example("<table><tr><td><p></p></table>")
def test_cleaning_twice_is_cleaning_once(html):
    once = clean(html)
    assert clean(once) == once


@often
@given(st.one_of(HTML, BROKEN))
def test_nothing_that_runs_or_asks_elsewhere_survives(html):
    root = sanitise.parse(clean(html))
    for node in root.iter():
        if node is root:
            continue
        element = elements.ELEMENTS[node.tag]
        assert set(node.attrib) <= {"class", *element.attributes}
        assert set(node.get("class", "").split()) <= set(element.classes)
        assert not re.match(r"\s*(javascript|data|vbscript):", node.get("href", ""), re.IGNORECASE)
        if node.tag == "img":
            assert node.get("src").startswith("/media/")


@often
@given(st.lists(st.text("abcdefghij", min_size=3, max_size=6), min_size=1, max_size=6), st.data())
def test_no_word_is_lost(texts, data):
    safe = [name for name in elements.ELEMENTS if name not in ("img", "br", "hr")] + [
        "section",
        "font",
        "h1",
        "dl",
        "tfoot",
    ]
    html = ""
    for text in texts:
        tags = data.draw(st.lists(st.sampled_from(safe), max_size=5))
        html += (
            "".join(f"<{tag}>" for tag in tags)
            + text
            + "".join(f"</{tag}>" for tag in reversed(tags))
        )
    cleaned = words(clean(html))
    assert sorted(cleaned) == sorted("".join(texts))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_samples_are_kept_to_the_word(path):
    html = path.read_text()
    once = clean(html)
    assert clean(once) == once
    assert words(once) == re.sub(r"\s", "", sanitise.parse(html).text_content())
    assert once.count("data-cite=") == html.count("data-cite=")
    assert once.count("<img") == html.count("<img")


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<style>p{}</style>",
        "<iframe src=https://evil.example></iframe>",
        '<img src="https://evil.example/a.png">',
        "<p>\xa0</p><p> </p>",
        "\x00",
        "   \n ",
        None,
        "<!-- a -->",
        '<object data="x"></object><svg onload=alert(1)></svg>',
    ],
)
def test_what_shows_nothing_is_nothing(html):
    assert clean(html) == ""


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<p onclick="x()" style="color:red" id="a">t</p>', "<p>t</p>"),
        ('<a href="javascript:alert(1)">t</a>', "<p>t</p>"),
        ('<a href="java\nscript:alert(1)">t</a>', "<p>t</p>"),
        ('<a href="http://[">t</a>', "<p>t</p>"),
        ("<b>a</b> <i>b</i> <h1>c</h1>", "<p><strong>a</strong> <em>b</em></p>\n<h2>c</h2>"),
        ("<div><div>a</div><div>b</div></div>", "<p>a</p>\n<p>b</p>"),
        ("a<div class='own'>b</div>c", '<p>a</p>\n<div class="own"><p>b</p></div>\n<p>c</p>'),
        ("<p>a&nbsp; b</p>", "<p>a b</p>"),
        ("<p>5&nbsp;mm</p>", "<p>5&nbsp;mm</p>"),
        (
            '<p>a&nbsp;<em>b</em>&nbsp;c&nbsp;<a href="/">d</a></p>',
            '<p>a <em>b</em> c <a href="/">d</a></p>',
        ),
        ("<p><em>a</em>&nbsp;<strong>b</strong></p>", "<p><em>a</em> <strong>b</strong></p>"),
        (
            "<p>5&nbsp;<em>mm</em> «&nbsp;<em>a</em>&nbsp;»</p>",
            "<p>5&nbsp;<em>mm</em> «&nbsp;<em>a</em>&nbsp;»</p>",
        ),
        ("<p>a <em> </em>b</p>", "<p>a b</p>"),
        ("<p>a<br><br></p>", "<p>a</p>"),
        (
            "<a href='/x/'><h3>t</h3><p>u</p></a>",
            '<h3><a href="/x/">t</a></h3>\n<p><a href="/x/">u</a></p>',
        ),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<p>a</p>\n<p>b</p>"),
        ("<ul>a<li>b</li><p>c</p></ul>", "<ul><li>a</li><li>b</li><li>c</li></ul>"),
        (
            "<table><tfoot><tr><td>a</td></tr></tfoot></table>",
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
        ),
        ("<p>a&#1;&#xFFFE;b&#13;c</p>", "<p>ab c</p>"),
        (
            '<span data-cite="k" class="x">words</span>',
            '<p><span class="cite" data-cite="k">[k]</span></p>',
        ),
        ('<span data-cite="a b">words</span>', "<p>words</p>"),
        ('<span lang="es" dir="ltr">t</span>', '<p><span lang="es">t</span></p>'),
        ('<p lang="not a language">t</p>', "<p>t</p>"),
        ("<figure><figcaption>t</figcaption></figure>", "<p>t</p>"),
        (
            '<figure class="video"><a href="https://evil.example/x">t</a></figure>',
            '<p><a href="https://evil.example/x">t</a></p>',
        ),
        ('<iframe src="https://www.youtube.com/embed/x"></iframe><p>t</p>', "<p>t</p>"),
    ],
)
def test_the_form_in_which_texts_are_kept(html, kept):
    assert clean(html) == kept


def test_a_figure_has_its_parts_in_one_order():
    html = (
        '<figure><figcaption><p>Cap</p> <small class="credit">Who</small> tion</figcaption><p><a'
        ' href="https://x.org"><img alt="A"'
        ' src="http://testserver/media/images/a.png"></a></p></figure>'
    )
    assert (
        clean(html) == '<figure class="figure"><img src="/media/images/a.png" alt="A">'
        '<figcaption>Cap tion<small class="credit">Who</small></figcaption></figure>'
    )


@pytest.mark.parametrize(
    "tag",
    [
        "div",
        "div class=own",
        "blockquote",
        "ul><li",
        "em",
        "b",
        "span lang=es",
        "p",
        "table><tr><td",
        "q",
    ],
)
def test_three_thousand_levels_lose_no_word(tag):
    html = f"<p>before</p>{f'<{tag}>' * 3000}deep{'</div>' * 3000}<p>after</p>"
    cleaned = clean(html)
    assert words(cleaned) == "beforedeepafter"
    assert clean(cleaned) == cleaned
    assert sanitise.text_of(cleaned).split() == ["before", "deep", "after"]


def test_the_editor_is_told_exactly_what_is_kept():
    rules = dict(
        re.match(r"(\w+)(.*)", rule).groups() for rule in elements.ckeditor_rules().split("; ")
    )
    assert set(rules) == set(elements.ELEMENTS)
    assert rules["span"] == "[lang,dir,data-cite,data-locator](cite,fn)"
    assert rules["em"] == ""


def test_plain_text_leaves_citations_out_and_blocks_apart():
    html = (
        '<h2>Head</h2><p>One <span class="cite"'
        ' data-cite="a">[a]</span>.</p><ul><li>two</li><li>three</li></ul>'
    )
    assert sanitise.text_of(clean(html)) == "Head One. two three"
