"""Behind a proxy every request comes from the proxy. Whose it is stands in a header the proxy
wrote."""

from ipaddress import ip_address

NOBODY = "0.0.0.0"  # noqa: S104  a request over a socket file that no proxy passed on


class ReaderAddressMiddleware:
    """Puts the reader's address where everything looks for it.

    Only the last entry of X-Forwarded-For is the proxy's own; those before it are whatever the
    reader claimed. Without this one wrong guesser would lock everybody out of the admin.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        claimed = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        request.META["REMOTE_ADDR"] = (
            claimed if is_address(claimed) else request.META.get("REMOTE_ADDR") or NOBODY
        )
        return self.get_response(request)


def is_address(text):
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
