"""What several views do alike."""

from django.core.paginator import Paginator


def page_of(items, request, per_page, name="page"):
    """The page of `items` that `?page=` asks for: the first when it is no number, the last when
    there are fewer. `name`: of that parameter, where several lists stand on one page."""
    return Paginator(items, per_page).get_page(request.GET.get(name))
