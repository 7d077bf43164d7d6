"""A text of WordPress made into rich text of ours. It knows no database: what a link or a picture
leads to is asked of `Places`. The sanitiser judges last."""

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import lxml.html
from lxml import etree

from publishing.richtext import sanitise, videos
from publishing.richtext.tree import make

from . import blocks, shortcodes
from .paragraphs import paragraphs

LONGEST = 2_000_000  # characters of one text
MOST_NODES = 60_000
_MORE = re.compile(r"(?:<p>\s*)?<!--more.*?-->(?:\s*</p>)?", re.DOTALL)
_PAGE = re.compile(r"<!--nextpage-->")


class TooLong(ValueError):
    """More than one page can hold."""


@dataclass
class Picture:
    """A picture of ours: its address, and the words WordPress keeps beside it."""

    src: str
    alt: str = ""
    caption: str = ""


class Places:
    """What stands where, as far as it is known; the importer knows more."""

    def page(self, href):
        """The address a link gets, or None to leave it."""
        return None

    def picture(self, src, number=0):
        """The `Picture` of an address or of the number of an attachment, or None."""
        return None

    def reused(self, number):
        """The text of a block that several texts share."""
        return ""


@dataclass
class Converted:
    """Clean HTML; the words before `<!--more-->`; what is worth telling, counted by kind."""

    html: str = ""
    opening: str = ""
    told: Counter = field(default_factory=Counter)


def convert(text, places, footnotes=None):
    """`footnotes`: `{id: HTML}` of a text of blocks. Raises `TooLong`."""
    if len(text) > LONGEST:
        raise TooLong
    found = Converted()
    text = sanitise.strip_control(text)
    if more := _MORE.search(text):
        head = text[: more.start()]
        found.opening = " ".join(sanitise.text_of(sanitise.clean(head)).split())
    html = _PAGE.sub("\n\n", _MORE.sub("\n\n", text))
    html = shortcodes.written_out(html, lambda name: _tell(found, "shortcode", name))
    if blocks.has_blocks(html):
        html = blocks.written_out(html, places.reused, lambda name: _tell(found, "block", name))
    else:
        html = paragraphs(html)
    found.html = _made(html, places, footnotes or {}, found)
    return found


def _tell(found, kind, name):
    found.told[f"{kind} {name[:60]}"] += 1


def _made(html, places, footnotes, found):
    root = _read(html)
    if root is None:
        return sanitise.clean(html)
    _footnotes(root, footnotes)
    _emoji(root)
    _embeds(root, found)
    _styles(root, found)
    _pictures(root, places, found)
    _tables(root)
    _quotes(root)
    for node in root.iter("a"):
        if (href := node.get("href")) and (new := places.page(href)):
            node.set("href", new)
    return sanitise.clean(etree.tostring(root, encoding="unicode", method="html"))


def _read(html):
    """The body; None where there is nothing to do, or the sanitiser's own reader reads better."""
    if not html.strip():
        return None
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(html.encode(), parser=parser)
    except etree.ParserError:
        return None
    if any("depth" in error.message.lower() for error in parser.error_log):
        return None
    if sum(1 for _ in root.iter()) > MOST_NODES:
        raise TooLong
    body = root.find("body")
    return root if body is None else body


def _classes(node):
    return node.get("class", "").split()


def _footnotes(root, footnotes):
    """The mark of a footnote becomes the footnote; a list of them at the end goes."""
    for mark in list(root.iter("sup")):
        key = mark.get("data-fn")
        if key in footnotes:
            words = lxml.html.fragment_fromstring(
                sanitise.clean(footnotes[key]) or " ", create_parent="span"
            )
            for block in list(words.iter("p")):
                block.drop_tag()
            words.set("class", "fn")
            words.tail = mark.tail
            mark.getparent().replace(mark, words)
    for node in list(root.iter("ol")):
        if "wp-block-footnotes" in _classes(node):
            node.drop_tree()


