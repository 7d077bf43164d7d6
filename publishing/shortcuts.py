"""What several views do alike."""

from django.core.paginator import Paginator


def page_of(items, request, per_page, name="page", *, count=None):
    """The page of `items` that `?page=` asks for: the first when it is no number, the last when
    there are fewer. `name`: of that parameter, where several lists stand on one page; `count`: how
    many there are, where that is known already."""
    paginator = Paginator(items, per_page)
    if count is not None:
        paginator.count = count
    return paginator.get_page(request.GET.get(name))
