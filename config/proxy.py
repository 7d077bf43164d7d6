"""Behind a proxy every request comes from the proxy. Whose it is stands in a header the proxy
wrote."""

from ipaddress import ip_address, ip_network

from django.conf import settings

NOBODY = "0.0.0.0"  # noqa: S104  a request over a socket file that no proxy passed on
FORWARDED = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_SCRIPT_NAME",
)  # fmt: skip


class ReaderAddressMiddleware:
    """Puts the reader's address where everything looks for it.

    Only the last entry of X-Forwarded-For is the proxy's own; those before it are whatever the
    reader claimed. Without this one wrong guesser would lock everybody out of the admin. Whoever
    does not come from where the proxy is has no say in this at all.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.networks = [ip_network(each, strict=False) for each in settings.PROXY_NETWORKS]

    def __call__(self, request):
        peer = request.META.get("REMOTE_ADDR", "")
        if not self.is_proxy(peer):
            for name in FORWARDED:
                request.META.pop(name, None)
        claimed = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        request.META["REMOTE_ADDR"] = claimed if is_address(claimed) else peer or NOBODY
        return self.get_response(request)

    def is_proxy(self, peer):
        if not is_address(peer):
            return True  # a socket file, which its permissions guard
        address = ip_address(peer)
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self.networks)


def is_address(text):
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
