"""Pictures of the evidence in a text: a figure that holds a link to their page, drawn whenever the
text is rendered. What they show changes with the library; `PageLink` knows the texts that have one.
"""

from urllib.parse import urlsplit

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from publishing.richtext import links, sanitise
from publishing.richtext.tree import make
from publishing.templatetags.pages import bare

from ..browsing import evidence
from ..browsing.selection import Selection
from ..models.evidence import EVIDENCE
from .studies import pictures
from .telling import context_of

# What the address names after #, and whether there is anything to draw.
PARTS = {"forest": "shares", "map": "map", "years": "lines"}
MOST = 12  # of one text


class PicturePass:
    """Draws the pictures of a tree; `drawn` says whether there were any. A text with one points to
    `TARGET`, the facts of all studies."""

    TARGET = EVIDENCE

    def __init__(self):
        self.drawn = False

    def __call__(self, root):
        figures = [each for each in root.iter("figure") if each.get("class") == "plot"]
        for figure in figures[:MOST]:
            link = figure.find("a")
            name = _name(link.get("href")) if link is not None else ""
            if name:
                self.drawn = True
                _draw(figure, link, name)


def _name(href):
    parts = urlsplit(href)
    ours = bare(parts.path) == links.address("references:pictures")
    return parts.fragment if ours and parts.fragment in PARTS else ""


def _draw(figure, link, name):
    path = links.address("references:pictures")
    chosen = Selection(evidence.only_filters(QueryDict(urlsplit(link.get("href")).query)), path)
    found = pictures(chosen)
    link.set("href", f"{chosen.address()}#{name}")
    heading = make("p", attributes={"class": "what"})
    link.addprevious(heading)
    heading.append(link)
    link.tail = None
    caption = figure.find("figcaption")
    if caption is not None:  # first, as that of other figures
        figure.insert(0, caption)
    row = make("div", attributes={"class": "row picture"})
    heading.addnext(row)
    context = context_of(found, chosen.query_string)
    if not context[PARTS[name]]:
        row.append(make("p", _("There is no study to show here."), {"class": "meta"}))
        return
    html = render_to_string(f"references/picture_{name}.html", {**context, "in_text": True})
    for each in sanitise.parse(" ".join(html.split())):
        each.tail = None
        row.append(each)
    for each in row.iter("a"):
        each.set("href", bare(each.get("href")))
