"""Erased is erased, field by field; what is told of somebody is all there is; what is kept goes in
its time, not before."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory
from django.utils import timezone

from comments.commenters import retention
from comments.models import AddressSecret, Comment, Decision, Subscription, Writer
from tests.factories import PostFactory, comment

pytestmark = pytest.mark.django_db

# Where an erased comment stands and what it was in its thread; nothing of it is anybody's.
PLACE = {
    "id", "page_type", "page_id", "parent", "root", "position", "depth", "thread_at", "kind",
    "language", "status",
    "by_author", "created", "decided", "announced", "gloss_language", "settled", "closed",
    "spam_score", "erased",
}  # fmt: skip


@pytest.fixture
def full():
    """A comment with something in every field, and an answer to it."""
    now = timezone.now()
    made = comment(
        PostFactory(), name="Anna Secret", email="anna@example.org", role="patient",
        text="Secret words", status="pending",
        consent_at=now, consent_version="1", form_token="secret-token",
        writer=Writer.objects.create(), edited=now,
        withdrawn=now, draft="secret draft", original_text="secret before", gloss="secret gloss",
        address_hash="5ec2e7",
        spam_reasons=["secret"],
    )  # fmt: skip
    comment(parent=made)
    return made


def test_of_an_erased_comment_nothing_but_its_empty_place_is_left(full):
    retention.erase([full])
    full.refresh_from_db()
    left = {
        field.name: getattr(full, field.name)
        for field in Comment._meta.concrete_fields
        if getattr(full, field.name)
    }
    assert set(left) <= PLACE
    assert full.erased is not None
    assert not Writer.objects.exists()


def test_what_is_about_others_stays_as_it_was(full, author):
    other = comment(full.page, text="Of another", writer=Writer.objects.create())
    kind = ContentType.objects.get_for_model(Comment)
    for each in (full, other):
        Subscription.objects.create(comment=each, language="en")
        values = {
            "object_id": str(each.pk),
            "object_repr": each.text,
            "action_flag": CHANGE,
            "change_message": each.text,
        }
        LogEntry.objects.create(user=author, content_type=kind, **values)
        Decision.objects.create(comment=each, user=author, before={"text": each.text})
    retention.erase([full])
    assert Subscription.objects.get().comment == other
    assert set(LogEntry.objects.values_list("object_repr", "change_message")) == {
        ("–", ""),
        ("Of another", "Of another"),
    }
    assert sorted(map(str, Decision.objects.values_list("before", flat=True))) == [
        "{'text': 'Of another'}",
        "{}",
    ]
    assert Writer.objects.get() == other.writer


def test_somebody_is_told_all_that_is_kept_of_them(full, settings):
    settings.SITE_URL = "https://review.example.org"
    reply = comment(parent=full, name="Berta", email="berta@example.org", text="Me too")
    asked = timezone.now() - timedelta(days=2)
    Subscription.objects.create(comment=reply, language="en", asked=asked, confirmed=asked)
    told = retention.export([full, reply])
    assert set(told) == {"exported", "site", "comments"}
    assert told["site"] == "https://review.example.org"
    first, second = told["comments"]
    kept = {
        "address": f"https://review.example.org/comments/{full.pk}/", "page": full.page.title,
        "in_reply_to": None,
        "name": "Anna Secret", "email": "anna@example.org", "kind": "comment", "role": "patient",
        "language": "en",
        "text": "Secret words", "status": "pending", "urgent": False,
        "text_before_redaction": "secret before",
        "consent_version": "1", "address_hash": "5ec2e7", "spam_score": 0, "replies_by_email": None,
        "decided": None,
        "created": full.created.isoformat(), "edited": full.edited.isoformat(),
        "withdrawn": full.withdrawn.isoformat(), "put_right": None,
        "consent_at": full.consent_at.isoformat(),
    }  # fmt: skip
    assert first == kept
    assert second["in_reply_to"] == first["address"]
    assert second["replies_by_email"] == {
        "asked": asked.isoformat(),
        "confirmed": asked.isoformat(),
    }
    Subscription.objects.update(confirmed=None)
    assert retention.export([reply])["comments"][0]["replies_by_email"] == {
        "asked": asked.isoformat(),
        "confirmed": None,
    }


def test_of_a_page_that_is_gone_it_is_said_so(full):
    full.page.delete()
    full.refresh_from_db()
    assert retention.export([full])["comments"][0]["page"] == "The page is gone."


def aged(made, created, decided=None):
    now = timezone.now()
    Comment.objects.filter(pk=made.pk).update(
        created=now - timedelta(days=created),
        decided=None if decided is None else now - timedelta(days=decided),
    )
    return made


@pytest.mark.parametrize("status", ["spam", "trash"])
def test_days_are_counted_from_the_decision_and_without_one_from_the_writing(status, settings):
    settings.COMMENT_SPAM_DAYS = settings.COMMENT_TRASH_DAYS = 10
    page = PostFactory()
    just_decided = aged(comment(page, status=status), 30, 9)
    just_written = aged(comment(page, status=status), 9)
    aged(comment(page, status=status), 30, 11)
    aged(comment(page, status=status), 11)
    assert retention.purge()[status] == 2
    assert set(Comment.objects.all()) == {just_decided, just_written}


@pytest.mark.parametrize("status", ["spam", "trash"])
def test_an_empty_place_is_not_emptied_again(status):
    first = aged(comment(PostFactory(), status=status), 400, 400)
    comment(parent=first)
    assert retention.purge()[status] == 1
    assert retention.purge()[status] == 0


def test_what_has_gone_already_is_not_counted_again():
    made = comment(
        PostFactory(), address_hash="5ec2e7", original_text="before", email="anna@example.org"
    )
    aged(made, 4000, 4000)
    names = ("address hashes", "originals of redacted comments", "unconfirmed e-mail addresses")
    assert [retention.purge()[name] for name in names] == [1, 0, 0]
    made.refresh_from_db()
    assert (made.address_hash, made.original_text, made.email) == ("", "", "")
    assert [retention.purge()[name] for name in names] == [0, 0, 0]


def test_an_address_just_given_is_kept_on_an_old_comment(settings):
    settings.COMMENT_EMAIL_DAYS = 30
    page = PostFactory()
    mine = aged(comment(page, email="author@example.org", by_author=True), 400)
    asked = aged(comment(page, email="anna@example.org"), 29)
    Subscription.objects.create(
        comment=asked, language="en", asked=timezone.now() - timedelta(days=29)
    )
    assert retention.purge()["unconfirmed e-mail addresses"] == 0
    assert Subscription.objects.get().comment == asked
    mine.refresh_from_db()
    assert mine.email == "author@example.org"


def mark(address):
    return retention.address_hash(RequestFactory().get("/", REMOTE_ADDR=address))


def test_a_week_has_one_secret_from_its_monday_on():
    assert mark("203.0.113.7") == mark("203.0.113.7")
    day, today = AddressSecret.objects.get().day, timezone.localdate()
    assert day.weekday() == 0
    assert timedelta(0) <= today - day < timedelta(days=7)


def test_the_half_that_names_the_household_makes_the_mark():
    assert mark("2001:db8:1:2::1") == mark("2001:db8:1:2:8000::1")
    assert mark("2001:db8:1:2::1") != mark("2001:db8:1:3::1")


def test_a_request_without_an_address_has_no_mark():
    request = RequestFactory().get("/")
    del request.META["REMOTE_ADDR"]
    assert retention.address_hash(request) == ""
