"""What rich text may hold: the one declaration.

The sanitiser, the shape of the tree, what the editor offers and what it keeps of pasted text are
derived from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

# Kinds of element: a block that holds one line of text; a block that holds text or blocks; a block
# that holds blocks; a block that holds nothing; part of a line; a point in a line.
LINE, CELL, BOX, RULE, INLINE, POINT = "line", "cell", "box", "rule", "inline", "point"


@dataclass(frozen=True)
class Element:
    """One element.

    `inside`: the elements it must stand in; none: anywhere. `filled`: what takes in anything else
    that stands in it. `pasted`: the attributes kept of pasted text, `!` before those it is nothing
    without; None: not pasted.
    """

    kind: str
    attributes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    filled: str = ""
    pasted: tuple[str, ...] | None = None


ELEMENTS = {
    "p": Element(LINE, ("lang", "dir"), ("source",), pasted=()),
    "h2": Element(LINE, ("lang",), pasted=()),
    "h3": Element(LINE, ("lang",), pasted=()),
    "h4": Element(LINE, ("lang",), pasted=()),
    "ul": Element(BOX, filled="li", pasted=()),
    "ol": Element(BOX, ("start",), filled="li", pasted=("start",)),
    "li": Element(CELL, inside=("ul", "ol"), pasted=()),
    "blockquote": Element(BOX, ("lang", "dir"), pasted=()),
    "div": Element(
        BOX, ("lang", "data-date", "data-consent"), ("own", "letter", "claim", "transcript")
    ),
    "figure": Element(BOX, (), ("figure", "video", "plot")),
    "figcaption": Element(LINE, inside=("figure",)),
    "small": Element(INLINE, (), ("credit",)),
    "img": Element(POINT, ("src", "alt")),
    "table": Element(BOX, filled="tbody", pasted=()),
    "caption": Element(LINE, inside=("table",), pasted=()),
    "thead": Element(BOX, inside=("table",), filled="tr", pasted=()),
    "tbody": Element(BOX, inside=("table",), filled="tr", pasted=()),
    "tr": Element(BOX, inside=("thead", "tbody"), filled="td", pasted=()),
    "th": Element(
        CELL,
        ("scope", "colspan", "rowspan"),
        inside=("tr",),
        pasted=("scope", "colspan", "rowspan"),
    ),
    "td": Element(CELL, ("colspan", "rowspan"), inside=("tr",), pasted=("colspan", "rowspan")),
    "a": Element(INLINE, ("href", "lang", "title"), pasted=("!href",)),
    "span": Element(
        INLINE, ("lang", "dir", "data-cite", "data-locator"), ("cite", "fn"), pasted=("!lang",)
    ),
    "cite": Element(INLINE, ("lang",), pasted=()),
    "q": Element(INLINE, ("lang",), pasted=()),
    "em": Element(INLINE, pasted=()),
    "strong": Element(INLINE, pasted=()),
    "sub": Element(INLINE, pasted=()),
    "sup": Element(INLINE, pasted=()),
    "s": Element(INLINE, pasted=()),
    "br": Element(POINT, pasted=()),
    "hr": Element(RULE, pasted=()),
}
# What other programs write; a plain div is a boundary between paragraphs and nothing else.
RENAMED = {
    "b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "strike": "s", "del": "s",
    "tfoot": "tbody", "pre": "p",
} | dict.fromkeys(
    [
        "section", "article", "aside", "main", "nav", "header", "footer", "address", "center",
        "details", "summary", "fieldset", "form", "dl", "dt", "dd", "legend", "hgroup",
    ],
    "div",
)  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel", "doi", "page"}


def _of_kind(*kinds: str) -> set[str]:
    return {name for name, element in ELEMENTS.items() if element.kind in kinds}


PARENTS = {name: set(element.inside) for name, element in ELEMENTS.items() if element.inside}
FILLED = {name: element.filled for name, element in ELEMENTS.items() if element.filled}
INLINE_ELEMENTS = _of_kind(INLINE)
VOID = _of_kind(POINT, RULE)
LINES = _of_kind(LINE)
CAPTIONS = LINES & set(PARENTS)
# Hold text as it is or blocks; everything else that holds blocks gets its stray text into
# paragraphs.
CELLS = _of_kind(CELL)
TEXT_BLOCKS = LINES | CELLS
# Stand anywhere a block may stand.
BLOCKS = _of_kind(LINE, BOX, RULE) - set(PARENTS)


def ckeditor_rules(names: Iterable[str] = ELEMENTS) -> str:
    """These elements in the words of CKEditor 4's Advanced Content Filter."""
    return "; ".join(
        _rule(name, ELEMENTS[name].attributes, ELEMENTS[name].classes) for name in names
    )


def caption_rules() -> str:
    """What the caption of a figure or a video may hold, in the same words."""
    inline = INLINE_ELEMENTS - {"small"} | {"br"}
    return ckeditor_rules(name for name in ELEMENTS if name in inline)


def paste_rules() -> str:
    """What is kept of text pasted from elsewhere, in the same words; the inline elements of other
    programs too, which the editor writes as ours."""
    kept = {name: each.pasted for name, each in ELEMENTS.items() if each.pasted is not None}
    theirs = {old: kept[new] for old, new in RENAMED.items() if new in INLINE_ELEMENTS & set(kept)}
    return "; ".join(_rule(name, attributes) for name, attributes in (kept | theirs).items())


def _rule(name: str, attributes: Iterable[str], classes: Iterable[str] = ()) -> str:
    attributes, classes = ",".join(attributes), ",".join(classes)
    return name + (f"[{attributes}]" if attributes else "") + (f"({classes})" if classes else "")
