"""Templates are wrapped for who writes them; readers get each tag in one line."""

import pytest

from config.templates import joined


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('<a\n  href="#replies">Replies</a>', '<a href="#replies">Replies</a>'),
        ('<button class="plain"\n      >Undo</button\n>', '<button class="plain">Undo</button>'),
        ("<p>one\n  two</p>\n<pre>a\n  b</pre>", "<p>one\n  two</p>\n<pre>a\n  b</pre>"),
        ("{% if a < b %}\n  c\n{% endif %} 1 <\n 2", "{% if a < b %}\n  c\n{% endif %} 1 <\n 2"),
    ],
)
def test_a_tag_broken_over_lines_is_read_in_one(written, read):
    expected = read or '<a href="{% url "x" %}"{% if a > b %} lang="es"{% endif %}>'
    assert joined(written) == expected
