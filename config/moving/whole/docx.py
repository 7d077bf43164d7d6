"""A page as a document of Word (docx): clean HTML of ours, entries of its references and files of
pictures in, bytes out. No ORM here."""

import io
import re
from urllib.parse import urljoin

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Mm, Pt
from PIL import Image, UnidentifiedImageError

from publishing.richtext import sanitise
from publishing.richtext.sanitise import strip_control

DEEPEST = 30
WIDTH = Inches(6)
SHOWN = 1600  # pixels across: 260 to the inch
MOST_COLUMNS = 60
_BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "div", "figure", "table", "hr"}
_LOOKS = {"em": "italic", "cite": "italic", "strong": "bold", "sup": "superscript",
          "sub": "subscript", "s": "strike"}  # fmt: skip


def document(head, html, entries, words, picture):
    """The whole file. `head` as for JATS; `entries`: `[(citekey, line)]` in the order of their
    numbers; `words`: the titles of the lists, `{"references": …, "notes": …}`; `picture(src)`
    gives the path of a picture's file or None."""
    file = Document()
    about = file.core_properties
    about.title, about.author = head.title[:255], " ".join(reversed(head.author))[:255]
    about.language, about.subject, about.comments = head.language, head.address[:255], ""
    _languages(file, head.language)
    _without_old_styles(file)
    file.styles.add_style("Bibliography", WD_STYLE_TYPE.PARAGRAPH).base_style = file.styles[
        "Normal"
    ]
    file.sections[0].page_width, file.sections[0].page_height = Mm(210), Mm(297)
    file.add_heading(_clean(head.title), 0)
    text = _Text(
        file, head.address, {key: at for at, (key, _line) in enumerate(entries, 1)}, picture
    )
    signed = [" ".join(filter(None, reversed(head.author))), head.day and f"{head.day:%Y-%m-%d}"]
    file.add_paragraph(" · ".join(filter(None, [*signed, head.address, head.licence])))
    if head.summary:
        file.add_paragraph(_clean(head.summary), "Intense Quote")
    text.blocks(sanitise.parse(html), None, 0)
    text.gathered_notes(words["notes"])
    if entries:
        file.add_heading(words["references"], 1)
    for number, (_key, line) in enumerate(entries, 1):
        paragraph = file.add_paragraph(style="Bibliography")
        _marked(paragraph, f"ref-{number}", number, f"{number}. {_clean(line)}")
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _without_old_styles(file):
    """The template has the styles twice, the second time for Word 2007: what is added to the one
    is not in the other, which a strict reader takes for damage."""
    for key, part in list(file.part.rels.items()):
        if part.reltype.endswith("/stylesWithEffects"):
            del file.part.rels[key]


