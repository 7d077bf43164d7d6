"""The blocks of WordPress's editor: comments around HTML, which say what it is.

Most blocks are what their HTML is. Those that say something else (embeds, footnotes, blocks used
in several texts) are written as elements that `content` knows.
"""

import html
import json
import re

from .paragraphs import paragraphs

_MARK = re.compile(
    r"<!--\s+(?P<end>/)?wp:(?P<name>[a-z][\w/-]{0,80})\s+(?P<values>\{.*?\}\s+)?(?P<void>/)?-->",
    re.DOTALL,
)
# Blocks whose HTML is all they are.
PLAIN = set(
    "paragraph heading list list-item quote pullquote table image gallery html code preformatted"
    " verse separator spacer more nextpage buttons button columns column group row stack cover"
    " media-text details file video audio freeform classic missing text-columns subhead".split()
)
MOST_REUSED = 200  # blocks of several texts in one text


def has_blocks(text: str) -> bool:
    return "<!-- wp:" in text


def written_out(text, reused, told):
    """The HTML of a text of blocks. `reused` gives the text of a block that several texts share;
    `told(name)` hears of a block nobody knows, whose HTML is kept."""
    out, open_, at, left = [], [], 0, MOST_REUSED
    waiting = [(text, 0)]
    while waiting:
        text, at = waiting.pop()
        mark = _MARK.search(text, at)
        if mark is None:
            out.append(_between(text[at:], open_))
            continue
        out.append(_between(text[at : mark.start()], open_))
        waiting.append((text, mark.end()))
        name = mark["name"].removeprefix("core/")
        if mark["end"]:
            if name in open_:
                while open_.pop() != name:
                    pass
        elif not mark["void"]:
            open_.append(name)
            if name not in PLAIN and name not in ("shortcode", "block") and not _is_embed(name):
                told(name)
        elif name == "block" and left:
            left -= 1
            waiting.append((reused(_values(mark).get("ref")), 0))
        elif name not in PLAIN:
            out.append(_alone(name, _values(mark), told))
    return "".join(out)


def _between(text, open_):
    """What stands outside all blocks is a classic text."""
    if not text.strip():
        return text
    if not open_ or open_[-1] in ("freeform", "classic", "shortcode"):
        return paragraphs(text)
    return text


def _alone(name, values, told):
    if _is_embed(name):
        return _embed(values)
    if name != "footnotes":  # they stand where they are referred to
        told(name)
    return ""


def _is_embed(name):
    return name == "embed" or name.startswith(("core-embed/", "embed/"))


def _embed(values):
    """What its HTML says once more in words: the address."""
    address = html.escape(str(values.get("url") or ""))
    return f'<div data-embed="{address}"></div>' if address else ""


def _values(mark):
    try:
        values = json.loads(mark["values"] or "{}")
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
