"""A book as EPUB 3, written as the zip it is: one page a chapter, a cover, contents, and the
figures in one width."""

import io
import re
import uuid
import zipfile
from datetime import UTC
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from publishing.later import later
from publishing.richtext import sanitise

from . import content as paper_content

etree, Pillow = later("lxml.etree"), later("PIL.Image")

WIDE = 960  # pixels: what a reading device shows across
KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
SHEET = Path(__file__).with_name("epub.css")
EPUB, XML = "http://www.idpf.org/2007/ops", "http://www.w3.org/XML/1998/namespace"
LANG, TYPE = f"{{{XML}}}lang", f"{{{EPUB}}}type"
SVG = "{http://www.w3.org/2000/svg}svg"


class Fitter(paper_content.Fitter):
    """Every document a file; pictures are gathered in `pictures` as `{name in the book: name in
    MEDIA}`."""

    def __init__(self, chapters):
        super().__init__(chapters)
        etree.register_namespace("epub", EPUB)
        self.pictures = {}

    def anchor(self, document, name, here):
        file = "" if document is here and name else f"{document.name}.xhtml"
        return f"{file}#{name}" if name else file

    def picture(self, sources):
        address = paper_content.width_for(sources, WIDE)
        name = address.removeprefix(settings.MEDIA_URL)
        kind = PurePosixPath(name).suffix
        if (
            not address.startswith(settings.MEDIA_URL)
            or kind not in KINDS
            or not default_storage.exists(name)
        ):
            return None
        inside = "images/" + re.sub(r"[^\w.-]", "-", PurePosixPath(name).name, flags=re.ASCII)
        inside = inside.removesuffix(".webp") + ".png" if kind == ".webp" else inside
        self.pictures[inside] = name
        return inside

    def fit(self, document):
        super().fit(document)
        document.drawn = next(document.root.iter(SVG), None) is not None
        for node in document.root.iter(etree.Element):
            if node.get("lang"):
                node.set(LANG, node.get("lang"))
            for wanted, (kind, role) in MEANINGS.items():
                if f"{node.tag}.{(node.get('class') or '').partition(' ')[0]}" == wanted:
                    node.set(TYPE, kind)
                    if role:
                        node.set("role", role)
        for entries in document.root.iter("ol"):
            if entries.get("class") in ("refs", "fns"):
                _meant_as_footnotes(entries)


# element.class → what reading systems call it
MEANINGS = {
    "section.chapter": ("chapter", "doc-chapter"),
    "section.footnotes": ("footnotes", ""),
    "section.references": ("endnotes", "doc-endnotes"),
    "section.title-page": ("cover", ""),
    "section.imprint": ("colophon", "doc-colophon"),
    "a.cite": ("noteref", "doc-noteref"),
}


def _meant_as_footnotes(entries):
    """Opened over the text where the reading system can, read as a list where it cannot."""
    for entry in entries:
        entry.set(TYPE, "footnote")
    for back in entries.iter("a"):
        if "back" in (back.get("class"), back.getparent().get("class")):
            back.set(TYPE, "backlink")
            back.set("role", "doc-backlink")


def _xhtml(document):
    body = "".join(etree.tostring(node, method="xml", encoding="unicode") for node in document.root)
    return render_to_string(
        "review/paper/page.xhtml", {"document": document, "body": sanitise.trusted(body)}
    )


def build(book):
    """The bytes of the file."""
    with override(book.language):
        chapters = paper_content.chapter_documents(book)
        cover = paper_content.document("cover", "review/paper/title.html", book, title=book.title)
        imprint = paper_content.document(
            "imprint", "review/paper/imprint.html", book, title=gettext("About this copy")
        )
        methods = paper_content.methods_documents(book)
        fitter = Fitter([*chapters, *methods])
        pages = [cover, *chapters, *methods, imprint]
        fitter.fit(cover)
        front = next(iter(fitter.pictures), "")
        for page in (*chapters, *methods, imprint):
            fitter.fit(page)
        context = {
            "book": book,
            "site": book.site,
            "pages": pages,
            "chapters": chapters,
            "imprint": imprint,
            "methods": methods,
            "LANGUAGE_CODE": book.language,
            "nested": _nested(chapters),
            "parts": _parts(chapters[0].chapter) if len(chapters) == 1 else [],
            "identifier": uuid.uuid5(uuid.NAMESPACE_URL,
                f"{book.full_address}{book.alone}{book.language}"),
            "modified": book.modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "pictures": [(f"p{at}", name, KINDS[PurePosixPath(name).suffix], name == front)
                         for at, name in enumerate(fitter.pictures)],
        }  # fmt: skip
        files = {
            "META-INF/container.xml": render_to_string("review/paper/container.xml"),
            "OEBPS/package.opf": render_to_string("review/paper/package.opf", context),
            "OEBPS/nav.xhtml": render_to_string("review/paper/nav.xhtml", context),
            "OEBPS/book.css": SHEET.read_text(encoding="utf-8"),
        } | {f"OEBPS/{page.name}.xhtml": _xhtml(page) for page in pages}
    return _zip(book, files, fitter.pictures)


def _parts(chapter):
    return [heading for heading in chapter.contents if heading["level"] == 2]


def _nested(chapters):
    """`(document, how many lists open before it, how many close after it)`: the tree of contents,
    told without recursion."""
    depths = [document.chapter.depth for document in chapters]
    base = min(depths)
    depths = [depth - base for depth in depths]
    rows = []
    for document, depth, following in zip(chapters, depths, [*depths[1:], None], strict=True):
        rows.append(
            (document, following is not None and following > depth, range(depth - (following or 0)))
        )
    return rows


def _zip(book, files, pictures):
    moment = max(book.modified.astimezone(UTC).timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    out = io.BytesIO()

    def add(name, content, how=zipfile.ZIP_DEFLATED):
        entry = zipfile.ZipInfo(name, moment)
        entry.external_attr = 0o644 << 16
        archive.writestr(entry, content, how)

    with zipfile.ZipFile(out, "w") as archive:
        add(
            "mimetype", "application/epub+zip", zipfile.ZIP_STORED
        )  # first and as it is, so that it is known by its bytes
        for name, text in files.items():
            add(name, sanitise.strip_control(text))
        for name, stored in pictures.items():
            add(f"OEBPS/{name}", _picture(stored), zipfile.ZIP_STORED)
    return out.getvalue()


def _picture(stored):
    with default_storage.open(stored) as file:
        data = file.read()
    if not stored.endswith(".webp"):
        return data
    out = io.BytesIO()
    Pillow.open(io.BytesIO(data), formats=["WEBP"]).save(out, "PNG", optimize=True)
    return out.getvalue()
