"""Old addresses lead to where the page is now, in one step, for ever."""

import pytest

from publishing.models import Redirect
from review import moves
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db


def leads_to(client, address):
    response = client.get(address)
    return (response.status_code, response.get("Location"))


def rename(page, slug):
    page.slug = slug
    page.save()


def test_a_renamed_post_answers_at_its_old_address(client):
    rename(PostFactory(slug="old"), "new")
    assert leads_to(client, "/blog/old/") == (301, "/blog/new/")


def test_menus_and_query_are_kept(client):
    rename(PostFactory(slug="old"), "new")
    assert leads_to(client, "/ca/blog/old/?page=2") == (301, "/ca/blog/new/?page=2")


def test_a_moved_chapter_takes_all_below_it_along(client):
    one, two = ChapterFactory(slug="one"), ChapterFactory(slug="two")
    ChapterFactory(slug="deep", parent=ChapterFactory(slug="sub", parent=one))
    moves.move_under([one], two)
    assert leads_to(client, "/review/one/") == (301, "/review/two/one/")
    assert leads_to(client, "/review/one/sub/deep/") == (301, "/review/two/one/sub/deep/")


def test_many_moves_are_one_step(client):
    post = PostFactory(slug="a")
    for slug in ("b", "c", "d"):
        rename(post, slug)
    assert [leads_to(client, f"/blog/{old}/") for old in "abc"] == [(301, "/blog/d/")] * 3


def test_there_and_back_is_no_loop(client):
    post = PostFactory(slug="a")
    rename(post, "b")
    rename(post, "a")
    assert client.get("/blog/a/").status_code == 200
    assert leads_to(client, "/blog/b/") == (301, "/blog/a/")


def test_two_pages_that_change_places_keep_their_new_ones(client):
    first, second = PostFactory(slug="a"), PostFactory(slug="b")
    rename(first, "c")
    rename(second, "a")
    rename(first, "b")
    assert client.get("/blog/a/").context["post"] == second
    assert client.get("/blog/b/").context["post"] == first
    assert leads_to(client, "/blog/c/") == (301, "/blog/b/")


def test_a_new_page_at_an_old_address_is_the_page(client):
    rename(PostFactory(slug="old"), "new")
    PostFactory(slug="old", title="Another")
    assert client.get("/blog/old/").status_code == 200


def test_nothing_leads_to_what_readers_may_not_see(client):
    post = PostFactory(slug="old")
    rename(post, "new")
    post.state = "draft"
    post.save()
    assert client.get("/blog/old/").status_code == 404


def test_a_draft_leaves_no_trace(client):
    rename(PostFactory(slug="old", state="draft"), "new")
    assert not Redirect.objects.exists()


def test_a_deleted_page_is_not_found(client):
    post = PostFactory(slug="old")
    rename(post, "new")
    post.delete()
    assert client.get("/blog/old/").status_code == 404


def test_a_renamed_reference_and_a_renamed_person_are_found(client):
    reference = ReferenceFactory(
        citekey="old1937", people=[PersonFactory(family="Ries", slug="ries")]
    )
    ChapterFactory(body=f"<p>x {cite('old1937')}</p>")
    reference.rename("new1937")
    person = reference.authorships.get().person
    person.slug = "ries-e"
    person.save()
    assert leads_to(client, "/references/old1937/") == (301, "/references/new1937/")
    assert leads_to(client, "/references/people/ries/") == (301, "/references/people/ries-e/")


def test_an_address_in_another_script_is_found(client):
    rename(ChapterFactory(slug="آلام"), "new")
    assert leads_to(client, "/review/آلام/") == (301, "/review/new/")


def test_what_stands_below_a_page_is_found_too(client):
    rename(PostFactory(slug="old"), "new")
    assert leads_to(client, "/blog/old/comments.atom") == (301, "/blog/new/comments.atom")


def test_a_page_that_is_there_never_asks_for_old_addresses(client, monkeypatch):
    PostFactory(slug="a")
    monkeypatch.setattr(Redirect.objects, "present_address", lambda path: pytest.fail("asked"))
    assert client.get("/blog/a/").status_code == 200
