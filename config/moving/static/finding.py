"""Searching in the copy: each language's texts as one script, which a page of the copy reads from a
disk too (a page opened from a disk may fetch nothing), and the page that asks."""

import json
import posixpath
import re
import shutil
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from lxml.html import builder as make

HERE = Path(__file__).parent
SCRIPT = "search.js"
# Between these no word goes on.
_BLOCKS = {
    "p", "li", "dt", "dd", "td", "th", "h1", "h2", "h3", "h4", "h5", "br", "div", "section",
    "figcaption", "caption", "blockquote", "summary", "details", "article", "time",
}  # fmt: skip
_NOT_TEXT = {"nav", "form", "script", "style", "button", "svg", "noscript"}
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")


class Index:
    """`with Index(folder) as index`: one file for each language, written page by page."""

    def __init__(self, folder):
        self.files = {
            code: (folder / f"search-{code}.js").open("w", encoding="utf-8")
            for code, _name in settings.LANGUAGES
        }
        shutil.copyfile(HERE / SCRIPT, folder / SCRIPT)

    def __enter__(self):
        for file in self.files.values():
            file.write("searchCopy([\n")
        return self

    def __exit__(self, *error):
        for file in self.files.values():
            file.write("]);\n")
            file.close()

    def add(self, language, file, root):
        """A page as the site gave it; `file`: where it lies in the copy."""
        title = (root.findtext(".//title") or "").partition(" | ")[0].strip()
        main = root.find(".//main")
        row = [title, file, words(main) if main is not None else ""]
        self.files[language].write(json.dumps(row, ensure_ascii=False) + ",\n")


def words(root):
    """What a page says, in one line. A raised figure stays one: 10⁹ is not 109."""
    said, waiting = [], [(root, False)]
    while waiting:
        node, is_over = waiting.pop()
        if is_over:
            said.append(" " if node.tag in _BLOCKS else "")
            said.append(node.tail or "" if node is not root else "")
            continue
        waiting.append((node, True))
        if not isinstance(node.tag, str) or node.tag in _NOT_TEXT:
            continue
        said.append(" " if node.tag in _BLOCKS else "")
        text = node.text or ""
        said.append(text.translate(_RAISED) if node.tag == "sup" else text)
        waiting.extend((child, False) for child in reversed(node))
    return re.sub(r"\s+", " ", "".join(said)).strip()


def complete(root, language, file):
    """Make the site's page of searching that of the copy."""
    up = posixpath.relpath(".", posixpath.dirname(file))
    own = up if language == settings.LANGUAGE_CODE else f"{up}/{language}"
    field = root.get_element_by_id("q")
    for name in ("data-suggest", "data-list", "data-count"):
        field.attrib.pop(name, None)
    said = root.find_class("ends")[0]
    for child in list(said):
        said.remove(child)
    said.append(make.P(_("Accents do not matter, and the end of a word may be missing.")))
    said.append(make.P(_("Quotation marks keep words together. A minus leaves a word out.")))
    ways = [
        make.A(name, href=f"{own}/{where}/index.html")
        for name, where in (
            (_("contents of the review"), "review"), (_("references"), "references"),
            (_("Names"), "names"), (_("Blog"), "blog"), (_("Glossary"), "glossary"),
        )
    ]  # fmt: skip
    listed = make.UL(*(make.LI(each) for each in ways))
    said.append(make.P(_("In this copy a script searches. Without scripts, begin here:")))
    said.append(listed)
    found = make.DIV(id="found")
    found.set("data-root", up)
    found.set("data-index", f"{up}/search-{language}.js")
    found.set("data-count", _("Pages found: %n"))
    found.set("data-none", _("Nothing here holds “%(query)s”.") % {"query": "%q"})
    said.addprevious(make.P(id="count", role="status"))
    said.addprevious(found)
    root.find("body").append(make.SCRIPT(src=f"{up}/{SCRIPT}"))
