"""Whatever the public can ask for, asking writes nothing to the database."""

import re
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.utils import timezone

from comments import captcha
from comments.commenters import links, subscriptions
from comments.mailing import digest
from comments.models import KeptAnswer, Kind, Subscription, Writer
from publishing.databases.generation import PRIVATE
from publishing.desk import preview
from publishing.http.store import is_for_everybody, may_be_kept
from publishing.models import Follower, SiteSettings
from references.models import (
    Appraisal,
    AppraisalForm,
    Condition,
    GlossaryTerm,
    Methods,
    Name,
    NameUse,
    Person,
)
from references.screening import record
from review.models import InShort
from review.versions.freezing import publish_chapter
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PostFactory,
    ReferenceFactory,
    cite,
    comment,
)
from tests.review.paper import picture

WRITES = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|CREATE|ALTER|DROP)\b", re.IGNORECASE
)
# Views of others: of the desk, which asks who one is.
# Django asks for these once in each process.
KNOWN_BY_HEART = {"django_content_type"}
OF_THE_DESK = ("admin/",)
pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings):
    """One of everything there is to read."""
    settings.CAPTCHA_POOL = 3
    captcha.top_up()
    SiteSettings.load().save()
    reference = ReferenceFactory(citekey="herz1945", notes="<p>Notes on it.</p>", tags=["lumps"])
    image = picture()
    figure = f'<figure class="figure"><img src="{image.file.url}" alt="A sacrum."></figure>'
    chapter = ChapterFactory(
        title="Fat",
        body=f"<p>Fat herniates {cite('herz1945')}.</p>{figure}",
        references=[reference],
    )
    chapter.tags.add("lumps")
    publish_chapter(chapter=chapter, kind="studies", what_changed="The first.")
    publish_chapter(chapter=chapter, kind="wording", what_changed="Clearer words.")
    short = InShort.objects.create(title="Fat in short", body="<p>Fat.</p>", state="published")
    post = PostFactory(title="A post", tags=["lumps"], body="<p>Words.</p>")
    name = Name.objects.create(
        condition=Condition.objects.create(title="Back mice", slug="back-mice"), title="Back mouse"
    )
    NameUse.objects.create(name=name, reference=reference)
    GlossaryTerm.objects.create(title="Fat", meaning="What it is.")
    kept = KeptAnswer.objects.create(title="Does it grow?", body="<p>No.</p>", state="published")
    writer = Writer.objects.create()
    question = comment(
        post, kind=Kind.QUESTION, writer=writer, email="anna@example.org", text="Does it go away?"
    )
    comment(parent=question, by_author=True, text="It may.")
    Methods.objects.update_or_create(pk=1, defaults={"public": True})
    record.refresh()
    return {
        "appraised": Appraisal.objects.create(
            reference=reference,
            version=1,
            public=True,
            changed=timezone.now(),
            form=AppraisalForm.objects.create(name="Case series"),
        ),
        "follower": Follower.objects.create(
            email="a@example.org", topic="review", language="en", confirmed=timezone.now()
        ),
        "chapter": chapter,
        "short": short,
        "kept": kept,
        "post": post,
        "reference": reference,
        "name": name,
        "person": Person.objects.get(),
        "image": image,
        "question": question,
        "mine": links.signed(writer),
        "preview": preview.signed(
            preview.link_to(PostFactory(title="A draft", state="draft"), user=AuthorUserFactory())
        ),
        "subscription": subscriptions.signed(
            Subscription.objects.create(comment=question, language="en")
        ),
    }


