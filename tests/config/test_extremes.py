"""What nobody expected to be typed, kept or asked for: every page still answers."""

from urllib.parse import quote, urlencode

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing.models import SiteSettings
from references.models import Authorship, Condition, Name, Person, Reference
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PersonFactory,
    PostFactory,
    ReferenceFactory,
    comment,
)

EMOJI, LONG = "🐭" * 300, "x" * 1200
BIDI = "\u202eturned\u202c \u2066inside\u2069 a\u0301\u0301\u0301"
WORDS = [EMOJI, BIDI, LONG[:300], "….", "<b>&amp;", "%s %(a)s {{ x }}", "'\"`", "\u0130ı ßẞ"]

PAGES = [
    "/", "/search/", "/search/suggest/", "/tags/pain/", "/review/", "/references/",
    "/references/evidence/", "/references/evidence/pictures/",
    "/references/evidence/pictures/forest.svg", "/references/evidence/pictures/map.csv",
    "/references/evidence.csv", "/references/export.bib", "/references/export.csl.json",
    "/references/take/to-your-doctor/",
    "/references/wanted/", "/references/people/", "/names/", "/blog/", "/questions/", "/feed.atom",
    "/sitemap.xml",
    "/es/references/", "/ca/search/",
]  # fmt: skip
NAMES = [
    "page", "q", "kind", "exact", "tag", "person", "from", "to", "year", "decade", "sort", "order",
    "language", "country",
    "design", "state", "notes", "free", "replies", "by", "at", "lang", "style", "work", "p", "o",
    "title", "pick",
]  # fmt: skip
VALUES = [
    "", "0", "-1", "1e9", "NaN", "inf", "9" * 40, "٣", "²", "1.5", "last", "1900-2000", "-", "--",
    "null", "🐭", "é" * 300, "a" * 3000,
    '"', '"' * 99, "((((", "a OR b -c", "*", "%", "\\", "'; --", "\u202e", "\ufffe", "\u0301" * 50,
]  # fmt: skip
RAW = [
    "%",
    "%zz",
    "%ff%fe",
    "%ed%a0%80",
    "page=%C0%80",
    "&&&=;",
    "page[]=1",
    "=",
    "a" * 4000,
    "%u2603",
    "page=1&page=2",
    "q=%00",
]
PATHS = [
    "%ff",
    "%ed%a0%80",
    "..",
    "%2e%2e",
    "a" * 2000,
    "%2F",
    "%0a",
    "%25",
    "🐭",
    "-",
    "%20",
    "a%00b",
    "\u0301",
    "9" * 60,
]


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once; what is read of it writes nothing."""
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
    ):
        yield make_world()
        call_command("flush", interactive=False, verbosity=0)
        call_command("rebuild_search", verbosity=0)


def make_world():
    SiteSettings(name=EMOJI[:100]).save()
    crowd = Person.objects.bulk_create(
        Person(family=f"F{n}", given=BIDI[:20], slug=f"f{n}", sort_key=f"f{n}") for n in range(320)
    )
    works = [
        ReferenceFactory(title=words, people=[], tags=[words[:90], "pain"], container=words)
        for words in WORDS
    ]
    works += [
        ReferenceFactory(
            title="", translated_title="…", year=None, people=[], volume="", pages="", container=""
        ),
        ReferenceFactory(
            title=LONG, year=-1, people=[PersonFactory(family=EMOJI[:150], given="", suffix="")]
        ),
        ReferenceFactory(title="A crowd", year=9999, people=[], sample_size=2**31 - 1),
        ReferenceFactory(
            title="Before",
            year=-32768,
            people=[PersonFactory(family=".", given=".")],
            month=12,
            day=31,
        ),
    ]
    Authorship.objects.bulk_create(
        Authorship(reference=works[-2], person=person, position=position)
        for position, person in enumerate(crowd)
    )
    works[-2].refresh()
    cited = "".join(f'<span class="cite" data-cite="{work.citekey}">[1]</span>' for work in works)
    for words in WORDS:
        post = PostFactory(
            title=words,
            summary=words,
            body=f"<h2>{words}</h2><p>{cited}</p>",
            tags=[words[:90], "pain"],
        )
        chapter = ChapterFactory(
            title=words, summary=words, body=f"<h2>{words}</h2><p>{words}</p>", references=works[:3]
        )
        condition = Condition.objects.create(title=words[:200])
        Name.objects.create(title=words[:200], condition=condition, language="xx", forms=words)
        comment(chapter, name=words[:60], text=words, kind="question")
        comment(parent=comment(post, text=words), by_author=True, text=words)
    ChapterFactory(title="", slug="", parent=chapter), PostFactory(title="", slug="")
    return works


def answers(client, address):
    response = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


def failing(addresses, client=None):
    client = client or Client(raise_request_exception=False)
    return [
        (address[:200], status)
        for address in dict.fromkeys(addresses)
        if (status := answers(client, address)) >= 500
    ]


def everything():
    from blog.models import Post
    from review.models import Chapter

    for model in (Post, Chapter, Name, Person):
        rows = (
            model.objects.exclude(slug__regex=r"^f\d+$") if model is Person else model.objects.all()
        )
        yield from (row.get_absolute_url() for row in rows)
    for work in Reference.objects.all():
        address = work.get_absolute_url()
        yield from (
            address,
            f"{address}styles/",
            f"{address[:-1]}.bib",
            f"{address[:-1]}.csl.json",
            f"{address}comments.atom",
        )
    for page in [*Post.objects.all(), *Chapter.objects.all()]:
        address = page.get_absolute_url()
        yield from (f"{address}comments.atom", f"{address}cite.ris")


def test_every_page_stands_whatever_is_in_its_row(world):
    assert failing([*PAGES, *everything()]) == []


def test_every_list_and_form_of_the_desk_stands_too(world):
    client = Client(raise_request_exception=False)
    client.force_login(AuthorUserFactory())
    lists = [f"/admin/{name}/" for name in (
        "blog/post", "review/chapter", "references/reference", "references/person",
        "references/name", "taggit/tag",
        "references/condition", "references/notes", "comments/comment", "publishing/image",
    )]  # fmt: skip
    odd = [
        "",
        "?p=NaN",
        "?q=" + quote(EMOJI),
        "?o=99.-99",
        "?all=",
        "?state=%ff",
        "?decade=²",
        "?tag=%F0%9F%90%AD",
        "?q=%22",
    ]
    asked = [
        each + odd[(3 * number + at) % len(odd)]
        for number, each in enumerate(lists)
        for at in range(3)
    ]
    forms = [reverse("admin:references_reference_change", args=[work.pk]) for work in world]
    picks = [f"/admin/references/reference/pick/?q={quote(words)}" for words in WORDS]
    picks += [f"/admin/publishing/image/pages/?q={quote(words)}" for words in WORDS]
    assert failing([*asked, *forms, *picks], client) == []


def test_every_page_takes_whatever_is_asked_of_it(world):
    queries = [urlencode({name: value}) for name in NAMES for value in VALUES[::7]] + [
        urlencode({"page": v}) for v in VALUES
    ]
    lists = [
        "/references/",
        "/references/evidence/",
        "/search/",
        "/names/",
        "/questions/",
        "/blog/",
        "/tags/pain/",
    ]
    asked = [f"{lists[number % len(lists)]}?{query}" for number, query in enumerate(queries)]
    asked += [f"{page}?{raw}" for page in lists[:3] for raw in RAW]
    assert failing(asked) == []


def test_every_address_takes_whatever_stands_in_it():
    begins = [
        "/", "/review/", "/references/", "/references/people/", "/names/", "/blog/", "/tags/",
        "/comments/", "/comments/new/",
        "/comments/thread/", "/comments/mine/", "/comments/confirm/", "/comments/decide/",
        "/comments/unsubscribe/", "/cards/",
        "/comments/new/blog.post/", "/captcha/image/", "/es/review/",
    ]  # fmt: skip
    ends = [
        "/",
        "",
        "/comments.atom",
        ".bib",
        "/cite.ris",
        "/feed.atom",
        ".png",
        ".pdf",
        "/styles/",
    ]
    asked = [
        begin + path + ends[number % len(ends)]
        for number, path in enumerate(PATHS)
        for begin in begins
    ]
    asked += ["/blog/0/", "/blog/99999/", "/blog/-1/", f"/comments/{10**30}/",
    f"/comments/thread/{10**30}/",
              f"/comments/new/blog.post/{10**30}/", "/comments/new/auth.user/1/",
              f"/cards/blog.post/{10**30}/x.png"]  # fmt: skip
    assert failing(asked) == []


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    page=st.sampled_from(PAGES),
    query=st.dictionaries(
        st.sampled_from(NAMES), st.text(max_size=30) | st.sampled_from(VALUES), max_size=4
    ),
)
def test_no_question_is_an_error(client, page, query):
    assert answers(client, f"{page}?{urlencode(query, errors='surrogatepass')}") < 500