def _emoji(root):
    for image in list(root.iter("img")):
        if {"emoji", "wp-smiley"} & set(_classes(image)):
            _replaced_by_text(image, image.get("alt", ""))


def _replaced_by_text(node, words):
    node.tail = words + (node.tail or "")
    node.drop_tree()


def _embeds(root, found):
    """Videos on a line of their own, embedded players, and what the shortcodes left."""
    for node in list(root.iter("div", "figure", "iframe", "p", "audio", "video")):
        if node.getparent() is None:
            continue
        address, caption = _embedded(node)
        if not address:
            continue
        if node.tag == "iframe" and not videos.embed(address):
            _tell(found, "embedded", urlsplit(address).netloc or address)
        _put(node, _video(address, caption) if videos.embed(address) else _link(address, caption))


def _embedded(node):
    """`(address, caption)` of what a node embeds."""
    if node.tag == "iframe":
        return _absolute(node.get("src", "")), None
    if node.get("data-embed"):
        return _absolute(node.get("data-embed").strip()), None
    if node.tag in ("audio", "video"):
        sources = [node.get("src", ""), *(each.get("src", "") for each in node.iter("source"))]
        return next(filter(None, sources), ""), None
    if node.tag == "figure" and "wp-block-embed" in node.get("class", ""):
        caption = node.find(".//figcaption")
        if caption is not None:
            caption.getparent().remove(caption)
        return _absolute(node.text_content().strip()), caption
    if node.tag == "p" and len(node) < 2:
        words = node.text_content().strip()
        if re.fullmatch(r"https?://[^\s<>\"]{4,500}", words) and all(
            each.tag == "a" and each.get("href") == words for each in node
        ):
            return words, None
    return "", None


def _absolute(address):
    return f"https:{address}" if address.startswith("//") else address


def _video(address, caption):
    figure = make("figure", attributes={"class": "video"})
    figure.append(make("a", address, {"href": address}))
    if caption is not None:
        caption.tail = None
        figure.append(caption)
    return figure


def _link(address, caption):
    line = make("p")
    line.append(make("a", address, {"href": address}))
    if caption is not None:
        line[-1].tail = " " + caption.text_content().strip()
    return line


def _put(node, new):
    new.tail = node.tail
    node.getparent().replace(node, new)


# What a colour says that is none of the ordinary ones: look here.
_PLAIN_COLOUR = re.compile(
    r"(black|white|inherit|initial|currentcolor|transparent|#?0{3,6}|#?f{3,6}|#([0-5][\da-f])\2{2}"
    r"|#([0-5])\3{2}|rgba?\(\s*(\d{1,2})\s*,\s*\4\s*,\s*\4\s*[,)].*)$",
    re.IGNORECASE,
)
_STYLES = (
    (re.compile(r"font-weight:\s*(bold|bolder|[6-9]00)"), "strong"),
    (re.compile(r"font-style:\s*(italic|oblique)"), "em"),
    (re.compile(r"text-decoration[\w-]*:[^;]*line-through"), "s"),
    (re.compile(r"text-decoration[\w-]*:[^;]*underline"), "em"),
    (re.compile(r"vertical-align:\s*super"), "sup"),
    (re.compile(r"vertical-align:\s*sub(?!\w)"), "sub"),
)


def _styles(root, found):
    """What a style says of words becomes an element: a colour is emphasis, bold stays bold,
    underlined is emphasis. Of whole blocks it says nothing."""
    for node in list(root.iter("span", "font", "mark", "u", "big", "ins")):
        if "fn" in _classes(node):
            continue
        style = node.get("style", "").lower()
        kinds = [kind for form, kind in _STYLES if form.search(style)]
        colour = re.search(r"(?:^|;)\s*(?:background-)?color:\s*([^;]+)", style)
        colour = (colour[1] if colour else node.get("color", "")).strip()
        if node.tag == "mark" or (colour and not _PLAIN_COLOUR.match(colour)):
            kinds.append("strong")
            _tell(found, "style", "colour")
        elif node.tag in ("u", "ins") and not kinds:
            kinds.append("em")
        for kind in dict.fromkeys(kinds):
            inner = make(kind, node.text)
            node.text = None
            inner.extend(list(node))
            node.append(inner)
        if kinds or node.tag != "span":
            node.drop_tag()


