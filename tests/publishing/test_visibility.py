"""One rule says who sees what: every door follows a clause added to it, and a page to come tells
nothing of itself."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone

from blog.models import Post
from comments.models import Kind, Status
from config import chores
from publishing import compiled, search, visibility
from publishing.machines import cards
from publishing.models import SiteSettings
from publishing.views import card_address
from tests.factories import ChapterFactory, PostFactory, comment

pytestmark = pytest.mark.django_db

WORD = "zebrafish"
NO_ZEBRAS = visibility.Clause(
    as_q=lambda model, prefix: ~Q(**{f"{prefix}body__contains": WORD}),
    holds=lambda page: WORD not in page.body,
)
LISTS = (
    "/", "/review/", "/blog/", "/blog/feed.atom", "/review/feed.atom", "/feed.atom", "/sitemap.xml",
    "/tags/spine/",
    "/tags/spine/feed.atom", "/questions/", "/comments/feed.atom", "/search/?q=zebrafish",
    "/es/blog/",
)  # fmt: skip


@pytest.fixture
def pages():
    """A post, and a chapter with one below it, a question under each; and a post that links to
    them."""
    post = PostFactory(title="On zebras", slug="zebras", body=f"<p>{WORD}</p>")
    chapter = ChapterFactory(title="Zebra chapter", slug="zebra-chapter", body=f"<p>{WORD}</p>")
    below = ChapterFactory(
        title="Zebra stripes", slug="stripes", body="<p>Stripes.</p>", parent=chapter
    )
    for page in (post, chapter, below):
        page.tags.add("spine")
        comment(page, text="Zebra question?", kind=Kind.QUESTION, status=Status.APPROVED)
    PostFactory(title="Others", slug="others", body="<p>Old.</p>").tags.add("spine")
    yield post, chapter, below
    compiled.forget()


def addresses(pages):
    found = [page.get_absolute_url() for page in pages]
    found += [f"{page.get_absolute_url()}comments.atom" for page in pages]
    found += [card_address(page, cards.card_of(page, SiteSettings.load()).digest) for page in pages]
    return found


def links_to(pages):
    body = "".join(f'<p><a href="{page.get_absolute_url()}">Read it</a></p>' for page in pages)
    return PostFactory(title="Reading list", slug="reading-list", body=body)


def texts(client):
    answers = {address: client.get(address) for address in LISTS}
    return {
        address: (
            (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
        )
        for address, answer in answers.items()
        if answer.status_code == 200
    }


def test_a_clause_added_to_the_rule_closes_every_door(client, monkeypatch, pages):
    linking = links_to(pages)
    assert all(client.get(address).status_code == 200 for address in addresses(pages))
    assert linking.body_html.count("<a ") == 3
    assert sum("ebra" in text for text in texts(client).values()) > 8

    monkeypatch.setattr(visibility, "RULE", [*visibility.RULE, NO_ZEBRAS])
    compiled.forget()
    call_command("rebuild_search", verbosity=0)
    linking.save()

    assert [client.get(address).status_code for address in addresses(pages)] == [404] * 9
    assert linking.body_html.count("<a ") == 0
    told = {
        address: text
        for address, text in texts(client).items()
        if "ebra " in text or "/zebra" in text
    }
    assert told == {}
    assert not search.find("stripes")[0]


def test_a_page_to_come_tells_neither_its_title_nor_its_address(client, pages):
    post, chapter, _below = pages
    SiteSettings(project_page=chapter.get_absolute_url()).save()
    for page in (post, chapter):
        page.publish_at = timezone.now() + timedelta(days=1)
        page.save()
    linking = links_to(pages)

    assert [client.get(address).status_code for address in addresses(pages)] == [404] * 9
    told = {
        address: text
        for address, text in texts(client).items()
        if "Zebra " in text or "/zebra" in text
    }
    assert told == {}
    assert "zebra" not in client.get(linking.get_absolute_url()).content.decode()
    assert "Read it" in linking.body_html
    assert SiteSettings.load().project_url == ""


def test_what_links_to_a_page_to_come_leads_there_once_its_time_has_come(client, pages):
    post, chapter, below = pages
    for page in (post, chapter):
        page.publish_at = timezone.now() + timedelta(days=1)
        page.save()
    linking = links_to(pages)
    assert linking.body_html.count("<a ") == 0
    for page in (post, chapter):
        type(page).objects.filter(pk=page.pk).update(
            publish_at=timezone.now() - timedelta(seconds=1)
        )
    chores.publish(timezone.now() - timedelta(minutes=1), timezone.now())
    linking.refresh_from_db()
    assert linking.body_html.count("<a ") == 3
    assert client.get(below.get_absolute_url()).status_code == 200


def test_a_page_put_off_again_loses_the_links_to_it(pages):
    post, *_rest = pages
    linking = links_to(pages)
    post.publish_at = timezone.now() + timedelta(days=1)
    post.save()
    linking.refresh_from_db()
    assert "/blog/zebras/" not in linking.body_html


def test_what_falls_due_is_what_comes_or_goes_by_itself_in_that_time():
    since, until = timezone.now() - timedelta(days=2), timezone.now() - timedelta(days=1)
    moments = {"before": since, "just after": since + timedelta(seconds=1), "last": until}
    for title, moment in {**moments, "later": until + timedelta(seconds=1), "always": None}.items():
        PostFactory(title=title, publish_at=moment)
    PostFactory(title="draft", publish_at=until, state="draft")
    PostFactory(title="ends then", unpublish_at=until)
    PostFactory(title="ends later", unpublish_at=until + timedelta(seconds=1))
    due = Post.objects.filter(visibility.falling_due_q(Post, since, until))
    assert {post.title for post in due} == {"just after", "last", "ends then"}
