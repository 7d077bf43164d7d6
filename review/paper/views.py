"""A chapter, a branch or the whole review as a file to take away."""

from django.http import FileResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from . import cache, pdf
from .book import TooLong, collect

TYPES = {"pdf": "application/pdf", "epub": "application/epub+zip"}
COME_AGAIN = 10  # seconds


@require_safe
def book(request, kind, path=None, extent="book"):
    """`book.pdf` is everything from here on down, `chapter.pdf` the one page."""
    try:
        found = collect(path, alone=extent == "chapter")
        etag = f'"{found.fingerprint}-{kind}"'
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged:
            return unchanged
        file = cache.fetch(found, kind).open("rb")
    except TooLong as error:
        return _not_made(request, "long", kind, path, extent, pages=error.pages)
    except cache.Busy:
        return _not_made(request, "busy", kind, path, extent)
    except pdf.NotInstalled:
        return _not_made(request, "missing", kind, path, extent)
    except pdf.Failed:
        return _not_made(request, "failed", kind, path, extent)
    response = FileResponse(file, content_type=TYPES[kind], filename=f"{found.file_name}.{kind}")
    response["ETag"] = etag
    response["X-Robots-Tag"] = "noindex"  # the pages themselves are what to find
    return response


def _not_made(request, reason, kind, path, extent, pages=0):
    """Why there is no file, and what there is instead."""
    context = {"reason": reason, "kind": kind, "path": path, "extent": extent, "pages": pages}
    response = render(request, "review/paper/not_made.html", context, status=503)
    if reason == "busy":
        response["Retry-After"] = response["Refresh"] = str(COME_AGAIN)
    return response
