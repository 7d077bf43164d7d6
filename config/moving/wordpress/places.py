"""What stands where: old addresses and pictures of an export, and what they are here by now."""

import html
import re
from urllib.parse import unquote, urlsplit

from django.conf import settings

from publishing.models import Image

from . import content
from .media import stored_path
from .survey import path_of

_COPY = re.compile(r"(?:-\d{1,5}x\d{1,5}(?:@2x)?|-scaled|-rotated|-e\d{9,14})(?=\.\w{2,5}$)")
_QUERY = re.compile(r"(?:^|&)(?:p|page_id|attachment_id)=(\d{1,18})(?:&|$)")
_HREF = re.compile(r'(<a [^<>]*?href=")([^"]*)(")')
UPLOADS = "wp-content/uploads/"


class Addresses:
    """Old addresses, by the number of what stood there."""

    def __init__(self, run):
        self.run, self.paths, self.files = run, {}, {}
        for entry in run.survey.entries.values():
            if entry.path and "?" not in entry.path:
                self.paths.setdefault(entry.path.rstrip("/"), entry.number)
            if entry.kind == "attachment":
                for path in filter(None, (unquote(urlsplit(entry.file).path), self.stored(entry))):
                    self.files.setdefault(path, entry.number)
                    self.files.setdefault(_COPY.sub("", path), entry.number)

    def stored(self, entry):
        path = stored_path(entry)
        return f"{self.run.base}/{UPLOADS}{path}" if path else ""

    def number_of(self, href):
        """`(number, anchor)` of what an address of the old site leads to; 0 for any other."""
        try:
            parts = urlsplit(href.strip())
        except ValueError:
            return 0, ""
        host = parts.netloc.lower().removeprefix("www.")
        path = unquote(parts.path)
        if re.fullmatch(r"i\d\.wp\.com", host):  # WordPress's own copies of pictures
            host, _slash, rest = path.strip("/").partition("/")
            path = f"/{rest}"
        if host != self.run.host and (host or not parts.path.startswith("/")):
            return 0, ""
        if asked := _QUERY.search(parts.query):
            number = int(asked[1])
            return (number if number in self.run.survey.entries else 0), parts.fragment
        found = self.paths.get(path.rstrip("/")) or self.file_number(path)
        return found or 0, parts.fragment

    def file_number(self, path):
        return self.files.get(path) or self.files.get(_COPY.sub("", path)) or 0


class OldPlaces(content.Places):
    """`Places` of one run. `missed` is set once a text names what will come, and has not yet."""

    def __init__(self, run):
        self.run, self.addresses, self.missed = run, Addresses(run), False
        self.pictures = {}

    def page(self, href):
        number, anchor = self.addresses.number_of(href)
        return self._address(number, anchor) if number else None

    def _address(self, number, anchor=""):
        target = self.run.target(number)
        if target is None:
            if name := self.file_name(number):
                return settings.MEDIA_URL + name
            self.missed = True
            return None
        label, pk = target
        if label == "publishing.image":
            picture = self.picture("", number)
            return picture.src if picture else None
        return f"page:{label}/{pk}" + (f"#{anchor}" if re.match(r"comment-\d+$", anchor) else "")

    def file_name(self, number):
        """The name below MEDIA of what is no figure."""
        row = self.run.known.get(("attachment", number))
        return row.ours if row is not None and row.page_id is None else ""

    def picture(self, src, number=0):
        found = self.addresses.number_of(src)[0] if src else 0
        for each in (found, number):
            if each and each not in self.pictures:
                self.pictures[each] = self._picture(each)
            if each and self.pictures[each]:
                return self.pictures[each]
        return None

    def _picture(self, number):
        label, pk = self.run.target(number) or ("", 0)
        image = Image.objects.filter(pk=pk).first() if label == "publishing.image" else None
        if image is None:
            return None
        return content.Picture(image.get_absolute_url(), image.alt, image.caption)

    def reused(self, number):
        return self.run.survey.reused.get(number, "") if isinstance(number, int) else ""

    def settled(self, body):
        """Clean HTML with the links that lead somewhere by now."""
        self.missed = False

        def link(match):
            address = self.page(html.unescape(match[2]))
            return match[1] + html.escape(address) + match[3] if address else match[0]

        return _HREF.sub(link, body)


def own_paths(entry):
    """The addresses an item answered at."""
    yield entry.path
    yield f"/?p={entry.number}"
    if entry.kind == "page":
        yield f"/?page_id={entry.number}"
    elif entry.kind == "attachment":
        yield f"/?attachment_id={entry.number}"
        yield path_of(entry.file)
