"""The threads below a page, as the public sees them."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from comments.models import Comment, Status
from comments.threads import paging
from publishing.models import SiteSettings
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return ChapterFactory()


def shown(page, **site):
    context = {"page": page, "comments": paging.of_page(page), "site": SiteSettings(**site)}
    return " ".join(render_to_string("comments/thread.html", context).split())


def order(html):
    return [int(pk) for pk in re.findall(r'id="comment-(\d+)"', html)]


def test_replies_are_counted(page):
    assert "No replies yet" in shown(page)
    first = comment(page)
    assert "1 reply" in shown(page)
    for _ in range(25):
        comment(parent=first)
    assert "26 replies" in shown(page)


def test_each_reply_follows_what_it_answers_and_the_newest_conversation_comes_first(page):
    old, new = comment(page), comment(page)
    reply = comment(parent=old)
    later = comment(parent=old)
    deep = comment(parent=reply)
    assert order(shown(page)) == [c.pk for c in (new, old, reply, deep, later)]


def test_depth_shows_as_a_class_up_to_the_fifth_level_and_in_words_at_every_one(page):
    chain = [comment(page, name="Reader 0")]
    for number in range(1, 10):
        chain.append(comment(parent=chain[-1], name=f"Reader {number}"))
    html = shown(page)
    assert [re.search(rf'class="comment (d\d)" id="comment-{c.pk}"', html)[1] for c in chain] == [
        "d0", "d1", "d2", "d3", "d4", "d5", "d5", "d5", "d5", "d5"]  # fmt: skip
    assert html.count("in reply to") == 9
    assert f'in reply to <a href="#comment-{chain[7].pk}"><bdi>Reader 7</bdi></a>' in html


def test_the_authors_answers_bear_her_name_and_the_word_author(page):
    first = comment(page)
    answer = comment(parent=first, by_author=True, name="Her former name")
    html = shown(page, author_name="Dr Own Name")
    assert f'class="comment d1 author" id="comment-{answer.pk}"' in html
    assert '<bdi>Dr Own Name</bdi> <span class="role">author</span>' in html
    assert "Her former name" not in html
    assert "<bdi>The author</bdi></h3>" in shown(page)


def test_a_comment_has_its_time_as_a_permalink(page):
    first = comment(page)
    assert f'<a href="/comments/{first.pk}/" rel="bookmark"><time datetime="' in shown(page)


@pytest.mark.parametrize(
    ("language", "month"),
    [("en", "3 May 2026"), ("es", "3 de mayo de 2026"), ("ca", "3 de maig del 2026")],
)
def test_dates_are_written_as_in_the_language_of_the_menus(page, language, month):
    comment(page, created="2026-05-03T10:00:00Z")
    with override(language):
        assert month in shown(page)


def test_a_language_is_named_only_when_it_is_not_that_of_the_page(page):
    comment(page, language="en")
    assert 'class="lng"' not in shown(page)
    comment(page, language="ca")
    html = shown(page)
    assert html.count('class="lng"') == 1
    assert '<span class="lng">Catalan</span>' in html
    assert '<div class="said" lang="ca"' in html


def test_below_a_reference_the_language_of_the_menus_counts():
    page = ReferenceFactory(language="fr")
    comment(page, language="en")
    assert 'class="lng"' not in shown(page)


def test_reply_links_are_plain_links_to_the_form(page):
    first = comment(page)
    html = shown(page)
    assert f'href="/comments/new/review.chapter/{page.pk}/"' in html
    assert f'href="/comments/new/review.chapter/{page.pk}/?reply_to={first.pk}"' in html
    with override("ca"):
        assert f'href="/ca/comments/new/review.chapter/{page.pk}/"' in shown(page)


def test_a_closed_page_keeps_its_comments_and_offers_no_reply(page):
    page.comments_open = False
    assert "<section" not in shown(page)
    comment(page)
    html = shown(page)
    assert "Replies are closed" in html
    assert "/comments/new/" not in html


def test_the_threads_carry_nothing_of_the_reader_or_the_form(page):
    comment(page, email="anna@example.org")
    html = shown(page)
    for private in ("anna@example.org", "csrf", "captcha", "<form", "style=", "onclick"):
        assert private not in html


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.TRASH])
def test_what_is_not_approved_is_not_there_but_what_answers_it_is(page, status):
    first = comment(page)
    middle = comment(parent=first, text="Hidden words", name="Hidden name", status=status)
    last = comment(parent=middle)
    html = shown(page)
    assert order(html) == [first.pk, last.pk]
    assert "Hidden" not in html
    assert "in reply to a comment that is not shown" in html


def test_comments_of_another_page_are_not_there(page):
    comment(PostFactory())
    assert order(shown(page)) == []


def test_a_chain_of_a_thousand_replies_is_a_page(client, page):
    root = comment(page)
    start = root.pk
    place = {
        "page": page,
        "root_id": start,
        "thread_at": root.thread_at,
        "status": Status.APPROVED,
        "name": "Reader",
        "html": "<p>Words.</p>",
    }
    Comment.objects.bulk_create(
        Comment(
            pk=start + number, parent_id=start + number - 1, position=number, depth=number, **place
        )
        for number in range(1, 1001)
    )
    assert order(shown(page)) == list(range(start, start + paging.FIRST))
    html = client.get(paging.whole_address(start)).content.decode()
    assert order(html) == list(range(start, start + paging.PART))
    html = client.get(paging.whole_address(start, 11)).content.decode()
    assert order(html) == [start + 1000]
    assert html.count('class="comment d5"') == 1


@pytest.mark.parametrize("number", [26, 150])
def test_the_threads_cost_two_queries_whatever_their_number(
    page, number, django_assert_num_queries
):
    _talk(page, number)
    shown(page)
    with django_assert_num_queries(2):
        assert f"{number} replies" in shown(page)


@pytest.mark.parametrize("number", [26, 150])
def test_a_page_costs_no_more_queries_with_150_comments_than_with_26(
    client, number, django_assert_max_num_queries
):
    page = ChapterFactory()
    _talk(page, number)
    client.get(page.get_absolute_url())
    with django_assert_max_num_queries(8):
        html = client.get(page.get_absolute_url()).content.decode()
    assert f"{number} replies" in html


def _talk(page, number):
    made = [comment(page)]
    for each in range(1, number):
        made.append(
            comment(page) if each % 7 == 0 else comment(parent=made[each * each % len(made)])
        )


class TestPermalink:
    def test_it_leads_to_the_comment_on_its_page(self, client, page):
        first = comment(page)
        response = client.get(f"/comments/{first.pk}/")
        assert response.status_code == 302
        assert response["Location"] == f"{page.get_absolute_url()}#comment-{first.pk}"

    @pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM, Status.TRASH])
    def test_what_is_not_approved_has_none(self, client, page, status):
        assert client.get(f"/comments/{comment(page, status=status).pk}/").status_code == 404

    def test_on_a_page_that_is_hidden_or_gone_there_is_none(self, client):
        hidden, gone, record = PostFactory(), PostFactory(), ReferenceFactory()
        made = [comment(each) for each in (hidden, gone, record)]
        hidden.state = "draft"
        hidden.save()
        gone.delete()
        record.delete()
        assert [client.get(f"/comments/{each.pk}/").status_code for each in made] == [404, 404, 404]

    @pytest.mark.parametrize("pk", [0, 999, 10**30])
    def test_a_number_that_never_was_is_not_found(self, client, pk):
        assert client.get(f"/comments/{pk}/").status_code == 404
