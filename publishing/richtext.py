"""The one place where rich text is made safe, and the one declaration of what rich text may hold.

`ELEMENTS` says which elements, attributes and classes exist. `clean()` keeps exactly those (nh3); the editor is told
to offer exactly those (`ckeditor_rules()`). `clean(clean(x)) == clean(x)`, and what CKEditor writes back for a text it
was given cleans to the same text.
"""

import re
from urllib.parse import urlsplit

import lxml.html
import nh3
from django.conf import settings
from django.utils.safestring import mark_safe
from lxml import etree

# element: (attributes, classes)
ELEMENTS = {
    "p": (["lang", "dir"], ["source"]),
    "h2": (["lang"], []),
    "h3": (["lang"], []),
    "h4": (["lang"], []),
    "ul": ([], []),
    "ol": (["start"], []),
    "li": ([], []),
    "blockquote": (["lang", "dir"], []),
    "div": (["lang", "data-consent"], ["own", "letter", "claim"]),
    "figure": ([], ["figure", "video"]),
    "figcaption": ([], []),
    "small": ([], ["credit"]),
    "img": (["src", "alt"], []),
    "table": ([], []),
    "caption": ([], []),
    "thead": ([], []),
    "tbody": ([], []),
    "tr": ([], []),
    "th": (["scope", "colspan", "rowspan"], []),
    "td": (["colspan", "rowspan"], []),
    "a": (["href", "lang", "title"], []),
    "span": (["lang", "dir", "data-cite", "data-locator"], ["cite"]),
    "cite": (["lang"], []),
    "q": (["lang"], []),
    "em": ([], []),
    "strong": ([], []),
    "sub": ([], []),
    "sup": ([], []),
    "s": ([], []),
    "br": ([], []),
    "hr": ([], []),
}
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "div", "figure", "table", "hr"}
CONTAINERS = {"ul", "ol", "blockquote", "div", "figure", "table", "thead", "tbody", "tr"}
TEXT_BLOCKS = {"p", "h2", "h3", "h4", "li", "figcaption", "caption", "th", "td", "small"}
EMPTY_OK = {"br", "hr", "img", "td", "th"}
RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "strike": "s", "del": "s", "section": "div"}
SCHEMES = {"http", "https", "mailto", "tel", "doi", "page"}
CITEKEY = re.compile(r"[^\s\"'<>\[\]]{1,120}")
VIDEO_HOSTS = {"www.youtube.com", "youtube.com", "m.youtube.com", "youtu.be", "www.youtube-nocookie.com",
               "vimeo.com", "www.vimeo.com", "player.vimeo.com"}  # fmt: skip

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_CITED = "\ufdd0"  # stands where a citation stood; no text holds it
_SPACE = re.compile(r"[ \t\r\n\f]+")
_NBSP_RUN = re.compile("(?:\xa0[ \xa0]|[ \xa0]\xa0)[ \xa0]*")


def strip_control(text):
    """Text without the characters no database and no XML parser takes: NUL, other controls, lone surrogates."""
    return _CONTROL.sub("", text)


def ckeditor_rules():
    """`ELEMENTS` in the words of CKEditor 4's Advanced Content Filter."""
    rules = []
    for name, (attributes, classes) in ELEMENTS.items():
        rule = name
        if attributes:
            rule += "[" + ",".join(attributes) + "]"
        if classes:
            rule += "(" + ",".join(classes) + ")"
        rules.append(rule)
    return "; ".join(rules)


def is_own_media(src):
    """Whether an image address is one of ours; anything else would be a request to a third party."""
    parts = urlsplit(src)
    return parts.path.startswith(settings.MEDIA_URL) and (
        not parts.netloc or f"{parts.scheme}://{parts.netloc}" == settings.SITE_URL
    )


def clean(html):
    """Canonical, safe HTML for any input. Unknown elements go, their text stays; scripts go with their text."""
    html = strip_control(html or "").replace("\r\n", "\n")
    if not html.strip():
        return ""
    html = _nh3(html, extra=RENAMED)
    root = parse(html)
    _rename(root)
    _tidy(root)
    _wrap_stray(root)
    _spaces(root)
    return _nh3(serialise(root)).strip()


def _nh3(html, extra=()):
    tags = set(ELEMENTS) | set(extra)
    return nh3.clean(
        html,
        tags=tags,
        attributes={"*": set()} | {name: set(attributes) for name, (attributes, _) in ELEMENTS.items() if attributes},
        allowed_classes={name: set(classes) for name, (_, classes) in ELEMENTS.items() if classes},
        url_schemes=SCHEMES,
        link_rel=None,
        attribute_filter=_attribute,
        clean_content_tags={"script", "style", "title", "noscript", "template", "textarea", "select"} - tags,
    )


def _attribute(element, name, value):
    value = value.strip()
    if name == "src":
        return urlsplit(value).path if is_own_media(value) else None
    if name == "href" and not value:
        return None
    if name == "data-cite":
        return value if CITEKEY.fullmatch(value) else None
    if name == "lang":
        return value if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", value) else None
    if name in ("colspan", "rowspan", "start"):
        return value if value.isdigit() and 0 < int(value) < 1000 else None
    if name == "scope":
        return value if value in ("row", "col") else None
    if name == "dir":
        return value if value in ("ltr", "rtl", "auto") else None
    return value


def parse(html):
    """A tree under one `div`. The input must come from `clean()` or nh3: lxml alone is no HTML5 parser."""
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    return lxml.html.fragment_fromstring(html.encode(), create_parent="div", parser=parser)


