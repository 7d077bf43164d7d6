"""The shape of rich text: HTML to a tree and back, and the one form in which every text is kept.

`shape()` writes a tree anew, so that each element stands where HTML allows it and white space is as a browser shows it.
Nothing here recurses: pasted pages may be nested as deep as they like.
"""

import re
from html.parser import HTMLParser

import lxml.html
from lxml import etree

BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "div", "figure", "table", "hr"}
CONTAINERS = {"ul", "ol", "blockquote", "div", "figure", "table", "thead", "tbody", "tr"}
TEXT_BLOCKS = {"p", "h2", "h3", "h4", "li", "figcaption", "caption", "th", "td"}
CAPTIONS = {"figcaption", "caption"}
LINES = {"p", "h2", "h3", "h4", *CAPTIONS}
# Hold text as it is or blocks; everything else that holds blocks gets its stray text into paragraphs.
CELLS = {"li", "td", "th"}
INLINE = {"a", "span", "cite", "q", "em", "strong", "sub", "sup", "s", "small"}
VOID = {"br", "hr", "img"}
PARENTS = {"li": {"ul", "ol"}, "td": {"tr"}, "th": {"tr"}, "tr": {"thead", "tbody"}, "thead": {"table"}, "tbody": {"table"},
           "caption": {"table"}, "figcaption": {"figure"}}  # fmt: skip
DEEPEST = 40
# Of all elements together: what stands deeper is put beside. lxml goes the whole way up for every node it lets go.
DEEPEST_PARSED = 250

_SPACE = re.compile(r"[ \t\r\n\f]+")
_NBSP_RUN = re.compile("(?:\xa0[ \xa0]|[ \xa0]\xa0)[ \xa0]*")
_EDGES = " \xa0"


def make(tag):
    return lxml.html.html_parser.makeelement(tag)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = [make("div")]

    def handle_starttag(self, tag, attrs):
        node = etree.SubElement(self.open[-1], tag, {name: value or "" for name, value in attrs})
        if tag not in VOID:
            self.open.append(node if len(self.open) < DEEPEST_PARSED else self.open[-1])

    def handle_endtag(self, tag):
        if tag not in VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data):
        add_text(self.open[-1], data)