def addresses(site):
    chapter, post = site["chapter"], site["post"]
    mine, question = site["mine"], site["question"]
    key = captcha.ask("form")[0]
    form = reverse("comments:new", args=["blog.post", post.pk])
    endings = ("bib", "ris", "nbib", "csl.json", "csv")
    return [
        f"/preview/{site['preview']}/",
        "/healthz", "/readyz", "/robots.txt", "/sitemap.xml", "/sitemap-posts-1.xml",
        "/.well-known/security.txt", "/favicon.ico", "/nothing-here/",
        f"/captcha/image/{key}/", f"/captcha/image/{captcha.COMPUTED}1/",
        f"/captcha/audio/en/{key}.wav",
        "/captcha/refresh/",
        "/cards/0.png", f"/cards/blog.post/{post.pk}/0.png", site["image"].file.url,
        "/", "/es/", "/ca/", "/search/", "/search/?q=fat", "/search/?q=fta",
        "/search/suggest/?q=fa",
        "/tags/lumps/", "/tags/lumps/feed.atom", "/feed.atom",
        "/review/", "/review/feed.atom", "/review/book.epub", "/review/fat/chapter.epub",
        "/review/fat/",
        *(f"/review/fat/{what}.{ending}" for what in ("references", "cite") for ending in endings),
        *(f"/review/fat/v/{what}" for what in (
            "", "1/", "1-2/", "1/references.bib", "1/cite.bib", "1/linkset.json", "1/datacite.json"
        )),
        *(f"/whats-new/{what}" for what in (
            "", "feed.atom", "in-detail/", "in-detail/feed.atom", "in-detail/versions.csv"
        )),
        "/in-short/", "/in-short/feed.atom", site["short"].get_absolute_url(),
        f"{site['short'].get_absolute_url()}sheet/",
        *(f"{site['short'].get_absolute_url()}cite.{ending}" for ending in endings),
        "/references/", "/references/?q=nodules&sort=newest", "/references/feed.atom",
        *(f"/references/export.{ending}?q=nodules" for ending in endings),
        "/references/nominate/?work=a", "/ca/references/nominate/",
        "/references/methods/", "/references/methods/flow.svg", "/references/methods/flow.png",
        "/references/methods/decisions.csv",
        "/references/evidence/", "/references/evidence.csv", "/references/evidence/pictures/",
        "/references/evidence/appraisal/", "/references/herz1945/appraisal/",
        f"/references/evidence/appraisal/{site['appraised'].form_id}.csv",
        "/references/evidence/pictures/forest.svg", "/references/evidence/pictures/map.csv",
        "/references/take/to-your-doctor/?work=herz1945",
        "/references/wanted/", "/references/people/", f"/references/people/{site['person'].slug}/",
        "/references/herz1945.pdf", *(f"/references/herz1945.{ending}" for ending in endings),
        "/references/herz1945/", "/es/references/herz1945/", "/references/herz1945/styles/",
        "/ca/references/herz1945/styles/",
        "/glossary/", "/glossary/fat/", "/references/compare/?work=herz1945",
        "/names/", f"/names/{site['name'].slug}/",
        "/blog/", "/blog/feed.atom", f"/blog/{post.first_published.year}/", post.get_absolute_url(),
        *(f"{post.get_absolute_url()}cite.{ending}" for ending in endings),
        f"/comments/{question.pk}/", f"/comments/thread/{question.pk}/", "/comments/feed.atom",
        form, f"{form}?reply_to={question.pk}", f"/ca{form}", "/comments/preview/",
        f"/comments/sent/?page=blog.post/{post.pk}", f"{form}?reply_to={question.pk}&from=mine",
        f"/comments/mine/{mine}/", "/comments/mine/", "/comments/mine/comments.json",
        f"/comments/mine/{question.pk}/", "/comments/mine/following/",
        "/comments/new/following/review/", f"/comments/new/following/review.chapter/{chapter.pk}/",
        *(f"/comments/{what}/following/{site['follower'].key}/"
          for what in ("confirm", "unsubscribe", "mine")),
        f"/comments/confirm/{site['subscription']}/",
        f"/comments/unsubscribe/{site['subscription']}/",
        digest.link(question, "approve").removeprefix(settings.SITE_URL),
        f"{chapter.get_absolute_url()}comments.atom", f"{post.get_absolute_url()}comments.atom",
        "/questions/", "/questions/?q=away", "/questions/?in=en&by=subject", "/questions/ask/",
        "/questions/answered/?q=does+it+go+away", site["kept"].get_absolute_url(),
        f"{form}?kind=question", f"{form}?kind=correction&quote=Words.",
        "/privacy/", "/legal/",
    ]  # fmt: skip


def routes(patterns, before=""):
    """Every address there is, as the URL configuration writes it."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


@pytest.fixture
def written():
    """What is written to the database while a test asks."""
    seen = []

    def note(execute, sql, params, many, context):
        if WRITES.match(sql):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


@override_settings(CAPTCHA_ESPEAK_PATH=None, CAPTCHA_FLITE_PATH="/usr/bin/flite")
def test_no_address_writes_when_it_is_read(client, site, tmp_path, request, settings):
    settings.BOOKS_ROOT = tmp_path
    asked = addresses(site)
    client.post(f"/comments/mine/{site['mine']}/")
    ContentType.objects.clear_cache()
    written = request.getfixturevalue("written")
    reached, wrote = set(), {}
    for method in (client.get, client.head):
        for address in asked:
            response = method(address)
            if response.streaming:
                response.getvalue()
            with suppress(Resolver404):
                reached.add(resolve(urlsplit(address).path).route)
            assert response.status_code < 500, address
            if written:
                wrote[address] = written[:]
                written.clear()
    assert wrote == {}
    missed = {
        route for route in routes(get_resolver().url_patterns) if not route.startswith(OF_THE_DESK)
    } - reached
    assert missed == set(), "addresses this test does not visit"


def test_looking_at_what_one_is_writing_writes_nothing_either(client, site, written):
    form = reverse("comments:new", args=["blog.post", site["post"].pk])
    for asked in ({"text": "My words", "preview": "1"}, {"text": "My words", "another": "1"}):
        assert client.post(form, asked).status_code == 200
    assert client.post("/comments/preview/", {"text": "My words"}).status_code == 200
    assert written == []


def test_no_page_that_is_kept_is_made_from_what_changes_without_its_being_told(client, site):
    kept = 0
    for address in addresses(site):
        path, _, query = address.partition("?")
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query}
        if not may_be_kept(environ):
            continue
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
            if answer.streaming:
                answer.getvalue()
        if not is_for_everybody(f"{answer.status_code} ", answer.items()):
            continue
        kept += 1
        for query in asked:
            private = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])) & PRIVATE
            assert private <= KNOWN_BY_HEART, (address, private, query["sql"])
    assert kept > 60
