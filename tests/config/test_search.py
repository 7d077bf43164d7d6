import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db


def found(client, query, **more):
    return client.get("/search/", {"q": query, **more}).content.decode()


def titles(html):
    return [
        re.sub(r"<[^>]+>", "", hit).strip()
        for hit in re.findall(r'<h2 class="hit".*?</h2>', html, re.S)
    ]


def test_one_search_finds_every_kind_of_page(client):
    ChapterFactory(title="Kreuzbein chapter")
    PostFactory(title="Kreuzbein post")
    ReferenceFactory(title="Kreuzbein article", people=[PersonFactory(family="Kreuzbein")])
    comment(ChapterFactory(title="Other"), name="Reader", text="What is Kreuzbein?")
    html = found(client, "kreuzbein")
    assert len(titles(html)) == 5
    for words in (
        "Everything 5",
        "Chapters 1",
        "References 1",
        "People 1",
        "Blog 1",
        "Comments 1",
        "Comment on 2 Other",
    ):
        assert words in re.sub(r"\s+", " ", html)


def test_a_kind_can_be_chosen(client):
    ChapterFactory(title="Lipoma chapter")
    PostFactory(title="Lipoma post")
    assert titles(found(client, "lipoma", kind="post")) == ["Lipoma post"]
    assert len(titles(found(client, "lipoma", kind="no-such-kind"))) == 2


def test_accents_and_endings_do_not_matter(client):
    ReferenceFactory(title="Las afecciones del panículo adiposo")
    assert titles(found(client, "panicul"))


def test_notes_are_found_with_their_reference_and_once(client):
    ReferenceFactory(title="A study", notes="<p>An unmistakable finding.</p>")
    html = found(client, "unmistakable")
    assert titles(html) == ["A study"]
    assert "<mark>unmistakable</mark>" in html


def test_what_is_not_public_is_not_found(client):
    later = timezone.now() + timedelta(days=1)
    ChapterFactory(title="Lipoma draft", state="draft")
    future = ChapterFactory(title="Lipoma tomorrow", publish_at=later)
    ChapterFactory(title="Lipoma below tomorrow", parent=future)
    post = PostFactory(title="Lipoma post", publish_at=later)
    comment(post, text="About lipoma.")
    comment(ChapterFactory(title="Open"), text="Lipoma, pending.", status="pending")
    assert titles(found(client, "lipoma")) == []


def test_a_comment_goes_when_its_page_goes(client):
    post = PostFactory(title="Open")
    comment(post, text="About lipoma.")
    assert titles(found(client, "lipoma"))
    post.state = "draft"
    post.save()
    assert titles(found(client, "lipoma")) == []


def test_nothing_found_says_what_to_try(client):
    html = found(client, "zzz")
    assert "Nothing here holds “zzz”" in html
    assert 'href="/references/"' in html


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "'",
        '"',
        "a' OR 1=1 --",
        "*",
        "(",
        "NEAR/2",
        "%",
        "\\",
        "é" * 500,
        "a " * 300,
        "🦴",
    ],
)
def test_any_query_gives_a_page(client, query):
    ChapterFactory(title="A chapter")
    assert client.get("/search/", {"q": query}).status_code == 200


def test_the_query_comes_back_as_text(client):
    assert "<script>" not in found(client, '"><script>x').split("</head>")[1].replace(
        '<script type="module"', ""
    )


@pytest.mark.parametrize("page", ["abc", "-3", "99", "2"])
def test_results_come_in_pages(client, page):
    PostFactory.create_batch(25, body="<p>lipoma</p>")
    html = found(client, "lipoma", page=page)
    assert len(titles(html)) == (20 if page == "abc" else 5)


def test_pages_of_results_keep_the_query(client):
    PostFactory.create_batch(25, body="<p>lipoma</p>")
    assert 'href="?q=lipoma&amp;kind=post&amp;page=2"' in found(client, "lipoma", kind="post")


def test_searching_asks_the_same_for_many_results(client, django_assert_max_num_queries):
    ReferenceFactory.create_batch(10, title="A lipoma")
    PostFactory.create_batch(5, summary="On lipoma.")
    ChapterFactory.create_batch(4, summary="On lipoma.")
    found(client, "lipoma")
    with django_assert_max_num_queries(4):
        assert len(titles(found(client, "lipoma"))) == 19


def test_a_translated_title_stands_in_brackets_and_is_read_as_english(client):
    ReferenceFactory(
        title="Il ruolo dei lipomi", translated_title="The role of lipomas", language="it"
    )
    ReferenceFactory(title="", translated_title="Picture of a lipoma", language="it")
    html = found(client, "role lipomas")
    assert "Il ruolo dei lipomi [The role of lipomas]" in titles(html)
    assert '[<span lang="en">The <mark>role</mark> of <mark>lipomas</mark></span>]' in html
    assert titles(found(client, "picture")) == ["[Picture of a lipoma]"]
    ReferenceFactory(title="Die Fettgeschwulst [Vortrag]", language="de")
    assert 'lang="en">Vortrag' not in found(client, "Fettgeschwulst")


def test_the_query_stands_in_the_quotation_marks_of_the_language(client):
    ReferenceFactory()
    assert "<title>“herz” | " in found(client, "herz")
    assert "<title>«herz» | " in client.get("/es/search/", {"q": "herz"}).text
    assert "«herz» <a" in client.get("/ca/references/", {"q": "herz"}).text
