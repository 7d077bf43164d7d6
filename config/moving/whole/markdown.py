"""Rich text of ours as Markdown (CommonMark with footnotes). What Markdown cannot say stays HTML:
10⁹ must not become 109."""

import re

from lxml import etree

from publishing.richtext import sanitise

_AS_HTML = {"sup", "sub", "s", "q", "cite"}
_MARKS = {"em": "*", "strong": "**"}
_SIGNS = re.compile(r"([\\`*_\[\]<>])")
_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "div", "figure", "table", "hr"}


def of(html):
    """The Markdown of clean HTML."""
    notes = []
    root = sanitise.parse(html)
    blocks = [_block(node, notes, 0) for node in root if isinstance(node.tag, str)]
    blocks += [f"[^{number}]: {words}" for number, words in enumerate(notes, 1)]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _block(node, notes, depth):
    """One block. Deeper than any text goes it is left as HTML."""
    tag = node.tag
    if depth > 30 or tag == "table":
        return _html(node)
    if tag in ("h2", "h3", "h4"):
        return f"{'#' * int(tag[1])} {_line(node, notes)}"
    if tag in ("ul", "ol"):
        return _list(node, notes, depth)
    if tag == "blockquote":
        return _indented("\n\n".join(_inside(node, notes, depth)), "> ", "> ")
    if tag == "div":
        kind = node.get("class") or "part"
        inner = "\n\n".join(_inside(node, notes, depth))
        return f"::: {kind}\n{inner}\n:::"
    if tag == "figure":
        return _figure(node, notes)
    return "---" if tag == "hr" else _line(node, notes)


def _inside(node, notes, depth):
    """Text and blocks of what may hold both."""
    found, words = [], []
    if (node.text or "").strip():
        words.append(_plain(node.text))
    for child in node:
        if child.tag in _BLOCKS:
            found += ["".join(words).strip()] if words else []
            words = []
            found.append(_block(child, notes, depth + 1))
        else:
            words.append(_inline(child, notes))
        if (child.tail or "").strip():
            words.append(_plain(child.tail))
    return [*found, *(["".join(words).strip()] if words else [])]


def _list(node, notes, depth):
    begin = int(node.get("start") or 1)
    items = []
    for number, item in enumerate(node.findall("li"), begin):
        mark = f"{number}. " if node.tag == "ol" else "- "
        inner = "\n\n".join(_inside(item, notes, depth))
        items.append(_indented(inner, mark, " " * len(mark)))
    return "\n".join(items)


def _indented(text, first, other):
    lines = text.split("\n")
    return "\n".join([first + lines[0], *(f"{other}{line}".rstrip() for line in lines[1:])])


def _figure(node, notes):
    caption = node.find("figcaption")
    words = _line(caption, notes) if caption is not None else ""
    image, link = node.find(".//img"), node.find(".//a")
    if image is not None:
        shown = f"![{_plain(image.get('alt', ''))}]({image.get('src')})"
    elif link is not None:
        shown = _inline(link, notes)
    else:
        return _html(node)
    return f"{shown}\n\n{words}" if words else shown


def _line(node, notes):
    pieces = [_plain(node.text or "")]
    for child in node:
        pieces += [_inline(child, notes), _plain(child.tail or "")]
    return "".join(pieces).strip()


def _inline(node, notes):
    tag, classes = node.tag, node.get("class", "")
    if tag == "br":
        return "\\\n"
    if tag == "img":
        return f"![{_plain(node.get('alt', ''))}]({node.get('src')})"
    if tag == "span" and classes == "cite":
        place = node.get("data-locator")
        return f"[@{node.get('data-cite')}{f', {place}' if place else ''}]"
    if tag == "span" and classes == "fn":
        notes.append(_line(node, []))
        return f"[^{len(notes)}]"
    inner = _line_kept(node, notes)
    if tag == "a":
        return f"[{inner}]({node.get('href', '')})"
    if tag in _MARKS and inner.strip():
        mark = _MARKS[tag]
        before, after = len(inner) - len(inner.lstrip()), len(inner.rstrip())
        return f"{inner[:before]}{mark}{inner.strip()}{mark}{inner[after:]}"
    if tag in _AS_HTML:
        return f"<{tag}>{inner}</{tag}>"
    if tag == "span" and node.get("lang"):
        return f'<span lang="{node.get("lang")}">{inner}</span>'
    return inner


def _line_kept(node, notes):
    pieces = [_plain(node.text or "")]
    for child in node:
        pieces += [_inline(child, notes), _plain(child.tail or "")]
    return "".join(pieces)


def _plain(text):
    return _SIGNS.sub(r"\\\1", re.sub(r"\s+", " ", text))


def _html(node):
    tail, node.tail = node.tail, None
    text = etree.tostring(node, encoding="unicode", method="html")
    node.tail = tail
    return text