def parse(html):
    """A tree under one `div`. The HTML must be well nested: ours, or nh3's."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0]


def serialise(root):
    """The inside of `root` as HTML."""
    parts = [_escape(root.text or "")]
    for child in root:
        parts.append(lxml.html.tostring(child, encoding="unicode", with_tail=False))
        parts.append(_escape(child.tail or ""))
    return "".join(parts)


def _escape(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def last_of(node):
    """The last child or None; never by `len`, for which lxml counts all children each time."""
    return next(node.iterchildren(reversed=True), None)


def add_text(node, text):
    """Text at the end of what `node` holds."""
    last = last_of(node)
    if last is not None:
        last.tail = (last.tail or "") + text
    else:
        node.text = (node.text or "") + text


def is_cite(node):
    return node.tag == "span" and node.get("data-cite") is not None


def is_video(node):
    return node.tag == "figure" and node.get("class") == "video"


def shape(source):
    """A new tree with everything `source` says, each thing in its place."""
    writer = _Writer()
    depths = []
    skip = None
    for event, node in etree.iterwalk(source, events=("start", "end")):
        if event == "start":
            if skip is None:
                depths.append(writer.depth)
                if is_cite(node):
                    skip = node
                    writer.atom(node)
                elif node is not source:
                    writer.start(node, depths[-2] if len(depths) > 1 else 0)
                if skip is None:
                    depths[-1] = writer.depth
                    writer.text(node.text)
            continue
        if skip is not None and node is not skip:
            continue
        depths.pop()
        if skip is None and node is not source:
            writer.end(node, depths[-1] if depths else 0)
        skip = None
        if node is not source:
            writer.text(node.tail)
    writer.close_to(0)
    return writer.root


class _Writer:
    """Writes one tree. `boxes` are the open blocks, `line` is what takes text now, `marks` the inline elements wanted
    around it, `open` those of them that are written so far."""

    def __init__(self):
        self.root = make("div")
        self.boxes = [self.root]
        self.line = None
        self.marks, self.open = [], []
        self.fresh = True  # nothing but white space so far: more of it does not show
        self.breaks = 0  # line breaks met and not yet written: one at an edge of an inline element stands outside it

    @property
    def depth(self):
        return len(self.boxes) - 1

    @property
    def box(self):
        return self.boxes[-1]

    # what is met

    def start(self, node, around):
        if node.tag in INLINE:
            if len(self.marks) < DEEPEST:
                self.marks.append(node)
            if node.tag == "small" and self.line is not None:
                trim(self.line)
                self.open, self.fresh = [], True
        elif node.tag in ("img", "br"):
            self.atom(node)
        elif self.line is not None and self.line.tag in CAPTIONS:
            self.breaks = int(not self.fresh or self.breaks > 0)
        else:
            self.close_to(around)
            self._start_block(node)

    def _start_block(self, node):
        tag = node.tag
        if (tag == "div" and not node.get("class")) or (len(self.boxes) > DEEPEST and tag not in LINES):
            return
        if tag in PARENTS and self.box.tag not in PARENTS[tag]:
            if tag != "tr" or self.box.tag != "table":
                return
            self.boxes.append(self._add("tbody"))
        if tag in CAPTIONS and self.box.find(tag) is not None:
            return
        if tag not in PARENTS:
            self._make_room()
        element = self._add(tag, node)
        if tag in LINES:
            self.line, self.fresh = element, True
        elif tag != "hr":
            self.boxes.append(element)

    def end(self, node, around):
        if node.tag in INLINE:
            if self.marks and self.marks[-1] is node:
                self.marks.pop()
            self._settle()
        elif node.tag in VOID:
            return
        elif self.line is not None and self.line.tag in CAPTIONS and node.tag != self.line.tag:
            self.breaks = int(not self.fresh or self.breaks > 0)
        else:
            self.close_to(around)

    def text(self, text):
        text = _SPACE.sub(" ", text or "")
        if self.fresh:
            text = text.lstrip(_EDGES)
        if not text:
            return
        if text == " " and len(self.open) < len(self.marks):
            # A blank opens no em, and no paragraph either.
            add_text(self.open[-1] if self.open else self.line, " ")
        else:
            add_text(self._place(), text)
        self.fresh = text.endswith(" ")

    def atom(self, node):
        first = not is_video(self.box) or last_of(self.box) is None  # of a video one picture, before its link
        if node.tag == "img" and self.line is None and self.box.tag == "figure" and first:
            self._add("img", node)
            return
        if node.tag == "br":
            self.breaks += self.line is not None
            self.fresh = True
        else:
            copy_of(node, self._place())
            self.fresh = False

    # where it goes

    def _place(self):
        """The innermost element for text: in a line, inside the marks."""
        if self.line is None:
            self._make_room()
            holds_text = (self.box.tag in CELLS and ends_bare(self.box)) or is_video(self.box)
            self.line = self.box if holds_text else self._add("p")
            self.open = []
        self._settle()
        self._write_breaks()
        for mark in self.marks[len(self.open) :]:
            self.open.append(copy_of(mark, self.open[-1] if self.open else self.line))
        return self.open[-1] if self.open else self.line

    def _write_breaks(self):
        breaks, self.breaks = self.breaks, 0
        if breaks:
            trim(self.line)
            self.open = [node for node in self.open if node.getparent() is not None]
        if breaks and not ends_bare(self.line):
            for _ in range(breaks):
                etree.SubElement(self.open[-1] if self.open else self.line, "br")

    def _settle(self):
        same = 0
        while same < min(len(self.open), len(self.marks)) and self._opens(same):
            same += 1
        del self.open[same:]

    def _opens(self, index):
        written, wanted = self.open[index], self.marks[index]
        return written.tag == wanted.tag and dict(written.attrib) == dict(wanted.attrib)

    def _make_room(self):
        """Inside a list or a table, what is no item and no cell gets one."""
        missing = {"ul": "li", "ol": "li", "table": "tbody", "thead": "tr", "tbody": "tr", "tr": "td"}
        while self.box.tag in missing:
            self.boxes.append(self._add(missing[self.box.tag]))

    def _add(self, tag, like=None):
        self.end_line()
        element = etree.SubElement(self.box, tag, dict(like.attrib) if like is not None else {})
        if tag == "caption":
            self.box.insert(0, element)
        return element

    # what is finished

    def close_to(self, depth):
        self.end_line()
        while self.depth > depth:
            finish(self.boxes.pop())

    def end_line(self):
        line, self.line, self.open = self.line, None, []
        self.fresh, self.breaks = True, 0
        if line is None:
            return
        trim(line)
        if line.tag in LINES and is_bare(line):
            line.getparent().remove(line)


def copy_of(node, parent):
    """A fresh element like `node` at the end of `parent`; a citation comes with its text."""
    copy = etree.SubElement(parent, node.tag, dict(node.attrib))
    if is_cite(node):
        copy.text = node.text
    return copy


def is_bare(node):
    return not node.text and last_of(node) is None


def ends_bare(line):
    """Whether the run of text at the end of `line` has nothing yet."""
    last = last_of(line)
    return not line.text if last is None else last.tag in BLOCKS and not last.tail


def trim(line):
    """Blanks and line breaks at the end of a line do not show: away with them, and with elements they leave empty."""
    while True:
        node, last = line, last_of(line)
        while last is not None and not last.tail and last.tag in INLINE and not is_cite(last):
            node, last = last, last_of(last)
        if last is not None:
            if last.tail:
                last.tail = last.tail.rstrip(_EDGES) or None
                if last.tail:
                    return
            elif last.tag == "br":
                node.remove(last)
            else:
                return
        else:
            node.text = (node.text or "").rstrip(_EDGES) or None
            if node.text or node is line:
                return
            node.getparent().remove(node)


def finish(box):
    """A block that is complete: empty ones go, a lone paragraph in a cell is the cell's text."""
    if box.tag == "figure":
        _finish_figure(box)
    elif box.tag in CELLS and len(box) == 1 and box[0].tag == "p" and not (box[0].attrib or box.text or box[0].tail):
        box[0].drop_tag()
    elif is_bare(box) and box.tag not in ("td", "th"):
        box.getparent().remove(box)


def _finish_figure(box):
    """Pictures stand in it bare, the caption comes last, the credit at the caption's end."""
    for child in list(box):
        pictures = list(child.iter("img")) if child.tag == "p" and not child.text_content().strip() else []
        for picture in pictures:
            picture.tail = None
            child.addprevious(picture)
        if pictures:
            child.drop_tree()
    captions = box.findall("figcaption")
    if len(captions) == len(box):
        for caption in captions:
            caption.tag = "p"
        box.drop_tag()
        return
    for caption in captions:
        for credit in [node for node in caption.findall("small") if node.tail]:
            trailing, credit.tail = credit.tail, None
            before = credit.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + trailing
            else:
                caption.text = (caption.text or "") + trailing
            caption.append(credit)
        box.append(caption)


def fold_spaces(root):
    """Two blanks, one of which may not break, are a typing habit, not a meaning."""
    for node in root.iter(etree.Element):
        if node.text:
            node.text = _NBSP_RUN.sub(" ", node.text)
        if node.tail:
            node.tail = _NBSP_RUN.sub(" ", node.tail)
