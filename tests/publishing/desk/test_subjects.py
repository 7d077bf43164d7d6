"""Tags at the desk: two become one, another name, and nothing that was found is lost."""

import pytest
from django.urls import reverse
from taggit.models import Tag

from publishing.models import Redirect
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


def test_the_list_says_how_often_each_is_used(author_client):
    tagged(PostFactory(), "one")
    tagged(ReferenceFactory(), "one")
    page = author_client.get(LIST).content.decode()
    assert '<td class="field-used">2</td>' in page
