"""The review: its contents, and its chapters."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comments.models import KeptAnswer
from comments.threads import paging, query
from publishing import tags as tags_of
from publishing.compiled import Compiled
from publishing.models import PublishedVersion
from publishing.richtext import links
from publishing.shortcuts import page_of
from publishing.versions import machines
from references.exporting import files
from references.models import Reference

from . import navigation
from .models import Chapter, InShort

# Of a longer review the deepest levels stand on the pages of their chapters, then it goes by pages.
LINES = 300


def contents(request):
    found = navigation.contents(get_language(), LINES)
    context = {
        "page": page_of(found.lines, request, LINES),
        "states": found.states,
        "in_language": found.in_language,
        "in_others": found.in_others,
    }
    return render(request, "review/contents.html", context)


def _with_what_it_has(path, kind):
    return (
        Chapter.objects.published()
        .select_related("cover")
        .defer("body")  # as long as what is shown, and needed by nobody who reads
        .annotate(
            has_answers=Exists(KeptAnswer.objects.of_pages(kind, OuterRef("pk"))),
            has_tags=tags_of.has_any(kind),
            has_talk=query.has_any(kind),
            **{
                f"version_{name}": Subquery(
                    PublishedVersion.objects.of_pages(kind, OuterRef("pk")).values(name)[:1]
                )
                for name in ("number", "published")
            },
        )
        .filter(path=path)
    )


_at_path = Compiled(_with_what_it_has)


def chapter(request, path):
    kind = ContentType.objects.get_for_model(Chapter).pk
    chapter = next(iter(_at_path(path, kind)), None)
    if chapter is None:
        raise Http404
    tree = navigation.shown_tree()
    if chapter.pk not in tree.by_id:
        raise Http404  # taken down between the two questions
    tags = chapter.tags.all() if chapter.has_tags else ()
    response = chapter_page(request, chapter, tree, *navigation.placed(chapter), tags)
    if chapter.version_number:
        response["Link"] = machines.of_page(links.canonical_url(chapter), chapter.version_number)
    return response


def preview(request, chapter, placements=None, tags=None):
    """A chapter in hand, public or not, as readers would see it: what it stands in is taken to be
    public with it."""
    chapter.path = chapter.path or chapter.slug or "preview"
    chapter.order = chapter.order or f"{chapter.parent.order if chapter.parent_id else ''}9999/"
    others = {each.pk: each for each in [*navigation.tree(), *chapter.above()]}
    chapters = sorted([*(others | {chapter.pk: chapter}).values()], key=lambda each: each.order)
    placed = navigation.placed(chapter) if placements is None else navigation.arranged(placements)
    return chapter_page(
        request, chapter, navigation.Tree(chapters), *placed,
        chapter.tags.all() if tags is None else tags,
    )  # fmt: skip


def chapter_page(request, chapter, tree, placements, placement_count, tags):
    """`tree`: of every chapter that readers see, this one among them."""
    surroundings = navigation.surroundings(chapter, tree)
    return render(
        request,
        "review/chapter.html",
        {
            "chapter": chapter,
            "surroundings": surroundings,
            "trail": [
                (_("Review"), links.address("review:contents")),
                *((str(each), links.canonical_url(each)) for each in surroundings.above),
            ],
            "parts": [heading for heading in chapter.contents if heading["level"] == 2],
            "placements": placements,
            "placement_count": placement_count,
            "tags": tags,
            "short": InShort.objects.shown(get_language())[:1],
            "comments": paging.of_page(chapter, paging.Asked.from_query(request.GET)),
        },
    )


def references(request, path, ending):
    """What a chapter cites or lists, as a file."""
    chapter = get_object_or_404(Chapter.objects.published(), path=path)
    cited = Reference.objects.cited_by(chapter).values("pk")
    works = Reference.objects.filter(Q(chapters=chapter) | Q(pk__in=cited)).distinct()
    return files.as_file(works, ending, chapter.slug)


def cite(request, path, ending):
    """The chapter itself, for a list of references."""
    return files.page_as_file(
        get_object_or_404(Chapter.objects.published(), path=path), ending, "webpage"
    )
