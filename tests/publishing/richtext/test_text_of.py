"""The plain text of what has links and letters in italics alone is what lxml would make of it."""

import pytest

from publishing.richtext import plain
from publishing.richtext.tree import parse


@pytest.mark.parametrize(
    "html",
    [
        'Gowers. <a href="/references/gowers1904/" lang="en">A lecture</a>. Br Med J. 1904;1:117.',
        "<i>Br</i> &amp; <b>Med</b>&nbsp;J &lt;1904&gt; &quot;a&#39;b&quot; x<sup>2</sup>",
        "  two  blanks\nand a line\t ",
        "a &eacute; b &nosuch; c &amp;amp; d & e",
        'a <span data-cite="x1904">[1]</span> b',
        "<p>one</p><p>two<br>three</p>",
        'one<span class="fn">note</span>',
        '<a href="/x/" title="a > b">c</a>',
    ],
)
def test_plain_text_is_the_same_with_and_without_a_parser(html):
    assert plain.text_of(html) == plain.text_of_tree(parse(html))
