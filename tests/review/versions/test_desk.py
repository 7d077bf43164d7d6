"""The desk of a chapter's versions."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from config import roles
from publishing.models import PublishedVersion
from review.models import Chapter
from tests.factories import ChapterFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once("the versions themselves are asked again")]


@pytest.fixture
def chapter():
    return ChapterFactory(title="Fat", body="<p>Fat herniates in Anna Puig.</p>")


def address(chapter):
    return reverse("admin:review_chapter_versions", args=[chapter.pk])


def test_she_publishes_a_version_and_is_told_of_what_is_missing(author_client, chapter):
    sent = {"kind": "studies", "what_to_do": "No."}
    answer = author_client.post(address(chapter), sent).content.decode()
    assert "Say in a sentence what it holds." in answer
    assert 'name="kind"' not in answer  # the first changes nothing
    assert "No.</textarea>" in answer
    assert not PublishedVersion.objects.exists()
    author_client.post(address(chapter), sent | {"what_changed": "Two studies."})
    version = PublishedVersion.objects.get()
    assert (version.number, version.kind, version.what_to_do) == (1, "studies", "No.")
    assert version.user is not None


def test_mended_wording_needs_no_version_and_other_changes_do(author_client, chapter):
    author_client.post(address(chapter), {"kind": "studies", "what_changed": "The first."})
    chapter.body = "<p>Fat herniates in some.</p>"
    chapter.save()
    todo = reverse("admin:review_chapter_changelist") + "?todo=unversioned"
    assert "1 chapter" in author_client.get(todo).content.decode()
    answer = author_client.get(address(chapter)).content.decode()
    assert "1 paragraph differs from the last version." in answer
    wrong = {"kind": "studies", "unversioned": "on"}
    answer = author_client.post(address(chapter), wrong).content.decode()
    assert "Any other change needs a version of its own." in answer
    author_client.post(address(chapter), {"kind": "wording", "unversioned": "on"})
    assert PublishedVersion.objects.count() == 1
    assert "0 chapters" in author_client.get(todo).content.decode()


def test_words_are_taken_out_only_when_she_is_sure(author_client, chapter):
    author_client.post(address(chapter), {"kind": "studies", "what_changed": "The first."})
    sent = {"withdraw": "1", "out-words": "Anna Puig"}
    author_client.post(address(chapter), sent)
    assert "Anna Puig" in PublishedVersion.objects.get().body_html
    author_client.post(address(chapter), sent | {"out-sure": "on"})
    assert "Anna Puig" not in PublishedVersion.objects.get().body_html


def test_who_may_not_publish_publishes_no_version(client, chapter):
    roles.make()
    user = User.objects.create_user("editor", is_staff=True)
    user.groups.add(Group.objects.get(name="Editor"))
    client.force_login(user)
    Chapter.objects.update(state="draft")
    answer = client.post(address(chapter), {"kind": "studies", "what_changed": "The first."})
    assert answer.status_code in (200, 403)
    assert not PublishedVersion.objects.exists()
