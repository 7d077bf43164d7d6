"""A page comes and goes at its time, to the second and by itself, wherever readers could meet
it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from config import chores
from publishing import search
from publishing.desk.publishable import schedule
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

from .test_visibility import addresses, links_to, pages, texts  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch):
    """`clock(moment)`: from now on it is that moment. PostgreSQL's own clock is not moved."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def over(*ended):
    for page in ended:
        type(page).objects.filter(pk=page.pk).update(
            unpublish_at=timezone.now() - timedelta(seconds=1)
        )
        page.refresh_from_db()


def test_a_page_taken_down_is_gone_from_every_door_before_any_chore_has_run(client, pages):  # noqa: F811
    post, chapter, _below = pages
    until = timezone.now() + HOUR
    for page in (post, chapter):
        page.unpublish_at = until
        page.save()
    assert [client.get(address).status_code for address in addresses(pages)] == [200] * 9
    over(post, chapter)
    search.tables.IndexEntry.objects.filter(visible_until=until).update(
        visible_until=post.unpublish_at
    )
    assert [client.get(address).status_code for address in addresses(pages)] == [404] * 9
    told = {
        address: text
        for address, text in texts(client).items()
        if "Zebra " in text or "/zebra" in text
    }
    assert told == {}
    assert not search.find("stripes")[0], "nor what stands below it"


def test_it_goes_in_the_very_second(client, clock):
    now = timezone.now()
    post = PostFactory(publish_at=now + HOUR, unpublish_at=now + 2 * HOUR)
    seen = []
    for moment in (HOUR - timedelta(seconds=1), HOUR, 2 * HOUR - timedelta(seconds=1), 2 * HOUR):
        clock(now + moment)
        seen.append(client.get(post.get_absolute_url()).status_code)
        assert post.is_public() == (seen[-1] == 200)
    assert seen == [404, 200, 200, 404]


def test_what_links_to_a_page_taken_down_loses_the_link_once_the_chores_have_run(pages):  # noqa: F811
    post, chapter, _below = pages
    linking = links_to(pages)
    over(post, chapter)
    said = chores.publish(timezone.now() - timedelta(minutes=1), timezone.now())
    assert said == "2 published or taken down"
    linking.refresh_from_db()
    assert linking.body_html.count("<a ") == 0
    assert not search.tables.IndexEntry.objects.filter(
        title__in=[post.title, chapter.title]
    ).exists()
    assert chores.publish(timezone.now(), timezone.now()) == ""
    chapter.unpublish_at = None
    chapter.save()
    linking.refresh_from_db()
    assert linking.body_html.count("<a ") == 2, "back with what stands below it"
    assert search.find("stripes")[0]


def test_notes_come_and_go_by_themselves(client):
    work = ReferenceFactory(notes="<p>Zebra notes.</p>")
    address = work.get_absolute_url()
    assert "Zebra notes." in client.get(address).content.decode()
    over(work.notes)
    assert "Zebra notes." not in client.get(address).content.decode()
    chores.publish(timezone.now() - timedelta(minutes=1), timezone.now())
    assert not search.find("zebra")[0]


def test_a_post_scheduled_and_then_published_now_carries_todays_date():
    december = timezone.now() + timedelta(days=27)
    post = PostFactory(publish_at=december)
    assert post.first_published == timezone.localdate(december)
    post.publish_at = None
    post.save()
    assert post.first_published == timezone.localdate()


def test_a_date_moves_with_its_schedule_and_one_she_typed_stays():
    soon, later = timezone.now() + timedelta(days=3), timezone.now() + timedelta(days=9)
    post = PostFactory(publish_at=soon)
    typed = PostFactory(publish_at=soon, first_published=date(2015, 5, 3))
    for page in (post, typed):
        page.publish_at = later
        page.save()
    assert post.first_published == timezone.localdate(later)
    assert typed.first_published == date(2015, 5, 3)
    post.state, post.publish_at = "draft", None
    post.save()
    assert post.first_published is None


def test_a_date_that_has_come_stays():
    moment = timezone.now() - timedelta(days=40)
    post = PostFactory(publish_at=moment)
    came = post.first_published
    post.publish_at = None
    post.save()
    assert post.first_published == came == timezone.localdate(moment)


def test_published_now_from_the_list_forgets_the_schedule(author_client):
    now = timezone.now()
    later = PostFactory(publish_at=now + timedelta(days=27))
    gone = PostFactory(publish_at=now - 2 * HOUR, unpublish_at=now - HOUR)
    here = PostFactory(unpublish_at=now + HOUR)
    ids = [later.pk, gone.pk, here.pk]
    author_client.post(
        reverse("admin:blog_post_changelist"), {"action": "publish", "_selected_action": ids}
    )
    for each in (later, gone, here):
        each.refresh_from_db()
    assert later.publish_at is None
    assert later.first_published == timezone.localdate()
    assert gone.unpublish_at is None
    assert here.unpublish_at == now + HOUR, "what is public already is left alone"


def test_the_desk_says_for_when_in_her_time_and_language(clock):
    moment = datetime(2026, 12, 3, 8, 0, tzinfo=UTC)
    post = PostFactory.build(state="published", publish_at=moment)
    clock(moment - timedelta(days=3))
    with timezone.override("Europe/Madrid"):
        assert schedule(post) == "Scheduled for 3 December, 09:00"
        with override("es"):
            assert schedule(post) == "Programada para el 3 de diciembre, 09:00"
        with override("ca"):
            assert schedule(post) == "Programada per al 3 de desembre, 09:00"
        post.publish_at, post.unpublish_at = None, moment
        assert schedule(post) == "Published until 3 December, 09:00"
        clock(moment)
        assert schedule(post) == "Taken down on 3 December, 09:00"
        post.state = "draft"
        assert schedule(post) == ""


def test_a_page_is_not_taken_down_before_it_is_published():
    now = timezone.now()
    post = PostFactory.build(publish_at=now + HOUR, unpublish_at=now + HOUR)
    with pytest.raises(ValidationError, match="before it is published"):
        post.clean()


def test_a_chapter_has_the_time_of_what_it_stands_in():
    now = timezone.now()
    above = ChapterFactory(publish_at=now - HOUR, unpublish_at=now + HOUR)
    below = ChapterFactory(parent=above, publish_at=now - 3 * HOUR, unpublish_at=now + 3 * HOUR)
    assert (below.visible_from, below.visible_until) == (above.publish_at, above.unpublish_at)
    over(above)
    assert not below.is_public()
    assert not below.has_public_address()
    assert below not in type(below).objects.published()
