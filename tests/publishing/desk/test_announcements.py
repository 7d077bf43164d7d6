"""Announcements: where, when and in which language they stand; what they cost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Announcement
from tests.factories import ChapterFactory

pytestmark = pytest.mark.django_db


def announce(**fields):
    return Announcement.objects.create(
        **{"text": "We are closed.", "begins": timezone.now() - timedelta(days=1), **fields}
    )


def shown(client, address="/"):
    return "We are closed." in client.get(address).content.decode()


def test_an_announcement_stands_on_every_page_with_its_date_and_link(client):
    announce(address="/blog/", begins=timezone.make_aware(timezone.datetime(2026, 5, 3, 12)))
    html = client.get("/es/blog/").content.decode()
    assert "We are closed." in html
    assert "3 de mayo de 2026" in html
    assert '<a href="/es/blog/">' in html
    assert '<span lang="en">We are closed.</span>' in html


def test_or_on_those_of_its_sections_alone(client):
    announce(sections=["blog", "references"])
    assert shown(client, "/blog/")
    assert not shown(client, "/review/")
    assert not shown(client)


@pytest.mark.parametrize("days", [{"begins": 1}, {"begins": -5, "ends": -1}])
def test_it_comes_and_goes_by_its_dates(client, days):
    announce(**{name: timezone.now() + timedelta(days=number) for name, number in days.items()})
    assert not shown(client)


def test_it_ends_without_anybody_saving_anything(client, monkeypatch):
    announce(ends=timezone.now() + timedelta(minutes=1))
    assert shown(client)
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr("publishing.templatetags.pages.timezone.now", lambda: later)
    assert not shown(client)


def test_one_written_in_each_language_is_read_in_its_own(client):
    announce(language="es", only_its_language=True)
    assert shown(client, "/es/")
    assert not shown(client)


def test_deleting_takes_it_away(client):
    row = announce()
    assert shown(client)
    row.delete()
    assert not shown(client)


def test_announcements_cost_no_query(client, django_assert_max_num_queries):
    chapter = ChapterFactory()
    for _ in range(3):
        announce()
    client.get(chapter.get_absolute_url())
    with django_assert_max_num_queries(6):
        assert shown(client, chapter.get_absolute_url())


def test_the_author_writes_one_in_the_admin(author_client, client):
    now = timezone.localtime()
    values = {"text": "We are closed.", "language": "en", "sections": ["blog"]}
    values |= {
        "begins_0": now.date() - timedelta(days=1),
        "begins_1": "10:00",
        "ends_0": "",
        "ends_1": "",
    }
    author_client.post("/admin/publishing/announcement/add/", values)
    assert shown(client, "/blog/")
    assert not shown(client)
