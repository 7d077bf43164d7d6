from django.http import HttpResponse


def index(request):
    return HttpResponse("blog")


def year(request, year):
    return HttpResponse("year")


def post(request, slug):
    return HttpResponse("post")
