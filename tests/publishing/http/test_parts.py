"""What pages have in common is made once, and never older than what was written."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment
from publishing.http import parts
from publishing.models import Announcement, SiteSettings
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_kept():
    parts.forget()


def text(client, address):
    return client.get(address).content.decode()


def asked(client, address):
    """Questions of a page, once what it shares with others is there."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_the_name_of_the_site_is_the_new_one_at_once(client):
    SiteSettings(name="Before").save()
    assert "Before</a>" in text(client, "/legal/")
    assert asked(client, "/legal/") == 0
    SiteSettings.objects.update(name="After")
    page = text(client, "/legal/")
    assert "After</a>" in page
    assert "Before" not in page


def test_each_language_and_section_has_its_own(client):
    assert "Menu</summary>" in text(client, "/legal/")
    assert "Menú</summary>" in text(client, "/es/legal/")
    assert 'href="/blog/" aria-current' in text(client, "/blog/")
    assert 'href="/blog/" aria-current' not in text(client, "/legal/")


def test_another_chapter_is_named_beside_at_once_and_goes_at_once(client):
    chapter = ChapterFactory(title="Here")
    assert asked(client, chapter.get_absolute_url()) <= 4
    other = ChapterFactory(title="Beside it")
    assert "Beside it" in text(client, chapter.get_absolute_url())
    other.state = "draft"
    other.save()
    assert "Beside it" not in text(client, chapter.get_absolute_url())


def test_a_scheduled_chapter_comes_into_the_lists_by_itself(client, monkeypatch):
    chapter = ChapterFactory(title="Here")
    soon = timezone.now() + timedelta(minutes=5)
    ChapterFactory(title="To come", publish_at=soon)
    address = chapter.get_absolute_url()
    assert "To come" not in text(client, address)
    assert "To come" not in text(client, address)
    monkeypatch.setattr(timezone, "now", lambda: soon + timedelta(seconds=1))
    assert "To come" in text(client, address)


def test_an_announcement_ends_by_itself(client, monkeypatch):
    now = timezone.now()
    ends = now + timedelta(hours=1)
    Announcement.objects.create(text="We move.", begins=now - timedelta(hours=1), ends=ends)
    assert "We move." in text(client, "/legal/")
    monkeypatch.setattr(timezone, "now", lambda: ends + timedelta(seconds=1))
    assert "We move." not in text(client, "/legal/")


def test_what_is_not_committed_is_not_kept(client):
    SiteSettings(name="Before").save()
    text(client, "/legal/")
    with transaction.atomic():
        SiteSettings.objects.update(name="Tried")
        assert "Tried</a>" in text(client, "/legal/")
        transaction.set_rollback(True)
    assert "Before</a>" in text(client, "/legal/")


def test_nothing_is_kept_for_who_is_logged_in(author_client):
    SiteSettings(name="Before").save()
    assert asked(author_client, "/legal/") > 0


def test_an_approved_comment_and_a_new_name_show_together(client):
    post = PostFactory()
    comment(post, text="Hers.", by_author=True)
    SiteSettings(author_name="Dr One").save()
    assert "Dr One</bdi>" in text(client, post.get_absolute_url())
    SiteSettings.objects.update(author_name="Dr Two")
    Comment.objects.update(html="<p>Changed.</p>")
    page = text(client, post.get_absolute_url())
    assert "Dr Two</bdi>" in page
    assert "Changed." in page


def test_pages_ask_little_once_their_common_parts_are_there(client):
    """The budgets of questions; another one is to be earned, not granted."""
    chapter, silent = ChapterFactory(), ChapterFactory()
    post, work = PostFactory(), ReferenceFactory()
    for page in (chapter, post):
        question = comment(page, kind="question")
        comment(page, parent=question, by_author=True)
    most = {
        "/": 0, "/legal/": 0, "/references/": 1, chapter.get_absolute_url(): 4,
        silent.get_absolute_url(): 3, post.get_absolute_url(): 7, work.get_absolute_url(): 5,
        "/search/?q=title": 2,
    }  # fmt: skip
    found = {address: asked(client, address) for address in most}
    assert {address for address in most if found[address] > most[address]} == set(), found
