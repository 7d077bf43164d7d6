"""Videos: a picture of ours, a title and a plain link; the player comes when it is asked for, not
before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.utils.translation import gettext

from .tree import make

if TYPE_CHECKING:
    from lxml.html import HtmlElement


def hosts() -> set[str]:
    """Where a video may play from: YouTube, Vimeo, and the PeerTube servers of the settings."""
    return {
        "www.youtube.com",
        "youtube.com",
        "m.youtube.com",
        "youtu.be",
        "www.youtube-nocookie.com",
        "vimeo.com",
        "www.vimeo.com",
        "player.vimeo.com",
        *settings.PEERTUBE_HOSTS,
    }


def embed(address: str) -> str | None:
    """The privacy-friendly player address of a video's page, or None."""
    parts = urlsplit(address)
    host, path = parts.netloc.removeprefix("www.").removeprefix("m."), parts.path.strip("/")
    name = None
    if parts.netloc in settings.PEERTUBE_HOSTS:
        found = re.fullmatch(r"(?:w|videos/watch|videos/embed)/([\w-]{6,40})", path)
        return f"https://{parts.netloc}/videos/embed/{found[1]}" if found else None
    if host == "youtu.be":
        name = path
    elif host in ("youtube.com", "youtube-nocookie.com"):
        named = parse_qs(parts.query).get("v", [""])[0]
        name = named or path.removeprefix("embed/").removeprefix("shorts/")
    elif host in ("vimeo.com", "player.vimeo.com"):
        number = path.removeprefix("video/")
        return f"https://player.vimeo.com/video/{number}?dnt=1" if number.isdigit() else None
    if name and re.fullmatch(r"[\w-]{6,20}", name):
        return f"https://www.youtube-nocookie.com/embed/{name}"
    return None


def place(root: HtmlElement) -> None:
    """Videos get their title, a button that loads the player, and a word on where it plays from."""
    for figure in list(root.iter("figure")):
        if figure.get("class") == "video":
            _place(figure)


def _place(figure: HtmlElement) -> None:
    link = figure.find(".//a")
    address, title = link.get("href"), link.text_content().strip()
    link.text = title
    still = figure.find("img")
    if still is not None:
        still.set("class", "still")
    heading = make("p", attributes={"class": "what"})
    link.addprevious(heading)
    heading.append(link)
    link.tail = None
    heading.addnext(_row(address, title))
    caption = figure.find("figcaption")
    if caption is not None:
        # first, so that in the margin it stands beside the head of the figure
        figure.insert(0, caption)


def _row(address: str, title: str) -> HtmlElement:
    row = make("div", attributes={"class": "row"})
    player = embed(address)
    if player:
        attributes = {
            "type": "button",
            "class": "also",
            "data-js": "",
            "hidden": "",
            "data-load": player,
            "data-title": title,
        }
        row.append(make("button", gettext("Load the video"), attributes))
    host = urlsplit(address).netloc.removeprefix("www.").removeprefix("m.")
    words = gettext("Plays from %(host)s, which then sees your visit.") % {"host": host}
    row.append(make("span", words, {"class": "meta"}))
    return row
