"""Readers' words find what the texts say instead."""

import pytest
from django.urls import reverse

from publishing import search
from references import synonyms
from references.models import LayWord
from tests.factories import PostFactory, ReferenceFactory

pytestmark = pytest.mark.django_db


def titles(typed):
    return [entry.title for entry in search.run(typed).entries]


def test_a_lump_in_three_languages_finds_the_nodule_and_says_so():
    LayWord.objects.create(said="lump\nbulto\nbony", finds="nodule")
    ReferenceFactory(title="Subcutaneous nodules", people=[])
    for typed in ("lumps", "un bulto", "el bony"):
        assert titles(typed) == ["Subcutaneous nodules"]
    results = search.run("bulto")
    assert [each.reason for each in results.expansions] == ["For “bulto” this also finds: nodule."]
    assert results.corrected == ""


def test_what_was_typed_comes_before_what_stands_for_it_and_the_nearest_first():
    LayWord.objects.create(said="cancer", finds="differential diagnosis\nlipoma")
    ReferenceFactory(title="Lipoma", people=[])
    ReferenceFactory(title="Differential diagnosis of backache", people=[])
    PostFactory(title="A post", body="<p>It is no cancer.</p>")
    assert titles("is it cancer") == ["A post", "Differential diagnosis of backache", "Lipoma"]


def test_several_words_are_one_phrase_and_take_the_place_of_the_single_ones():
    LayWord.objects.create(said="taken out", finds="excision")
    ReferenceFactory(title="Excision of a nodule", people=[])
    assert titles("nodule taken out") == ["Excision of a nodule"]


def test_the_starter_set_is_added_once_and_her_own_words_stay(admin_client):
    LayWord.objects.create(said="bulto", finds="node")
    address = reverse("admin:references_layword_starter")
    assert admin_client.get(address).status_code == 405
    admin_client.post(address)
    made = LayWord.objects.count()
    assert made > 40
    assert LayWord.objects.filter(said="bulto", finds="node").exists()
    assert not any("bulto" in row.said.split("\n") for row in LayWord.objects.exclude(said="bulto"))
    assert synonyms.add_starter() == 0
    assert b"lump, bump" in admin_client.get(reverse("admin:references_layword_changelist")).content


@pytest.mark.parametrize("typed", ["is it cancer", "quitar el bulto", "treure el bony", "masaje"])
def test_with_the_starter_set_readers_find_something(typed):
    synonyms.add_starter()
    ReferenceFactory(title="Nodules treated by surgery: differential diagnosis", people=[])
    ReferenceFactory(title="Treatment of back pain", people=[])
    assert titles(typed)


def test_a_site_without_them_is_told_so_at_the_desk_until_there_are_some(author_client):
    def desk():
        return author_client.get(reverse("admin:index")).content.decode()

    assert "No words of readers yet" not in desk(), "there is nothing yet to be found"
    ReferenceFactory()
    assert "No words of readers yet" in desk()
    author_client.post(reverse("admin:references_layword_starter"))
    assert "No words of readers yet" not in desk()
