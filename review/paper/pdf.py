"""A book as PDF: one HTML document, set by WeasyPrint in a process of its own."""

import logging
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from publishing.later import later
from publishing.richtext import sanitise

from . import content, wide

etree = later("lxml.etree")
builder = later("lxml.builder")

NOT_INSTALLED = 3  # as typeset.py has it, which cannot be imported where WeasyPrint is missing
SHEETS = (settings.BASE_DIR / "static/css/tokens.css", Path(__file__).with_name("pdf.css"))
FINE = 1600  # pixels across the page: 300 to the inch

log = logging.getLogger(__name__)


class NotInstalled(Exception):
    """WeasyPrint is not there, or not what it needs."""


class Failed(Exception):
    """It did not come to an end, or not in time."""


class Fitter(content.Fitter):
    """All documents in one document: what an id is called begins with the name of its document."""

    def anchor(self, document, name, here):
        return f"#{document.name}-{name}" if name and name != "top" else f"#{document.name}"

    def picture(self, sources):
        address = content.width_for(sources, FINE)
        if not address.startswith(settings.MEDIA_URL):
            return None
        name = address.removeprefix(settings.MEDIA_URL)
        if settings.S3:  # what sets the pages reads from the folder
            default_storage.at_hand(name)
        return f"media:{name}"

    def fit(self, document):
        super().fit(document)
        for node in document.root.iter(etree.Element):
            if node.get("id"):
                node.set("id", self.anchor(document, node.get("id"), document)[1:])
        for marks in document.root.iter("span"):
            if marks.get("class") == "marks":
                _spell(marks, document.language)
        for cite in list(document.root.iter("a")):
            if cite.get("class") == "cite":
                _keep_with_its_word(cite)
        wide.fit_tables(document.root)
        wide.keep_numbers(document.root)
        for prose in document.root.iter("div"):
            if prose.get("class") == "prose":
                wide.loosen(prose)


def _spell(marks, language):
    """On paper an address must be read, and a place is a page: of several the first, for two are
    often the same page."""
    entry = marks.getparent().text_content()
    for link in list(marks.iter("a")):
        href = link.get("href")
        address = href.partition("://")[2].rstrip("/")
        if not address or href.startswith(settings.SITE_URL):
            continue
        if link.text in ("DOI", "PubMed") and address.partition("/")[2] in entry:
            link.drop_tree()  # the style of the entry has it already
        else:
            link.text = address
    for back in [node for node in marks.iter("span") if node.get("class") == "back"]:
        with override(language):
            back.text = (
                gettext("Cited on page") if len(back) == 1 else gettext("First cited on page")
            ) + " "
        del back[1:]
        for link in back:
            link.text, link.tail = None, None
            link.attrib.pop("aria-label", None)


def _keep_with_its_word(cite):
    """The word before a citation, and the citation, on one line. WeasyPrint loses its place at a
    no-break space here."""
    before, parent = cite.getprevious(), cite.getparent()
    text = (parent.text if before is None else before.tail) or ""
    start, _, word = text.removesuffix("\xa0").rpartition(" ")
    if not text.endswith("\xa0"):
        return
    keep = builder.E.span({"class": "keep"})
    keep.tail, cite.tail = cite.tail, None
    parent.replace(cite, keep)
    keep.append(cite)
    if start and word:
        keep.text = f"{word}\xa0"
        start += " "
    else:
        start = text.removesuffix("\xa0") + " "
    if before is None:
        parent.text = start
    else:
        before.tail = start


def html(book):
    """The whole document."""
    front = content.document("t", "review/paper/title.html", book, title=book.title)
    chapters = content.chapter_documents(book)
    methods = content.methods_documents(book)
    back = content.document("i", "review/paper/imprint.html", book, title="")
    fitter = Fitter([*chapters, *methods])
    for each in (front, *chapters, *methods, back):
        fitter.fit(each)
        each.html = sanitise.trusted(sanitise.serialise(each.root))
    context = {"book": book, "site": book.site, "front": front, "chapters": chapters, "back": back,
               "methods": methods, "LANGUAGE_CODE": book.language}  # fmt: skip
    return render_to_string("review/paper/pdf.html", context)


def build(book):
    return typeset(html(book), book.address)


def typeset(document, name=""):
    """A whole document of HTML as PDF."""
    command = [sys.executable, "-m", "review.paper.typeset", settings.MEDIA_ROOT, *SHEETS]
    try:
        done = subprocess.run(  # noqa: S603
            [str(part) for part in command],
            input=document.encode(),
            cwd=settings.BASE_DIR,
            capture_output=True,
            timeout=settings.BOOK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Failed from error
    if done.returncode == NOT_INSTALLED:
        raise NotInstalled
    if done.returncode:
        log.error("No PDF of %s: %s", name, done.stderr.decode(errors="replace")[-2000:])
        raise Failed
    return done.stdout
