"""Find and replace: every place shown, only what is ticked changed, one version a page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from publishing.desk import replacing
from publishing.models import Replacement, SiteSettings
from references.models import Notes
from review.models import Chapter
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:publishing_replacement_changelist")
ASKED = {"find": "lump", "replace": "nodule", "whole_words": "on"}


def ticks(client, **asked):
    page = client.get(PAGE, {**ASKED, **asked})
    return [value for each in page.context["found"] for value, _field, _place in each.places]


def apply(client, places, **asked):
    return client.post(PAGE, {**ASKED, **asked, "place": places, "apply": 1}, follow=True)


@pytest.fixture
@made_once
def pages():
    ReferenceFactory(citekey="lump", notes="<p>A lump in the notes.</p>")
    chapter = ChapterFactory(
        title="The lump", summary="On a lump.", body=f"<p>A lump{cite('lump')} or lump.</p>"
    )
    post = PostFactory(title="Other", body="<p>Lump!</p>")
    SiteSettings(introduction="About a lump.").save()
    return chapter, post


def test_every_place_is_shown_with_its_sentence(author_client, pages):
    page = author_client.get(PAGE, ASKED).content.decode()
    assert "7 places" in page
    assert "or <del>lump</del><ins>nodule</ins>." in page
    assert Replacement.objects.count() == 0


def test_what_is_ticked_is_replaced_everywhere_with_one_version_each(author_client, pages):
    chapter, post = pages
    apply(author_client, ticks(author_client))
    chapter.refresh_from_db()
    post.refresh_from_db()
    assert (chapter.title, chapter.summary) == ("The nodule", "On a nodule.")
    assert chapter.body == f"<p>A nodule{cite('lump')} or nodule.</p>"
    assert "or nodule." in chapter.body_html
    assert chapter.slug == "the-lump"
    assert post.body == "<p>Nodule!</p>"
    assert Notes.objects.get().body == "<p>A nodule in the notes.</p>"
    assert SiteSettings.load().introduction == "About a nodule."
    for page in (chapter, post):
        newest, first = Version.objects.get_for_object(page)
        assert newest.revision.comment == "Replaced “lump” by “nodule”"
        assert "lump" in first.field_dict["body"].lower()


def test_only_what_is_ticked(author_client, pages):
    chosen = [each for each in ticks(author_client) if "/body/1/" in each]
    apply(author_client, chosen)
    chapter = Chapter.objects.get()
    assert chapter.body == f"<p>A lump{cite('lump')} or nodule.</p>"
    assert chapter.title == "The lump"


def test_a_page_changed_meanwhile_is_left_alone_and_named(author_client, pages):
    chapter, post = pages
    places = ticks(author_client)
    chapter.body = "<p>Somebody wrote of a lump meanwhile.</p>"
    chapter.save()
    page = apply(author_client, places).content.decode()
    assert "It was changed since you looked." in page
    assert "meanwhile" in Chapter.objects.get().body
    assert "lump" in Chapter.objects.get().title
    post.refresh_from_db()
    assert post.body == "<p>Nodule!</p>"


def test_a_title_that_would_be_too_long_is_left_alone(author_client, pages):
    answer = apply(author_client, ticks(author_client, replace="x" * 400), replace="x" * 400)
    assert "at most 300 characters" in answer.content.decode()
    assert Chapter.objects.get().title == "The lump"


def test_others_words_are_shown_and_not_ticked(author_client):
    PostFactory(body="<blockquote><p>A lump.</p></blockquote>")
    page = author_client.get(PAGE, ASKED).content.decode()
    assert "somebody else’s words" in page
    assert " checked" not in page.partition('name="place"')[2].partition(">")[0]


def test_nothing_ticked_and_nothing_typed_say_so(author_client, pages):
    assert "Nothing was ticked" in apply(author_client, []).content.decode()
    assert "Nothing was looked for yet" in author_client.get(PAGE, {"find": " "}).content.decode()
    assert "stand nowhere" in author_client.get(PAGE, {**ASKED, "find": "zzz"}).content.decode()


def test_who_may_change_posts_alone_finds_and_changes_posts_alone(
    client, author_client, pages, django_user_model
):
    all_places = ticks(author_client)
    user = django_user_model.objects.create_user("helper", is_staff=True)
    names = ("view_post", "change_post", "publish_pages")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    assert all(each.startswith("blog.post/") for each in ticks(client))
    apply(client, all_places)
    assert Chapter.objects.get().title == "The lump"
    assert list(Replacement.objects.get(user=user).chosen) == [f"blog.post/{pages[1].pk}"]


def test_what_was_asked_for_long_ago_is_forgotten(author):
    now = timezone.now()
    for days in (91, 89):
        Replacement.objects.create(user=author, find="a", at=now - timedelta(days=days))
    assert replacing.purge(now) == 1


def test_the_sites_words_in_other_languages_are_found_too(author_client):
    SiteSettings(introduction_es="Sobre un lump.").save()
    apply(author_client, ticks(author_client))
    assert SiteSettings.load().introduction_es == "Sobre un nodule."
