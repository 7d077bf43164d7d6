"""Old addresses lead to where their page is now. Asked only when nothing else answers."""

from django.http import HttpResponsePermanentRedirect

from ..models import Redirect
from ..templatetags.pages import bare


class OldAddressMiddleware:
    """Turns “not found” into a redirect where a page once stood at this address, in whatever
    language was asked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if (
            response.status_code != 404
            or request.method not in ("GET", "HEAD")
            or "\x00" in request.path_info
        ):
            return response
        path = bare(request.path_info)
        address = _present(path)
        if not address:
            return response
        query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        prefix = request.path_info[: len(request.path_info) - len(path)]
        return HttpResponsePermanentRedirect(prefix + address + query)


def _present(path):
    """The present address of a page, or of a file that stands below it:
    /review/old/comments.atom."""
    if path.endswith("/"):
        return Redirect.objects.present_address(path)
    page, _slash, name = path.rpartition("/")
    address = Redirect.objects.present_address(f"{page}/")
    return address + name if address else None
