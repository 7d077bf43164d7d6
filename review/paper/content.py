"""Stored HTML made fit for paper: one document for each chapter, with what only works on a screen
taken out.

Margin notes go, since the list of references stays; a citation leads to its place in that list.
Links between chapters of the same book stay inside it, every other link becomes a full address.
References keep the numbers they have on the site, chapter by chapter, so that a reader with the
paper and a reader with the screen mean the same work by [3].
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext

from publishing.later import later
from publishing.richtext import render, sanitise
from publishing.templatetags.pages import bare
from references.screening import public

etree = later("lxml.etree")

ONLY_ON_SCREEN = ("loading", "decoding", "srcset", "sizes", "width", "height")


@dataclass
class Document:
    """One chapter, or one page of matter around the chapters. `name` is its name inside the
    book."""

    name: str
    root: object
    title: str
    language: str
    address: str = ""
    chapter: object = None
    ids: set = field(default_factory=set)
    drawn: bool = False  # whether it has a drawing in itself

    def __post_init__(self):
        self.ids = {node.get("id") for node in self.root.iter(etree.Element) if node.get("id")}

    @property
    def direction(self):
        return direction(self.language)


def document(name, template, book, *, title, language="", chapter=None, **context):
    language = language or book.language
    context |= {"book": book, "site": book.site, "chapter": chapter, "LANGUAGE_CODE": book.language}
    html = render_to_string(template, context | {"direction": direction(language)})
    root = sanitise.parse(sanitise.strip_control(html))
    address = bare(chapter.get_absolute_url()) if chapter else ""
    return Document(name, root, title, language, address, chapter)


def direction(language):
    return "rtl" if language in settings.LANGUAGES_BIDI else "ltr"


def chapter_documents(book):
    return [
        document(
            f"c{chapter.pk}",
            "review/paper/chapter.html",
            book,
            title=str(chapter),
            language=chapter.language,
            chapter=chapter,
            placements=chapter.placed[0],
            placement_count=chapter.placed[1],
            studies=chapter.studies,
        )
        for chapter in book.chapters
    ]


def methods_documents(book):
    """How the review was searched, in a book that is the whole of it."""
    if book.methods is None or book.top is not None:
        return []
    name, title = "review/paper/methods.html", gettext("How this was searched")
    context = public.context_of(book.methods)
    return [document("methods", name, book, title=title, paper=True, **context)]


class Fitter:
    """Fits documents to one kind of book: subclasses say where an anchor is and where a picture
    lies."""

    def __init__(self, documents):
        self.by_address = {document.address: document for document in documents if document.address}

    def anchor(self, document, name, here):
        """The address of `name` in `document`, or of the document itself, as seen from the document
        `here`."""
        raise NotImplementedError

    def picture(self, sources):
        """Where the picture lies, given `{width: address}` of those there are; None takes it
        out."""
        raise NotImplementedError

    def fit(self, document):
        root = document.root
        _citations(root)
        render.for_elsewhere(root)
        _still(root)
        for link in list(root.iter("a")):
            if (
                link.getparent().get("class") == "plate"
                or next(link.iterancestors("a"), None) is not None
            ):
                link.drop_tag()
        for caption in list(root.iter("figcaption")):
            caption.getparent().append(
                caption
            )  # beside the head of its figure on a screen, below it on paper
        for node in list(root.iter("img")):
            self._picture(node)
        for node in list(root.iter("a")):
            self._link(node, document)

    def _picture(self, node):
        found = self.picture(_sources(node))  # its width and height are those of another file
        for name in ONLY_ON_SCREEN:
            node.attrib.pop(name, None)
        if found:
            node.set("src", found)
            return
        words = node.get("alt") or ""
        node.tag = "span"
        node.attrib.clear()
        node.set("class", "lost")
        node.text = words

    def _link(self, node, document):
        href = node.get("href") or ""
        try:
            found = self._resolve(href, document)
        except ValueError:
            found = ""
        if found:
            node.set("href", found)
        else:
            node.drop_tag()

    def _resolve(self, href, document):
        address, name = urldefrag(href)
        target = document if not address else self.by_address.get(bare(address))
        if target and (not name or name in target.ids):
            return self.anchor(target, name, document)
        return full(href, document.address)


def full(href, base=""):
    """An address that works from anywhere; ValueError where it cannot be one."""
    href = urljoin(
        settings.SITE_URL + (base or "/"), re.sub(r"^doi:(//)?", "https://doi.org/", href.strip())
    )
    parts = urlsplit(iri_to_uri(href))
    # Brackets belong around the numbers of a host and nowhere else.
    rest = [
        part.replace("[", "%5B").replace("]", "%5D")
        for part in (parts.path, parts.query, parts.fragment)
    ]
    return urlunsplit((parts.scheme, parts.netloc, *rest)) if parts.scheme else ""


def _sources(node):
    """`{width: address}` of a picture: what its `srcset` offers, else its `src` alone."""
    pairs = [each.split() for each in (node.get("srcset") or "").split(",") if each.strip()]
    sources = {int(width.rstrip("w")): address for address, width in pairs}
    return sources or {int(node.get("width") or 0): node.get("src") or ""}


def width_for(sources, wanted):
    """The address of the widest picture that is no wider than `wanted`; of the narrowest if all
    are."""
    fitting = [width for width in sources if width <= wanted]
    return sources[max(fitting) if fitting else min(sources)]


def _citations(root):
    """Citations lead to the list of references, where they led to a note in the margin."""
    notes = {
        node.get("id"): node
        for node in root.iter("span")
        if "note" in (node.get("class") or "").split()
    }
    for link in root.iter("a"):
        note = notes.get((link.get("href") or "").removeprefix("#"))
        if link.get("class") == "cite" and note is not None:
            number = next(node.text for node in note.iter("span") if node.get("class") == "n")
            link.set("href", f"#ref-{number}")


def _still(root):
    """What opens, scrolls or plays on a screen, as it lies on paper."""
    for node in [each for each in root.iter("span") if each.get("class") == "vh"]:
        node.drop_tree()
    for node in list(root.iter("div", "details", "summary")):
        kind = node.get("class")
        if kind == "row" and node.getparent().get("class") == "video":
            node.drop_tree()
        elif kind in ("scroll", "across"):
            for name in ("role", "aria-label", "tabindex"):
                node.attrib.pop(name, None)
        elif node.tag == "details":
            node.tag = "div"
        elif node.tag == "summary":
            node.tag = "p"
            node.set("class", "kind")
