"""What the first page of the desk says there is to do, and that each line leads to exactly
these."""

import re
import shutil
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from comments.models import Comment, DeskSettings, Status
from comments.moderation import actions
from config import roles
from publishing import backups, disk
from publishing.desk import waiting
from publishing.models import Image, SiteSettings
from publishing.templatetags import pages
from review.models import Chapter, InShort
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PostFactory,
    ReferenceFactory,
    comment,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
LINE = re.compile(r'<li><a href="([^"]+)">(\d+) ([^<]+?) <span')
FIRST = reverse("admin:publishing_first_day")


def lines(client):
    page = client.get(reverse("admin:index")).content.decode()
    return {
        words: (int(number), address.replace("&amp;", "&"))
        for address, number, words in LINE.findall(page)
    }


def shown(client, address):
    context = client.get(address).context
    return context["cl"].result_count if "cl" in context else context["total"]


@pytest.fixture
@made_once
def everything():
    """Two of each thing to do, and one beside it that needs nothing."""
    long_ago, later = date(2019, 5, 3), timezone.now() + timedelta(days=20)
    fine = ChapterFactory(reviewed=timezone.localdate())
    for each in "ab":
        PostFactory(title=f"Draft {each}", state="draft")
        PostFactory(title=f"Later {each}", publish_at=later)
        ChapterFactory(title=f"Building {each}", state="construction")
        ChapterFactory(title=f"Old {each}", first_published=long_ago)
        ReferenceFactory(citekey=f"wanted{each}", reading_state="wanted", doi=f"10.1000/{each}")
        ReferenceFactory(citekey=f"bare{each}", reading_state="read")
        Image.objects.create(
            file=f"images/{each}.png",
            title=each,
            alt="",
            credit="x",
            licence="x",
            width=1,
            height=1,
        )
        comment(fine, status=Status.PENDING, text=f"I want to die {each}")
        comment(fine, status=Status.SPAM, text=f"I want to end my life {each}")
        comment(fine, kind="question", text=f"public question {each}")
        comment(fine, kind="question", status=Status.PENDING, text=f"new question {each}")
        Email.objects.create(
            from_email="a@example.org", to=["b@example.org"], status=STATUS.failed, subject=each
        )
    # Those of this moment may be on their way.
    Email.objects.update(last_updated=timezone.now() - timedelta(days=1))
    Image.objects.create(
        file="images/c.png", title="c", alt="Seen", credit="x", licence="x", width=1, height=1
    )
    actions.spam(comments=[comment(fine, status=Status.PENDING, text="I want to die, buy pills")])


def test_a_line_says_how_many_and_leads_to_these(author_client, everything):
    expected = {
        "perhaps emergencies": 4,
        "to read": 4,
        "questions to answer": 4,
        "mails could not be sent": 2,
        "drafts": 2,
        "scheduled": 2,
        "under construction": 2,
        "to review again": 2,
        "wanted": 2,
        "without DOI, PMID or ISBN": 2,
        "without notes": 2,
        "incomplete figures": 2,
    }
    found = lines(author_client)
    said = {words: found[words][0] for words in expected}
    led_to = {words: shown(author_client, found[words][1]) for words in expected}
    assert said == led_to == expected


def test_who_may_be_in_danger_comes_before_everything(author_client, everything):
    assert next(iter(lines(author_client))) == "perhaps emergencies"


@pytest.mark.parametrize("role", ["Moderator", "Guest writer"])
def test_who_may_only_look_at_a_list_is_not_asked_to_work_on_it(client, everything, role):
    roles.make()
    user = AuthorUserFactory(is_superuser=False)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    found = lines(client)
    assert not {"wanted", "without DOI, PMID or ISBN", "without notes"} & set(found)
    assert ("to read" in found) == (role == "Moderator")


def test_a_moderator_who_may_not_see_mails_is_not_led_to_them(client, everything):
    user = AuthorUserFactory(is_superuser=False)
    client.force_login(user)
    assert "mails could not be sent" not in lines(client)


@pytest.mark.parametrize("value", ["", "none", "x" * 400, "<b>"])
def test_a_filter_nobody_offers_is_no_error(author_client, value):
    assert (
        author_client.get(reverse("admin:review_chapter_changelist"), {"todo": value}).status_code
        == 200
    )


@pytest.mark.parametrize("months", [0, 1, 24, 600, 40_000])
@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_what_is_stale_to_readers_is_stale_at_the_desk(months, offset):
    site = SiteSettings.load()
    site.stale_after_months = min(months, 32_000)
    site.save()
    edge = waiting.months_before(timezone.localdate(), site.stale_after_months)
    if edge > date.min:
        ChapterFactory(first_published=edge + timedelta(days=offset))
        ChapterFactory(first_published=date(1990, 1, 1), reviewed=edge + timedelta(days=offset))
    ChapterFactory(first_published=date(1990, 1, 1), state="construction")
    told = {each.pk for each in Chapter.objects.all() if pages.stale(each, site.stale_after_months)}
    assert {each.pk for each in waiting.stale(Chapter.objects.all())} == told


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2024, 2, 29), 24, date(2022, 2, 28)),
        (date(2026, 5, 3), 0, date(2026, 5, 3)),
    ],
)
def test_a_day_so_many_months_before(day, months, before):
    assert waiting.months_before(day, months) == before


