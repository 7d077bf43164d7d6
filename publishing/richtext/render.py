"""From stored rich text to the HTML a reader gets, once, when a page is written.

`render()` takes clean text and gives HTML with anchored headings, numbered figures, scrolling tables, click-to-load
videos, labelled voices, footnotes and resolved links, with the list of headings. Citations are the business of
`references.citing.rendering`, which joins in through `passes`.
"""

import re
from dataclasses import dataclass, field

import lxml.html
from django.utils.text import slugify
from django.utils.translation import gettext, override
from lxml.builder import E

from .. import images
from . import footnotes, links, sanitise, videos, voices

WORDS_A_MINUTE = 220


@dataclass
class Rendered:
    """What one rendering gives: HTML, headings as dicts `{level, id, text, number}`, words, stored links found."""

    html: str = ""
    contents: list = field(default_factory=list)
    words: int = 0
    targets: set = field(default_factory=set)


def render(body, *, language, numbered_parts=False, passes=()):
    """Render clean rich text. `passes` are functions of the tree, run before anything else."""
    if not body:
        return Rendered()
    result = Rendered(words=len(sanitise.text_of(body).split()))
    root = sanitise.parse(body)
    with override(language):
        for each in passes:
            each(root)
        footnotes.place(root)
        result.targets = _links(root)
        result.contents = _headings(root, numbered_parts)
        _figures(root)
        videos.place(root)
        _tables(root)
        voices.mark(root)
    result.html = sanitise.serialise(root)
    return result


def _links(root):
    found = set()
    for node in list(root.iter("a")):
        parsed = links.parse(node.get("href", ""))
        if not parsed:
            continue
        found.add(parsed[:2])
        page = links.target(node.get("href"))
        if page is None or not page.is_public():
            node.drop_tag()
        else:
            node.set("href", links.canonical_url(page) + parsed[2])
    return found


def _headings(root, numbered_parts):
    headings = list(root.iter("h2", "h3", "h4"))
    parts = sum(node.tag == "h2" for node in headings)
    contents, used, part = [], set(), 0
    for node in headings:
        text = _heading_text(node)
        anchor = base = slugify(text, allow_unicode=True)[:60].strip("-") or "part"
        suffix = 2
        while anchor in used or re.fullmatch(r"(ref|cite|comment|fig|n)-\d+|fn(ote|ref)?-[a-z]+", anchor):
            anchor, suffix = f"{base}-{suffix}", suffix + 1
        used.add(anchor)
        node.set("id", anchor)
        number = None
        if node.tag == "h2" and numbered_parts and parts > 1:
            part += 1
            number = part
            label = E.span(gettext("Part %(number)s") % {"number": part}, {"class": "part"})
            label.tail = " " + (node.text or "")
            node.text = None
            node.insert(0, label)
        _link_to_itself(node, anchor)
        contents.append({"level": int(node.tag[1]), "id": anchor, "text": text, "number": number})
    return contents


def _link_to_itself(node, anchor):
    """A heading is the link to its own address; one that holds another link gets a sign for it at its end."""
    words = {"class": "here", "href": f"#{anchor}", "data-done": gettext("Address copied")}
    if node.find(".//a") is not None:
        sign = E.a("¶", {**words, "class": "here sign", "aria-label": gettext("Link to this place")})
        last = node[-1]
        last.tail = (last.tail or "") + "\xa0"
        node.append(sign)
        return
    link = E.a(words)
    part = node[0] if len(node) and node[0].get("class") == "part" else None
    if part is not None:
        link.text, part.tail = (part.tail or "").lstrip(), " "
    else:
        link.text, node.text = node.text, None
    for child in [child for child in node if child is not part]:
        link.append(child)
    node.append(link)


def for_elsewhere(root):
    """Take out of a page's HTML what works only on the page itself: buttons, notes in the margin, headings as links."""
    notes = [node for node in root.iter("span") if "note" in node.get("class", "").split()]
    for node in [*root.iter("button"), *notes]:
        node.drop_tree()
    for link in list(root.iter("a")):
        classes = link.get("class", "").split()
        if "sign" in classes:
            link.drop_tree()
        elif "here" in classes:
            link.drop_tag()
        elif "fn" in classes:
            link.set("href", link.get("href").replace("#fn-", "#fnote-"))
            link.text = f"[{link.text}]"


def _heading_text(node):
    copy = sanitise.parse(lxml.html.tostring(node, encoding="unicode", with_tail=False))
    for span in list(copy.iter("span", "a")):
        if "note" in span.get("class", "") or "cite" in span.get("class", ""):
            span.drop_tree()
    return re.sub(r"\s+", " ", copy.text_content()).strip()


def _figures(root):
    number = 0
    for image in list(root.iter("img")):
        images.fill(image)
    for figure in root.iter("figure"):
        if figure.get("class") != "figure":
            continue
        number += 1
        figure.set("id", f"fig-{number}")
        caption = figure.find("figcaption")
        if caption is None:
            caption = E.figcaption()
        # first, so that in the margin it stands beside the head of the figure
        figure.insert(0, caption)
        label = E.b(gettext("Figure %(number)s") % {"number": number})
        label.tail = " " + (caption.text or "")
        caption.text = None
        caption.insert(0, label)
        for image in figure.findall("img"):
            plate = E.div({"class": "plate"})
            image.addprevious(plate)
            words = gettext("Figure %(number)s, full size") % {"number": number}
            link = E.a({"href": image.get("src"), "aria-label": words, "data-zoom": "", "data-close": gettext("Close")})
            image.tail = None
            link.append(image)
            plate.append(link)


def _tables(root):
    for number, table in enumerate(list(root.iter("table")), 1):
        caption = table.find("caption")
        name = caption.text_content().strip() if caption is not None else gettext("Table %(number)s") % {"number": number}
        if caption is not None:
            label = E.b(gettext("Table %(number)s") % {"number": number})
            label.tail = " " + (caption.text or "")
            caption.text = None
            caption.insert(0, label)
        scroller = E.div({"class": "scroll", "role": "region", "tabindex": "0", "aria-label": name})
        table.addprevious(scroller)
        scroller.tail, table.tail = table.tail, None
        scroller.append(table)
