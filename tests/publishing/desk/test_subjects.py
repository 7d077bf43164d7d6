"""Tags at the desk: two become one, another name, and nothing that was found is lost."""

import pytest
from django.urls import reverse
from taggit.models import Tag

from blog.models import Post
from publishing.models import Redirect, Trashed
from tests.factories import PostFactory, ReferenceFactory

pytestmark = pytest.mark.django_db
LIST = reverse("admin:taggit_tag_changelist")


def tagged(obj, *names):
    obj.tags.set(names)
    return obj


def names_of(obj):
    return sorted(obj.tags.names())


def test_two_tags_become_one_and_the_old_address_leads_there(author_client, client):
    both = tagged(PostFactory(), "mice", "back mice")
    one = tagged(ReferenceFactory(), "mice")
    old, new = Tag.objects.get(name="mice"), Tag.objects.get(name="back mice")
    sent = {"action": "merge_them", "_selected_action": [old.pk, new.pk]}
    asked = author_client.post(LIST, sent)
    assert "The one that stays" in asked.content.decode()
    assert Tag.objects.count() == 2
    done = author_client.post(LIST, {**sent, "into": new.pk}, follow=True)
    assert "They are one tag now: “back mice”." in done.content.decode()
    assert (names_of(both), names_of(one)) == (["back mice"], ["back mice"])
    assert list(Tag.objects.all()) == [new]
    answer = client.get("/tags/mice/")
    assert (answer.status_code, answer["Location"]) == (301, "/tags/back-mice/")
    assert client.get("/es/tags/mice/")["Location"] == "/es/tags/back-mice/"


def test_addresses_left_before_lead_to_the_tag_that_stays(author_client, client):
    tagged(PostFactory(), "one", "two")
    one, two = Tag.objects.get(name="one"), Tag.objects.get(name="two")
    change = reverse("admin:taggit_tag_change", args=[one.pk])
    author_client.post(change, {"name": "first", "slug": "first"})
    assert client.get("/tags/one/")["Location"] == "/tags/first/"
    sent = {"action": "merge_them", "_selected_action": [one.pk, two.pk], "into": two.pk}
    author_client.post(LIST, sent)
    assert client.get("/tags/one/")["Location"] == "/tags/two/"
    assert client.get("/tags/first/")["Location"] == "/tags/two/"


def test_a_tag_of_drafts_alone_is_not_told_by_its_old_address(author_client, client):
    tagged(PostFactory(state="draft"), "secret")
    tag = Tag.objects.get()
    change = reverse("admin:taggit_tag_change", args=[tag.pk])
    author_client.post(change, {"name": "more secret", "slug": "more-secret"})
    assert Redirect.objects.get().page == tag
    assert client.get("/tags/secret/").status_code == 404


def changed(client, tag, **fields):
    address = reverse("admin:taggit_tag_change", args=[tag.pk])
    return client.post(address, {"name": tag.name, "slug": tag.slug, **fields}, follow=True)


@pytest.fixture
def pain(author_client):
    """A subject with a Spanish name, on a post and a work."""
    tagged(PostFactory(slug="a-post"), "back pain")
    tagged(ReferenceFactory(citekey="ries1937"), "back pain")
    tag = Tag.objects.get()
    changed(author_client, tag, name_es="dolor de espalda")
    return tag


@pytest.mark.parametrize(
    "address", ["/tags/back-pain/", "/blog/", "/blog/a-post/", "/references/ries1937/"]
)
def test_readers_see_a_subject_in_their_language(pain, client, address):
    assert "dolor de espalda" in client.get(f"/es{address}").content.decode()
    for own in (address, f"/ca{address}"):
        page = client.get(own).content.decode()
        assert ("back pain" in page, "dolor de espalda" in page) == (True, False)


def test_a_name_is_changed_and_taken_back(pain, author_client):
    changed(author_client, pain, name_es="dolor lumbar", name_ca="mal d’esquena")
    assert dict(pain.names.values_list("language", "name")) == {
        "es": "dolor lumbar", "ca": "mal d’esquena",
    }  # fmt: skip
    changed(author_client, pain, name_es="", name_ca="mal d’esquena")
    assert dict(pain.names.values_list("language", "name")) == {"ca": "mal d’esquena"}


def test_the_library_narrows_by_the_name_in_the_language(pain, client):
    page = client.get("/es/references/").content.decode()
    assert "Dolor de espalda" in page
    assert "?tag=back-pain" in page


def test_a_subject_typed_in_another_language_is_the_same_one(pain):
    post = tagged(PostFactory(), "Dolor de espalda")
    assert list(post.tags.all()) == [pain]


def test_a_search_for_its_other_name_finds_the_works(
    author_client, client, django_capture_on_commit_callbacks
):
    tagged(ReferenceFactory(citekey="ries1937"), "back pain")
    with django_capture_on_commit_callbacks(execute=True):
        changed(author_client, Tag.objects.get(), name_es="dolor de espalda")
    assert "ries1937" in client.get("/search/?q=dolor+de+espalda").content.decode()


def test_no_two_subjects_have_one_name_in_whatever_language(pain, author_client):
    other = Tag.objects.create(name="lumbago")
    for fields in ({"name_ca": "Back pain"}, {"name": "Dolor de espalda"}):
        page = changed(author_client, other, **fields).content.decode()
        assert "There is a subject of this name already." in page
    assert not other.names.exists()


def test_names_are_kept_when_two_become_one_and_by_the_trash(pain, author_client):
    other = Tag.objects.create(name="lumbago")
    changed(author_client, other, name_es="lumbalgia", name_ca="lumbàlgia")
    sent = {"action": "merge_them", "_selected_action": [pain.pk, other.pk], "into": pain.pk}
    author_client.post(LIST, sent)
    assert sorted(map(str, pain.names.all())) == ["dolor de espalda", "lumbàlgia"]
    Tag.objects.filter(pk=pain.pk).update(slug="pain")
    author_client.post(reverse("admin:taggit_tag_delete", args=[pain.pk]), {"post": "yes"})
    assert not Tag.objects.exists()
    trashed = Trashed.objects.get(title="back pain")
    author_client.post(reverse("admin:publishing_trashed_restore", args=[trashed.pk]))
    back = Tag.objects.get()
    assert (back.pk, back.slug, back.names.count()) == (pain.pk, "pain", 2)
    assert names_of(Post.objects.get()) == ["back pain"]


def test_the_list_leads_to_what_uses_a_subject(pain, author_client):
    PostFactory(title="About something else")
    page = author_client.get(LIST).content.decode()
    assert '<a href="/admin/blog/post/?tag=back-pain">Posts: 1</a>' in page
    assert '<a href="/admin/references/reference/?tag=back-pain">References: 1</a>' in page
    listed = author_client.get("/admin/blog/post/?tag=back-pain").content.decode()
    assert "About something else" not in listed
    assert "1 post" in listed


def test_a_form_sent_empty_comes_back_and_names_what_it_lacks(pain, author_client):
    page = changed(author_client, pain, name="", slug="").content.decode()
    assert 'href="#id_name"' in page
