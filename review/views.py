"""The review: its contents, and its chapters."""
from django.http import HttpResponse


def contents(request):
    return HttpResponse("contents")


def chapter(request, path):
    return HttpResponse("chapter")