def serialise(root):
    """The inside of `root` as HTML, one block a line at the top level."""
    parts = [_escape(root.text or "")]
    for child in root:
        parts.append(lxml.html.tostring(child, encoding="unicode", with_tail=False))
        parts.append(_escape(child.tail or ""))
    return "".join(parts)


def _escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _rename(root):
    for node in list(root.iter(etree.Element)):
        if node is root:
            continue
        node.tag = RENAMED.get(node.tag, node.tag)
        if node.tag == "div" and not node.get("class"):
            if any(child.tag in BLOCKS or child.tag in RENAMED for child in node):
                _wrap_inline(node)
                node.drop_tag()
            else:
                node.tag = "p"
                node.attrib.clear()


def _wrap_inline(parent):
    """Puts runs of text and inline elements directly inside `parent` into paragraphs."""
    run = None
    if (parent.text or "").strip(" \t\r\n\f"):
        run = etree.Element("p")
        run.text, parent.text = parent.text, None
        parent.insert(0, run)
    for child in list(parent):
        if child is run:
            continue
        tail = child.tail
        if child.tag in BLOCKS:
            run = None
            child.tail = None
            if (tail or "").strip(" \t\r\n\f"):
                run = etree.Element("p")
                run.text = tail
                child.addnext(run)
            continue
        if run is None:
            run = etree.Element("p")
            child.addprevious(run)
        run.append(child)


def _wrap_stray(root):
    for node in [root, *root.iter("blockquote", "div")]:
        _wrap_inline(node)


def _tidy(root):
    for node in list(root.iter("span")):
        if node.get("data-cite"):
            node.attrib["class"] = "cite"
            key = node.get("data-cite")
            for child in list(node):
                node.remove(child)
            node.text = f"[{key}]"
            if not (node.get("data-locator") or "x").strip():
                del node.attrib["data-locator"]
        else:
            node.attrib.pop("class", None)
            node.attrib.pop("data-locator", None)
            if not node.attrib:
                node.drop_tag()
    for node in list(root.iter("img")):
        if not node.get("src"):
            node.drop_tree()
        elif node.get("alt") is None:
            node.set("alt", "")
    for node in list(root.iter("a")):
        if not node.get("href"):
            node.drop_tag()
    for node in list(root.iter("figure")):
        if node.get("class") == "video" and not _is_video(node):
            node.drop_tag()
        elif not node.get("class"):
            node.set("class", "figure")
    for node in list(root.iter("figcaption")):
        if node.getparent().tag != "figure":
            node.tag = "p"
    _drop_empty(root)
    for node in list(root.iter("p")):
        if node.getparent().tag in ("p", "li", "td", "th", "figcaption") and len(node.getparent()) == 1:
            if not (node.getparent().text or "").strip():
                node.drop_tag()


def _is_video(figure):
    link = figure.find(".//a")
    return link is not None and urlsplit(link.get("href")).netloc in VIDEO_HOSTS


def _drop_empty(root):
    for node in reversed(list(root.iter(etree.Element))):
        if node is root or node.tag in EMPTY_OK or any(child.tag != "br" for child in node):
            continue
        text = "".join(node.itertext())
        if text.replace("\xa0", " ").strip():
            continue
        if text and node.tag not in BLOCKS | TEXT_BLOCKS:
            node.addprevious(etree.Element("br"))
            node.getprevious().tail = " "
            node.getprevious().drop_tag()
        node.drop_tree()


def _spaces(root):
    """White space as a browser would show it: none between blocks, one space in text."""
    for node in root.iter(etree.Element):
        if node is root or node.tag in CONTAINERS:
            node.text = _between(node.text)
            for child in node:
                child.tail = _between(child.tail)
            continue
        node.text = _fold(node.text)
        for child in node:
            child.tail = _fold(child.tail)
    for node in root.iter(*TEXT_BLOCKS):
        _strip_ends(node)
    for child in root:
        child.tail = "\n"


def _between(text):
    return None if not (text or "").strip(" \t\r\n\f") else _fold(text)


def _fold(text):
    return _NBSP_RUN.sub(" ", _SPACE.sub(" ", text)) if text else text


def _strip_ends(node):
    if node.text:
        node.text = node.text.lstrip(" ")
    last = node
    while len(last) and not last[-1].tail and last[-1].tag not in EMPTY_OK:
        last = last[-1]
    if len(last) and last[-1].tail:
        last[-1].tail = last[-1].tail.rstrip(" \xa0")
    elif not len(last) and last.text:
        last.text = last.text.rstrip(" \xa0")
    while len(node) and node[-1].tag == "br" and not (node[-1].tail or "").strip():
        node.remove(node[-1])


def text_of(html):
    """Plain text for search, feeds and word counts; blocks apart, citations gone."""
    if not html:
        return ""
    root = parse(html)
    for node in list(root.iter("span")):
        if node.get("data-cite"):
            node.text = _CITED
            node.drop_tag()
    for node in root.iter(*BLOCKS, *TEXT_BLOCKS, "br"):
        node.tail = " " + (node.tail or "")
    text = re.sub(rf"\s*{_CITED}", "", "".join(root.itertext()))
    return _SPACE.sub(" ", text).strip()


def trusted(html):
    """Marks HTML that `clean()` or a renderer of ours made; the only way such HTML reaches a template."""
    return mark_safe(html or "")
