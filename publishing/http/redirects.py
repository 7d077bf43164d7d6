"""Old addresses lead to where their page is now. Asked only when nothing else answers; and by what
WordPress asks its first page (`/?p=12`), which answers for ours as well."""

import re
from urllib.parse import quote, unquote_plus

from django.conf import settings
from django.http import HttpResponsePermanentRedirect

from ..models import Redirect
from ..templatetags.pages import bare

# What WordPress writes behind the address of a page: its feed, further pages, other forms of it.
_FEED = re.compile(r"feed/(?:(?:rss2?|atom|rdf)/)?$")
_ENDING = re.compile(
    r"(?:feed/(?:(?:rss2?|atom|rdf)/)?|(?:page|comment-page)[/-]\d{1,6}/|\d{1,4}/|amp/|embed/"
    r"|trackback/)$"
)
# Of a picture: its smaller copies, and those that plug-ins put beside it.
_COPY = re.compile(r"(?:-\d{1,5}x\d{1,5}(?:@2x)?|-scaled|-rotated|-e\d{9,14})(?=\.\w{2,5}$)")
_ASKED = re.compile(
    r"(?:^|&)(p|page_id|attachment_id|cat|tag|author|m|feed|s)=([^&]{1,200})(?=&|$)"
)
# Below a page of ours: its versions, which have no rows of their own.
_VERSION = re.compile(r"(?<=/)v/(?:\d{1,9}(?:-\d{1,9})?/)?[\w.]*$", re.ASCII)
DEEPEST = 20


class OldAddressMiddleware:
    """Turns “not found” into a redirect where a page once stood at this address, in whatever
    language was asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        path = request.path_info
        plain = request.method in ("GET", "HEAD") and "\x00" not in path
        if plain and bare(path) == "/" and (asked := _asked(request.META.get("QUERY_STRING", ""))):
            if address := Redirect.objects.first_present([f"/?{name}={v}" for name, v in asked]):
                return HttpResponsePermanentRedirect(address)
            if address := _search(asked):
                return HttpResponsePermanentRedirect(address)
        response = self.get_response(request)
        if response.status_code != 404 or not plain:
            return response
        own = bare(path)
        address = _present(own) if own == path else _present(own) or _present(path)
        if not address:
            return response
        query = request.META.get("QUERY_STRING", "")
        if asked := _asked(query):
            query = ""
        # Files have one address in all languages.
        prefix = "" if address.startswith(settings.MEDIA_URL) else path[: len(path) - len(own)]
        return HttpResponsePermanentRedirect(prefix + address + (f"?{query}" if query else ""))


def _asked(query):
    """`[(name, value)]` of what WordPress would know of a query."""
    return [(name, unquote_plus(value)) for name, value in _ASKED.findall(query[:2000])]


def _search(asked):
    words = dict(asked).get("s")
    address = words and Redirect.objects.first_present(["/?s="])
    return f"{address}?q={quote(words)}" if address else None


def _present(path):
    """The present address of a page, or of what stands below it: /review/old/comments.atom,
    /review/old/v/3/."""
    if below := _VERSION.search(path):
        address = Redirect.objects.present_address(path[: below.start()])
        if address:
            return address + below[0]
    slashed = path if path.endswith("/") else f"{path}/"
    paths = [path, slashed, slashed[:-1]]
    ending = _ENDING.search(slashed)
    while ending and len(paths) < DEEPEST:  # …/feed/ of …/page/2/
        paths += [slashed[: ending.start()], slashed[: ending.start()].rstrip("/")]
        slashed = slashed[: ending.start()]
        ending = _ENDING.search(slashed)
    if not path.endswith("/"):
        paths += _copies(path)
    feed = _FEED.search(path if path.endswith("/") else f"{path}/")
    found = Redirect.objects.first_present(list(dict.fromkeys(filter(None, paths))), _above(path))
    if found:
        return _feed_of(found) if feed and not found.endswith(".atom") else found
    page, _slash, name = path.rpartition("/")
    address = Redirect.objects.present_address(f"{page}/") if name else None
    return address + name if address else None


def _copies(path):
    """The picture itself, for an address of one of its copies."""
    original = _COPY.sub("", path.removesuffix(".webp").removesuffix(".avif"))
    if original == path and not re.search(r"\.\w{2,5}$", path):
        return []
    stem, dot, ending = original.rpartition(".")
    return [original, f"{stem}-scaled{dot}{ending}"]


def _above(path):
    """/a/b/c/ → /a/b/, /a/."""
    parts = path.strip("/").split("/")[:DEEPEST]
    return ["/" + "/".join(parts[:depth]) + "/" for depth in range(len(parts), 0, -1)]


def _feed_of(address):
    """The feed of what stands at an address."""
    if not address.endswith("/"):
        return address
    if address.startswith("/tags/") or address in ("/", "/blog/", "/review/", "/references/"):
        return f"{address}feed.atom"
    return f"{address}comments.atom"
