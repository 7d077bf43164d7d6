"""What rich text may hold is said once: sanitiser, tree, editor, its plugins and its paste filter
agree."""

import re
from pathlib import Path

import pytest

from publishing.richtext import elements, fields
from publishing.richtext.sanitise import clean

PLUGINS = sorted(Path("static/editor").glob("*/plugin.js"))
NEEDED = {
    "a": ' href="https://x.org"', "img": ' src="/media/images/a.png"', "span": ' lang="fr"',
    "div": ' class="own"',
}  # fmt: skip

# A browser lets no text stand in these.
CELL_OF = {"tr": "<td>a</td>"} | dict.fromkeys(["table", "thead", "tbody"], "<tr><td>a</td></tr>")


def rules(text):
    """`{element: (attributes, classes)}` of rules in the editor's words."""
    found = {}
    for rule in text.split(";"):
        name, attributes, classes = re.fullmatch(
            r"\s*(\w+)(?:\[(.*?)\])?(?:\((.*?)\))?\s*", rule
        ).groups()
        found[name] = ({each.strip("!") for each in (attributes or "").split(",")} - {""},
                       set((classes or "").split(",")) - {""})  # fmt: skip
    return found


def in_its_place(name):
    """The smallest HTML that holds this element where it may stand."""
    held = CELL_OF.get(name, "a")
    if name in elements.VOID:
        html = f"<p>a<{name}{NEEDED.get(name, '')}>b</p>" if name != "hr" else "<hr>"
    else:
        html = f"<{name}{NEEDED.get(name, '')}>{held}</{name}>"
    if name in elements.CAPTIONS:
        html += (
            '<img src="/media/images/a.png" alt="">'
            if name == "figcaption"
            else "<tr><td>a</td></tr>"
        )
    if name == "figure":
        html = '<figure><img src="/media/images/a.png" alt=""></figure>'
    if name == "small":
        html = (
            '<figure><img src="/media/images/a.png"'
            f' alt=""><figcaption>a{html}</figcaption></figure>'
        )
    while name in elements.PARENTS:
        name = min(elements.PARENTS[name])
        html = f"<{name}>{html}</{name}>"
    return html


@pytest.mark.parametrize("name", elements.ELEMENTS)
def test_every_declared_element_is_kept_where_it_may_stand(name):
    kept = clean(in_its_place(name))
    assert re.search(rf"<{name}[ >]", kept), kept


@pytest.mark.parametrize("name", elements.RENAMED)
def test_what_others_write_becomes_something_declared(name):
    assert elements.RENAMED[name] in elements.ELEMENTS
    assert name not in elements.ELEMENTS


def test_the_sets_of_the_tree_divide_the_declared_elements():
    boxes = {name for name, each in elements.ELEMENTS.items() if each.kind == elements.BOX}
    parts = [elements.LINES, elements.CELLS, elements.INLINE_ELEMENTS, elements.VOID, boxes]
    assert sorted(name for part in parts for name in part) == sorted(elements.ELEMENTS)
    for name, inner in elements.FILLED.items():
        assert name in elements.PARENTS[inner]
    for parents in elements.PARENTS.values():
        assert parents <= boxes


def test_what_is_pasted_is_something_that_is_kept():
    for name, (attributes, classes) in rules(fields.editor_config()["pasteFilter"]).items():
        element = elements.ELEMENTS[elements.RENAMED.get(name, name)]
        assert attributes <= set(element.attributes)
        assert not classes


def test_the_editor_pastes_words_and_their_shape_and_nothing_that_means_more():
    pasted = rules(elements.paste_rules())
    assert {"p", "h2", "li", "td", "a", "em", "b", "i", "br"} <= set(pasted)
    assert not {"div", "figure", "figcaption", "small", "img", "h1", "tfoot", "section"} & set(
        pasted
    )
    assert "[!href]" in elements.paste_rules()


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: path.parent.name)
def test_a_plugin_of_the_editor_allows_nothing_else(path):
    for text in re.findall(r"allowedContent: [\"`](.*?)[\"`]", path.read_text()):
        text = re.sub(r"\$\{\w+\}", "own", text)
        for name, (attributes, classes) in rules(text).items():
            assert attributes <= set(elements.ELEMENTS[name].attributes)
            assert classes <= set(elements.ELEMENTS[name].classes)


def test_a_caption_holds_what_a_line_holds_but_no_credit_of_its_own():
    assert set(rules(elements.caption_rules())) == elements.INLINE_ELEMENTS - {"small"} | {"br"}
