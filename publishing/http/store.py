"""Public pages kept whole and compressed, in front of Django: who asks for one again gets it for
the price of reading one row.

A page is kept under the generation that was read *before* it was made (`publishing.databases`), and
shown while that is still the generation. So whatever is written is seen at once, by every process,
and a page that was made while somebody wrote is never shown. While the database is away the pages
of the last generation that was read are shown, and none is kept. Nodes may have a second level
together (`publishing.http.shared`), which is asked for a page before it is made.
"""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass

import brotli
from django.conf import settings
from django.db import DatabaseError
from django.utils.cache import cc_delim_re

from .cache import LARGEST, PUBLIC, coding_for
from .generation import Generation
from .parts import NAMED

KNOWN_QUERY = re.compile(r"(page=\d{1,7})?", re.ASCII)
# Files, and what is somebody's own. All else says itself, by its Cache-Control, that it is public.
ELSEWHERE = ("/admin/", "/static/", "/media/", "/captcha/", "/cards/", "/preview/", "/healthz")
STATUSES = ("200 ", "301 ", "308 ")
BROTLI = 5  # of 11: a third of the work of 7 for nearly its size
GZIP = 6
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH",
              "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE")  # fmt: skip
# Of the one answer, not of the page.
OWN_HEADERS = {"content-length", "content-encoding", "etag", "x-request-id", "date", "server"}


@dataclass(frozen=True, slots=True)
class Page:
    """An answer that is kept. `bodies`: by content coding; "br" always, "gzip" once somebody asked
    for it, which few do."""

    generation: str
    status: str
    headers: tuple
    etag: str
    modified: str
    bodies: dict

    @property
    def size(self):
        """Bytes that it may come to take: gzip makes a third more of it."""
        return 5 * len(self.bodies["br"]) // 2 + 1024

    def body(self, coding):
        """`coding`: "" for none."""
        if coding in self.bodies:
            return self.bodies[coding]
        plain = brotli.decompress(self.bodies["br"])
        if coding:
            self.bodies[coding] = gzip.compress(plain, GZIP, mtime=0)
            return self.bodies[coding]
        return plain


class PageStore:
    """A WSGI application that keeps the public pages of another."""

    def __init__(self, application, most=None, absence=None, shared=None):
        """`most`: bytes. `absence`: whether the database is known to be away (`lasts()`), and whom
        to tell of an error of it (`notice(error)`). `shared`: SharedPages, or None."""
        self.application, self.absence, self.shared = application, absence, shared
        self.most = settings.PAGE_STORE_MB * 1024 * 1024 if most is None else most
        self.generation = Generation()
        self.kept, self.size = OrderedDict(), 0
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        if not self.most or not may_be_kept(environ):
            return self.application(environ, start_response)
        address = address_of(environ)
        page = self.kept.get(address)
        try:
            is_away = self.absence is not None and self.absence.lasts()
            name = self.generation.last() if is_away else self.generation.name()
        except DatabaseError as error:
            if self.absence is not None:
                self.absence.notice(error)
            is_away, name = True, self.generation.last()
        if page is None or page.generation != name:
            if name is None or is_away:
                return self.application(environ, start_response)
            page = self.shared and self.of_all_nodes(address, name)
            if not page:
                return self.make(environ, start_response, name)
        self.used(address)
        return answer(page, environ, start_response)

    def of_all_nodes(self, address, name):
        found = self.shared.get(address, name)
        if found is None:
            return None
        about, bodies = found
        about["headers"] = tuple(map(tuple, about["headers"]))
        page = Page(name, **about, bodies=bodies)
        self.keep(address, page)
        return page

    def share(self, address, page):
        """Unless something was written since it was begun: what lies there under a name outlives
        this process, and a restored database may have that name again."""
        try:
            is_the_same = self.generation.name() == page.generation
        except DatabaseError:
            return
        if is_the_same:
            about = {"status": page.status, "headers": page.headers, "etag": page.etag}
            self.shared.put(
                address, page.generation, {**about, "modified": page.modified}, page.bodies
            )

    def make(self, environ, start_response, name):
        """Have it made, and keep it if it is one page for everybody: at the address that Django
        took it for, which does not believe every header that says how a reader came."""
        asked = {key: value for key, value in environ.items() if key not in CONDITIONS}
        asked |= {"REQUEST_METHOD": "GET", NAMED: name}
        told = []
        parts = self.application(asked, lambda *args: told.append(args))
        status, headers = told[0][:2]
        if not is_for_everybody(status, headers):
            return passed_on(parts, environ, start_response, *told[0])
        try:
            body = b"".join(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        page = page_of(name, status, headers, body)
        self.keep(address_of(asked), page)
        if self.shared:
            self.share(address_of(asked), page)
        return answer(page, environ, start_response)

    def keep(self, address, page):
        if page.size > self.most // 4:
            return
        with self.lock:
            self.drop(address)
            self.kept[address] = page
            self.size += page.size
            while self.size > self.most:
                self.drop(next(iter(self.kept)))

    def drop(self, address):
        gone = self.kept.pop(address, None)
        self.size -= gone.size if gone else 0

    def used(self, address):
        """It goes last."""
        with self.lock:
            if address in self.kept:
                self.kept.move_to_end(address)


def may_be_kept(environ):
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and not environ["PATH_INFO"].startswith(ELSEWHERE)
        and KNOWN_QUERY.fullmatch(environ.get("QUERY_STRING", ""))
        # Who is logged in may be shown more.
        and f"{settings.SESSION_COOKIE_NAME}=" not in environ.get("HTTP_COOKIE", "")
        and "HTTP_AUTHORIZATION" not in environ
    )


