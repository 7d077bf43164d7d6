"""What a chapter tells its reader about itself and where to go on."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from publishing import tasks
from publishing.models import SiteSettings
from review.models import Chapter
from tests.factories import ChapterFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("what it asks for, the tests of the tree ask for too"),
]


def page(client, chapter):
    return client.get(chapter.get_absolute_url()).content.decode()


def months_ago(number):
    return timezone.localdate() - timedelta(days=31 * number)


def test_it_says_how_long_it_takes_to_read(client):
    assert "3 minutes to read" in page(client, ChapterFactory(body=f"<p>{'word ' * 660}</p>"))
    assert "1 minute to read" in page(client, ChapterFactory(body="<p>Short.</p>"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reviewed": months_ago(30)}, "Last reviewed more than 24 months ago"),
        ({"reviewed": months_ago(20)}, ""),
        ({"first_published": months_ago(30)}, "not reviewed since"),
        ({"first_published": months_ago(20)}, ""),
        ({"reviewed": months_ago(30), "state": "construction"}, ""),
    ],
)
def test_a_chapter_long_unreviewed_says_so(client, fields, said):
    html = page(
        client,
        ChapterFactory(**{"body": "<p>x</p>", "first_published": date(2015, 1, 1), **fields}),
    )
    assert ('class="stale"' in html) == bool(said)
    assert said in html


def test_the_author_sets_the_age_and_may_turn_it_off(client):
    chapter = ChapterFactory(
        body="<p>x</p>", first_published=date(2015, 1, 1), reviewed=months_ago(8)
    )
    SiteSettings(stale_after_months=6).save()
    assert "Last reviewed more than 6 months ago" in page(client, chapter)
    SiteSettings(stale_after_months=0).save()
    assert 'class="stale"' not in page(client, chapter)


def test_it_names_what_is_not_finished_further_down(client):
    top = ChapterFactory(title="Top", body="<p>x</p>")
    sub = ChapterFactory(title="Sub", parent=top, state="planned")
    ChapterFactory(title="Deep plan", parent=sub, state="planned")
    ChapterFactory(title="Deep work", parent=sub, state="construction")
    ChapterFactory(title="Deep done", parent=sub)
    html = page(client, top).partition("Not finished further down:")[2].partition("</p>")[0]
    text = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "1.1.1 Deep plan (planned), 1.1.2 Deep work (under construction)." in text
    assert "Deep done" not in text


def test_read_next_passes_over_what_is_not_written(client):
    first = ChapterFactory(title="First", body="<p>x</p>")
    ChapterFactory(title="Empty", state="planned")
    ChapterFactory(title="Written", body="<p>x</p>", summary="In short.")
    turn = page(client, first).partition('class="turn"')[2]
    assert turn.count('rel="next"') == 1
    assert "Written" in turn
    assert "In short." in turn
    last = page(client, ChapterFactory(title="Last", body="<p>x</p>"))
    assert 'rel="next"' not in last


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite counts its steps")
def test_which_chapters_are_public_is_not_asked_of_each_among_all():
    first = ChapterFactory(title="First", body="")
    fields = [each.attname for each in Chapter._meta.concrete_fields if each.attname != "id"]
    values = {name: getattr(first, name) for name in fields}

    def steps(start, stop):
        Chapter.objects.bulk_create(
            Chapter(**values | {"slug": f"c{n}", "path": f"c{n}", "order": f"b-main/{n:04}/"})
            for n in range(start, stop)
        )
        counted = []
        connection.connection.set_progress_handler(lambda: counted.append(1), 100)
        try:
            assert Chapter.objects.published().count() == stop
        finally:
            connection.connection.set_progress_handler(None, 0)
        return len(counted)

    a_hundred = steps(1, 100)
    assert steps(100, 200) < 3 * a_hundred


def test_how_a_chapter_is_cited_follows_the_first_name_of_the_site_unless_it_is_the_usual(
    django_capture_on_commit_callbacks, monkeypatch
):
    chapter, asked = ChapterFactory(title="Anatomy"), []
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "enqueue", lambda name, *args: asked.append(name))
        SiteSettings(tagline="of lumps").save()
        assert asked == []
        SiteSettings(name="Lumps").save()
        assert asked == ["publishing.site_named"]
    SiteSettings.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        SiteSettings(name="Nodules").save()
    assert "Nodules" in Chapter.objects.get(pk=chapter.pk).cited_as["apa"]
