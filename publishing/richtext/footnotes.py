"""The author's own footnotes: `<span class="fn">` where it stands, a lettered note beside the line, a list at the end.

The list is what a feed, a printed page and a reader without style sheets get.
"""

from copy import deepcopy

from django.utils.translation import gettext
from lxml.builder import E


def letter(index):
    """1 → a, 26 → z, 27 → aa."""
    text = ""
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(97 + rest) + text
    return text


def place(root):
    spans = [span for span in root.iter("span") if span.get("class") == "fn"]
    items = []
    for span in spans:
        if span.text_content().strip() and not any(above.get("class") == "fn" for above in span.iterancestors("span")):
            items.append(_place(span, letter(len(items) + 1)))
        else:
            span.drop_tag()
    if items:
        label = E.p(gettext("Footnotes"), {"class": "kind"})
        root.append(
            E.section({"class": "footnotes", "aria-label": gettext("Footnotes")}, label, E.ol({"class": "fns"}, *items))
        )


def _place(span, mark):
    """Turn one footnote into its mark and its note; gives its item for the list."""
    _shorten_citations(span)
    item = E.li({"id": f"fnote-{mark}"}, E.span(mark, {"class": "n"}))
    _fill(item, span)
    item[-1].tail = (item[-1].tail or "") + " "
    item.append(
        E.a(
            gettext("Back"),
            {
                "class": "back",
                "href": f"#fnref-{mark}",
                "aria-label": gettext("Back to the text of footnote %(mark)s") % {"mark": mark},
            },
        )
    )
    note = E.span(
        {"class": "note", "id": f"fn-{mark}", "role": "note", "aria-label": gettext("Footnote %(mark)s") % {"mark": mark}},
        E.span(mark, {"class": "n"}),
    )
    _fill(note, span)
    for node in note.iter("a"):
        node.attrib.pop("id", None)
    note[-1].tail = (note[-1].tail or "") + " "
    note.append(
        E.a(
            gettext("Close"),
            {"class": "close", "href": f"#fnref-{mark}", "aria-label": gettext("Close footnote %(mark)s") % {"mark": mark}},
        )
    )
    link = E.a(
        mark,
        {
            "class": "cite fn",
            "id": f"fnref-{mark}",
            "href": f"#fn-{mark}",
            "aria-label": gettext("Footnote %(mark)s") % {"mark": mark},
        },
    )
    note.tail, span.tail = span.tail, None
    span.addprevious(link)
    link.addnext(note)
    span.getparent().remove(span)
    return item


def _fill(target, span):
    target[-1].tail = " " + (span.text or "")
    for child in span:
        target.append(deepcopy(child))


def _shorten_citations(span):
    """A note cannot stand in a note: there a citation leads to the list of what is cited."""
    for note in [node for node in span.iter("span") if "note" in node.get("class", "").split()]:
        numbers = [node.text for node in note.iter("span") if node.get("class") == "n"]
        link = note.getprevious()
        if link is not None and numbers:
            link.set("href", f"#ref-{numbers[0]}")
        for node in list(note):
            note.remove(node)
        note.text = None
        note.drop_tag()
