"""Pages for readers are the same whoever asks: logged in or not, no draft shows and no door more
opens."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from taggit.models import Tag

from config import roles
from publishing.desk import preview
from publishing.models import Consent
from references.models import Condition, Name, Notes
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PostFactory,
    ReferenceFactory,
    comment,
)

from .permissions import PUBLIC, PUBLIC_FORMS
from .test_reading_writes_nothing import addresses, site, written

__all__ = ["site", "written"]  # its fixtures
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("whoever asks, the pages ask the database for the same"),
]
SECRET = "Wordsforno-bodyyet"
ROLES = ("commenter", "Moderator", "Editor", "author")
# Whoever has every permission and has opened the page behind the key of a commenter: a page that
# knew any of the others would know this one.
ALL_IN_ONE = "author and commenter"


def who(role, site):
    """A client of somebody with a role; a commenter has opened the page behind the key."""
    client = Client(raise_request_exception=False)
    if role in ("commenter", ALL_IN_ONE):
        assert client.post(f"/comments/mine/{site['mine']}/").status_code == 302
        assert client.get("/comments/mine/").status_code == 200
    if role in ("author", ALL_IN_ONE):
        client.force_login(AuthorUserFactory())
    elif role and role != "commenter":
        roles.make()
        user = User.objects.create_user(role, is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
    return client


@pytest.fixture
def hidden(site):
    """What nobody sees yet: addresses of drafts, and drafts that stand near what is public."""
    post = PostFactory(title=SECRET, body=f"<p>{SECRET}</p>", state="draft", tags=[SECRET])
    above = ChapterFactory(title="Above", state="draft")
    below = ChapterFactory(title=SECRET, body=f"<p>{SECRET}</p>", parent=above)
    ChapterFactory(title=SECRET, body=f"<p>{SECRET}</p>", parent=site["chapter"], state="draft")
    Notes.objects.create(
        reference=ReferenceFactory(citekey="draft1"), body=f"<p>{SECRET}</p>", state="draft"
    )
    site["reference"].pdf.save("a.pdf", ContentFile(b"%PDF-1.7 private"))
    comment(site["post"], text=SECRET, status="pending", email="b@example.org")
    comment(site["post"], text=SECRET, status="spam")
    Consent.objects.create(who=SECRET, shown_as=SECRET, given="2026-01-01", scope=SECRET)
    tag = Tag.objects.get(name=SECRET)
    Name.objects.create(title="No use", condition=Condition.objects.create(title="Other"))
    return [
        post.get_absolute_url(), below.get_absolute_url(), above.get_absolute_url(),
        f"/tags/{tag.slug}/", f"/tags/{tag.slug}/feed.atom",
        f"{post.get_absolute_url()}comments.atom", f"{post.get_absolute_url()}cite.bib",
        f"{below.get_absolute_url()}cite.bib", f"{below.get_absolute_url()}chapter.epub",
        reverse("comments:new", args=["blog.post", post.pk]),
        reverse("comments:new", args=["review.chapter", below.pk]),
        f"/cards/blog.post/{post.pk}/0.png", "/preview/no-such-key/",
    ]  # fmt: skip


def kind_of(address):
    """The name of its view; empty for what the server itself answers, such as the icon."""
    try:
        return resolve(address.partition("?")[0]).view_name
    except Resolver404:
        return ""


# The author's own file; a cell that is empty leads the author to its form.
LED_ON = {"references:pdf", "references:compare"}


def bytes_of(response):
    content = response.getvalue() if response.streaming else response.content
    kept = ("Content-Type", "Location", "Cache-Control", "ETag")
    return response.status_code, content, [response.get(name) for name in kept]


@pytest.fixture
def public(site, hidden, tmp_path, settings):
    """Every public address there is, without forms and pages behind a key, which differ each
    time, and without what tells whoever hosts the site more than others."""
    settings.BOOKS_ROOT = tmp_path / "books"
    known = [each for each in addresses(site) if each != "/nothing-here/"]
    others = {"comments:sent", "comments:export", "captcha-image", "captcha-audio", "readyz"}
    wanted = set(PUBLIC) - {*PUBLIC_FORMS, *others}
    same = [each for each in known if kind_of(each) in wanted]
    assert {kind_of(each) for each in same} == wanted
    return same


def test_the_same_bytes_and_no_draft_whoever_asks(site, public):
    nobody = who("", site)
    pages = {address: bytes_of(nobody.get(address)) for address in public}
    client = who(ALL_IN_ONE, site)
    differ = [
        (address, found[0], expected[0])
        for address, expected in pages.items()
        if kind_of(address) not in LED_ON and (found := bytes_of(client.get(address))) != expected
    ]
    assert differ == []
    told = [
        address for address, (_status, content, _) in pages.items() if SECRET.encode() in content
    ]
    assert told == []


def test_forms_and_pages_behind_a_key_tell_of_no_draft_either(site, hidden):
    forms = [each for each in addresses(site) if kind_of(each) in PUBLIC_FORMS]
    assert {kind_of(each) for each in forms} == set(PUBLIC_FORMS)
    for role in ("", *ROLES):
        client = who(role, site)
        for address in forms:
            response = client.get(address)
            assert response.status_code in (200, 302, 403, 405), (role, address)
            assert SECRET not in response.content.decode(), (role, address)


def test_what_is_hidden_is_hidden_from_all(site, hidden):
    shown = []
    for role in ("", *ROLES):
        client = who(role, site)
        shown += [
            (role, address, response.status_code)
            for address in hidden
            if (response := client.get(address)).status_code != 404
        ]
    assert shown == []


def test_what_only_answers_keeps_nothing_that_is_sent_by_anybody(site, public, request):
    clients = {role: who(role, site) for role in ("", ALL_IN_ONE)}
    written = request.getfixturevalue("written")
    faults = []
    for role, client in clients.items():
        for address in public:
            status, content, _headers = bytes_of(client.post(address, {"text": "x"}))
            if status >= 500 or written or SECRET.encode() in content:
                faults.append((role, address, status, written[:2]))
            written.clear()
    assert faults == []


def test_a_private_copy_of_a_work_is_for_those_who_may_see_the_records(site, hidden):
    address = "/references/herz1945.pdf"
    got = {role: bytes_of(who(role, site).get(address)) for role in ("", *ROLES)}
    assert [role for role, (status, *_rest) in got.items() if status == 200] == [
        "Moderator",
        "Editor",
        "author",
    ]
    assert all("no-store" in headers[2] for status, _, headers in got.values() if status == 200)


def test_a_link_for_a_colleague_opens_one_draft_and_nothing_else(site, hidden):
    post = PostFactory(title="Shared", body="<p>Shared words</p>", state="draft")
    link = preview.link_to(post, user=AuthorUserFactory())
    address = f"/preview/{preview.signed(link)}/"
    answers = [who(role, site).get(address) for role in ("", *ROLES)]
    pages = {re.sub(r'nonce="[^"]*"', "", each.content.decode()) for each in answers}
    assert len(pages) == 1
    assert SECRET not in pages.pop()
    assert all("no-store" in each["Cache-Control"] for each in answers)
