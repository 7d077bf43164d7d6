"""The site asked for every page it shows, page by page, as a reader would."""

import posixpath
import re
import shutil
from collections import deque
from html import escape
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_from_path, override
from django.utils.translation import gettext as _

from config.views import CLOSED_TO_ROBOTS
from publishing.models import SiteSettings
from publishing.templatetags.pages import bare

from ..whole.writing import Refused
from . import finding, rewrite

ASKING = ("/questions/ask/", "/comments/new/", "/references/nominate/")
# Forms, what is for one person or one moment, what names itself.
CLOSED = (
    *CLOSED_TO_ROBOTS, "/captcha/", "/cards/", "/preview/", "/healthz", "/readyz", "/robots.txt",
    "/sitemap", "/references/take/", "/references/compare/", "/comments/thread/",
)  # fmt: skip
SEARCH = "/search/"
# One book of the whole review, not one more of each part of it: a PDF takes seconds to make.
_BOOK_OF_A_PART = re.compile(r"/review/.+/(?:book|chapter)\.(?:pdf|epub)")
_PAGE = re.compile(r"page=(\d{1,6})")
_LOC = re.compile(r"<loc>([^<]+)</loc>")


def write(folder, tell=lambda number, waiting: None, archive=None):
    """Write the copy into a folder that is not there yet; gives the `Copy`. What is half written
    lies beside it under another name. `archive`: an `Archive` that keeps all answers."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty.")
    begun = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(parents=True)
    copy = Copy(begun, archive)
    with override(settings.LANGUAGE_CODE):
        copy.run(tell)
    if folder.exists():
        folder.rmdir()
    begun.rename(folder)
    return copy


class Copy:
    """`pages` and `files`: how many were written; `missing`: addresses that a page leads to and
    the site does not answer."""

    def __init__(self, folder, archive=None):
        self.folder, self.site, self.archive = folder, urlsplit(settings.SITE_URL), archive
        self.client = Client(
            raise_request_exception=False, headers={"host": self.site.netloc or "localhost"}
        )
        self.contact = SiteSettings.load().contact
        self.queue, self.known = deque(), {}  # by address: whether it is in the copy
        self.searched = set()  # addresses without their language: what the search finds
        self.pages, self.files, self.missing = 0, 0, []

    def run(self, tell):
        for code, _name in settings.LANGUAGES:
            self._wanted("/" if code == settings.LANGUAGE_CODE else f"/{code}/")
        for part in self._listed("/sitemap.xml"):
            for address in self._listed(urlsplit(part).path):
                self.searched.add(bare(urlsplit(address).path))
                self._wanted(urlsplit(address).path)
        with finding.Index(self.folder) as index:
            while self.queue:
                self._page(self.queue.popleft(), index)
                tell(self.pages, len(self.queue))

    def _listed(self, address):
        return _LOC.findall(self._get(address).content.decode())

    def _get(self, address):
        response = self.client.get(address, secure=self.site.scheme == "https")
        if self.archive:
            self.archive.answer(address, response)
        return response

    def _wanted(self, address):
        if address not in self.known:
            self.known[address] = True
            self.queue.append(address)

    def _page(self, address, index):
        response = self._get(address)
        language = get_language_from_path(address) or settings.LANGUAGE_CODE
        with override(language):
            if response.status_code in (301, 302, 307, 308):
                body = self._led_on(address, response["Location"])
            elif response.status_code == 200 and response["Content-Type"].startswith("text/html"):
                root = rewrite.read(response.content)
                if bare(address) in self.searched:
                    index.add(language, file_of(address), root)
                rewrite.page(root, self._linker(address), note=_note(), contact=self.contact)
                if bare(address) == SEARCH:
                    finding.complete(root, language, file_of(address))
                body = rewrite.written(root)
            else:
                self.missing.append(address)
                body = _plain(_("This page was not there when the copy was made."), "")
        self._path(address).write_bytes(body)
        self.pages += 1

    def _led_on(self, address, location):
        to = self._linker(address)(location)
        if to is None or urlsplit(to).scheme:
            return _plain(location, location)
        return _plain(_("It is here now."), to)

    def _linker(self, here):
        """A function that gives a page's address as the copy has it, or None."""
        base = f"{self.site.scheme}://{self.site.netloc}{here}"
        start = posixpath.dirname(file_of(here)) or "."

        def link(address):
            try:
                parts = urlsplit(urljoin(base, address.strip()))
            except ValueError:
                return None
            if parts.netloc != self.site.netloc or parts.scheme not in ("http", "https"):
                return address
            target = self._target(parts)
            if target is None or target.startswith("mailto:"):
                return target
            way = quote(posixpath.relpath(file_of(target), start))
            return f"{way}#{parts.fragment}" if parts.fragment else way

        return link

    def _target(self, parts):
        """The address in the copy, which is or will be a file; None if there is none."""
        path = parts.path or "/"
        if ".." in unquote(path).split("/") or "\x00" in unquote(path):
            return None
        if path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
            return path if self._has_file(path) else None
        plain = bare(path)
        if plain.startswith(ASKING) and self.contact:
            return f"mailto:{self.contact}"
        if plain == SEARCH and not parts.query:
            self._wanted(path)
            return path
        if plain.startswith((*CLOSED, "/admin/")) or path.endswith((".atom", "/styles/")):
            return None
        page = _PAGE.fullmatch(parts.query)
        if parts.query and not page:
            return None
        if not path.endswith("/"):
            # A file says the same whatever language the menus speak.
            is_one = not parts.query and not _BOOK_OF_A_PART.fullmatch(plain)
            return plain if is_one and self._has_answer(plain) else None
        if page and int(page[1]) > 1:
            path = f"{path}?page={int(page[1])}"
        self._wanted(path)
        return path

    def _has_answer(self, address):
        """Of a book, a file of references: fetched at once, a piece at a time in memory."""
        if address not in self.known:
            response = self._get(address)
            self.known[address] = response.status_code == 200
            if response.status_code == 200:
                with self._path(address).open("wb") as file:
                    file.writelines(response if response.streaming else [response.content])
                self.files += 1
            else:
                self.missing.append(address)
        return self.known[address]

    def _has_file(self, address):
        """Of a style sheet also what that fetches; it may name others in turn."""
        waiting = [address]
        while waiting:
            each = waiting.pop()
            if each in self.known:
                continue
            source = _source(each)
            self.known[each] = source is not None
            if source and self.archive:
                self.archive.file(each, source)
            if source is None:
                self.missing.append(each)
            elif source.suffix == ".css":
                self._sheet(each, source, waiting)
            else:
                shutil.copyfile(source, self._path(each))
            self.files += source is not None
        return self.known[address]

    def _sheet(self, address, source, waiting):
        def link(named):
            found = urlsplit(urljoin(address, named))
            if named.startswith(("data:", "#")) or found.netloc:
                return None
            waiting.append(found.path)
            way = posixpath.relpath(file_of(found.path), posixpath.dirname(file_of(address)))
            return way + (f"#{found.fragment}" if found.fragment else "")

        text = source.read_text(encoding="utf-8")
        self._path(address).write_text(rewrite.sheet(text, link), encoding="utf-8")

    def _path(self, address):
        path = self.folder / file_of(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def file_of(address):
    """“/blog/?page=2” → “blog/page-2.html”."""
    path, _mark, query = address.partition("?")
    name = unquote(path).lstrip("/")
    if query:
        return f"{name}page-{query.partition('=')[2]}.html"
    return f"{name}index.html" if path.endswith("/") else name


def _source(address):
    """The file behind an address of /static/ or /media/; None where there is none."""
    name = unquote(address)
    if name.startswith(settings.MEDIA_URL):
        root = Path(settings.MEDIA_ROOT).resolve()
        if settings.S3:
            default_storage.at_hand(name.removeprefix(settings.MEDIA_URL))
        path = (root / name.removeprefix(settings.MEDIA_URL)).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    name = name.removeprefix(settings.STATIC_URL)
    if settings.STATIC_ROOT and staticfiles_storage.exists(name):
        return Path(staticfiles_storage.path(name))
    found = finders.find(name)
    return Path(found) if found else None


def _note():
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    return _("A copy of %(address)s, made on %(day)s. Sending works only there.") % {
        "address": settings.SITE_URL, "day": day,
    }  # fmt: skip


def _plain(words, address):
    """A page that says one thing, and leads on if there is an address."""
    head = f'<meta http-equiv="refresh" content="0; url={escape(address)}">' if address else ""
    said = f'<a href="{escape(address)}">{escape(words)}</a>' if address else escape(words)
    return (
        f'<!doctype html>\n<html lang="{get_language()}"><head><meta charset="utf-8">{head}'
        f"<title>{escape(words)}</title></head>\n<body><main><h1>{said}</h1></main></body></html>\n"
    ).encode()
