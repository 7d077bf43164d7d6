"""Lists that strangers and files of imported records make long: a page of them costs what it shows,
however much there is."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from taggit.models import Tag, TaggedItem

from blog.models import Post
from comments.commenters import links
from comments.models import Comment, Kind, Subscription, Writer
from publishing.models import SiteSettings
from references.models import (
    Authorship,
    Condition,
    Name,
    NameUse,
    Person,
    Reference,
)
from tests.factories import AuthorUserFactory, ChapterFactory, PostFactory, ReferenceFactory
from tests.factories import comment as make_comment

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# More than any page of a list shows; then as much again.
SOME = 230
A_FEW = 2  # queries for what was not there before, such as the second page
EMAIL = "anna@example.org"


def many(first, number, **changes):
    """As many rows like `first`, told apart by `changes`: functions of a number."""
    model, start = type(first), type(first).objects.count()
    rows = []
    for each in range(start, start + number):
        values = {f.attname: getattr(first, f.attname) for f in first._meta.concrete_fields}
        values.pop("id")
        rows.append(model(**values | {name: make(each) for name, make in changes.items()}))
    return model.objects.bulk_create(rows)


class World:
    def __init__(self):
        SiteSettings().save()
        self.work = ReferenceFactory(tags=["pain"], notes="<p>Words.</p>", reading_state="wanted")
        self.person = Person.objects.get()
        self.chapter = ChapterFactory(references=[self.work])
        self.post = PostFactory(tags=["pain"])
        self.tag = Tag.objects.get()
        condition = Condition.objects.create(title="Back mice")
        self.name = Name.objects.create(title="Back mouse", condition=condition)
        NameUse.objects.create(name=self.name, reference=self.work)
        self.writer = Writer.objects.create()
        self.asked = make_comment(self.chapter, kind=Kind.QUESTION, writer=self.writer, email=EMAIL)
        make_comment(parent=self.asked, by_author=True)
        self.grow()

    def grow(self):
        """Of everything so many more."""
        day = timezone.now() - timedelta(days=1)
        works = many(self.work, SOME, citekey=lambda n: f"w{n}", title=lambda n: f"Work {n}")
        people = many(self.person, SOME, slug=lambda n: f"p{n}", family=lambda n: f"P{n}",
                      sort_key=lambda n: f"p{n:06}")  # fmt: skip
        Authorship.objects.bulk_create(
            Authorship(reference=work, person=person, position=at)
            for work, each in zip(works, people, strict=True)
            for at, person in enumerate((self.person, each))
        )
        tags = many(self.tag, SOME, slug=lambda n: f"t{n}", name=lambda n: f"tag {n}")
        kind = ContentType.objects.get_for_model(Reference)
        TaggedItem.objects.bulk_create(
            TaggedItem(tag=tag, content_type=kind, object_id=work.pk)
            for work, each in zip(works, tags, strict=True)
            for tag in (self.tag, each)
        )
        posts = many(self.post, SOME, slug=lambda n: f"b{n}", title=lambda n: f"Post {n}")
        kind = ContentType.objects.get_for_model(Post)
        TaggedItem.objects.bulk_create(
            TaggedItem(tag=self.tag, content_type=kind, object_id=post.pk) for post in posts
        )
        names = many(self.name, SOME, slug=lambda n: f"n{n}", title=lambda n: f"Name {n}")
        NameUse.objects.bulk_create(
            NameUse(name=name, reference=work)
            for each, work in zip(names, works, strict=True)
            for name in (each, self.name)
        )
        asked = many(self.asked, SOME, created=lambda n: day)
        for each in asked:
            each.root_id = each.pk
        Comment.objects.bulk_update(asked, ["root_id"])
        answer = Comment.objects.filter(by_author=True).first()
        answers = many(answer, SOME, created=lambda n: day)
        for each, question in zip(answers, asked, strict=True):
            each.root_id = each.parent_id = question.pk
        Comment.objects.bulk_update(answers, ["root_id", "parent_id"])
        many(answer, SOME, by_author=lambda n: False, status=lambda n: "pending")
        Subscription.objects.bulk_create(
            Subscription(comment=each, language="en") for each in asked
        )


def spent(client, address, data=None):
    """`(queries, bytes)` of a page."""
    with CaptureQueriesContext(connection) as asked:
        response = client.post(address, data) if data else client.get(address)
        content = response.getvalue() if response.streaming else response.content
    assert response.status_code == 200, (address, response.status_code)
    return len(asked), len(content)


def out_of_bounds(world, client, pages):
    """`{address: (before, after)}` of pages that grew with what there is."""
    for address, data in pages.items():
        spent(client, address, data)  # what is loaded once is loaded
    before = {address: spent(client, address, data) for address, data in pages.items()}
    world.grow()
    after = {address: spent(client, address, data) for address, data in pages.items()}
    return {
        address: (before[address], after[address])
        for address in pages
        if after[address][0] > before[address][0] + A_FEW
        or after[address][1] > 1.1 * before[address][1]
    }


def test_a_page_for_readers_costs_what_it_shows(client):
    world = World()
    keys = "&".join(f"key=w{n}" for n in range(1, 200))
    client.post(links.link(world.writer))
    own = "/comments/mine/"
    pages = [
        "/", "/blog/", f"/blog/{world.post.first_published.year}/", world.post.get_absolute_url(),
        "/questions/", "/tags/pain/", "/tags/pain/?page=3&posts=2", "/references/",
        "/references/?tag=pain",
        f"/references/?person={world.person.slug}", "/references/people/", "/references/wanted/",
        world.person.get_absolute_url(), world.work.get_absolute_url(), "/references/evidence/",
        f"/references/take/to-your-doctor/?{keys}", "/names/", "/names/?sort=name",
        world.name.get_absolute_url(), "/review/", world.chapter.get_absolute_url(),
        f"/comments/thread/{world.asked.pk}/", own, "/feed.atom", "/blog/feed.atom",
        "/review/feed.atom", "/references/feed.atom", "/comments/feed.atom",
        f"{world.chapter.get_absolute_url()}comments.atom", "/tags/pain/feed.atom", "/sitemap.xml",
        "/search/?q=work", "/search/suggest/?q=wo",
    ]  # fmt: skip
    assert out_of_bounds(world, client, dict.fromkeys(pages)) == {}


def test_so_does_a_page_of_the_desk():
    world, client = World(), Client()
    client.force_login(AuthorUserFactory())
    desk = "admin:comments_comment_desk"
    pages = [
        reverse("admin:index"), reverse(desk), f"{reverse(desk)}?queue=waiting",
        reverse(f"{desk}_figures"),
        reverse("admin:comments_comment_changelist"), reverse("admin:blog_post_changelist"),
        reverse("admin:references_reference_changelist"),
        reverse("admin:references_person_changelist"), reverse("admin:taggit_tag_changelist"),
        reverse("admin:references_name_changelist"), reverse("admin:references_alike"),
        reverse("admin:publishing_trashed_changelist"),
        reverse("admin:references_pick") + "?q=work", reverse("admin:publishing_page_pick"),
    ]  # fmt: skip
    asked = dict.fromkeys(pages) | {
        reverse("admin:comments_writer_changelist"): {"email": EMAIL, "page": "2"}
    }
    assert out_of_bounds(world, client, asked) == {}
