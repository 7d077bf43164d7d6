"""One page for everybody: public answers may be kept by anybody, and are asked for again with their
ETag."""

import brotli
from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control, patch_vary_headers

from . import parts

PUBLIC = "public, max-age=0, must-revalidate"
LARGEST = 1024 * 1024  # bytes of a page that is kept, as it is read
SHORTEST = 200  # bytes that are worth it
BROTLI = 1  # of 11: for one reader; smaller than gzip at its usual level, for a ninth of the work
EVERYTHING = "site"  # the name by which all pages are purged


class PublicPageMiddleware:
    """Marks anonymous answers as storable. Whatever set a cookie or varied by one is left
    private."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with parts.of_request(request):
            response = self.get_response(request)
        if request.method not in ("GET", "HEAD") or response.has_header("Cache-Control"):
            return response
        if response.cookies or "Cookie" in response.get("Vary", ""):
            patch_cache_control(response, private=True, no_cache=True)
        elif response.status_code in (200, 301, 404):
            patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
            if settings.SURROGATE_KEYS:
                tag(request, response)
        return response


def tag(request, response):
    """Names for purging by key at a CDN: all pages, those of an app, those of a kind."""
    match = request.resolver_match
    names = [EVERYTHING]
    if match is not None and match.app_name and match.url_name:
        names += [match.app_name, f"{match.app_name}-{match.url_name}"]
    response["Surrogate-Key"], response["Cache-Tag"] = " ".join(names), ",".join(names)


class CompressedTextMiddleware(GZipMiddleware):
    """Words leave compressed also where no other server stands in front; pictures and PDFs are
    compressed already."""

    TYPES = (
        "text/", "application/json", "application/atom+xml", "application/xml",
        "application/x-bibtex", "application/x-research-info-systems", "application/nbib",
        "application/vnd.citationstyles",
    )  # fmt: skip

    def process_response(self, request, response):
        if not response.get("Content-Type", "").startswith(self.TYPES):
            return response
        if _will_be_kept(request, response):
            return response
        if _may_be_brotli(request, response):
            return _brotli(response)
        return super().process_response(request, response)


def _will_be_kept(request, response):
    """The page store takes it as it is and compresses it itself."""
    return (
        parts.NAMED in request.META
        and not response.streaming
        and response.status_code == 200
        and response.get("Cache-Control") == PUBLIC
        and not response.has_header("Vary")
        and len(response.content) <= LARGEST
    )


def _may_be_brotli(request, response):
    """Nothing of one reader's own is in it: for such answers Django's gzip hides how long they
    are."""
    return (
        not response.streaming
        and response.get("Cache-Control") == PUBLIC
        and not response.has_header("Content-Encoding")
        and len(response.content) >= SHORTEST
        and coding_for(request.META.get("HTTP_ACCEPT_ENCODING", "")) == "br"
    )


def _brotli(response):
    patch_vary_headers(response, ("Accept-Encoding",))
    response.content = brotli.compress(response.content, quality=BROTLI)
    response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = "br"
    etag = response.get("ETag", "")
    if etag.startswith('"'):  # of what it says, not of these bytes
        response["ETag"] = f"W/{etag}"
    return response


def coding_for(accepted):
    """The best coding of ours that a reader's Accept-Encoding names; "" for none."""
    named = {}
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        named[coding.strip()] = weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((each for each in ("br", "gzip") if named.get(each, named.get("*"))), "")