class _Text:
    def __init__(self, file, address, numbers, picture):
        self.file, self.address, self.numbers, self.picture = file, address, numbers, picture
        self.notes = []

    def blocks(self, root, style, depth):
        """Blocks of a text or of a box, and words beside them as paragraphs."""
        paragraph = self._words(None, root.text, style)
        for node in root:
            if node.tag in _BLOCKS and depth <= DEEPEST:
                self.block(node, style, depth)
                paragraph = None
            elif isinstance(node.tag, str):
                paragraph = paragraph or self.file.add_paragraph(style=style)
                self.inline(paragraph, node, {})
            paragraph = self._words(paragraph, node.tail, style)

    def _words(self, paragraph, text, style):
        if (text or "").strip():
            paragraph = paragraph or self.file.add_paragraph(style=style)
            _run(paragraph, text, {})
        return paragraph

    def block(self, node, style, depth):
        tag = node.tag
        if tag in ("h2", "h3", "h4"):
            self.line(self.file.add_heading("", int(tag[1]) - 1), node, {})
        elif tag in ("ul", "ol"):
            self.list(node, depth)
        elif tag in ("blockquote", "div"):
            self.blocks(node, "Quote", depth + 1)
        elif tag == "figure":
            self.figure(node)
        elif tag == "table":
            self.table(node)
        elif tag == "p":
            self.line(self.file.add_paragraph(style=style), node, {})

    def list(self, node, depth):
        level = min(depth, 2)
        name = ("List Number" if node.tag == "ol" else "List Bullet") + f" {level + 1}" * (
            level > 0
        )
        count = _counted_anew(self.file, name, node) if node.tag == "ol" else None
        for item in node.findall("li"):
            paragraph = self.file.add_paragraph(style=name)
            if count is not None:
                paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = count
            _run(paragraph, item.text, {})
            for child in item:
                if child.tag in _BLOCKS and depth < DEEPEST:
                    is_first = child.tag == "p" and not paragraph.text.strip()
                    self.line(paragraph, child, {}) if is_first else self.block(
                        child, "List Continue", depth + 1
                    )
                elif isinstance(child.tag, str):
                    self.inline(paragraph, child, {})
                _run(paragraph, child.tail if (child.tail or "").strip() else "", {})

    def figure(self, node):
        image, table, caption = node.find(".//img"), node.find(".//table"), node.find("figcaption")
        if table is not None:
            self.table(table)
        elif image is not None:
            self.image(self.file.add_paragraph(), image)
        elif (link := node.find(".//a")) is not None:
            self.inline(self.file.add_paragraph(), link, {})
        if caption is not None:
            self.line(self.file.add_paragraph(style="Caption"), caption, {})

    def image(self, paragraph, node):
        data = _readable(self.picture(node.get("src") or ""))
        alt = _clean(node.get("alt") or "")
        if data is None:
            _run(paragraph, f"[{alt}]", {"italic": True})
            return
        shape = paragraph.add_run().add_picture(data)
        if shape.width > WIDTH:
            shape.height, shape.width = int(shape.height * WIDTH / shape.width), WIDTH
        shape._inline.docPr.set("descr", alt[:2000])

    def table(self, node):
        caption = node.find("caption")
        if caption is not None:
            paragraph = self.file.add_paragraph(style="Caption")
            paragraph.paragraph_format.keep_with_next = True
            self.line(paragraph, caption, {})
        places, rows, columns = _grid(node)
        if not places:
            return
        made = self.file.add_table(rows, columns, "Table Grid")
        for top, left, bottom, right, cell in places:
            place = made.cell(top, left)
            if (top, left) != (bottom, right):
                place = place.merge(made.cell(bottom, right))
            look = {"bold": True} if cell.tag == "th" else {}
            self.line(place.paragraphs[0], cell, look)
        self.file.add_paragraph().paragraph_format.space_after = Pt(0)

    def line(self, paragraph, node, look):
        """What stands in a line; of blocks in it their words."""
        _run(paragraph, node.text, look)
        for child in node:
            if isinstance(child.tag, str):
                self.inline(paragraph, child, look)
            _run(paragraph, child.tail, look)

    def inline(self, paragraph, node, look, depth=0):
        tag, kinds = node.tag, node.get("class", "").split()
        if tag == "br":
            paragraph.add_run().add_break()
        elif tag == "img":
            self.image(paragraph, node)
        elif node.get("data-cite") and "cite" in kinds:
            self.citation(paragraph, node, look)
        elif "fn" in kinds:
            self.notes.append(node)
            number = len(self.notes)
            _link(paragraph, str(number), look | {"superscript": True}, anchor=f"note-{number}")
        elif tag == "a" and not (node.get("href") or "#").startswith("#"):
            words = " ".join(node.text_content().split())
            _link(paragraph, words, look, to=urljoin(self.address, node.get("href")))
        else:
            _run(paragraph, " " if tag == "small" else "", look)
            look = look | ({_LOOKS[tag]: True} if tag in _LOOKS else {})
            look |= {"lang": node.get("lang")} if node.get("lang") else {}
            _run(paragraph, node.text, look)
            for child in node if depth < DEEPEST else ():
                if isinstance(child.tag, str):
                    self.inline(paragraph, child, look, depth + 1)
                _run(paragraph, child.tail, look)

    def citation(self, paragraph, node, look):
        number, place = self.numbers.get(node.get("data-cite")), node.get("data-locator")
        words = f"[{', '.join(filter(None, (str(number or node.get('data-cite')), place)))}]"
        if number:
            _link(paragraph, words, look, anchor=f"ref-{number}")
        else:
            _run(paragraph, words, look)

    def gathered_notes(self, title):
        if self.notes:
            self.file.add_heading(title, 1)
        for number, node in enumerate(list(self.notes), 1):
            paragraph = self.file.add_paragraph()
            _marked(paragraph, f"note-{number}", 100_000 + number, f"{number}. ")
            self.line(paragraph, node, {})


