from datetime import date, timedelta

import pytest
from django.utils import timezone

from publishing.models import Image
from tests.factories import PostFactory, ReferenceFactory, cite, comment

pytestmark = pytest.mark.django_db


def test_posts_stand_newest_first_with_tags_and_replies(client):
    old = PostFactory(title="Old post", first_published=date(2020, 1, 1), tags=["history"])
    PostFactory(title="New post", first_published=date(2026, 4, 19), summary="A short word.")
    comment(old)
    comment(old, status="pending")
    html = client.get("/blog/").content.decode()
    assert html.index("New post") < html.index("Old post")
    assert "19 April 2026" in html
    assert "A short word." in html
    assert 'href="/tags/history/"' in html
    assert "1 reply" in html


@pytest.mark.parametrize("state", ["draft", "planned", "construction"])
def test_a_post_is_finished_or_not_there(client, state):
    post = PostFactory(title="Unfinished", state=state)
    assert "Unfinished" not in client.get("/blog/").content.decode()
    assert client.get(post.get_absolute_url()).status_code == 404


def test_a_post_waits_for_its_moment(client):
    post = PostFactory(title="Tomorrow", publish_at=timezone.now() + timedelta(hours=1))
    assert "Tomorrow" not in client.get("/blog/").content.decode()
    assert client.get(post.get_absolute_url()).status_code == 404


def test_an_empty_blog_says_so(client):
    assert "No post is public yet." in client.get("/blog/").content.decode()


@pytest.mark.parametrize("page", ["abc", "0", "-1", "999999", "", "1e9", "²", "9" * 5000])
def test_any_page_number_gives_a_page(client, page):
    PostFactory.create_batch(15)
    response = client.get("/blog/", {"page": page})
    assert response.status_code == 200
    assert "Post title" in response.content.decode()


def test_the_second_page_follows_the_first(client):
    PostFactory.create_batch(15)
    first, second = (
        client.get(address).content.decode() for address in ("/blog/", "/blog/?page=2")
    )
    assert 'href="?page=2" rel="next"' in first
    assert 'href="?page=1" rel="prev"' in second
    assert first.count("<h2") == 12
    assert second.count("<h2") == 3


def test_the_archive_of_a_year_holds_that_year(client):
    PostFactory(title="Of 2020", first_published=date(2020, 5, 1))
    PostFactory(title="Of 2026", first_published=date(2026, 5, 1))
    html = client.get("/blog/2020/").content.decode()
    assert "Of 2020" in html
    assert "Of 2026" not in html
    assert 'href="/blog/2026/"' in html


@pytest.mark.parametrize("year", ["1999", "0", "10000", "99999999999999999999"])
def test_a_year_without_posts_is_not_found(client, year):
    PostFactory(first_published=date(2020, 5, 1))
    assert client.get(f"/blog/{year}/").status_code == 404


def test_a_post_leads_to_the_earlier_and_the_later_one(client):
    days = [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 2)]
    first, second, third = (PostFactory(first_published=day) for day in days)
    PostFactory(first_published=date(2026, 1, 3), state="draft")
    html = client.get(second.get_absolute_url()).content.decode()
    assert f'href="{first.get_absolute_url()}" rel="prev"' in html
    assert f'href="{third.get_absolute_url()}" rel="next"' in html
    assert 'rel="next"' not in client.get(third.get_absolute_url()).content.decode()


def test_a_post_shows_date_text_citations_and_replies(client):
    ReferenceFactory(citekey="ries1937")
    post = PostFactory(
        first_published=date(2026, 4, 19),
        body=f"<p>One lump {cite('ries1937')}.</p>",
        language="ca",
    )
    comment(post, text="Gràcies.")
    html = client.get(post.get_absolute_url()).content.decode()
    assert "19 April 2026" in html
    assert '<div class="prose" lang="ca"' in html
    assert "Cited in this post" in html
    assert "Gràcies." in html


def test_an_address_in_another_script_works(client):
    post = PostFactory(title="Ελληνικά")
    assert client.get(post.get_absolute_url()).status_code == 200


def test_a_post_takes_seven_queries_at_most(client, django_assert_max_num_queries):
    PostFactory(first_published=date(2020, 1, 1))
    cover = Image.objects.create(file="images/a.png", title="a", width=10, height=10)
    post = PostFactory(first_published=date(2021, 1, 1), cover=cover, tags=["a", "b"])
    PostFactory(first_published=date(2022, 1, 1))
    for _ in range(10):
        comment(post)
    client.get(post.get_absolute_url())
    with django_assert_max_num_queries(7):
        assert client.get(post.get_absolute_url()).content.decode().count('class="comment ') == 10


def test_the_list_of_posts_asks_the_same_for_one_or_twelve(client, django_assert_max_num_queries):
    PostFactory(tags=["a"])
    client.get("/blog/")
    comment(PostFactory(tags=["a", "b"]))
    PostFactory.create_batch(11, tags=["c"])
    with django_assert_max_num_queries(6):
        client.get("/blog/")
