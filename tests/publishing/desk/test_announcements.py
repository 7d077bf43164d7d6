"""Announcements: where, when and in which language they stand; what they cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from publishing.desk import trash
from publishing.models import Announcement, Consent, Trashed
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
    with django_assert_max_num_queries(8):
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


def test_announcements_and_consents_have_drafts_and_the_trash(author_client):
    announcement = announce()
    address = reverse("admin:publishing_announcement_change", args=[announcement.pk])
    key = {"_form_key": "k", "_object": announcement.pk, "text": "Half a sen"}
    author_client.post(reverse("admin:publishing_announcement_draft_keep"), key)
    page = author_client.get(address)
    restored = author_client.get(page.context["editing"]["kept"][0]["restore"])
    assert restored.context["adminform"].form["text"].value() == "Half a sen"
    delete = reverse("admin:publishing_announcement_delete", args=[announcement.pk])
    author_client.post(delete, {"post": "yes"})
    assert not shown(author_client)
    trash.restore(Trashed.objects.get())
    assert shown(author_client)
    consent = Consent.objects.create(who="A. B.", shown_as="x", given="2026-01-02", scope="y")
    delete = reverse("admin:publishing_consent_delete", args=[consent.pk])
    author_client.post(delete, {"post": "yes"})
    assert not Consent.objects.exists()
    assert trash.restore(Trashed.objects.get()).who == "A. B."


def test_a_consent_is_put_on_record_from_the_dialog(author_client):
    make = reverse("admin:publishing_consent_make")
    words = {"who": "A. B.", "shown_as": "the writer", "given": "2026-05-03", "scope": "The letter"}
    answer = author_client.post(make, words)
    assert answer.status_code == 201
    assert answer.json() == {"id": Consent.objects.get().pk, "label": "A. B., 2026-05-03"}
    answer = author_client.post(make, words | {"given": "soon", "who": ""})
    assert answer.status_code == 400
    assert "Who gave it" in answer.json()["error"]
    assert Consent.objects.count() == 1
