"""The one place where rich text is made safe, and the one declaration of what rich text may hold.

`ELEMENTS` says which elements, attributes and classes exist. `clean()` keeps exactly those (nh3); the editor is told
to offer exactly those (`ckeditor_rules()`). `clean(clean(x)) == clean(x)`, and what CKEditor writes back for a text it
was given cleans to the same text.
"""

import re
from urllib.parse import urlsplit

import nh3
from django.conf import settings
from django.utils.safestring import mark_safe
from lxml import etree

from ..text import bounded
from . import tree, videos
from .tree import BLOCKS, TEXT_BLOCKS, parse, serialise

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
    "div": (["lang", "data-date", "data-consent"], ["own", "letter", "claim", "transcript"]),
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
    "span": (["lang", "dir", "data-cite", "data-locator"], ["cite", "fn"]),
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
# What other programs write; a plain div is a boundary between paragraphs and nothing else.
RENAMED = {"b": "strong", "i": "em", "h1": "h2", "h5": "h4", "h6": "h4", "strike": "s", "del": "s", "tfoot": "tbody",
           "pre": "p"} | dict.fromkeys(
    ["section", "article", "aside", "main", "nav", "header", "footer", "address", "center", "details", "summary", "fieldset",
     "form", "dl", "dt", "dd", "legend", "hgroup"], "div")  # fmt: skip
SCHEMES = {"http", "https", "mailto", "tel", "doi", "page"}
RIGHT_TO_LEFT = {"ar", "fa", "he", "ku", "ug"}
CITEKEY = re.compile(r"[^\s\"'<>\[\]]{1,120}")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_CITED = "\ufdd0"  # stands where a citation stood; no text holds it
_SPACE = re.compile(r"[ \t\r\n\f]+")


def strip_control(text):
    """Text without the characters no database and no XML parser takes: NUL, other controls, lone surrogates. What every
    text from outside goes through first, so that marks are bounded here too.
    """
    return bounded(_CONTROL.sub("", text))


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
    html = strip_control(html or "")
    if not html.strip():
        return ""
    for _ in range(4):
        before, html = html, _once(html)
        if html == before:
            break
    return html


def _once(html):
    root = parse(strip_control(_nh3(html, extra=RENAMED)))
    _rename(root)
    _tidy(root)
    tree.fold_spaces(root)
    root = tree.shape(root)
    _order_attributes(root)
    for child in root:
        child.tail = "\n"
    return _nh3(serialise(root)).strip("\n")


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
    value = " ".join(strip_control(value).split())
    if name in ("src", "href"):
        return _address(name, value)
    if name == "data-cite":
        return value if CITEKEY.fullmatch(value) else None
    if name == "lang":
        return value if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", value) else None
    if name in ("colspan", "rowspan", "start"):
        return value if value.isdecimal() and 0 < int(value) < 1000 else None
    if name == "scope":
        return value if value in ("row", "col") else None
    if name == "data-date":
        return value if re.fullmatch(r"[12]\d{3}-\d\d-\d\d", value) else None
    if name == "data-consent":
        return value[:300] or None
    if name == "dir":
        return value if value in ("ltr", "rtl", "auto") else None
    return value


def _order_attributes(root):
    """The class first, then as `ELEMENTS` lists them: the editor sorts them its own way."""
    for node in root.iter(etree.Element):
        if len(node.attrib) > 1:
            values = dict(node.attrib)
            node.attrib.clear()
            for name in ("class", *ELEMENTS[node.tag][0]):
                if name in values:
                    node.set(name, values[name])


def _address(name, value):
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    if name == "src":
        return parts.path if is_own_media(value) else None
    return value or None


def _rename(root):
    for node in root.iter(*RENAMED):
        if RENAMED[node.tag] == "div":
            node.attrib.clear()
        node.tag = RENAMED[node.tag]


def _tidy(root):
    for node in list(root.iter("span", "small", "img", "a", "figure")):
        if node.getparent() is None:
            continue  # stood inside a citation, which holds its key and nothing else
        if node.tag == "span":
            _tidy_span(node)
        elif node.tag == "small":
            if next(node.iterancestors("figcaption"), None) is None:
                node.drop_tag()
            else:
                node.set("class", "credit")
        elif node.tag == "img":
            if not node.get("src"):
                node.drop_tree()
            elif node.get("alt") is None:
                node.set("alt", "")
        elif node.tag == "a":
            if not node.get("href"):
                node.drop_tag()
        elif node.get("class") != "video":
            node.set("class", "figure")
        elif (link := _video_link(node)) is None:
            node.drop_tag()
        else:
            words = " ".join(link.text_content().split()) or link.get("href")
            del link[:]
            link.text = words


def _tidy_span(node):
    key = node.get("data-cite")
    if key:
        node.set("class", "cite")
        for child in list(node):
            node.remove(child)
        node.text = f"[{key}]"
        for name in ("lang", "dir", *(["data-locator"] if not node.get("data-locator") else [])):
            node.attrib.pop(name, None)
        return
    for name in ("class", "data-cite", "data-locator"):
        if name != "class" or node.get("class") != "fn":
            node.attrib.pop(name, None)
    # The editor writes the direction of a language beside it, which says the same twice.
    if node.get("dir") == ("rtl" if node.get("lang") in RIGHT_TO_LEFT else "ltr") and node.get("lang"):
        del node.attrib["dir"]
    if not node.attrib:
        node.drop_tag()


def _video_link(figure):
    """The link of a video: at most a picture before it and a caption after; anything else is text with a link."""
    nodes = list(figure)
    if len(nodes) > 1 and nodes[0].tag == "img":
        nodes = nodes[1:]
    link, *rest = nodes or [None]
    is_video = (
        link is not None
        and link.tag == "a"
        and urlsplit(link.get("href", "")).netloc in videos.hosts()
        and [node.tag for node in rest] in ([], ["figcaption"])
        and not "".join([figure.text or "", *(node.tail or "" for node in figure)]).strip()
    )
    return link if is_video else None


def dated(html, day):
    """Clean HTML in which every personal note of the author has a date: `day` where it had none."""
    if 'class="own"' not in html:
        return html
    root = parse(html)
    for node in root.iter("div"):
        if node.get("class") == "own" and not node.get("data-date"):
            node.set("data-date", day.isoformat())
    return clean(serialise(root))


def text_of(html):
    """Plain text for search, feeds and word counts; blocks apart, citations gone."""
    if not html:
        return ""
    root = parse(html)
    for node in list(root.iter("span")):
        if node.get("data-cite"):
            node.text = _CITED
            node.drop_tag()
        elif node.get("class") == "fn":
            node.text = f" ({node.text or ''}"
            tree.add_text(node, ")")
    for node in root.iter(*BLOCKS, *TEXT_BLOCKS, "small", "br"):
        node.text = " " + (node.text or "")
        node.tail = " " + (node.tail or "")
    text = re.sub(rf"\s*{_CITED}", "", "".join(root.itertext()))
    return _SPACE.sub(" ", text).strip()


def trusted(html):
    """Marks HTML that `clean()` or a renderer of ours made; the only way such HTML reaches a template."""
    return mark_safe(html or "")
