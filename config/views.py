from django.http import HttpResponse

from publishing.feeds import AtomFeed


def _todo(request, **kwargs):
    return HttpResponse("todo")


home = search = tag = questions = healthz = robots = sitemap = security = _todo


def not_found(request, exception):
    return HttpResponse("404", status=404)


def server_error(request):
    return HttpResponse("500", status=500)


class SiteFeed(AtomFeed):
    title = link = "/"