class TestChart:
    def test_it_shows_what_came_and_what_was_answered(self, author_client):
        made = comment(ChapterFactory())
        actions.answer(comment=made, text="Thank you")
        page = author_client.get(reverse("admin:index")).content.decode()
        assert "Comments and your answers" in page
        assert re.search(r'<table class="months">.*?<td>1</td>\s*<td>1</td>', page, re.DOTALL)

    def test_where_nothing_came_there_is_none(self, author_client):
        assert (
            "Comments and your answers"
            not in author_client.get(reverse("admin:index")).content.decode()
        )


class TestFirstDay:
    def desk(self, client):
        return client.get(reverse("admin:index")).content.decode()

    def test_a_new_site_is_told_what_comes_first(self, author_client):
        page = self.desk(author_client)
        assert "The first day" in page
        assert 'href="/admin/publishing/sitesettings/1/change/#id_orcid"' in page
        assert 'href="/admin/review/chapter/add/">Write the first chapter</a>' in page
        assert author_client.get("/admin/publishing/sitesettings/1/change/").status_code in (
            200,
            302,
        )

    def test_what_is_done_ticks_itself_off(self, author_client):
        ChapterFactory()
        assert 'chapter/add/">Write the first chapter</a>' not in self.desk(author_client)
        assert "Write the first chapter" in self.desk(author_client)

    def test_when_all_is_done_it_goes(self, author_client, settings):
        settings.EMAIL_HOST = "127.0.0.1"
        ChapterFactory()
        InShort(
            title="In short", body="<h2>See a doctor at once if…</h2><p>It will not stop.</p>"
        ).save()
        DeskSettings(address="doctor@example.org").save()
        SiteSettings(
            name="Mice", introduction="What", author_name="Anna", author_credentials="MD",
            orcid="0000-0002-1825-0097",
            contact="a@example.org", interests="None", disclaimer="Mine",
            responsible="Anna Puig", postal_address="Vic", registration="123",
            editorial_policy="One reads.",
        ).save()  # fmt: skip
        assert "The first day" not in self.desk(author_client)

    def test_it_can_be_put_away(self, author_client):
        assert author_client.get(FIRST).status_code == 405
        author_client.post(FIRST)
        assert "The first day" not in self.desk(author_client)

    def test_who_may_not_change_the_site_neither_sees_it_nor_puts_it_away(
        self, client, django_user_model
    ):
        client.force_login(django_user_model.objects.create(username="helper", is_staff=True))
        assert "The first day" not in self.desk(client)
        assert client.post(FIRST).status_code == 403
        assert not SiteSettings.load().first_day_over


def test_the_first_page_asks_the_database_little(
    author_client, everything, django_assert_max_num_queries
):
    author_client.get(reverse("admin:index"))
    with django_assert_max_num_queries(64):
        author_client.get(reverse("admin:index"))
    assert Comment.objects.count() == 9


def test_works_that_may_be_one_are_counted_and_their_list_is_one_press_away(author_client):
    for citekey in ("herz1952", "herz1952b"):
        ReferenceFactory(citekey=citekey, title="Herniation of fascial fat", year=1952)
    count, address = lines(author_client)["pair of works that may be one"]
    assert count == 1
    assert "herz1952b" in author_client.get(address).content.decode()


@pytest.mark.parametrize(
    ("free", "said"), [(50 * disk.LOW, "free on the disk"), (disk.LOW // 2, "are left on the disk")]
)
def test_room_on_the_disk_is_told_and_too_little_is_warned_of(
    author_client, monkeypatch, free, said
):
    monkeypatch.setattr(disk, "_free", lambda folder: free)
    page = author_client.get(reverse("admin:index")).content.decode()
    assert said in page
    assert ("Only" in page) == (free < disk.LOW)


def test_she_hears_when_the_last_backup_was_and_when_there_is_none(author_client):
    def page():
        return " ".join(author_client.get(reverse("admin:index")).content.decode().split())

    assert "There is no backup of the site yet" in page()
    backups.remember("backup", timezone.now() - timedelta(days=5))
    assert "There should be one every night" in page()
    backups.remember("backup", timezone.now())
    assert "Last backup:" in page()
    assert "every night" not in page()


def test_the_disk_is_that_of_the_site_even_before_its_folders_are_made(settings, tmp_path):
    settings.MEDIA_ROOT = settings.PRIVATE_ROOT = tmp_path / "not" / "yet"
    assert 0 < disk.left() <= shutil.disk_usage(tmp_path).free * 1.5
