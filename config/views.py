"""Pages that belong to the whole site: the first page, search, tags, answered questions, and what
machines ask for."""

import sys
from dataclasses import asdict
from datetime import date
from types import SimpleNamespace
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError
from django.db.models import (
    Case,
    Count,
    Exists,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.http import Http404, HttpResponse, HttpResponseServerError, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from blog.models import Post
from blog.sitemaps import PostSitemap
from comments import answered as answered_here
from comments.commenters import consent
from comments.kept.sitemaps import KeptAnswerSitemap
from comments.models import KeptAnswer
from comments.templatetags.comments import ask_url
from comments.threads import order
from publishing import search as index
from publishing import tags
from publishing.compiled import Compiled
from publishing.context import of_readers
from publishing.http import parts
from publishing.limits import limited, mark_of
from publishing.machines import feeds, sitemaps
from publishing.models import SiteSettings
from publishing.refusals import looks
from publishing.richtext import links
from publishing.search import IndexEntry, unanswered
from publishing.shortcuts import page_of
from publishing.templatetags.richtext import localised
from references.browsing.sitemaps import (
    GlossarySitemap,
    NameSitemap,
    PersonSitemap,
    ReferenceSitemap,
)
from references.models import Notes, Reference
from references.screening import public as methods
from review import navigation
from review.models import Chapter, InShort, Section
from review.short.sitemaps import InShortSitemap
from review.sitemaps import ChapterSitemap

from . import hits, readiness, unavailable
from . import questions as answered_questions

KINDS = {
    "keptanswer": _("Answered questions"),
    "inshort": _("In short"),
    "chapter": _("Chapters"),
    "reference": _("References"),
    "person": _("People"),
    "name": _("Names"),
    "post": _("Blog"),
    "question": _("Questions"),
    "comment": _("Comments"),
}

# Forms, lists that any query changes, and what is for one person. Conversations and feeds may be
# read.
CLOSED_TO_ROBOTS = (
    ["/admin/", "/search/", "/questions/ask/", "/questions/answered/"]
    + [
        f"/comments/{path}/"
        for path in ("new", "preview", "sent", "mine", "confirm", "unsubscribe", "decide")
    ]
    + ["/references/nominate/"]
)

# Beside a suggestion: what it is.
DETAILS = {
    "keptanswer": _("Answered question"),
    "inshort": _("In short"),
    "chapter": _("Chapter %(label)s"),
    "reference": _("Reference, %(label)s"),
    "notes": _("Notes on a reference"),
    "person": _("Person"),
    "post": _("Blog"),
    "name": _("Name"),
}
# What a result shows of a work; of all others the row says it.
SHOWN_OF_WORKS = ("authors_short", "where_html", "genre", "status", "translated_title")
OF_WORKS = {
    f"work_{name}": Case(
        When(
            kind="reference",
            then=Subquery(Reference.objects.filter(pk=OuterRef("page_id")).order_by().values(name)),
        )
    )
    for name in SHOWN_OF_WORKS
}
_results = Compiled(lambda *ids: IndexEntry.objects.annotate(**OF_WORKS).filter(pk__in=ids))


def home(request):
    language = get_language()
    shown = parts.kept(("home", language), lambda: _on_the_first_page(language))
    return render(request, "home.html", shown)


def _on_the_first_page(language):
    site = of_readers()
    posts = list(Post.objects.published().only("title", "slug", "language", "first_published")[:3])
    replies = order.counts(posts)
    for post in posts:
        post.replies = replies.get(post.pk, 0)
    top = Chapter.objects.published().filter(parent=None)
    chapters = navigation.in_language(list(top.only(*navigation.LISTED)), language)
    context = {
        "site": site,
        "short": InShort.objects.shown(language),
        "library": Reference.objects.aggregate(
            count=Count("pk"), first=Min("year"), last=Max("year")
        ),
        "chapters": [each for each in chapters if each.section == Section.MAIN],
        "posts": posts,
        "questions": order.with_answers(order.answered_last(2)),
    } | navigation.spoken(chapters, language)
    if context["in_others"]:
        written = Post.objects.published().filter(language=language)
        found = written.only("title", "slug", "language")[:5]
        context["posts_in_language"] = list(found)
    return context


@limited("searches", asked="q")
def search(request):
    query = request.GET.get("q", "").strip()[:400]
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    results = index.run(query, kind, as_typed="exact" in request.GET)
    results.entries.read = _results
    page = page_of(results.entries, request, index.PER_PAGE)
    if results.unanswered:
        unanswered.tell(results.unanswered, mark_of(request))
    for entry in page.object_list:
        if entry.kind == "reference":
            shown = {name: getattr(entry, f"work_{name}") or "" for name in SHOWN_OF_WORKS}
            entry.work = SimpleNamespace(**shown)
    context = {
        "query": query,
        "kind": kind,
        "results": results,
        "page": page,
        "listed": hits.listed(index.hits(page.object_list, results.query)),
        "kinds": [
            (name, label, results.counts[name], _narrowed(request.GET, name))
            for name, label in KINDS.items()
            if name in results.counts
        ],
        "everything": _narrowed(request.GET, None),
    }
    return render(request, "search.html", context)


def _narrowed(asked, kind):
    """The address of the same search for one kind, as `{% querystring %}` has it."""
    found = {name: values for name, values in asked.lists() if name != "page"}
    found["kind"] = [kind]
    if kind is None:
        del found["kind"]
    return f"?{urlencode(found, doseq=True)}"


@limited("suggestions")
def suggest(request):
    """Titles that begin like what is being typed, for the search field."""
    suggestions = [
        {
            "title": entry.title,
            "url": localised(entry.url),
            "kind": (DETAILS[entry.kind] % {"label": entry.label}).strip(),
        }
        for entry in index.suggest(request.GET.get("q", ""))
        if entry.kind in DETAILS
    ]
    response = JsonResponse({"suggestions": suggestions})
    response["Cache-Control"] = "public, max-age=300"
    return response


def tag(request, slug):
    tag = get_object_or_404(tags.named(Tag.objects.all()), slug=slug)
    chapters = (
        Chapter.objects.published().filter(tags=tag).defer("body", "body_html", "references_html")
    )
    short, posts = (
        model.objects.published().filter(tags=tag).defer("body", "body_html", "references_html")
        for model in (InShort, Post)
    )
    # Their order is found by numbers alone, of a subject that many have along the index of all
    # works; only those of the page are read. How many there are the subject's own rows say.
    held = tags.items_of(Reference).filter(tag=tag)
    works = Reference.objects.filter(pk__in=held.values("object_id"))
    references = page_of(works.values_list("pk", flat=True), request, 50, count=held.count())
    notes = Notes.objects.published().filter(reference=OuterRef("pk"))
    references.object_list = list(
        Reference.objects.filter(pk__in=list(references.object_list)).annotate(
            has_notes=Exists(notes)
        )
    )
    chapters = page_of(chapters, request, 50, "chapters")
    short = page_of(short, request, 50, "short")
    posts = page_of(posts, request, 50, "posts")
    context = {"chapters": chapters, "short": short, "posts": posts, "references": references}
    if not any(each.paginator.count for each in context.values()):
        raise Http404
    context["tag"] = tag
    return render(request, "tag.html", context)


@limited("searches", asked="q")
def questions(request):
    """Answered questions, those on chapters first and in their order."""
    query = request.GET.get("q", "").strip()[:400]
    language, by_subject = request.GET.get("in", ""), request.GET.get("by", "") == "subject"
    kept = KeptAnswer.objects.published().order_by("title", "pk")
    of_kept = kept.order_by().values_list("language", flat=True).distinct()
    languages = sorted(answered_questions.languages().union(of_kept))
    language = language if language in languages else ""
    found = answered_questions.all_listed(language, by_subject)
    ids = index.matching(query, "comment", "question") if query else None
    if ids is not None:
        some = order.answered().filter(Q(pk__in=ids) | Q(answer_id__in=ids))
        some = some.filter(language=language) if language else some
        found = answered_questions.listed(some, by_subject)
        kept = kept.filter(pk__in=index.matching(query, "keptanswer"))
    if language:
        kept = kept.filter(language=language)
    page = page_of(found, request, 20)
    context = {
        "page": page,
        "questions": order.with_answers(page),
        "kept": kept.only("title", "slug", "language", "summary")[:KEPT]
        if page.number == 1
        else (),
        "query": query,
        "by": "subject" if by_subject else "",
        "language": language,
        "languages": languages,
    }
    return render(request, "questions.html", context)


def ask(request):
    """To the form for a question: about “In short”, else the page on the project, else the first
    page that takes one."""
    site = SiteSettings.load()
    project = links.target(site.project_page) if site.project_url else None
    candidates = [
        *InShort.objects.for_readers(get_language()),
        *([project] if project is not None and project.is_public() else []),
        *Chapter.objects.published().filter(comments_open=True)[:1],
        *Post.objects.published().filter(comments_open=True)[:1],
    ]
    open_pages = [page for page in candidates if page.comments_open]
    return redirect(ask_url(open_pages[0]) if open_pages else "questions")


@limited("suggestions")
def answered(request):
    """What was answered already of a question that is being typed."""
    found = answered_here.like(request.GET.get("q", ""))
    return JsonResponse({"found": [asdict(each) for each in found]})


def privacy(request):
    """What is kept of readers and for how long, from the settings that make it so."""
    return render(
        request, "privacy.html", {"settings": settings, "consent": consent.TEXTS[consent.VERSION]}
    )


def legal(request):
    """Who answers for the site, who writes it and how, as the settings say."""
    return render(request, "legal.html")


class SiteFeed(feeds.AtomFeed):
    """Whatever the author worked on last: chapters, “In short”, posts, notes on references."""

    page, address = "home", "feed"

    def items(self):
        chapters = Chapter.objects.published().exclude(body_html="").prefetch_related("tags")
        posts = Post.objects.published().prefetch_related("tags")
        short = InShort.objects.published().prefetch_related("tags")
        notes = Notes.objects.published().select_related("reference")
        kept = KeptAnswer.objects.published().prefetch_related("tags")
        return feeds.newest(chapters, short, posts, notes, kept)


KEPT = 40  # kept answers above the questions; the search finds the others
FARTHEST_PART = 10**12
LISTS = (
    "references:evidence",
    "references:pictures",
    "references:appraisals",
    "references:people",
    "references:wanted",
    "names:register",
    "glossary:list",
    "whatsnew:list",
    "whatsnew:detail",
)


class FixedSitemap(sitemaps.PageSitemap):
    """The entrances."""

    NAMES = (
        "home",
        "review:contents",
        "inshort:index",
        "references:library",
        "blog:index",
        "questions",
        "privacy",
        "legal",
        *LISTS,
    )

    def parts(self):
        return [(0, None)]

    def entries(self, number):
        with override(settings.LANGUAGE_CODE):
            if number:
                return []
            told = ["references:methods"] if methods.known() else []
            return [(reverse(name), None, ()) for name in (*self.NAMES, *told)]


SITEMAPS = {
    "site": FixedSitemap(),
    "chapters": ChapterSitemap(),
    "in-short": InShortSitemap(),
    "posts": PostSitemap(),
    "answers": KeptAnswerSitemap(),
    "references": ReferenceSitemap(),
    "people": PersonSitemap(),
    "names": NameSitemap(),
    "glossary": GlossarySitemap(),
}


def sitemap(request):
    return _xml(sitemaps.index(SITEMAPS))


def sitemap_part(request, name, number):
    found = (
        sitemaps.part(SITEMAPS[name], number)
        if name in SITEMAPS and number < FARTHEST_PART
        else None
    )
    if found is None:
        raise Http404
    return _xml(found)


def _xml(content):
    response = HttpResponse(content, content_type="application/xml")
    response["X-Robots-Tag"] = "noindex"  # it is for finding other pages
    return response


def robots(request):
    prefixes = [
        "",
        *(f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE),
    ]
    closed = ["/captcha/", *(prefix + path for prefix in prefixes for path in CLOSED_TO_ROBOTS)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return _text("\n".join([*lines, "", f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}", ""]))


def security(request):
    """RFC 9116. It has to expire, and within a year: at the end of the next half, the same for half
    a year."""
    today = timezone.localdate()
    ends = date(today.year, 12, 31) if today.month <= 6 else date(today.year + 1, 6, 30)
    site = SiteSettings.load()
    contacts = settings.SECURITY_CONTACTS or [
        f"mailto:{site.contact}" if site.contact else settings.SITE_URL + (site.project_url or "/")
    ]
    lines = [f"Contact: {contact}" for contact in contacts]
    if settings.SECURITY_POLICY:
        lines.append(f"Policy: {settings.SECURITY_POLICY}")
    lines += [
        f"Expires: {ends.isoformat()}T23:59:59Z",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{reverse('security')}",
    ]
    return _text("\n".join([*lines, ""]))


def healthz(request):
    """Answers “ok” while the site does; for whatever restarts it."""
    response = _text("ok\n")
    response["Cache-Control"] = "no-store"
    return response


def readyz(request):
    """“ready”, “ready, look after it” or, with 503, “not ready”; for whatever watches the site. Who
    is logged in at the desk as its administrator is told what about it."""
    found = readiness.findings()
    failing = [each for each in found if not each.is_good]
    lines = ["ready, look after it" if failing else "ready"]
    status = 200
    if any(each.needed for each in failing):
        lines, status = ["not ready"], 503
    if found[0].is_good and settings.SESSION_COOKIE_NAME in request.COOKIES:
        lines += _details(request, found)
    response = _text("\n".join([*lines, ""]), status=status)
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "30"
    return response


def _details(request, found):
    try:
        allowed = request.user.is_active and request.user.is_superuser
    except DatabaseError:  # no table of sessions yet
        return []
    return [f"{each.name}: {each.words}" for each in found] if allowed else []


def _text(content, status=200):
    return HttpResponse(content, content_type="text/plain; charset=utf-8", status=status)


def not_found(request, exception):
    return render(request, "404.html", status=404)


def server_error(request):
    """Rendered without a request: no settings row, no session, nothing that may be what has just
    failed; bare where even the static files are gone.
    """
    # What the database refused outside of any view, such as keeping a session.
    refused = unavailable.answer(request, sys.exc_info()[1])
    if refused is not None:
        return refused
    return HttpResponseServerError(render_to_string("500.html", {"status": 500} | looks()))
