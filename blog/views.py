"""The blog: its posts by date, the archive of a year, a post."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comments.models import KeptAnswer
from comments.threads import order, paging, query
from publishing import tags as tags_of
from publishing.compiled import Compiled
from publishing.http import parts
from publishing.richtext import links
from publishing.shortcuts import page_of
from references.exporting import files

from .models import Post

PER_PAGE = 12


def _list(request, posts, year=None):
    page = page_of(
        posts.select_related("cover").defer("body", "body_html").prefetch_related("tags"),
        request,
        PER_PAGE,
    )
    replies = order.counts(page.object_list)
    for post in page:
        post.replies = replies.get(post.pk, 0)
    context = {"page": page, "year": year, "years": parts.kept(("years of posts",), _years)}
    return render(request, "blog/index.html", context)


def _years():
    days = Post.objects.published().dates("first_published", "year", order="DESC")
    return [day.year for day in days]


def index(request):
    return _list(request, Post.objects.published())


def year(request, year):
    posts = (
        Post.objects.published().filter(first_published__year=year)
        if 1 <= year <= 9999
        else Post.objects.none()
    )
    if not posts.exists():
        raise Http404
    return _list(request, posts, year)


def _near(post):
    """The post before, the post after, and the translations of a post, in one query."""
    day, others = post.first_published, Post.objects.published()
    before = others.filter(Q(first_published__lt=day) | Q(first_published=day, pk__lt=post.pk))
    after = others.filter(
        Q(first_published__gt=day) | Q(first_published=day, pk__gt=post.pk)
    ).reverse()
    wanted = Q(pk__in=before.values("pk")[:1]) | Q(pk__in=after.values("pk")[:1])
    wanted |= Q(pk=post.group) | Q(translation_of=post.group)
    found = list(
        others.filter(wanted)
        .exclude(pk=post.pk)
        .only("slug", "title", "first_published", "language", "updated", "translation_of_id")
    )
    place = (day, post.pk)
    earlier = [each for each in found if (each.first_published, each.pk) < place]
    later = [each for each in found if (each.first_published, each.pk) > place]
    return (
        earlier[0] if earlier else None,
        later[-1] if later else None,
        [each for each in found if each.group == post.group],
    )


def post(request, slug):
    kind = ContentType.objects.get_for_model(Post).pk
    post = next(iter(_at_slug(slug, kind)), None)
    if post is None:
        raise Http404
    near = parts.kept(("beside a post", post.pk), lambda: _near(post))
    of_post = "tags of a post", post.pk, get_language()
    tags = parts.kept(of_post, lambda: list(post.tags.all())) if post.has_tags else ()
    return post_page(request, post, tags, near)


@Compiled
def _at_slug(slug, kind):
    return (
        Post.objects.published()
        .filter(slug=slug)
        .select_related("cover")
        .annotate(
            has_answers=Exists(KeptAnswer.objects.of_pages(kind, OuterRef("pk"))),
            has_tags=tags_of.has_any(kind),
            has_talk=query.has_any(kind),
        )
    )


def preview(request, post, tags=None):
    """A post in hand, public or not, as readers would see it."""
    post.slug = post.slug or "preview"
    post.first_published = post.first_published or timezone.localdate(
        post.publish_at or timezone.now()
    )
    return post_page(request, post, post.tags.all() if tags is None else tags, _near(post))


def post_page(request, post, tags, near):
    earlier, later, translations = near
    context = {
        "post": post,
        "tags": tags,
        "earlier": earlier,
        "later": later,
        "translations": translations,
        "original": next(
            (each for each in translations if each.pk == post.translation_of_id), None
        ),
        "trail": [(_("Blog"), links.address("blog:index"))],
        "comments": paging.of_page(post, paging.Asked.from_query(request.GET)),
    }
    return render(request, "blog/post.html", context)


def cite(request, slug, ending):
    """The post itself, for a list of references."""
    return files.page_as_file(
        get_object_or_404(Post.objects.published(), slug=slug), ending, "post-weblog"
    )
