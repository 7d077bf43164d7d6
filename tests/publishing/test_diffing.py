"""What differs between two texts, as a reader of both would say it."""

import gc
import time

import pytest

from publishing import diffing
from publishing.diffing import ADDED, CHANGED, MOVED, REMOVED, SAME


def ops(before, after):
    return [
        (block.op, "".join(piece.text for piece in block.pieces))
        for block in compare(before, after).blocks
    ]


def compare(before, after):
    return diffing.compare(before, after)


def test_nothing_differs_from_itself():
    text = "<h2>One</h2><p>Two <em>three</em></p><ul><li>a<ul><li>b</li></ul></li></ul>"
    assert not compare(text, text).any
    assert not compare("", "").any
    assert {block.op for block in compare(text, text).blocks} == {SAME}


def test_words_are_shown_inside_their_paragraph():
    block = compare("<p>The cat sat here.</p>", "<p>The dog sat here.</p>").blocks[0]
    assert block.op == CHANGED
    assert [(piece.op, piece.text) for piece in block.pieces] == [
        (SAME, "The "), (REMOVED, "cat"), (ADDED, "dog"), (SAME, " sat here."),
    ]  # fmt: skip


def test_paragraphs_come_and_go():
    assert ops("<p>One stays.</p><p>Goes away.</p>", "<p>One stays.</p>") == [
        (SAME, "One stays."),
        (REMOVED, "Goes away."),
    ]
    assert ops("<p>One.</p>", "<p>New.</p><p>One.</p>") == [(ADDED, "New."), (SAME, "One.")]


def test_a_moved_paragraph_has_moved_and_did_not_go_and_come():
    first, second, third = (
        "<p>The first of all of them.</p>",
        "<p>Second in the row here.</p>",
        "<p>Third and last one now.</p>",
    )
    found = ops(first + second + third, second + third + first)
    assert found == [
        (SAME, "Second in the row here."),
        (SAME, "Third and last one now."),
        (MOVED, "The first of all of them."),
    ]


def test_lists_tables_and_captions_are_told_line_by_line():
    cells = "<table><tbody><tr><td>x 1</td><td>y 2</td></tr></tbody></table>"
    before = "<ul><li>a one</li><li>b two</li></ul>" + cells
    after = before.replace("b two", "b three").replace("y 2", "y 9")
    assert [op for op, _text in ops(before, after)] == [SAME, CHANGED, SAME, CHANGED]


def test_what_no_word_shows_is_listed_apart():
    before = (
        '<h2>A head</h2><p>See <a href="/a/">this</a><span class="cite" data-cite="a1">[a1]</span>'
        '<img src="/media/images/1.png" alt=""></p>'
    )
    after = (
        before.replace("h2>", "h3>")
        .replace("/a/", "/b/")
        .replace("a1", "b2")
        .replace("1.png", "2.png")
    )
    assert compare(before, after).marks == [
        ("citation", ["a1"], ["b2"]),
        ("link", ["this (/a/)"], ["this (/b/)"]),
        ("figure", ["/media/images/1.png"], ["/media/images/2.png"]),
        ("heading", ["h2: A head"], ["h3: A head"]),
    ]
    assert compare("<p>x</p>", '<p><a href="/a/">x</a></p>').any


def test_another_level_of_a_heading_is_a_change_of_it():
    block = compare("<h2>The nerves</h2>", "<h3>The nerves</h3>").blocks[0]
    assert (block.op, block.was, block.kind) == (CHANGED, "h2", "h3")


@pytest.mark.parametrize("make", [
    lambda n: ("<p>x y</p>" * n, "<p>x y</p><p>z</p>" * n),
    lambda n: ("<p>" + "a b " * n * 5 + "</p>", "<p>" + "b a c " * n * 5 + "</p>"),
    lambda n: tuple("".join(f"<p>{w}{i} b c</p>" for i in range(n)) for w in "wv"),
])  # fmt: skip
def test_the_longest_texts_cost_a_bounded_time(make):
    def cost(n):
        before, after = make(n)
        start = time.thread_time()
        compare(before, after)
        return time.thread_time() - start

    gc.disable()  # what other tests left is not this one's
    try:
        assert min(cost(8_000), cost(8_000)) < 4 * cost(4_000) + 0.2
    finally:
        gc.enable()
