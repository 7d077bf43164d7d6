"""The blog: its posts by date, the archive of a year, a post."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from comments import threads
from publishing.shortcuts import page_of

from .models import Post

PER_PAGE = 12


def _list(request, posts, year=None):
    page = page_of(posts.select_related("cover").defer("body", "body_html").prefetch_related("tags"), request, PER_PAGE)
    replies = threads.counts(page.object_list)
    for post in page:
        post.replies = replies.get(post.pk, 0)
    years = [day.year for day in Post.objects.published().dates("first_published", "year", order="DESC")]
    return render(request, "blog/index.html", {"page": page, "year": year, "years": years})


def index(request):
    return _list(request, Post.objects.published())


def year(request, year):
    posts = Post.objects.published().filter(first_published__year=year) if 1 <= year <= 9999 else Post.objects.none()
    if not posts.exists():
        raise Http404
    return _list(request, posts, year)


def post(request, slug):
    post = get_object_or_404(Post.objects.published().select_related("cover"), slug=slug)
    day = post.first_published
    others = Post.objects.published().only("slug", "title", "first_published", "language")
    context = {
        "post": post,
        "tags": post.tags.all(),
        "earlier": others.filter(Q(first_published__lt=day) | Q(first_published=day, pk__lt=post.pk)).first(),
        "later": others.filter(Q(first_published__gt=day) | Q(first_published=day, pk__gt=post.pk)).reverse().first(),
        "comments": threads.of_page(post),
    }
    return render(request, "blog/post.html", context)
