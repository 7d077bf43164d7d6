"""Following by mail: confirmed by a button, told once a month at most, ended by one press."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from comments import captcha
from comments.commenters import bounced, retention
from comments.following import people
from comments.following.forms import TopicStamp
from comments.models import Subscription, Writer
from config.backup import since
from publishing.following import digest
from publishing.models import Digest, Follower, SiteSettings
from review.versions.freezing import publish_chapter
from tests.comments.forms import answer_to
from tests.factories import ChapterFactory, PostFactory, comment

pytestmark = pytest.mark.django_db
LATER = timedelta(days=31)


@pytest.fixture
def chapter():
    return ChapterFactory(title="Fat", body="<p>Fat herniates.</p>")


def filled(key, **changes):
    stamp = TopicStamp(key)
    _key, value = captcha.ask(stamp.token)
    values = {"email": "Anna@Example.org", "consent": "on", "stamp": stamp.value, "subject": ""}
    return values | {"captcha_0": value, "captcha_1": answer_to(value)} | changes


def asks(client, key="review", **changes):
    return client.post(reverse("comments:follow", args=[key]), filled(key, **changes))


def follower(key="review", email="anna@example.org", **fields):
    values = {"language": "en", "wording": "I agree.", "confirmed": timezone.now()} | fields
    return Follower.objects.create(email=email, topic=key, **values)


def version(chapter, **told):
    values = {"kind": "studies", "what_changed": "Two studies more.", "what_to_do": "No."} | told
    return publish_chapter(chapter=chapter, **values)


def links_in(text):
    return re.findall(r"https?://\S+", text)


def path(address):
    return "/" + address.split("/", 3)[3]


# Asking


def test_it_begins_with_a_button_behind_a_mail_and_never_with_a_look(client, chapter):
    key = f"review.chapter/{chapter.pk}"
    page = client.get(chapter.get_absolute_url()).content.decode()
    assert reverse("comments:follow", args=[key]) in page
    form = client.get(reverse("comments:follow", args=[key])).content.decode()
    assert not re.search(r'name="consent"[^>]* checked', form)
    assert "mailbox" in asks(client, key).content.decode()
    row = Follower.objects.get()
    assert (row.email, row.confirmed) == ("anna@example.org", None)
    assert "once a month at most" in row.wording
    [link] = [each for each in links_in(Email.objects.get().message) if "confirm" in each]
    client.get(path(link))
    assert Follower.objects.get().confirmed is None
    client.post(path(link))
    assert Follower.objects.get().confirmed is not None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"consent": ""}, "only if you agree"),
        ({"email": "anna@"}, "not a complete e-mail address"),
        ({"email": ""}, "Without an e-mail address"),
        ({"captcha_1": "x"}, "not the digits"),
        ({"subject": "cheap pills"}, "hidden field"),
        ({"stamp": "old"}, "more than a day"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(client, changes, said):
    answer = asks(client, **changes).content.decode()
    assert said in answer
    assert not Follower.objects.exists()
    assert not Email.objects.exists()


def test_a_mailbox_is_not_flooded_by_others(client, settings):
    settings.LIMITS = settings.LIMITS | {"followings": [("mailbox", 2, 3600)]}
    answers = [asks(client).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert Email.objects.count() == 2
    assert Follower.objects.count() == 1


def test_what_nobody_may_see_nobody_can_follow(client):
    draft = ChapterFactory(state="draft")
    for key in (f"review.chapter/{draft.pk}", "review.chapter/x", "nothing", "auth.user/1"):
        assert client.get(f"/comments/new/following/{key}/").status_code == 404


# The digest


def test_a_digest_waits_for_her_and_then_tells_each_once(client, chapter, author_client):
    other = ChapterFactory(title="Nerves", body="<p>Nerves.</p>")
    follower()
    follower(f"review.chapter/{chapter.pk}")
    follower("blog", email="bert@example.org")
    follower(f"review.chapter/{other.pk}", email="carla@example.org")
    follower("review", email="dora@example.org", confirmed=None)
    follower("review", email="eva@example.org", language="es")
    assert digest.make() is None  # nothing changed yet
    version(chapter)
    PostFactory(title="A post", first_published=timezone.localdate() + timedelta(days=1))
    found = digest.make(timezone.now() + LATER)
    assert digest.make(timezone.now() + LATER) is None
    assert not Email.objects.exists()
    address = reverse("admin:publishing_digest_send", args=[found.pk])
    page = author_client.get(address).content.decode()
    assert "Two studies more." in page
    assert f"{SiteSettings.load().name}: what is new" in page
    assert f"{settings.SITE_URL}{chapter.get_absolute_url()}" in page
    assert "example.org" not in page.replace("testserver", "")
    author_client.post(address, {"send": "1", "line": "A quiet month."})
    author_client.post(address, {"send": "1", "line": "Again."})
    found.refresh_from_db()
    assert (found.state, found.mails) == ("gone", 3)
    mails = {mail.to[0]: mail for mail in Email.objects.all()}
    assert set(mails) == {"anna@example.org", "bert@example.org", "eva@example.org"}
    assert "La revisión" in mails["eva@example.org"].message
    hers = mails["anna@example.org"]
    assert hers.message.count("Two studies more.") == 1
    assert hers.message.index("A quiet month.") < hers.message.index("Two studies more.")
    assert "Does it change what you should do? No." in hers.message
    assert "A post" in mails["bert@example.org"].message
    assert hers.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_killed_in_the_middle_it_goes_on_and_tells_nobody_twice(chapter, monkeypatch):
    for name in ("a", "b", "c"):
        follower(email=f"{name}@example.org")
    version(chapter)
    found = digest.make(timezone.now() + LATER)
    send, sent = digest.outbox.send, []

    def dies(template, to, *args):
        if len(sent) == 1:
            raise RuntimeError("killed")
        sent.append(to)
        return send(template, to, *args)

    Digest.objects.update(state="going")
    with monkeypatch.context() as patched:
        patched.setattr(digest.outbox, "send", dies)
        with pytest.raises(RuntimeError):
            digest.step(found.pk)
    assert digest.go_on() == 1
    assert sorted(mail.to[0] for mail in Email.objects.all()) == [
        "a@example.org", "b@example.org", "c@example.org",
    ]  # fmt: skip
    # A month later nothing is new, and the month after only what came since.
    assert digest.make(timezone.now() + 3 * LATER) is None


def test_nothing_is_told_before_a_month_is_over_nor_of_wording(chapter):
    follower()
    version(chapter)
    first = digest.make()
    digest.leave_out(digest=first)
    chapter.title = "Fat and fascia"
    chapter.save()
    version(chapter, kind="wording")
    assert digest.make(timezone.now() + LATER) is None
    chapter.body = "<p>Fat seldom herniates.</p>"
    chapter.save()
    version(chapter, kind="conclusions")
    assert digest.make(timezone.now() + timedelta(days=20)) is None
    assert digest.make(timezone.now() + LATER) is not None


# Its end


def test_one_press_without_a_cookie_ends_all_and_a_look_ends_nothing(client, chapter):
    row = follower()
    follower("blog")
    address = reverse("comments:follow-end", args=[row.key])
    client.get(address)
    assert Follower.objects.count() == 2
    strict = type(client)(enforce_csrf_checks=True)
    answer = strict.post(address, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, Follower.objects.count()) == (200, 0)
    assert client.get(address).status_code == 200


def test_ones_own_page_shows_and_gives_what_is_kept(client):
    row = follower()
    follower("blog")
    own = reverse("comments:following")
    assert client.get(own).status_code == 403
    opened = client.post(reverse("comments:follow-key", args=[row.key]))
    assert (opened.status_code, opened["Location"]) == (302, own)
    assert "I agree." in client.get(own).content.decode()
    kept = client.post(own, {"do": "export"}).json()["following"]
    assert {each["follows"] for each in kept} == {"review", "blog"}
    client.post(own, {"do": "end", "row": row.pk})
    assert Follower.objects.get().topic == "blog"
    client.post(own, {"do": "end all"})
    assert not Follower.objects.exists()


def test_only_who_has_shown_that_the_mailbox_is_theirs_sees_it_as_a_commenter():
    row = follower()
    writer = Writer.objects.create()
    said = comment(ChapterFactory(), writer=writer, email="anna@example.org")
    asked = Subscription.objects.create(comment=said, language="en")
    assert not people.known_to_be(writer).exists()
    asked.confirmed = timezone.now()
    asked.save()
    assert people.known_to_be(writer).get() == row
    assert retention.export([said], people.known_to_be(writer))["following"][0]["follows"]


def test_erased_bounced_and_unconfirmed_are_gone(settings):
    follower()
    retention.erase_email("ANNA@example.org")
    assert not Follower.objects.exists()
    follower(agreed=timezone.now() - timedelta(days=1))  # brought back by a backup
    retention.erase_again()
    assert not Follower.objects.exists()
    old = timezone.now() - timedelta(days=settings.COMMENT_EMAIL_DAYS + 1)
    follower("blog", email="b@example.org", confirmed=None, agreed=old)
    assert retention.purge()["followers nobody confirmed"] == 1
    follower(email="c@example.org")
    mail = Email.objects.create(from_email="x@example.org", to=["C@example.org"])
    assert bounced.end(mail, "550 nobody") == 1
    assert not Follower.objects.exists()


def test_who_ended_it_since_a_backup_stays_ended_and_who_was_told_told():
    stays, ends = follower(), follower("blog", email="b@example.org")
    Follower.objects.filter(pk=stays.pk).update(told=timezone.now())
    ended = Follower.objects.filter(pk=ends.pk)
    kept = Follower(**ended.values()[0])
    ended.delete()
    told = since.gather()
    kept.save(force_insert=True)  # the backup brings it back
    Follower.objects.filter(pk=stays.pk).update(told=None)
    assert since.repeat(told)["followers who ended it"] == 1
    assert Follower.objects.get().told is not None


def test_a_link_cut_on_its_way_says_so_and_leads_on(client):
    for address in ("/comments/mine/following/cut/", "/comments/mine/cut/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "This link does not work any more" in answer.text
        assert "To the first page" in answer.text


def test_what_is_missing_is_listed_in_the_order_of_the_form(client):
    answer = asks(client, email="", consent="", captcha_1="").text
    assert "<title>3 things to put right: Follow by mail" in " ".join(answer.split())
    listed = re.findall(r'<li><a href="#([^"]+)', answer.partition('role="alert"')[2])
    assert [each.removeprefix("id_") for each in listed[:3]] == ["email", "consent", "captcha_1"]
