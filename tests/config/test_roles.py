"""Who of those who help may do what at the desk, as one table; which address asks for what is held
elsewhere."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.urls import reverse
from post_office.models import Email
from reversion.models import Version

from blog.models import Post
from comments.models import Comment
from config import roles
from publishing.models import SiteSettings
from references.models import Reference
from review.models import Chapter
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PostFactory,
    ReferenceFactory,
    comment,
)
from tests.made_once import made_once

pytestmark = [pytest.mark.django_db, pytest.mark.once("about permissions")]
NAMES = ("Author", "Editor", "Moderator", "Translator", "Guest writer")


@pytest.fixture
@made_once
def content():
    SiteSettings().save()
    chapter = ChapterFactory(title="Live chapter")
    ChapterFactory(title="Draft chapter", state="draft")
    PostFactory(title="Live post")
    PostFactory(title="Draft post", state="draft")
    ReferenceFactory(citekey="sutro1935")
    comment(chapter, email="anna@example.org", status="pending")
    Email.objects.create(from_email="a@example.org", to=["anna@example.org"], subject="x")


@pytest.fixture
def log_in(client):
    roles.make()

    def somebody(*names):
        user = AuthorUserFactory(is_superuser=False)
        user.groups.set(Group.objects.filter(name__in=names))
        client.force_login(user)
        return client

    return somebody


def page(model, what, **filters):
    args = [model.objects.get(**filters).pk] if filters else []
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def can_look(client, address):
    return client.get(address).status_code == 200


def can_save(client, address):
    """Whether the form has something to fill in: where all of it is to be read, it can only be
    closed."""
    answer = client.get(address)
    return answer.status_code == 200 and bool(answer.context["has_change_permission"])


# Author, editor, moderator, translator, guest writer.
TABLE = [
    (
        "change a public chapter",
        can_save,
        lambda: page(Chapter, "change", title="Live chapter"),
        "xx   ",
    ),
    (
        "change a draft of a chapter",
        can_save,
        lambda: page(Chapter, "change", title="Draft chapter"),
        "xx x ",
    ),
    ("add a chapter", can_look, lambda: page(Chapter, "add"), "xx x "),
    ("delete a chapter", can_look, lambda: page(Chapter, "delete", title="Live chapter"), "xx   "),
    ("read a draft of a post", can_look, lambda: page(Post, "change", title="Draft post"), "xx x "),
    ("change a public post", can_save, lambda: page(Post, "change", title="Live post"), "xx   "),
    ("add a post", can_look, lambda: page(Post, "add"), "xx xx"),
    ("see the list of posts", can_look, lambda: page(Post, "changelist"), "xx xx"),
    ("see the trash", can_look, lambda: reverse("admin:publishing_trashed_changelist"), "xx   "),
    ("change a work", can_save, lambda: page(Reference, "change", citekey="sutro1935"), "xx   "),
    ("import works", can_look, lambda: reverse("admin:references_import"), "xx   "),
    (
        "find a work to cite",
        can_look,
        lambda: reverse("admin:references_pick") + "?q=sutro",
        "xxxxx",
    ),
    ("answer comments", can_look, lambda: reverse("admin:comments_comment_desk"), "x x  "),
    (
        "read an e-mail address",
        can_look,
        lambda: page(Comment, "change", email="anna@example.org"),
        "x x  ",
    ),
    (
        "erase a comment",
        can_look,
        lambda: page(Comment, "delete", email="anna@example.org"),
        "x    ",
    ),
    ("read the mails", can_look, lambda: reverse("admin:post_office_email_changelist"), "x    "),
    ("change the site's settings", can_save, lambda: page(SiteSettings, "change", pk=1), "x    "),
    ("see consents", can_look, lambda: reverse("admin:publishing_consent_changelist"), "x    "),
    ("upload a figure", can_look, lambda: reverse("admin:publishing_image_add"), "xx  x"),
    ("see accounts", can_look, lambda: reverse("admin:auth_user_changelist"), "     "),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_role_may_do_this_and_no_more(log_in, content, name):
    client, at = log_in(name), NAMES.index(name)
    done = {what: asks(client, address()) for what, asks, address, _who in TABLE}
    assert done == {what: who[at] == "x" for what, _asks, _address, who in TABLE}


# The same roles: what each may add, change, delete and view; any other kind of row is nobody's.
ROWS = {
    "blog.post": "acdv acdv - acv a",
    "comments.blocked": "acdv - acdv - -",
    "comments.comment": "cdv - cv - -",
    "comments.decision": "v - v - -",
    "comments.desksettings": "cv - - - -",
    "comments.keptanswer": "acdv acdv - acv -",
    "comments.snippet": "acdv - acdv - -",
    "comments.wordlist": "acv - acv - -",
    "comments.writer": "cv - - - -",
    "post_office.email": "v - - - -",
    "publishing.announcement": "acdv acdv - - -",
    "publishing.consent": "acdv - - - -",
    "publishing.digest": "cv - - - -",
    "publishing.externallink": "cv cv - - -",
    "publishing.foundnothing": "dv dv - - -",
    "publishing.image": "acdv acdv - v a",
    "publishing.redirect": "dv v - - -",
    "publishing.sitesettings": "cv - - - -",
    "references.authorship": "acdv acdv - - -",
    "references.cites": "acdv acdv - - -",
    "references.decision": "av av - - -",
    "references.exclusionreason": "acdv acdv - - -",
    "references.furtherpdf": "acdv acdv - - -",
    "references.highlight": "acdv acdv - - -",
    "references.glossaryterm": "acdv acdv - - -",
    "references.hit": "acdv acdv - - -",
    "references.layword": "acdv acdv - - -",
    "references.listplace": "acdv acdv - - -",
    "references.methods": "cv cv - - -",
    "references.name": "acdv acdv - - -",
    "references.nomination": "dv - - - -",
    "references.notes": "acdv acdv - acv -",
    "references.person": "acdv acdv - v -",
    "references.readinglist": "acdv acdv - - -",
    "references.reference": "acdv acdv v v v",
    "references.savedsearch": "acdv acdv - - -",
    "references.searchrun": "acdv acdv - - -",
    "references.study": "acdv acdv - - -",
    "references.studyfacts": "acdv acdv - - -",
    "review.chapter": "acdv acdv - acv -",
    "review.inshort": "acdv acdv - acv -",
    "review.placement": "acdv acdv - - -",
    "taggit.tag": "acdv acdv - v -",
}


def test_a_role_may_touch_these_rows_and_no_others(log_in):
    for at, name in enumerate(NAMES):
        held = Permission.objects.filter(group__name=name).exclude(codename="publish_pages")
        found = {}
        for row in held.select_related("content_type"):
            action, _, model = row.codename.partition("_")
            found.setdefault(f"{row.content_type.app_label}.{model}", set()).add(action[0])
        wanted = {model: set(columns.split()[at]) - {"-"} for model, columns in ROWS.items()}
        assert found == {model: letters for model, letters in wanted.items() if letters}, name
    publishers = Group.objects.filter(permissions__codename="publish_pages")
    assert {group.name for group in publishers} == {"Author", "Editor"}


def test_two_roles_add_up(log_in, content):
    client = log_in("Moderator", "Translator")
    assert can_look(client, reverse("admin:comments_comment_desk"))
    assert can_look(client, page(Chapter, "add"))


def test_without_a_role_nothing_is_to_be_seen(log_in, content):
    client = log_in()
    assert not any(asks(client, address()) for _what, asks, address, _who in TABLE)


def typed(**changes):
    data = {
        "title": "Mine", "slug": "", "summary": "", "body": "<p>Words.</p>", "state": "draft",
        "language": "en",
        "tags": "", "publish_at_0": "", "publish_at_1": "", "comments_open": "on",
    }  # fmt: skip
    return data | changes


class TestGuestWriter:
    def test_works_on_own_drafts_and_sees_no_others(self, log_in, content):
        client = log_in("Guest writer")
        client.post(page(Post, "add"), typed())
        mine = page(Post, "change", title="Mine")
        assert can_save(client, mine)
        client.post(mine, typed(slug="mine", body="<p>Better words.</p>"))
        assert Post.objects.get(title="Mine").body == "<p>Better words.</p>"
        assert [
            each.title for each in client.get(page(Post, "changelist")).context["cl"].result_list
        ] == ["Mine"]
        desk = client.get(reverse("admin:index")).content.decode()
        assert "Mine" in desk
        assert "Draft post" not in desk

    def test_cannot_publish_by_any_door(self, log_in, content):
        client = log_in("Guest writer")
        assert client.post(page(Post, "add"), typed(state="published")).status_code == 200
        assert not Post.objects.filter(title="Mine").exists()
        client.post(page(Post, "add"), typed())
        post = Post.objects.get(title="Mine")
        client.post(page(Post, "changelist"), {"action": "publish", "_selected_action": [post.pk]})
        post.refresh_from_db()
        assert post.state == "draft"

    def test_cannot_change_it_once_it_is_public(self, log_in, content):
        client = log_in("Guest writer")
        client.post(page(Post, "add"), typed())
        Post.objects.filter(title="Mine").update(state="published")
        assert (
            client.post(page(Post, "change", title="Mine"), typed(title="Other")).status_code == 403
        )


def test_a_translator_cannot_bring_an_old_draft_over_a_public_page(log_in, client, content):
    client.force_login(AuthorUserFactory())
    client.post(page(Post, "add"), typed())
    address = page(Post, "change", title="Mine")
    client.post(address, typed(slug="mine", state="published"))
    post = Post.objects.get(title="Mine")
    version = Version.objects.get_for_object(post).last()
    url = reverse("admin:blog_post_revision", args=[post.pk, version.pk])
    translator = log_in("Translator")
    assert translator.post(url, typed(slug="mine")).status_code == 403
    assert Post.objects.get(title="Mine").state == "published"


class TestMaking:
    def test_what_the_owner_changed_stays_until_it_is_asked_for(self):
        assert roles.make() == list(NAMES)
        Group.objects.get(name="Editor").permissions.clear()
        assert roles.make() == []
        assert not Group.objects.get(name="Editor").permissions.exists()
        call_command("make_roles", verbosity=0)
        assert (
            Group.objects.get(name="Editor").permissions.filter(codename="change_chapter").exists()
        )