def _pictures(root, places, found):
    images = list(root.iter("img"))
    for node in list(root.iter("div")):
        if node.get("data-gallery") is not None or node.get("data-playlist") is not None:
            _gallery(node, places, found)
    for image in images:
        number = re.search(r"wp-image-(\d{1,18})", image.get("class", ""))
        picture = places.picture(image.get("src", ""), int(number[1]) if number else 0)
        if picture is None:
            _without(image, found)
        else:
            _figure(image, picture)


def _gallery(node, places, found):
    ids = node.get("data-gallery") or node.get("data-playlist") or ""
    for number in re.findall(r"\d{1,18}", ids)[:500]:
        picture = places.picture("", int(number))
        if picture is None:
            _tell(found, "picture", f"of number {number}, not there")
            continue
        figure = make("figure", attributes={"class": "figure"})
        figure.append(make("img", attributes={"src": picture.src, "alt": picture.alt}))
        if picture.caption:
            figure.append(make("figcaption", picture.caption))
        node.addprevious(figure)
    node.drop_tag()


def _without(image, found):
    """A picture that did not come: a link to where it was, under its description."""
    src = _absolute(image.get("src", ""))
    _tell(found, "picture", f"not there: {src}" if src else "without an address")
    link = make("a", image.get("alt", "").strip() or src.rpartition("/")[2], {"href": src})
    _put(image, link)
    above = link.getparent()
    if above.tag == "a":
        above.drop_tag()


def _figure(image, picture):
    """A figure that stands between paragraphs, with the words that stood under it."""
    shown = make("img", attributes={"src": picture.src})
    shown.set("alt", image.get("alt", "").strip() or picture.alt)
    holder, line = image, image.getparent()
    if line.tag == "a":  # to the picture in full size: ours lead there anyway
        holder, line = line, line.getparent()
    figure = next((above for above in holder.iterancestors("figure")), None)
    if figure is not None and len(list(figure.iter("img"))) == 1:
        caption = figure.find(".//figcaption")
        for each in list(figure):
            figure.remove(each)
        figure.text = None
        _clear(figure)
        figure.append(shown)
        if caption is not None and caption.text_content().strip():
            caption.tail = None
            figure.append(caption)
        _lift(figure)
        return
    figure = make("figure", attributes={"class": "figure"})
    figure.append(shown)
    _put(holder, figure)
    if line.tag not in ("td", "th", "li"):
        _lift(figure)


def _clear(figure):
    figure.attrib.clear()
    figure.set("class", "figure")


def _lift(figure):
    """Out of the line it stands in, to before it; out of a gallery and its columns."""
    while (above := figure.getparent()) is not None and above.tag not in (
        "body", "div", "td", "th", "li", "blockquote", "section", "article", "html",
    ):  # fmt: skip
        before = figure.getprevious()
        tail, figure.tail = figure.tail or "", None
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            above.text = (above.text or "") + tail
        above.addprevious(figure)
        if not len(above) and not (above.text or "").strip():
            above.drop_tree()


def _tables(root):
    """What stands under a table is its caption."""
    for figure in list(root.iter("figure")):
        table = figure.find("table")
        if table is None:
            continue
        caption = figure.find("figcaption")
        if caption is not None:
            caption.tag, caption.tail = "caption", None
            table.insert(0, caption)
        figure.drop_tag()


def _quotes(root):
    """Whom a quotation is from."""
    for quote in root.iter("blockquote"):
        for cite in [each for each in quote if each.tag in ("cite", "footer")]:
            cite.tag = "p"
            cite.set("class", "source")
