from django.http import HttpResponse


def library(request):
    return HttpResponse("library")


def person(request, slug):
    return HttpResponse("person")


def reference(request, citekey):
    return HttpResponse("reference")
