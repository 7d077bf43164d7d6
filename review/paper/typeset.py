"""HTML in, PDF out, in a process of its own: `python -m review.paper.typeset MEDIA_FOLDER SHEET…`.

WeasyPrint takes seconds and hundreds of megabytes for a long book; here they are given back when it
is done. Knows neither Django nor the site. Exits with NOT_INSTALLED where WeasyPrint, or the Pango
it draws letters with, is missing.
"""

import logging
import mimetypes
import os
import sys
from pathlib import Path
from urllib.parse import unquote

NOT_INSTALLED = 3

try:
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse
except (ImportError, OSError) as missing:
    if __name__ == "__main__":
        print(missing, file=sys.stderr)
        sys.exit(NOT_INSTALLED)
    raise


class OwnFilesOnly(URLFetcher):
    """Gives pictures below one folder, asked for as `media:images/a.png`. No network, no other
    file, no data: address."""

    def __init__(self, folder):
        super().__init__(allowed_protocols=["media"], allow_redirects=False)
        self.folder = Path(folder).resolve()

    def fetch(self, url, headers=None):
        scheme, _, name = url.partition(":")
        path = (self.folder / unquote(name)).resolve()
        if scheme != "media" or not path.is_relative_to(self.folder):
            raise ValueError(f"refused: {url[:80]}")
        kind = mimetypes.guess_type(path.name)[0] or ""
        if not kind.startswith("image/") or kind == "image/svg+xml":
            raise ValueError(f"no picture: {url[:80]}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})


def pdf(html, folder, sheets):
    fetcher = OwnFilesOnly(folder)
    styles = [
        CSS(string=Path(sheet).read_text(encoding="utf-8"), url_fetcher=fetcher) for sheet in sheets
    ]
    return HTML(string=html, url_fetcher=fetcher).write_pdf(
        stylesheets=styles, pdf_variant="pdf/ua-1"
    )


if __name__ == "__main__":
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    os.nice(10)  # readers come first
    folder, *sheets = sys.argv[1:]
    sys.stdout.buffer.write(pdf(sys.stdin.buffer.read().decode(), folder, sheets))
