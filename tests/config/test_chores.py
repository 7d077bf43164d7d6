"""`run_tasks`: what it does, that it does it once, and that one chore gone wrong leaves the others
done."""

from datetime import timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from captcha.models import CaptchaStore
from django.core import mail as outbox_of
from django.core.management import CommandError, call_command
from django.utils import timezone
from post_office.models import Email

from blog.models import Post
from comments.models import DeskSettings, Status, TaskLock
from config import chores
from publishing import search
from publishing.desk import drafts, trash
from publishing.mailing import outbox
from publishing.models import EditingDraft, Trashed
from references.models import Reference
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db


def run():
    said = StringIO()
    call_command("run_tasks", stdout=said)
    return said.getvalue()


def last_run(when):
    TaskLock.objects.update_or_create(name=chores.NAME, defaults={"until": when, "last_run": when})


def test_with_nothing_to_do_it_says_so():
    assert run() == "Nothing to do.\n"
    assert run() == "Nothing to do.\n"


def test_mail_is_sent_the_digest_with_it():
    DeskSettings(notify="hourly", address="doctor@example.org").save()
    comment(PostFactory(), status=Status.PENDING)
    outbox.send("waiting", "reader@example.org", "en", {"items": [], "new": 0, "waiting": 0})
    said = run()
    assert "digest: 1 comments put in one mail" in said
    assert "mail: 2 sent" in said
    assert {each.to[0] for each in outbox_of.outbox} == {"doctor@example.org", "reader@example.org"}
    assert run() == "Nothing to do.\n"
    assert len(outbox_of.outbox) == 2


def test_expired_challenges_go_once_a_day():
    CaptchaStore.objects.create(
        challenge="1+1", response="2", hashkey="x", expiration=timezone.now() - timedelta(days=1)
    )
    assert "captchas" in run()
    assert not CaptchaStore.objects.exists()
    assert run() == "Nothing to do.\n"
    last_run(timezone.now() - timedelta(days=1))
    CaptchaStore.objects.create(
        challenge="1+1", response="2", hashkey="y", expiration=timezone.now() - timedelta(days=1)
    )
    assert "captchas" in run()


def test_once_a_day_the_desk_forgets_old_drafts_and_empties_the_trash(author, settings):
    long_ago = timezone.now() - timedelta(days=max(settings.DRAFT_DAYS, settings.TRASH_DAYS) + 1)
    drafts.keep(user=author, model=Post, object_id=None, key="k", base="", fields={"title": ["x"]})
    trash.put(PostFactory())
    EditingDraft.objects.update(saved=long_ago)
    Trashed.objects.update(at=long_ago)
    assert "desk: 1 drafts, 1 things in the trash" in run()
    assert not EditingDraft.objects.exists()
    assert not Trashed.objects.exists()


def test_a_page_whose_moment_has_come_is_published_once():
    page = PostFactory(title="Nodules at last", publish_at=timezone.now() + timedelta(hours=1))
    last_run(timezone.now() - timedelta(minutes=5))
    assert "publish" not in run()
    # PostgreSQL's now is that of the test's beginning.
    type(page).objects.filter(pk=page.pk).update(publish_at=timezone.now() - timedelta(minutes=2))
    worked_on = type(page).objects.get(pk=page.pk).updated
    last_run(timezone.now() - timedelta(minutes=5))
    assert "publish: 1 published" in run()
    assert type(page).objects.get(pk=page.pk).updated == worked_on
    assert [entry.title for entry in search.find("nodules")[0]] == ["Nodules at last"]
    assert "publish" not in run()


def test_drafts_stay_drafts():
    ChapterFactory(state="draft", publish_at=timezone.now() - timedelta(minutes=1))
    assert "publish" not in run()


def test_a_second_run_meanwhile_does_nothing(monkeypatch):
    said = []
    monkeypatch.setitem(chores.CHORES, "mail", lambda since, now: said.append(run()) or "")
    run()
    assert said == ["Another run is at it; nothing done.\n"]


def test_a_run_that_died_holds_nobody_up_for_ever():
    TaskLock.objects.create(name=chores.NAME, until=timezone.now() + timedelta(minutes=1))
    assert "Another run" in run()
    TaskLock.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert run() == "Nothing to do.\n"


def test_one_chore_gone_wrong_is_told_and_the_others_are_done(monkeypatch):
    def fails(since, now):
        raise ValueError("no such thing")

    monkeypatch.setitem(chores.CHORES, "publish", fails)
    outbox.send("waiting", "reader@example.org", "en", {"items": [], "new": 0, "waiting": 0})
    with pytest.raises(CommandError, match="publish: ValueError: no such thing"):
        run()
    assert len(outbox_of.outbox) == 1
    assert TaskLock.objects.get().last_run is None, (
        "what failed is tried again from the same moment"
    )
    monkeypatch.undo()
    assert run() == "Nothing to do.\n"


class TestAClockThatRanAhead:
    """It is put right again; nothing waits until the year it showed."""

    @pytest.fixture(autouse=True)
    def ran_ahead(self, monkeypatch):
        DeskSettings(notify="hourly", address="doctor@example.org").save()
        now = timezone.now
        with monkeypatch.context() as patch:
            patch.setattr(timezone, "now", lambda: now() + timedelta(days=1500))
            run()
            outbox.send(
                "waiting", "reader@example.org", "en", {"items": [], "new": 0, "waiting": 0}
            )
            outbox._claim(Email.objects.get().pk)  # and was killed while it sent it
            chores._take_turn()  # and this run too
        outbox_of.outbox.clear()

    def test_the_next_run_takes_its_turn_and_sends_the_mail(self):
        assert "mail: 1 sent" in run()

    def test_a_page_whose_moment_comes_is_published(self):
        page = PostFactory(title="Nodules at last")
        type(page).objects.filter(pk=page.pk).update(
            publish_at=timezone.now() - timedelta(seconds=1)
        )
        assert "publish: 1 published" in run()
        assert TaskLock.objects.get().last_run <= timezone.now()

    def test_the_author_is_told_what_is_new(self):
        comment(PostFactory(), status=Status.PENDING)
        assert "digest: 1 comments" in run()

    def test_wrong_guesses_of_then_lock_nobody_out(self):
        guesses = AccessAttempt.objects.create(username="author", failures_since_start=9)
        AccessAttempt.objects.filter(pk=guesses.pk).update(
            attempt_time=timezone.now() + timedelta(days=1500)
        )
        assert "locks: 1 opened" in run()
        assert not AccessAttempt.objects.exists()


def test_where_no_worker_stands_by_it_works_off_the_queue(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    assert not search.refresh(), "a new site has no rows that could be old"
    work = ReferenceFactory()
    work.refresh()
    assert Reference.objects.get().citations_due
    said = run()
    assert "tasks: 1 done" in said
    work.refresh_from_db()
    assert not work.citations_due