def address_of(environ):
    """What makes one page another: no header of the reader's."""
    scheme = environ["wsgi.url_scheme"]
    if settings.SECURE_PROXY_SSL_HEADER:
        scheme = environ.get(settings.SECURE_PROXY_SSL_HEADER[0], scheme)
    host = environ.get("HTTP_HOST") or environ["SERVER_NAME"] + ":" + environ["SERVER_PORT"]
    script = environ.get("SCRIPT_NAME", "")
    return scheme, host, script, environ["PATH_INFO"], environ.get("QUERY_STRING", "")


def is_for_everybody(status, headers):
    named = {name.lower(): value for name, value in headers}
    vary = set(filter(None, cc_delim_re.split(named.get("vary", "").lower())))
    return (
        status.startswith(STATUSES)
        and set(cc_delim_re.split(named.get("cache-control", ""))) == set(PUBLIC.split(", "))
        and "set-cookie" not in named
        and vary <= {"accept-encoding"}
        and int(named.get("content-length", LARGEST + 1)) <= LARGEST
    )


def page_of(name, status, headers, body):
    named = {key.lower(): value for key, value in headers}
    if named.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    kept = [(key, value) for key, value in headers if key.lower() not in OWN_HEADERS]
    if "vary" not in named:
        kept.append(("Vary", "Accept-Encoding"))
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    bodies = {"br": brotli.compress(body, quality=BROTLI)}
    return Page(name, status, tuple(kept), f'W/"{digest}"', named.get("last-modified", ""), bodies)


def answer(page, environ, start_response):
    headers = [*page.headers, ("ETag", page.etag)]
    if is_known(page, environ):
        same = [pair for pair in headers if pair[0].lower() != "content-type"]
        start_response("304 Not Modified", same)
        return [b""]
    coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
    body = page.body(coding)
    if coding:
        headers.append(("Content-Encoding", coding))
    headers.append(("Content-Length", str(len(body))))
    start_response(page.status, headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def is_known(page, environ):
    """Whether the reader has it already: RFC 9110, 13.1.2 and 13.1.3."""
    if not page.status.startswith("200"):
        return False
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags.strip() == "*" or page.etag[2:] in re.findall(r'"[^"]*"', tags)
    return bool(page.modified) and environ.get("HTTP_IF_MODIFIED_SINCE") == page.modified


def passed_on(parts, environ, start_response, status, headers, *error):
    """Whatever it is, as it came; who asked for its head alone is not sent more."""
    start_response(status, headers, *error)
    if environ["REQUEST_METHOD"] != "HEAD":
        return parts
    getattr(parts, "close", lambda: None)()
    return [b""]
