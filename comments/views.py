from django.http import HttpResponse


def permalink(request, pk):
    return HttpResponse("permalink")


def new(request, label, pk):
    return HttpResponse("new")


def sent(request):
    return HttpResponse("sent")
