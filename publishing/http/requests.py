"""What is turned away before anything looks at it, and how long a request may work."""

from django.http import Http404, HttpResponseNotAllowed

from .. import tasks

METHODS = ("GET", "HEAD", "POST")


class MethodMiddleware:
    """Views answer what they do not know as if it were a GET; here nobody asks but as browsers
    do."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return (
            self.get_response(request)
            if request.method in METHODS
            else HttpResponseNotAllowed(METHODS)
        )


class NullByteMiddleware:
    """No address of ours holds a null byte and no database takes one in a query: there is no such
    page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        query = request.META.get("QUERY_STRING", "")
        if "\x00" in request.path_info or "%00" in query or "\x00" in query:
            raise Http404
        return self.get_response(request)


class ShortTasksMiddleware:
    """Where no task worker is, one request does a second of short tasks and no more."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with tasks.one_request():
            return self.get_response(request)
