"""A reader names a work that is missing: told at once what is known, else judged and answered."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from comments import captcha
from comments.commenters import links, retention
from comments.models import Subscription, Writer
from comments.nominating import people
from comments.nominating.forms import NominationStamp
from publishing.mailing import outbox
from references.models import ExclusionReason, Hit, Methods, Nomination, SearchRun
from references.nominating import reading, settling
from references.screening import boxes, deciding, flow, record
from tests.comments.forms import answer_to
from tests.factories import PostFactory, ReferenceFactory, comment
from tests.references import lookup_server

pytestmark = pytest.mark.django_db
FORM = reverse("nominate")


@pytest.fixture
def server(settings):
    with lookup_server.running() as server:
        settings.CROSSREF_URL = settings.EUTILS_URL = server.url
        settings.LOOKUP_TIMEOUT, settings.LOOKUP_ALLOW_LOOPBACK = 30, True
        yield server


def sends(client, work="10.1000/nodule.1", prefix="", **changes):
    stamp = NominationStamp(None)
    _key, value = captcha.ask(stamp.token)
    values = {"work": work, "why": "", "email": "", "stamp": stamp.value, "subject": ""}
    values |= {"captcha_0": value, "captcha_1": answer_to(value)} | changes
    return client.post(prefix + FORM, values).content.decode()


def decide(hit, verdict, reason=None):
    return deciding.decide(hit=hit.pk, stage="full text", verdict=verdict, user=None, reason=reason)


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("https://doi.org/10.1136/ARD.11.1.30", "doi", "10.1136/ard.11.1.30"),
        ("Herz, Ann Rheum Dis, doi: 10.1136/ard.11.1.30", "doi", "10.1136/ard.11.1.30"),
        ("PMID: 14895157", "pmid", "14895157"),
        ("https://pubmed.ncbi.nlm.nih.gov/14895157/", "pmid", "14895157"),
        ("14895157", "pmid", "14895157"),
        ("https://example.org/14895157", "url", "https://example.org/14895157"),
        ("Herniation of fat, 1952", "doi", ""),
    ],
)
def test_what_is_typed_is_understood(typed, kind, number):
    found = reading.record_of(typed)
    assert getattr(found, kind) == number
    assert found.title == ("" if kind in ("doi", "pmid") and number else typed)


def test_what_is_here_was_left_out_or_waits_is_said_at_once_and_nothing_is_kept(client):
    here = ReferenceFactory(doi="10.1000/here", title="Nodules over the sacrum and their pain")
    html = sends(client, "https://doi.org/10.1000/HERE")
    assert ("It is here already" in html, here.get_absolute_url() in html) == (True, True)
    reason = ExclusionReason.objects.create(number=1, name="not in humans", name_es="no en humanos")
    run = SearchRun.objects.create(source="LILACS", on=timezone.localdate(), method="website")
    old = settling.deduplicating.compared(run, [("a", reading.record_of("10.1000/out"))])
    settling.deduplicating.write(old)
    assert "waits to be read" in sends(client, "10.1000/out")
    decide(old.hits[0], "exclude", reason)
    assert "no en humanos" in sends(client, "10.1000/out", prefix="/es")
    assert not Nomination.objects.exists()
    # What is only alike is asked about, and sent if it is another one.
    ReferenceFactory(title="Episacroiliac lipoma")
    for title in (here.title, "episacroiliac lipoma"):
        html = sends(client, title, why="Mine.")
        assert ("Is it this one" in html, "Mine." in html) == (True, True)
    assert "Thank you" in sends(client, here.title, sure="1")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"work": " "}, "Say which work it is"),
        ({"work": "x" * 501}, "500"),
        ({"email": "anna@"}, "not a complete e-mail address"),
        ({"captcha_1": "x"}, "not the digits"),
        ({"subject": "cheap pills"}, "hidden field"),
        ({"stamp": "old"}, "more than a day"),
    ],
)
def test_what_is_missing_is_said_with_all_that_was_typed(client, changes, said):
    html = sends(client, **{"why": "It is the first one."} | changes)
    assert said in html
    assert "It is the first one." in html
    assert not Nomination.objects.exists()


def test_it_becomes_a_report_of_the_other_methods_and_is_answered_in_their_language(
    client, server, author_client
):
    html = sends(client, why="Private words", email="Anna@Example.org", prefix="/ca")
    assert "Gràcies" in html
    hit = Hit.objects.get()
    assert (hit.title, hit.stage) == ("Nodules of the sacral fat & pain: A small series", "sought")
    found = boxes.flow()
    assert found.others.identified == {"contacts": 1}
    assert flow.gaps(found) == []
    card = author_client.get(f"{reverse('admin:references_screening')}?stage=text")
    assert "Private words" in card.content.decode()
    assert "example.org" not in card.content.decode()
    # Somebody else names it too: no second record.
    assert "been found already" in sends(client)
    reason = ExclusionReason.objects.create(number=1, name="letter", name_ca="és una carta")
    decide(hit, "exclude", reason)
    mail = Email.objects.get()
    assert (mail.to, "és una carta" in mail.message) == (["anna@example.org"], True)
    assert "Private words" not in mail.message
    # It waits an hour, so that undoing takes it back; then the next decision is told.
    assert outbox.deliver().sent == 0
    deciding.undo(user=None)
    assert not Email.objects.exists()
    decide(hit, "include")
    assert flow.gaps(boxes.flow()) == []
    Email.objects.update(scheduled_time=None)
    assert outbox.deliver().sent == 1
    assert Hit.objects.get().reference.get_absolute_url() in Email.objects.get().message
    assert record.refresh().kept["nominations"] == {"count": 1, "included": 1}
    # The day after, address and words are gone.
    retention.purge()
    assert Nomination.objects.get().email == "anna@example.org"
    Nomination.objects.update(answered=timezone.now() - timedelta(days=2))
    retention.purge()
    row = Nomination.objects.get()
    assert (row.email, row.why, row.work) == ("", "", "10.1000/nodule.1")


def test_what_is_found_out_later_to_be_here_is_answered_at_once(client, server):
    here = ReferenceFactory(
        title="Nodules of the sacral fat and pain", doi="10.1000/nodule.1", year=1998
    )
    Nomination.objects.create(work="10.1000/nodule.1", email="b@example.org", language="en",
                              token="a")  # fmt: skip
    settling.go_on()
    assert here.get_absolute_url() in Email.objects.get().message
    assert not Hit.objects.exists()
    assert settling.waiting().count() == 0


def test_while_nobody_can_be_asked_it_waits_and_then_what_was_typed_must_do(client, server):
    server.special["10.1000/nodule.1"] = lookup_server.status(503)
    sends(client)
    assert (Nomination.objects.get().hit, Hit.objects.count()) == (None, 0)
    Nomination.objects.update(created=timezone.now() - timedelta(days=2))
    settling.go_on()
    settling.settle(Nomination.objects.get().pk)  # another worker
    assert Hit.objects.get().title == "doi:10.1000/nodule.1"


def test_nonsense_is_taken_away_with_its_record(client, author_client):
    sends(client, "cheap pills, best price of all")
    sends(client, "A true title of a work that is decided on")
    kept = Hit.objects.get(title__startswith="A true")
    decide(kept, "exclude", ExclusionReason.objects.create(number=1, name="letter"))
    # What was judged is public as data, without a word of who named it.
    Methods.objects.update_or_create(pk=1, defaults={"public": True})
    record.refresh()
    told = client.get(reverse("references:decisions")).getvalue().decode()
    assert ("letter" in told, "A true title" in told) == (True, False)
    page = reverse("admin:references_nomination_changelist")
    assert "cheap pills" in author_client.get(page).content.decode()
    rows = list(Nomination.objects.values_list("pk", flat=True))
    data = {"action": "delete_selected", "_selected_action": rows, "post": "yes"}
    author_client.post(page, data)
    assert (Nomination.objects.count(), Hit.objects.get()) == (0, kept)


def test_a_person_sees_takes_along_and_erases_what_they_named(client):
    writer = Writer.objects.create()
    said = comment(PostFactory(), writer=writer, email="anna@example.org")
    sends(client, "A work about lumps that nobody knows", why="Mine.", email="anna@example.org")
    assert not people.known_to_be(writer).exists()  # anybody may type an address
    Subscription.objects.create(comment=said, language="en", confirmed=timezone.now())
    client.post(links.link(writer))
    assert "A work about lumps" in client.get("/comments/mine/").content.decode()
    told = json.loads(client.post("/comments/mine/comments.json").content)
    assert told["nominations"][0]["why"] == "Mine."
    old = Nomination.objects.get()
    retention.erase_email("anna@example.org")
    assert not Nomination.objects.exists()
    old.save(force_insert=True)  # a backup brings it back
    Nomination.objects.update(created=timezone.now() - timedelta(days=1))
    retention.erase_again()
    assert not Nomination.objects.exists()
