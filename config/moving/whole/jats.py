"""A page as JATS 1.3 (ANSI/NISO Z39.96, the archiving set), the XML of journals: clean HTML of ours
and records in, bytes out. No ORM here."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin

from lxml import etree

from publishing.richtext import sanitise
from references.formats import Record

XLINK = "{http://www.w3.org/1999/xlink}href"
XML = "{http://www.w3.org/XML/1998/namespace}lang"
DOCTYPE = (
    '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Archiving and Interchange DTD'
    ' v1.3 20210610//EN" "JATS-archivearticle1-3.dtd">'
)
_INLINE = {"em": "italic", "strong": "bold", "sup": "sup", "sub": "sub", "s": "strike",
           "cite": "italic"}  # fmt: skip
_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "div", "figure", "table", "hr"}
_KINDS = {"article-journal": "journal", "review": "journal", "book": "book", "chapter": "book",
          "thesis": "thesis", "webpage": "web", "report": "report"}  # fmt: skip
_CELL = ("colspan", "rowspan", "scope")
_NAMED = ("doi", "pmid", "pmcid", "isbn")
DEEPEST = 30


@dataclass
class Head:
    """What stands before the text. `address` is the page's, with its host; `day` that of its first
    publication."""

    title: str
    language: str
    address: str
    site: str
    author: tuple[str, str]  # family, given
    summary: str = ""
    licence: str = ""
    day: date | None = None


def article(head: Head, html: str, works: list[Record]) -> bytes:
    """The whole file."""
    root = etree.Element("article", nsmap={"xlink": XLINK[1:-5]})
    root.attrib.update({"dtd-version": "1.3", "article-type": "review-article", XML: head.language})
    _front(etree.SubElement(root, "front"), head)
    text = _Text(head.address, {work.citekey: f"ref{at}" for at, work in enumerate(works, 1)})
    text.sections(etree.SubElement(root, "body"), sanitise.parse(html))
    if works or text.notes:
        back = etree.SubElement(root, "back")
        if text.notes:
            group = etree.SubElement(back, "fn-group")
            group.extend(text.notes)
        if works:
            listed = etree.SubElement(back, "ref-list")
            for work in works:
                _work(etree.SubElement(listed, "ref", id=text.works[work.citekey]), work)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", doctype=DOCTYPE)


def _add(parent, tag, text="", **attributes):
    """Words in an element, if there are any."""
    if text == "":
        return
    names = {name.replace("_", "-"): value for name, value in attributes.items()}
    etree.SubElement(parent, tag, names).text = str(text)


def _front(front, head):
    journal = etree.SubElement(front, "journal-meta")
    _add(journal, "journal-id", head.site, journal_id_type="publisher-id")
    _add(etree.SubElement(journal, "journal-title-group"), "journal-title", head.site)
    meta = etree.SubElement(front, "article-meta")
    _add(etree.SubElement(meta, "title-group"), "article-title", head.title)
    contributor = etree.SubElement(
        etree.SubElement(meta, "contrib-group"), "contrib", {"contrib-type": "author"}
    )
    _person(contributor, *head.author)
    if head.day:
        when = {"date-type": "pub", "iso-8601-date": head.day.isoformat()}
        found = etree.SubElement(meta, "pub-date", when, **{"publication-format": "electronic"})
        for part in ("day", "month", "year"):
            _add(found, part, getattr(head.day, part))
    if head.licence:
        allowed = etree.SubElement(etree.SubElement(meta, "permissions"), "license")
        _add(allowed, "license-p", head.licence)
    etree.SubElement(meta, "self-uri", {XLINK: head.address})
    if head.summary:
        _add(etree.SubElement(meta, "abstract"), "p", head.summary)


def _person(parent, family, given):
    if not given:
        _add(parent, "collab", family)
        return
    name = etree.SubElement(parent, "name")
    _add(name, "surname", family)
    _add(name, "given-names", given)


def _work(ref, work):
    kind = _KINDS.get(work.type, "other")
    said = etree.SubElement(ref, "element-citation", {"publication-type": kind})
    for role in ("author", "editor"):
        people = [name for name in work.names if name.role == role]
        if people:
            group = etree.SubElement(said, "person-group", {"person-group-type": role})
            for name in people:
                _person(group, name.family, "" if name.literal else name.given)
    if work.container:
        _add(said, "chapter-title" if kind == "book" else "article-title", work.title)
    _add(said, "source", work.container or work.title)
    _add(said, "year", work.year or "")
    _add(said, "volume", work.volume)
    _add(said, "issue", work.issue)
    _add(said, "edition", work.edition)
    _add(said, "page-range", work.pages)
    _add(said, "publisher-loc", work.place)
    _add(said, "publisher-name", work.publisher)
    for name in _NAMED:
        value = getattr(work, name)
        if name == "isbn":
            _add(said, "isbn", value)
        else:
            _add(said, "pub-id", value, pub_id_type=name)
    if work.url:
        etree.SubElement(
            said, "ext-link", {"ext-link-type": "uri", XLINK: work.url}
        ).text = work.url


class _Text:
    """The body. `notes` are its footnotes, gathered for the end."""

    def __init__(self, address, works):
        self.address, self.works, self.notes = address, works, []

    def sections(self, body, root):
        """Headings become sections, each in the one above."""
        above = [(1, body)]
        for node in root:
            if node.tag in ("h2", "h3", "h4"):
                level = int(node.tag[1])
                while above[-1][0] >= level:
                    above.pop()
                section = etree.SubElement(above[-1][1], "sec")
                self.line(etree.SubElement(section, "title"), node)
                above.append((level, section))
            elif isinstance(node.tag, str):
                self.block(above[-1][1], node, 0)

    def block(self, parent, node, depth):
        tag = node.tag
        if tag == "hr":
            return
        if depth > DEEPEST or tag == "p" or tag not in _BLOCKS or tag in ("h2", "h3", "h4"):
            self.line(etree.SubElement(parent, "p"), node)
        elif tag in ("ul", "ol"):
            kind = "order" if tag == "ol" else "bullet"
            made = etree.SubElement(parent, "list", {"list-type": kind})
            for item in node.findall("li"):
                self.inside(etree.SubElement(made, "list-item"), item, depth)
        elif tag == "blockquote":
            self.inside(etree.SubElement(parent, "disp-quote"), node, depth)
        elif tag == "div":
            kind = {"content-type": node.get("class") or "part"}
            self.inside(etree.SubElement(parent, "boxed-text", kind), node, depth)
        elif tag == "table":
            self.table(etree.SubElement(parent, "table-wrap"), node)
        else:
            self.figure(parent, node)

    def inside(self, parent, node, depth):
        """Blocks, and words beside them as paragraphs."""
        words = etree.Element("p")
        words.text = _plain(node.text)
        for child in [*node, None]:
            if child is None or child.tag in _BLOCKS:
                if len(words) or (words.text or "").strip():
                    parent.append(words)
                words = etree.Element("p")
                if child is not None:
                    self.block(parent, child, depth + 1)
                    words.text = _plain(child.tail)
            elif isinstance(child.tag, str):
                self.inline(words, child)
                _say(words, _plain(child.tail))

    def figure(self, parent, node):
        table, image = node.find(".//table"), node.find(".//img")
        made = etree.SubElement(parent, "table-wrap" if table is not None else "fig")
        caption = node.find("figcaption")
        if caption is not None:
            self.line(etree.SubElement(etree.SubElement(made, "caption"), "p"), caption)
        if table is not None:
            self.table(made, table)
        elif image is not None:
            self.graphic(made, "graphic", image)
        elif (link := node.find(".//a")) is not None:
            self.inline(etree.SubElement(made, "p"), link)

    def graphic(self, parent, tag, image):
        where = urljoin(self.address, image.get("src") or "")
        made = etree.SubElement(parent, tag, {XLINK: where})
        _add(made, "alt-text", image.get("alt") or "")

    def table(self, wrap, node):
        made = etree.SubElement(wrap, "table")
        for row in node.iter("tr"):
            part = row.getparent().tag if row.getparent().tag in ("thead", "tfoot") else "tbody"
            if not len(made) or made[-1].tag != part:
                etree.SubElement(made, part)
            line = etree.SubElement(made[-1], "tr")
            for cell in row:
                if cell.tag in ("td", "th"):
                    kept = {name: cell.get(name) for name in _CELL if cell.get(name)}
                    self.line(etree.SubElement(line, cell.tag, kept), cell)

    def line(self, made, node):
        """Words and what stands among them; of blocks in it their words."""
        made.text = _plain(node.text)
        for child in node:
            if isinstance(child.tag, str):
                self.inline(made, child)
            _say(made, _plain(child.tail))

    def inline(self, made, node):
        tag, kind = node.tag, node.get("class", "")
        if tag == "img":
            self.graphic(made, "inline-graphic", node)
        elif tag == "br":
            _say(made, " ")
        elif tag == "span" and kind == "fn":
            number = len(self.notes) + 1
            note = etree.Element("fn", id=f"fn{number}")
            self.notes.append(note)
            self.line(etree.SubElement(note, "p"), node)
            _reference(made, "fn", f"fn{number}", str(number))
        elif tag == "span" and node.get("data-cite"):
            key, place = node.get("data-cite"), node.get("data-locator")
            words = f"[{', '.join(filter(None, (key, place)))}]"
            if key in self.works:
                _reference(made, "bibr", self.works[key], words)
            else:
                _say(made, words)
        else:
            self.line(self.around(made, node), node)

    def around(self, made, node):
        """The element for what stands in a line and has words in it."""
        tag = node.tag
        if tag == "a" and (href := node.get("href")) and not href.startswith("#"):
            where = {"ext-link-type": "uri", XLINK: urljoin(self.address, href)}
            return etree.SubElement(made, "ext-link", where)
        if tag in _INLINE:
            return etree.SubElement(made, _INLINE[tag])
        said = etree.SubElement(made, "styled-content", {"style-type": tag})
        if node.get("lang"):
            said.set(XML, node.get("lang"))
        return said


def _reference(made, kind, where, words):
    etree.SubElement(made, "xref", {"ref-type": kind, "rid": where}).text = words


def _say(made, words):
    """Words after what an element holds so far."""
    if not words:
        return
    if len(made):
        made[-1].tail = (made[-1].tail or "") + words
    else:
        made.text = (made.text or "") + words


def _plain(text):
    return re.sub(r"\s+", " ", text or "")
