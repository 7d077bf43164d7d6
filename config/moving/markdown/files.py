"""A file of Markdown with its front matter, read into clean HTML of ours and what it says of
itself. It knows no database: what a link or a picture leads to is asked."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from importlib import import_module
from pathlib import PurePosixPath

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_noop
from lxml import html

from publishing.later import later
from publishing.richtext import sanitise

LARGEST, LONGEST_HEAD = 1_000_000, 20_000  # bytes of a file, characters of its front matter
BOXES = ("own", "letter", "claim", "transcript")
_HEAD = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_CITED = re.compile(r"\[@([\w:.+/-]{1,100})(?:,\s*([^\[\]]{1,60}))?\]")
DATED = re.compile(r"\A(\d{4}-\d\d-\d\d)-")
_DRAFTS = {"draft", "private", "pending", "planned", "construction", "unpublished"}
yaml = later("yaml")  # it and the parser are for what the desk brings in


@cache
def _parser():
    made = import_module("markdown_it").MarkdownIt("commonmark", {"html": True})
    made.enable(["table", "strikethrough"]).use(
        import_module("mdit_py_plugins.footnote").footnote_plugin
    )
    for box in BOXES:
        made.use(import_module("mdit_py_plugins.container").container_plugin, box)
    return made


class Unreadable(ValueError):
    """Why a file is left out."""


@dataclass
class Text:
    """What a file holds. `at`: when it was published, or is to be; `body`: Markdown."""

    title: str
    body: str
    at: datetime | None = None
    draft: bool = False
    slug: str = ""
    summary: str = ""
    language: str = ""
    tags: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # names of what is not taken over


_TAKEN = {
    "title", "date", "published", "draft", "status", "state", "slug", "summary", "description",
    "excerpt", "lang", "language", "tags", "categories", "subjects", "keywords", "layout",
    "address", "changed", "lastmod", "publishdate", "category", "pubdate",
}  # fmt: skip


def read(data, name, zone) -> Text:
    """The bytes of a file; raises `Unreadable`. `zone` is that of its dates without one."""
    path = PurePosixPath(name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable(gettext_noop("it is not written in UTF-8")) from None
    text = sanitise.strip_control(text.replace("\r\n", "\n"))
    found = _HEAD.match(text)
    head = _front(found) if found else {}
    body = text[found.end() :] if found else text
    first = re.match(r"\s*#\s+(.+?)\s*#*\s*\n", body + "\n")
    title = _word(head.get("title")) or (first[1] if first else "") or path.stem
    if first and " ".join(first[1].split()) == " ".join(title.split()):
        body = body[first.end() :]
    dated = DATED.match(path.name)
    state = _word(head.get("status") or head.get("state")).lower()
    at = next(
        (at for name in ("date", "publishdate", "pubdate", "published")
         if (at := _moment(head.get(name), zone))), None,
    )  # fmt: skip
    return Text(
        title=" ".join(title.split())[:300],
        body=body,
        at=at or (_moment(dated[1], zone) if dated else None),
        draft=head.get("draft") is True or head.get("published") is False or state in _DRAFTS,
        slug=_word(head.get("slug")),
        summary=_word(head.get("summary") or head.get("description") or head.get("excerpt"))[:1000],
        language=_word(head.get("lang") or head.get("language"))[:2].lower(),
        tags=[word for name in ("tags", "subjects", "categories", "category", "keywords")
              for word in _words(head.get(name))],
        unknown=sorted(str(name)[:60] for name in head if str(name).lower() not in _TAKEN),
    )  # fmt: skip


def _front(found):
    if len(found[2]) > LONGEST_HEAD:
        raise Unreadable(gettext_noop("what stands before its text is too long"))
    try:
        head = tomllib.loads(found[2]) if found[1] == "+++" else yaml.safe_load(found[2])
    except (tomllib.TOMLDecodeError, yaml.YAMLError, ValueError, RecursionError):
        raise Unreadable(gettext_noop("what stands before its text cannot be read")) from None
    head = head if isinstance(head, dict) else {}
    return {str(name).lower(): value for name, value in head.items()}


def _word(value):
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _words(value):
    if isinstance(value, str):
        return [word.strip() for word in value.split(",") if word.strip()]
    return [_word(each) for each in value if _word(each)] if isinstance(value, list) else []


def _moment(value, zone):
    if isinstance(value, str):
        try:
            value = parse_datetime(value) or parse_date(value[:10])
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime.combine(value, time(12), UTC)
    return None


def convert(body, page, picture):
    """Clean HTML. `page(href)` and `picture(src)` give the address of ours, or None for others."""
    made = _parser().render(body)
    root = html.document_fromstring(f"<body>{made}</body>").find("body")
    _footnotes(root)
    for node in list(root.iter("img")):
        if new := picture(node.get("src") or ""):
            node.set("src", new)
        _alone(node)
    for node in root.iter("a"):
        if new := page(node.get("href") or ""):
            node.set("href", new)
    _citations(root)
    text = html.tostring(root, encoding="unicode")
    return sanitise.clean(text.removeprefix("<body>").removesuffix("</body>"))


def _footnotes(root):
    """They stand where they are called."""
    notes = {node.get("id"): node for node in root.find_class("footnote-item")}
    for back in root.find_class("footnote-backref"):
        back.drop_tree()
    for call in list(root.find_class("footnote-ref")):
        link = call.find("a")
        note = notes.get((link.get("href") or "")[1:]) if link is not None else None
        if note is None:
            continue
        made = html.Element("span", {"class": "fn"})
        made.text = note.text
        for block in note:
            made.text = made.text if len(made) else (made.text or "").strip() + (block.text or "")
            made.extend(list(block))
        if len(made):
            made[-1].tail = (made[-1].tail or "").rstrip()
        else:
            made.text = (made.text or "").rstrip()
        made.tail, call.tail = call.tail, None
        call.getparent().replace(call, made)
    for section in root.find_class("footnotes") + root.find_class("footnotes-sep"):
        section.drop_tree()


def _alone(image):
    """A picture that is all of its paragraph is a figure; its title is its caption."""
    parent = image.getparent()
    if parent.tag != "p" or len(parent) > 1 or "".join(parent.itertext()).strip():
        return
    parent.tag = "figure"
    parent.set("class", "figure")
    if title := image.attrib.pop("title", ""):
        caption = html.Element("figcaption")
        caption.text = title
        parent.append(caption)


def _citations(root):
    """“[@sutro1935, p. 3]”"""
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or node.tag in ("code", "pre"):
            continue
        if node.text and "[@" in node.text:
            node.text, made = _split(node.text)
            for at, each in enumerate(made):
                node.insert(at, each)
        if node.tail and "[@" in node.tail and node.getparent() is not None:
            node.tail, made = _split(node.tail)
            for each in reversed(made):
                node.addnext(each)


def _split(text):
    """`(words before, [citation with what follows it])`"""
    pieces = _CITED.split(text)
    made = []
    for key, place, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        each = html.Element("span", {"class": "cite", "data-cite": key})
        if place:
            each.set("data-locator", place.strip())
        each.text, each.tail = f"[{key}]", after
        made.append(each)
    return pieces[0], made
