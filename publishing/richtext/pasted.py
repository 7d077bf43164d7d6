"""What other programs put on the clipboard, made into rich text of ours.

`paste()` reads any HTML. It turns each program's own way of writing headings, lists, emphasis and
footnotes into elements, undoes what was rendered by this site itself (`unrender`), and names what
cannot be kept. The sanitiser judges last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from publishing.later import later

from . import pasted_lists, pasted_notes, sanitise, unrender, videos
from .elements import ELEMENTS

if TYPE_CHECKING:
    from lxml.html import HtmlElement

html_of_lxml = later("lxml.html")
etree = later("lxml.etree")

# They mark the language of every word, whether it differs or not.
_NAME_LANGUAGES = ("urn:schemas-microsoft-com", "LibreOffice", 'class="TextRun')
LONGEST = 3_000_000  # characters
MOST_NODES = 40_000


class TooLong(ValueError):
    """More than is worth reading; the plain text is for the caller to use."""


@dataclass
class Pasted:
    """Clean HTML, and what was left out: descriptions (maybe empty) of pictures, names or
    addresses of things embedded, how many footnote marks came without their footnote."""

    html: str = ""
    pictures: list[str] = field(default_factory=list)
    embeds: list[str] = field(default_factory=list)
    lost_notes: int = 0


def paste(html: str, top: int = 6) -> Pasted:
    """`top`: the highest level of heading of the text this is a piece of; 0 is a title. Raises
    TooLong."""
    if len(html) > LONGEST:
        raise TooLong
    found = Pasted()
    root = _read(html)
    if root is None:
        found.html = sanitise.clean(html)
        return found
    names_every_language = any(each in html for each in _NAME_LANGUAGES)
    _drop(root)
    ours = unrender.undo(root)
    found.lost_notes = pasted_notes.place(root, ours)
    pasted_lists.nest(root)
    _headings(root, top)
    _pictures(root, found, ours)
    _embeds(root, found, ours)
    _emphasis(root, ours)
    _lines(root)
    _links(root)
    _bare(root, ours, keep_languages=not names_every_language)
    found.html = sanitise.clean(etree.tostring(root, encoding="unicode", method="html"))
    return found


def _read(html: str) -> HtmlElement | None:
    html = sanitise.strip_control(html)
    # Word's "downlevel-revealed" conditions are comments to a browser, and nothing here.
    html = re.sub(r"<!\[[^\]>]*\]>", "", html)
    if not html.strip():
        return None
    parser = html_of_lxml.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html_of_lxml.document_fromstring(html.encode(), parser=parser)
    except etree.ParserError:  # nothing but comments
        return None
    if any("depth" in error.message.lower() for error in parser.error_log):
        return None  # what stands deeper is lost; the sanitiser reads it
    if sum(1 for _ in root.iter()) > MOST_NODES:
        raise TooLong
    body = root.find("body")
    return body if body is not None else root


# What no reader of the other page took for its text.
_NOT_TEXT = {
    "script", "style", "title", "meta", "link", "xml", "noscript", "template", "button",
    "select", "input", "textarea", "svg", "colgroup",
}  # fmt: skip
_WIDGET = re.compile(
    r"\b(sharedaddy|sd-sharing\S*|share-?(this|buttons?|bar|links|widget)|social-?(share|sharing|links)\S*"
    r"|addtoany\S*|a2a_kit|addthis\S*|jp-relatedposts|post-navigation|comment-respond|sr-only"
    r"|screen-reader-text|visually-hidden|msocomtxt|msodel|MsoCommentReference|msocomanchor)\b",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"display:\s*none|mso-hide:\s*all|mso-element:\s*(comment|header|footer)|mso-list:\s*ignore_",
    re.IGNORECASE,
)


def _drop(root: HtmlElement) -> None:
    for node in list(root.iter(etree.Element)):
        if node is root:
            continue
        if node.getparent() is not None and _is_no_text(node):
            node.drop_tree()


def _is_no_text(node: HtmlElement) -> bool:
    return bool(
        node.tag in _NOT_TEXT
        or (node.tag == "del" and (node.get("datetime") or node.get("cite")))
        or _WIDGET.search(f"{node.get('class', '')} {node.get('id', '')}")
        or _HIDDEN.search(node.get("style", ""))
    )


def _headings(root: HtmlElement, top: int) -> None:
    """Where a text has a title of its own, everything under it goes down one level."""
    levels = {}
    for node in root.iter(etree.Element):
        if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            levels[node] = int(node.tag[1])
        elif node.tag == "p" and "MsoTitle" in node.get("class", "").split():
            levels[node] = 0
        elif node.get("role") == "heading" and node.get("aria-level", "").isdecimal():
            levels[node] = min(int(node.get("aria-level")), 6)
    down = max(0, 2 - min([top, *levels.values()]))
    for node, level in levels.items():
        node.tag = f"h{min(level + down, 4)}"
        for child in list(node.iter("b", "strong")):
            child.drop_tag()


def _pictures(root: HtmlElement, found: Pasted, ours: set[HtmlElement]) -> None:
    for node in list(root.iter("img")):
        source = node.get("src", "")
        if _is_ours(source):
            ours.add(node)
            continue
        if node.get("width") not in ("0", "1") and node.get("height") not in ("0", "1"):
            found.pictures.append(" ".join(node.get("alt", "").split())[:120])
        node.drop_tree()


def _is_ours(source: str) -> bool:
    try:
        return sanitise.is_own_media(source)
    except ValueError:
        return False


def _embeds(root: HtmlElement, found: Pasted, ours: set[HtmlElement]) -> None:
    """A video that can play here becomes one of ours, anything else a link and a word about it."""
    for node in list(root.iter("iframe", "embed", "object", "video", "audio")):
        address = node.get("src") or node.get("data") or ""
        name = " ".join(node.get("title", "").split())[:200]
        watch = _watch_address(address)
        if watch is None:
            found.embeds.append(name or address[:120])
            node.drop_tree()
            continue
        for child in list(node):
            node.remove(child)
        node.text = None
        node.attrib.clear()
        node.tag = "figure"
        node.set("class", "video")
        link = etree.SubElement(node, "a", {"href": watch})
        link.text = name or watch
        ours.add(node)


def _watch_address(address: str) -> str | None:
    """The page of a video, from the address of its player; None where it cannot play here."""
    try:
        player = videos.embed("https:" + address if address.startswith("//") else address)
    except ValueError:
        return None
    if player is None:
        return None
    parts = urlsplit(player)
    name = parts.path.rsplit("/", 1)[-1]
    if parts.netloc == "www.youtube-nocookie.com":
        return f"https://www.youtube.com/watch?v={name}"
    if parts.netloc == "player.vimeo.com":
        return f"https://vimeo.com/{name}"
    return player.replace("/videos/embed/", "/w/")


_STYLES: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"(?<![\w-])font-weight:\s*(bold|[6-9]\d\d)", re.IGNORECASE), "strong"),
    (re.compile(r"font-style:\s*italic", re.IGNORECASE), "em"),
    (re.compile(r"vertical-align:\s*super", re.IGNORECASE), "sup"),
    (re.compile(r"vertical-align:\s*sub", re.IGNORECASE), "sub"),
    (re.compile(r"text-decoration(-line)?:[^;]*line-through", re.IGNORECASE), "s"),
]
_UNMEANT = {
    "b": re.compile(r"(?<![\w-])font-weight:\s*(normal|400)", re.IGNORECASE),
    "i": re.compile(r"(?<![\w-])font-style:\s*normal", re.IGNORECASE),
}
_UNMEANT |= {"strong": _UNMEANT["b"], "em": _UNMEANT["i"]}


def _emphasis(root: HtmlElement, ours: set[HtmlElement]) -> None:
    """Emphasis that is said by style, and elements whose style says they are none."""
    for node in list(root.iter("b", "strong", "i", "em", "span", "font", "ins", "u")):
        if node in ours or node.getparent() is None:
            continue
        style = node.get("style", "")
        if node.tag in _UNMEANT and _UNMEANT[node.tag].search(style):
            node.tag = "span"
        wanted = [tag for pattern, tag in _STYLES if pattern.search(style)]
        if node.tag not in ("span", "font"):
            wanted = [tag for tag in wanted if tag not in ("strong", "em")]
        heading = next(node.iterancestors("h2", "h3", "h4"), None) is not None
        for tag in wanted:
            if not (heading and tag == "strong") and node.text_content().strip():
                _wrap_inside(node, tag)


def _wrap_inside(node: HtmlElement, tag: str) -> None:
    inner = etree.Element(tag)
    inner.text, node.text = node.text, None
    for child in list(node):
        inner.append(child)
    node.append(inner)


_HYPHEN = re.compile(r"(\w)[-\u00ad\u2010]$")


def _lines(root: HtmlElement) -> None:
    """Lines of a PDF are no lines of ours; lines of code are."""
    for node in list(root.iter("span")):
        if node.get("class") == "Apple-converted-space":
            node.text = " "
    for node in list(root.iter("br")):
        if node.get("role") == "presentation":
            _join(node)
    for node in root.iter("pre"):
        for each in node.iter(etree.Element):
            _break(each)


def _join(node: HtmlElement) -> None:
    before, after = node.getprevious(), node.getnext()
    last = before.text or "" if before is not None and not len(before) and not before.tail else ""
    begins = (after.text if after is not None and not node.tail else node.tail) or ""
    if before is not None and _HYPHEN.search(last) and begins[:1].islower():
        before.text = last[:-1]
        node.drop_tree()
    else:
        node.tag, node.text = "span", " "


def _break(each: HtmlElement) -> None:
    if each.text and "\n" in each.text.strip("\n"):
        first, *rest = each.text.rstrip("\n").split("\n")
        each.text = first
        for index, line in enumerate(rest):
            br = etree.Element("br")
            br.tail = line
            each.insert(index, br)


_WRAPPERS: list[tuple[re.Pattern[str], str, tuple[str, ...]]] = [
    (re.compile(r"(www\.)?google\.[a-z.]+$"), "/url", ("q", "url")),
    (re.compile(r"lm?\.(facebook|instagram)\.com$"), "/", ("u",)),
    (re.compile(r"[a-z0-9.]*safelinks\.protection\.outlook\.com$"), "/", ("url",)),
    (re.compile(r"(www\.)?youtube\.com$"), "/redirect", ("q",)),
    (re.compile(r"out\.reddit\.com$"), "/", ("url",)),
    (re.compile(r"(www\.)?linkedin\.com$"), "/redir", ("url",)),
    (re.compile(r"(steamcommunity|slack-redir)\.(com|net)$"), "/", ("url",)),
    (re.compile(r"(www\.)?(duckduckgo|bing)\.com$"), "/l/", ("uddg",)),
]
_TRACKING = re.compile(r"&?\b(fbclid|gclid|msclkid|mc_eid|igshid|utm_[a-z]+)=[^&#]*")


def unwrapped(address: str) -> str:
    """The address behind those that only count who follows them."""
    for _ in range(3):
        inner = _inner(address)
        if inner is None:
            break
        address = inner
    return re.sub(r"\?(?=#|$)", "", _TRACKING.sub("", address).replace("?&", "?"))


def _inner(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        queries = parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return None
    host = parts.netloc.lower()
    if host == "urldefense.proofpoint.com" and queries.get("u"):
        return unquote(queries["u"][0].replace("-", "%").replace("_", "/"))
    for pattern, path, names in _WRAPPERS:
        if pattern.fullmatch(host) and parts.path.startswith(path):
            inner = next((queries[name][0] for name in names if name in queries), "")
            if inner.startswith(("http://", "https://")):
                return inner
    return None


def _links(root: HtmlElement) -> None:
    for node in list(root.iter("a")):
        address = (node.get("href") or "").strip()
        if not address or address.startswith("#") or not node.text_content().strip():
            node.drop_tag()
        else:
            node.set("href", unwrapped(address))


def _bare(root: HtmlElement, ours: set[HtmlElement], *, keep_languages: bool) -> None:
    """Of what is not ours, the attributes that pasted text may have, and no more."""
    for node in list(root.iter(etree.Element)):
        if node in ours or node is root:
            continue
        if node.tag == "cite" and node.getparent().tag == "blockquote":
            node.tag = "p"
            node.attrib.clear()
            node.set("class", "source")
            continue
        if node.tag in ("figure", "figcaption"):
            node.tag = "p" if node.tag == "figcaption" else "div"
        if node.tag == "table" and node.get("role") == "presentation":
            _unfold(node)
        element = ELEMENTS.get(node.tag)
        kept = (
            {name.removeprefix("!") for name in (element.pasted or ()) if element}
            if element
            else set()
        )
        for name in list(node.attrib):
            if name not in kept or (name == "lang" and not keep_languages):
                del node.attrib[name]


def _unfold(table: HtmlElement) -> None:
    for node in list(table.iter("table", "thead", "tbody", "tfoot", "tr", "td", "th")):
        node.tag = "div"
