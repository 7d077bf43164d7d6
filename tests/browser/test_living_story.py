"""A living review, once through: a search finds, she screens on her phone, readers see how it was
searched; a study is retracted, she answers, publishes a version, and a follower hears of it."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from publishing.following import digest
from publishing.mailing import outbox
from publishing.models import Follower, PublishedVersion
from references.models import ExclusionReason, Hit, Reference, WorkNotice
from references.searching import asking
from tests.comments.smtp_server import smtp_server
from tests.factories import AuthorUserFactory, ChapterFactory
from tests.references import lookup_server
from tests.references.searching.server import Sources, work

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.once("a story of many screens; each of its steps is tried on both databases"),
]
HITS = 12
RETRACTION = {
    "DOI": "10.1000/notice", "type": "retraction", "source": "publisher",
    "updated": {"date-parts": [[2026, 11, 3]]},
}  # fmt: skip


@pytest.fixture
def services(settings, monkeypatch):
    """PubMed and Crossref on this machine; `retracted` are the DOIs Crossref has a notice of."""
    monkeypatch.setattr(asking, "PAUSES", dict.fromkeys(asking.PAUSES, timedelta(0)))
    settings.LOOKUP_ALLOW_LOOPBACK = True
    with lookup_server.running() as server:
        settings.CROSSREF_URL = settings.EUTILS_URL = server.url
        Sources(pubmed=range(HITS)).put(server)
        server.retracted = set()
        server.special["works"] = lambda handler: _notices(server, handler)
        yield server


def _notices(server, handler):
    asked = parse_qs(urlsplit(handler.path).query)["filter"][0].split(",")
    dois = [each.removeprefix("doi:") for each in asked]
    items = [
        {"DOI": doi, "updated-by": [RETRACTION] if doi in server.retracted else []} for doi in dois
    ]
    handler.say(json.dumps({"message": {"items": items}}).encode())


@pytest.fixture
def author():
    user = AuthorUserFactory(username="author")
    user.set_password("a long enough password")
    user.save()
    ExclusionReason.objects.create(number=1, name="another population")


def log_in(page):
    page.goto(reverse("admin:index"))
    page.fill("[name=username]", "author")
    page.fill("[name=password]", "a long enough password")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def save(page, name="_save"):
    with page.expect_navigation():
        page.locator(f"[name={name}]").first.click()


def test_a_review_lives(page, phone, new_page, services, author, settings):
    log_in(page)
    searches(page)
    log_in(phone)
    screens(phone)
    shows_how_it_was_searched(page)
    reader = new_page()
    reader.goto(reverse("references:methods"))
    for words in ("screened by one person", "Records excluded", "PubMed"):
        expect(reader.locator("main")).to_contain_text(words)

    cited = Reference.objects.get(doi=work(0)["doi"])
    chapter = ChapterFactory(
        title="Nodules",
        body=f'<p>Three patients had nodules <span class="cite" data-cite="{cited.citekey}">'
        "[x]</span>.</p>",
    )
    services.retracted.add(cited.doi)
    answers(page, phone)
    reader.goto(chapter.get_absolute_url())
    expect(reader.locator("main")).to_contain_text("Retracted")
    expect(reader.locator("main")).to_contain_text("What rests on it here is under review")

    publishes(page, chapter)
    follower_hears(page, settings)
    version = PublishedVersion.objects.get()
    reader.goto(f"{chapter.get_absolute_url()}v/{version.number}/")
    expect(reader.locator("main")).to_contain_text("Three patients had nodules")
    expect(reader.locator("main")).to_contain_text("under review")


def searches(page):
    page.goto(reverse("admin:references_savedsearch_add"))
    page.fill("[name=name]", "Nodules")
    page.fill("[name=pubmed]", "nodules")
    for other in ("europepmc", "crossref"):
        page.fill(f"[name={other}]", "")
    save(page, "_run")
    assert Hit.objects.count() == HITS


def screens(phone):
    """By thumb: two are in, ten are not."""
    phone.goto(reverse("admin:references_screening"))
    for left in range(HITS, 0, -1):
        expect(phone.locator(".left")).to_contain_text(str(left))
        name = "include" if left > HITS - 2 else "exclude-1"
        phone.locator(f".card button[value={name}]").tap()
    expect(phone.get_by_text("Nothing is left to screen here.")).to_be_visible()
    phone.goto(reverse("admin:references_screening") + "?stage=text")
    for left in (2, 1):
        expect(phone.locator(".left")).to_contain_text(str(left))
        phone.locator(".card button[value=include]").tap()
    expect(phone.get_by_text("Nothing is left to screen here.")).to_be_visible()
    assert Reference.objects.count() == 2


def shows_how_it_was_searched(page):
    page.goto(reverse("admin:references_methods_changelist"))
    page.locator("[name=criteria]").fill("Adults with nodules over the sacrum.")
    page.locator("[name=public]").check()
    save(page)


def answers(page, phone):
    """A round through the library brings the notice; she answers on her phone."""
    page.goto(reverse("admin:references_notices"))
    with page.expect_navigation():
        page.get_by_role("button", name="Ask now").click()
    notice = WorkNotice.objects.get()
    phone.goto(reverse("admin:references_notice", args=[notice.pk]))
    expect(phone.get_by_text("Three patients had nodules.")).to_be_visible()
    phone.get_by_label("It is under review").tap()
    with phone.expect_navigation():
        phone.get_by_role("button", name="Keep the answers").tap()
    expect(phone.get_by_text("Every place has its answer.")).to_be_visible()


def publishes(page, chapter):
    Follower.objects.create(
        email="anna@example.org", topic="review", language="en", wording="Yes.",
        confirmed=timezone.now(),
    )  # fmt: skip
    page.goto(reverse("admin:review_chapter_versions", args=[chapter.pk]))
    page.fill("[name=what_changed]", "A study it rested on was retracted.")
    page.fill("[name=what_to_do]", "No: nothing changes for you.")
    with page.expect_navigation():
        page.get_by_role("button", name="Publish this version").click()


def follower_hears(page, settings):
    made = digest.make(timezone.now() + timedelta(seconds=1))
    page.goto(reverse("admin:publishing_digest_send", args=[made.pk]))
    page.fill("[name=line]", "A quiet month, but for one thing.")
    with page.expect_navigation():
        page.get_by_role("button", name="Let it go").click()
    with smtp_server() as server:
        settings.EMAIL_BACKEND = "publishing.mailing.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        outbox.deliver()
        (mail,) = [each for each in server.taken if each["To"] == "anna@example.org"]
    words = mail.get_body(("plain",)).get_content()
    for said in ("A quiet month", "retracted", "nothing changes for you"):
        assert said in words
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
