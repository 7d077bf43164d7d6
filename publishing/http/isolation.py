"""What other sites may do with answers of ours: show pictures, and nothing else."""

import re

# Pages that show nothing from elsewhere and no frames: there the strictest costs nothing. Elsewhere
# a video that somebody chooses to see would stay away.
ALONE = re.compile(
    r"(?:/[a-z]{2})?/(?:comments/(?:mine|confirm|unsubscribe|decide|new|sent)|admin/(?:login|account))/"
)
# Pictures: feed readers and those who share a page fetch them from pages of their own.
PICTURES = re.compile(r"/(?:media|cards)/")


class CrossOriginMiddleware:
    """No other site embeds our pages or reads along with them (Spectre, XS-Leaks)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        path = request.path_info
        policy = "cross-origin" if PICTURES.match(path) else "same-origin"
        response.headers.setdefault("Cross-Origin-Resource-Policy", policy)
        if ALONE.match(path):
            response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        return response


def of_static_files(headers, path, url):
    """For WhiteNoise, which answers before every other middleware. A file opened as a page of its
    own, such as an SVG, runs no script and asks for nothing."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
