from django.core.paginator import Paginator
from django.shortcuts import render

from .models import Text


def search(request):
    asked = request.GET.get("q", "")
    found = Text.objects.live().search(asked) if asked else Text.objects.none()
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    return render(request, "peer/search.html", {"asked": asked, "page": page})