def _languages(file, code):
    wanted = file.styles.element.xpath("w:docDefaults//w:lang")
    for each in wanted:
        each.set(qn("w:val"), code)


def _run(paragraph, text, look):
    if not text:
        return None
    run = paragraph.add_run(_clean(text))
    _dress(run, look)
    return run


def _dress(run, look):
    for name, value in look.items():
        if name == "lang":
            said = OxmlElement("w:lang")
            said.set(qn("w:val"), value)
            run._r.get_or_add_rPr().append(said)
        else:
            setattr(run.font, name, value)


def _link(paragraph, words, look, *, to="", anchor=""):
    """Words that lead to an address, or to a place of the document."""
    link = OxmlElement("w:hyperlink")
    if anchor:
        link.set(qn("w:anchor"), anchor)
    else:
        number = paragraph.part.relate_to(to[:2000], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), number)
    run = _run(paragraph, words, look)
    if run is None:
        return
    run.font.underline = run.font.underline if anchor else True
    paragraph._p.append(link)
    link.append(run._r)


def _marked(paragraph, name, number, words):
    """Words that a link of the document leads to."""
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (begin, end):
        mark.set(qn("w:id"), str(number))
    begin.set(qn("w:name"), name)
    paragraph._p.append(begin)
    paragraph.add_run(words)
    paragraph._p.append(end)
    paragraph.paragraph_format.space_after = Pt(4)


def _counted_anew(file, style, node):
    """The number of a new count for a list: Word would go on from the list before."""
    numbering = file.part.numbering_part.element
    known = file.styles[style].element.pPr.numPr.numId.val
    kind = next(each for each in numbering.num_lst if each.numId == known).abstractNumId.val
    made = numbering.add_num(kind)
    start = node.get("start") or ""
    made.add_lvlOverride(ilvl=0).add_startOverride(int(start) if start.isdecimal() else 1)
    return made.numId


def _readable(path):
    """A picture as Word reads it, no larger than it is shown; None where there is none."""
    if path is None:
        return None
    try:
        with Image.open(path) as image:
            image.thumbnail((SHOWN, SHOWN * 2))
            kind = "JPEG" if image.mode in ("RGB", "L") and image.format == "JPEG" else "PNG"
            data = io.BytesIO()
            (image if kind == "JPEG" else image.convert("RGBA")).save(data, kind)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    data.seek(0)
    return data


def _grid(table):
    """`([(top, left, bottom, right, cell)], rows, columns)` of a table, its spans laid out."""
    rows = list(table.iter("tr"))
    taken, places, columns = set(), [], 1
    for top, row in enumerate(rows):
        left = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while (top, left) in taken:
                left += 1
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            right, bottom = left + wide - 1, min(top + high, len(rows)) - 1
            if right >= MOST_COLUMNS:
                break
            spots = {(y, x) for y in range(top, bottom + 1) for x in range(left, right + 1)}
            if spots & taken:
                right, bottom, spots = left, top, {(top, left)}
            taken |= spots
            places.append((top, left, bottom, right, cell))
            columns = max(columns, right + 1)
    return places, len(rows), columns


def _span(cell, name):
    value = cell.get(name) or ""
    return max(1, min(int(value), MOST_COLUMNS)) if value.isdecimal() and len(value) < 4 else 1


def _clean(text):
    return re.sub(r"\s+", " ", strip_control(text))
