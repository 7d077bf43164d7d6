"""Figures and tables, numbered, in the form readers get."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Model
from django.utils.translation import gettext

from .. import images
from .tree import is_linked, make

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def place(root: HtmlElement) -> None:
    """Pictures get their sizes; figures a number, the caption first, each picture a link to the
    whole of it."""
    modern = []
    for image in list(root.iter("img")):
        record = images.fill(image)
        if record is not None and record.withdrawn:
            _withdrawn(image)
        elif record is not None and record.modern:
            modern.append((image, record))
    figures = [figure for figure in root.iter("figure") if figure.get("class") == "figure"]
    for number, figure in enumerate(figures, 1):
        figure.set("id", f"fig-{number}")
        caption = figure.find("figcaption")
        if caption is None:
            caption = make("figcaption")
        # first, so that in the margin it stands beside the head of the figure
        figure.insert(0, caption)
        _label(caption, gettext("Figure %(number)s") % {"number": number})
        for image in figure.findall("img"):
            _plate(image, gettext("Figure %(number)s, full size") % {"number": number})
    for image, record in modern:
        _modern(image, record)


def _withdrawn(image: HtmlElement) -> None:
    """What stands where a picture was that may not be shown any more: nothing of its description
    stays."""
    inside = image.getparent().get("class") == "figure"
    notice = make(
        "p" if inside else "span",
        gettext("This picture was withdrawn."),
        attributes={"class": "withdrawn"},
    )
    notice.tail, image.tail = image.tail, None
    image.getparent().replace(image, notice)


def _modern(image: HtmlElement, record: Model) -> None:
    """Modern formats beside the file that every browser knows."""
    picture = make("picture")
    picture.tail, image.tail = image.tail, None
    image.getparent().replace(image, picture)
    sizes = image.get("sizes") or images.SIZES
    for kind, srcset in images.modern_sources(record):
        words = {"type": kind, "srcset": srcset, "sizes": sizes}
        picture.append(make("source", attributes=words))
    picture.append(image)


def _plate(image: HtmlElement, words: str) -> None:
    plate = make("div", attributes={"class": "plate"})
    image.addprevious(plate)
    link = make(
        "a",
        attributes={
            "href": image.get("src"),
            "aria-label": words,
            "data-zoom": "",
            "data-close": gettext("Close"),
        },
    )
    image.tail = None
    link.append(image)
    plate.append(link)


def place_tables(root: HtmlElement) -> None:
    """Tables get a number before their caption, and a frame that scrolls and has a name."""
    tables = [table for table in root.iter("table") if not any(map(is_linked, _around(table)))]
    for number, table in enumerate(tables, 1):
        caption = table.find("caption")
        name = label = gettext("Table %(number)s") % {"number": number}
        if caption is not None:
            name = caption.text_content().strip()
            _label(caption, label)
        words = {"class": "scroll", "role": "region", "tabindex": "0", "aria-label": name}
        scroller = make("div", attributes=words)
        table.addprevious(scroller)
        scroller.tail, table.tail = table.tail, None
        scroller.append(table)


def _around(node: HtmlElement) -> Iterator[HtmlElement]:
    return node.iterancestors("figure")


def _label(caption: HtmlElement, words: str) -> None:
    label = make("b", words)
    label.tail = " " + (caption.text or "")
    caption.text = None
    caption.insert(0, label)
