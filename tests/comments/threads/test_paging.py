"""Conversations in pages: their order, their languages, where a permalink leads."""

import json
import random
import re

import pytest
from django.utils import timezone

from comments.commenters import retention
from comments.models import Comment
from comments.threads import paging, query
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return PostFactory()


def ids(html):
    return [int(pk) for pk in re.findall(r'id="comment-(\d+)"', html)]


def get(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def talks(page, number, replies=0):
    """So many conversations of so many replies, written at once; their beginnings."""
    kept = {"page": page, "name": "Reader", "text": "Words.", "html": "<p>Words.</p>"}
    kept |= {"status": "approved", "kind": "comment"}
    made = [Comment(**kept, created=timezone.now()) for _ in range(number)]
    for root in made:
        root.thread_at = root.created
    Comment.objects.bulk_create(made)
    for root in made:
        root.root = root
    Comment.objects.bulk_update(made, ["root"])
    Comment.objects.bulk_create(
        Comment(**kept, parent=root, root=root, depth=1, position=at + 1, thread_at=root.thread_at)
        for root in made
        for at in range(replies)
    )
    return made


class TestPages:
    def test_twenty_conversations_a_page_none_cut_in_two(self, client, page):
        made = talks(page, 45, replies=2)
        address = page.get_absolute_url()
        pages = [ids(get(client, f"{address}?replies={number}")) for number in (1, 2, 3)]
        assert [len(each) for each in pages] == [60, 60, 15]
        assert [pk for each in pages for pk in each if pk in {root.pk for root in made}] == [
            root.pk for root in reversed(made)
        ]
        for each in pages:
            roots = set(Comment.objects.filter(pk__in=each).values_list("root", flat=True))
            assert set(Comment.objects.filter(root__in=roots).values_list("pk", flat=True)) == set(
                each
            )

    def test_replies_can_be_folded_away_where_there_are_several(self, client, page):
        talks(page, 1, replies=paging.FOLDS - 1)
        assert '<details class="rest"' not in get(client, page.get_absolute_url())
        talks(page, 1, replies=paging.WHOLE + 2)
        html = get(client, page.get_absolute_url())
        folded = html[
            html.index('<details class="rest" open>') : html.index(
                "</details>", html.index('class="rest"')
            )
        ]
        assert f"{paging.WHOLE + 2} replies</summary>" in folded
        assert len(ids(folded)) == paging.FIRST - 1
        assert "other replies</a>" in folded

    def test_plain_links_lead_to_the_other_pages(self, client, page):
        talks(page, 45)
        address = page.get_absolute_url()
        html = get(client, f"{address}?replies=2")
        assert f'href="{address}#replies" rel="prev"' in html
        assert f'href="{address}?replies=3#replies" rel="next"' in html

    def test_one_page_has_no_such_links(self, client, page):
        talks(page, 3)
        assert "Pages of replies" not in get(client, page.get_absolute_url())

    @pytest.mark.parametrize("asked", ["0", "-1", "99", "abc", "²", "1" * 30, "%00", "2.0", ""])
    def test_a_page_that_never_was_is_the_first_one(self, client, page, asked):
        made = talks(page, 21)
        response = client.get(f"{page.get_absolute_url()}?replies={asked}")
        assert response.status_code in (200, 404)
        assert response.status_code == 404 or made[-1].pk in ids(response.content.decode())

    def test_the_canonical_address_is_that_of_the_page(self, client, page):
        talks(page, 21)
        html = get(client, f"{page.get_absolute_url()}?replies=2&order=oldest&in=en")
        assert f'<link rel="canonical" href="http://testserver{page.get_absolute_url()}">' in html

    def test_the_count_is_of_all_pages(self, client, page):
        talks(page, 21, replies=1)
        assert "42 replies" in get(client, f"{page.get_absolute_url()}?replies=2")


class TestOrder:
    def test_oldest_first(self, client, page):
        first, second, third = talks(page, 3)
        assert ids(get(client, f"{page.get_absolute_url()}?order=oldest")) == [
            first.pk,
            second.pk,
            third.pk,
        ]

    def test_most_discussed_first_and_the_newest_of_equals(self, client, page):
        first, second, third, fourth = talks(page, 4)
        for _ in range(2):
            comment(parent=second)
        comment(parent=third)
        found = ids(get(client, f"{page.get_absolute_url()}?order=discussed"))
        assert [pk for pk in found if Comment.objects.get(pk=pk).parent is None] == [
            second.pk, third.pk, fourth.pk, first.pk]  # fmt: skip

    def test_most_discussed_runs_over_the_pages(self, client, page):
        made = talks(page, 25)
        for _ in range(3):
            comment(parent=made[0])
        comment(parent=made[1])
        first = ids(get(client, f"{page.get_absolute_url()}?order=discussed"))
        second = ids(get(client, f"{page.get_absolute_url()}?order=discussed&replies=2"))
        assert first[0] == made[0].pk
        assert first[4] == made[1].pk
        assert not set(first) & set(second)
        assert len(first) + len(second) == 29

    def test_an_order_that_never_was_is_newest_first(self, client, page):
        made = talks(page, 3)
        assert ids(get(client, f"{page.get_absolute_url()}?order=<b>"))[0] == made[-1].pk

    def test_the_chosen_order_is_marked_and_kept_from_page_to_page(self, client, page):
        talks(page, 21)
        html = get(client, f"{page.get_absolute_url()}?order=oldest")
        assert re.search(r'order=oldest#replies" aria-current="true"', html)
        assert "?replies=2&amp;order=oldest#replies" in html


class TestLanguages:
    def test_a_filter_shows_whole_conversations_in_which_somebody_writes_in_it(self, client, page):
        english = comment(page, language="en")
        mixed = comment(page, language="en")
        answer = comment(parent=mixed, language="ca")
        html = get(client, f"{page.get_absolute_url()}?in=ca")
        assert ids(html) == [mixed.pk, answer.pk]
        assert english.pk not in ids(html)

    def test_only_languages_people_write_in_are_offered_and_only_if_there_are_two(
        self, client, page
    ):
        talks(page, 3)
        assert "All languages" not in get(client, page.get_absolute_url())
        comment(page, language="ca")
        comment(page, language="de", status="pending")
        html = get(client, page.get_absolute_url())
        assert "?in=ca#replies" in html
        assert "?in=de#replies" not in html

    def test_a_language_nobody_writes_in_gives_everything(self, client, page):
        made = talks(page, 2)
        assert len(ids(get(client, f"{page.get_absolute_url()}?in=de"))) == len(made)


class TestLongConversations:
    @pytest.fixture
    def root(self, page):
        root = comment(page, kind="question", text="Is it fat?")
        for number in range(paging.WHOLE):
            comment(parent=root, by_author=number % 12 == 11, text=f"Reply {number}")
        return root

    def test_the_beginning_is_shown_and_a_link_says_how_many_more_there_are(
        self, client, page, root
    ):
        html = get(client, page.get_absolute_url())
        assert len(ids(html)) == paging.FIRST
        assert f"Show the {paging.WHOLE + 1 - paging.FIRST} other replies" in html
        assert "2 of them by the author" in html
        assert f'href="/comments/thread/{root.pk}/#comment-{root.pk}"' in html

    def test_one_less_is_shown_whole(self, client, page, root):
        root.replies.last().delete()
        html = get(client, page.get_absolute_url())
        assert len(ids(html)) == paging.WHOLE
        assert 'class="more"' not in html

    def test_the_conversation_has_a_page_of_its_own(self, client, page, root):
        html = get(client, f"/comments/thread/{root.pk}/")
        assert len(ids(html)) == paging.WHOLE + 1
        assert f'href="{page.get_absolute_url()}#comment-{root.pk}"' in html
        assert f'<link rel="canonical" href="http://testserver/comments/thread/{root.pk}/">' in html

    def test_a_reply_a_pending_and_a_hidden_page_have_none(self, client, page, root):
        assert client.get(f"/comments/thread/{root.replies.first().pk}/").status_code == 404
        assert (
            client.get(f"/comments/thread/{comment(page, status='pending').pk}/").status_code == 404
        )
        page.state = "draft"
        page.save()
        assert client.get(f"/comments/thread/{root.pk}/").status_code == 404


class TestPagesOfAConversation:
    """A hundred comments each, however many there are and however deep they go."""

    TALL = 1_000  # not one by one: ten pages

    @pytest.fixture(params=["chain", "flat"])
    def root(self, page, request):
        return self.talk(page, request.param, self.TALL)

    def talk(self, page, shape, number):
        root = comment(page, kind="question", text="Is it fat?")
        base = root.pk
        kept = {
            "page": page,
            "root": root,
            "thread_at": root.thread_at,
            "status": "approved",
            "name": "R",
        }
        Comment.objects.bulk_create(
            Comment(
                pk=base + each,
                parent_id=base + each - 1 if shape == "chain" else base,
                depth=each if shape == "chain" else 1,
                position=each,
                html=f"<p>Reply {each} {'word ' * 40}</p>",
                **kept,
            )
            for each in range(1, number)
        )
        return root

    @pytest.mark.parametrize("number", [300, 1_500])
    def test_each_costs_little_and_is_bounded_in_bytes(
        self, client, page, number, django_assert_max_num_queries
    ):
        root = self.talk(page, "chain", number)
        for part in (1, 2, number // 100):
            with django_assert_max_num_queries(11):
                html = get(client, paging.whole_address(root.pk, part))
            assert len(ids(html)) == paging.PART
            assert len(html) < 200_000

    def test_all_of_it_can_be_read_by_turning_pages(self, client, root):
        first = get(client, paging.whole_address(root.pk))
        assert "page 1 of 10" in first
        assert 'rel="prev"' not in first
        assert f'href="/comments/thread/{root.pk}/?page=2" rel="next"' in first
        second = get(client, paging.whole_address(root.pk, 2))
        assert ids(second) == [root.pk + each for each in range(100, 200)]
        assert f'<a href="/comments/thread/{root.pk}/" rel="prev"' in second
        assert (
            f'rel="canonical" href="http://testserver/comments/thread/{root.pk}/?page=2"' in second
        )
        assert "page 2 of 10" in re.search("<title>(.*?)</title>", second, re.DOTALL)[1]
        assert 'rel="next"' not in get(client, paging.whole_address(root.pk, 10))

    def test_a_permalink_leads_to_the_page_that_shows_the_comment(self, client, root):
        for place in (9, 10, 99, 100, 101, 999):
            address, _, anchor = client.get(f"/comments/{root.pk + place}/")["Location"].partition(
                "#"
            )
            assert anchor == f"comment-{root.pk + place}"
            assert root.pk + place in ids(get(client, address))

    def test_whom_a_comment_answers_is_named_also_from_another_page(self, client, root):
        html = get(client, paging.whole_address(root.pk, 2))
        first = Comment.objects.get(pk=root.pk + 100)
        assert f'href="/comments/{first.parent_id}/"' in html
        assert "a comment that is not shown" not in html

    def test_a_page_that_is_not_there_is_the_nearest_that_is(self, client, root):
        for number in ("0", "-1", "x", "٣", "999999999999", "11"):
            assert (
                len(ids(get(client, f"/comments/thread/{root.pk}/?page={number}"))) == paging.PART
            )

    def test_the_answers_of_a_question_are_for_machines_on_its_first_page_alone(self, client, root):
        assert '"QAPage"' in get(client, paging.whole_address(root.pk))
        assert '"QAPage"' not in get(client, paging.whole_address(root.pk, 2))


class TestPermalinks:
    def lands(self, client, made):
        response = client.get(f"/comments/{made.pk}/")
        assert response.status_code == 302
        address, _, anchor = response["Location"].partition("#")
        assert anchor == f"comment-{made.pk}"
        assert made.pk in ids(get(client, address))
        return address

    def test_they_lead_to_the_page_that_shows_the_comment(self, client, page):
        made = talks(page, 45, replies=1)
        for each in (made[0], made[20], made[44]):
            self.lands(client, each)
            self.lands(client, each.replies.get())
        assert self.lands(client, made[0]) == f"{page.get_absolute_url()}?replies=3"

    def test_what_is_folded_away_is_on_the_conversations_own_page(self, client, page):
        root = comment(page)
        made = [comment(parent=root) for _ in range(paging.WHOLE)]
        assert self.lands(client, made[0]) == page.get_absolute_url()
        assert self.lands(client, made[-1]) == f"/comments/thread/{root.pk}/"

    def test_a_language_of_the_menus_is_kept(self, client, page):
        assert client.get(f"/ca/comments/{comment(page).pk}/")["Location"].startswith("/ca/")

    def test_comments_that_are_not_shown_do_not_push_others_to_a_later_page(self, client, page):
        made = talks(page, 20)
        for _ in range(30):
            comment(page, status="spam")
        assert self.lands(client, made[0]) == page.get_absolute_url()


class TestCost:
    @pytest.mark.parametrize("deep", [False, True])
    def test_a_page_of_ten_thousand_comments_is_read_in_four_queries(
        self, page, deep, django_assert_num_queries
    ):
        root = comment(page)
        base = root.pk + 1
        kept = {
            "page": page,
            "thread_at": root.thread_at,
            "status": "approved",
            "name": "R",
            "html": "<p>w</p>",
        }
        if deep:
            rows = [
                {"root": root, "parent_id": base + n - 1, "position": n + 1, "depth": n + 1}
                for n in range(10_000)
            ]
        else:
            rows = [{"root_id": base + n} for n in range(10_000)]
        Comment.objects.bulk_create(
            Comment(pk=base + n, **kept, **row) for n, row in enumerate(rows)
        )
        paging.of_page(page)
        with django_assert_num_queries(4):
            found = paging.of_page(page)
        assert found.total == 10_001
        assert len(found.comments) == (paging.FIRST if deep else paging.PER_PAGE)

    def test_the_whole_page_stays_below_its_ceiling(self, client, django_assert_max_num_queries):
        chapter = ChapterFactory()
        talks(chapter, 60, replies=3)
        client.get(chapter.get_absolute_url())
        for asked in ("", "?replies=2", "?order=discussed"):
            with django_assert_max_num_queries(8):
                client.get(chapter.get_absolute_url() + asked)

    def test_few_are_counted_as_many_are(self, page, monkeypatch):
        """Read at once and counted here, or counted by the database: the same is shown."""
        made = []
        chance = random.Random(7)
        for number in range(70):
            parent = chance.choice(made) if made and chance.random() < 0.6 else None
            made.append(
                comment(
                    None if parent else page,
                    parent=parent,
                    language=chance.choice(["en", "es", "ca"]),
                    kind=chance.choice(["comment", "question"]),
                    by_author=chance.random() < 0.2,
                    erased=timezone.now() if number % 9 == 0 else None,
                    status=chance.choice(["approved", "approved", "approved", "pending"]),
                )
            )

        def shown(few, **asked):
            monkeypatch.setattr(paging, "FEW", few)
            found = paging.of_page(page, paging.Asked(**asked))
            talks = [
                (talk.root, [each.pk for each in talk.comments], talk.more, talk.more_by_author)
                for talk in found.talks
            ]
            helped = [each.pk for each in found.helped]
            return talks, found.total, found.pages, found.languages, helped

        for module in (paging, query):
            monkeypatch.setattr(module, "PER_PAGE", 8)
            monkeypatch.setattr(module, "WHOLE", 5)
        monkeypatch.setattr(paging, "FIRST", 3)
        assert shown(100)[2] > 1
        for order in paging.ORDERS:
            for language in ("", "ca", "de"):
                for number in (1, 2, 9):
                    asked = {"order": order, "language": language, "number": number}
                    assert shown(100, **asked) == shown(0, **asked), asked


class TestHelped:
    @pytest.mark.parametrize("make", [ChapterFactory, PostFactory, ReferenceFactory])
    def test_a_page_shows_the_questions_answered_on_it_that_stand_on_later_pages(
        self, client, make
    ):
        page = make()
        asked = comment(page, kind="question", text="Is it <fat>?")
        comment(parent=asked, by_author=True)
        assert "helped to answer" not in get(client, page.get_absolute_url())
        talks(page, 20)
        html = get(client, page.get_absolute_url())
        assert "Questions this page helped to answer" in html
        assert f'href="/comments/{asked.pk}/" lang="en" dir="auto">Is it &lt;fat&gt;?</a>' in html

    def test_and_those_whose_answer_links_to_it_or_cites_it(self, client):
        chapter, record = ChapterFactory(), ReferenceFactory(citekey="sutro1935")
        asked = comment(PostFactory(), kind="question", text="Who found them?")
        text = f"See http://testserver{chapter.get_absolute_url()} and [@sutro1935]."
        answer = comment(parent=asked, by_author=True, text=text)
        for page in (chapter, record):
            assert "Who found them?" in get(client, page.get_absolute_url())
        answer.text = "I do not know."
        answer.save()
        for page in (chapter, record):
            assert "Who found them?" not in get(client, page.get_absolute_url())

    def test_a_readers_link_counts_for_nothing(self, client):
        chapter = ChapterFactory()
        asked = comment(PostFactory(), kind="question")
        comment(parent=asked, text=f"See http://testserver{chapter.get_absolute_url()}")
        assert "helped to answer" not in get(client, chapter.get_absolute_url())

    def test_questions_on_hidden_pages_are_not_shown(self, client):
        chapter, post = ChapterFactory(), PostFactory()
        asked = comment(post, kind="question", text="Hidden question")
        comment(parent=asked, by_author=True, text=f"http://testserver{chapter.get_absolute_url()}")
        post.state = "draft"
        post.save()
        assert "Hidden question" not in get(client, chapter.get_absolute_url())


class TestForMachines:
    def data(self, html):
        return json.loads(
            re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)[-1]
        )

    def test_a_page_lists_the_comments_it_shows(self, client, page):
        made = comment(page, name="Anna", text="</script><b>&amp; x", language="ca")
        comment(page, status="pending")
        found = self.data(get(client, page.get_absolute_url()))
        assert found["@type"] == "WebPage"
        assert found["commentCount"] == 1
        assert found["comment"][0]["text"] == "</script><b>&amp; x"
        assert found["comment"][0]["author"]["name"] == "Anna"
        assert found["comment"][0]["url"] == f"http://testserver/comments/{made.pk}/"
        assert found["comment"][0]["inLanguage"] == "ca"

    def test_a_question_with_an_answer_is_a_question_page_on_its_own_page_only(self, client, page):
        asked = comment(page, kind="question", text="Is it fat?")
        assert self.data(get(client, f"/comments/thread/{asked.pk}/"))["@type"] == "WebPage"
        comment(parent=asked, text="I think so")
        answer = comment(parent=asked, by_author=True, text="Mostly.")
        found = self.data(get(client, f"/comments/thread/{asked.pk}/"))
        assert found["@type"] == "QAPage"
        assert found["mainEntity"]["acceptedAnswer"][0]["@id"].endswith(f"/comments/{answer.pk}/")
        assert [each["text"] for each in found["mainEntity"]["suggestedAnswer"]] == ["I think so"]
        assert self.data(get(client, page.get_absolute_url()))["@type"] == "WebPage"

    def test_a_question_whose_only_answer_was_erased_is_no_question_page(self, client, page):
        asked = comment(page, kind="question", text="Is it fat?")
        reply = comment(parent=asked, text="I think so")
        comment(parent=reply, text="Are you sure?")
        retention.erase([reply])
        assert self.data(get(client, f"/comments/thread/{asked.pk}/"))["@type"] == "WebPage"

    def test_a_remark_with_replies_is_no_question_page(self, client, page):
        root = comment(page)
        comment(parent=root, by_author=True)
        assert self.data(get(client, f"/comments/thread/{root.pk}/"))["@type"] == "WebPage"


class TestFeeds:
    def test_a_page_has_a_feed_of_its_comments(self, client):
        page, other = ChapterFactory(title="Nodules"), PostFactory()
        made = comment(page, name="Anna", text="Words <here>", email="anna@example.org")
        comment(other, text="Elsewhere")
        comment(page, text="Not yet", status="pending")
        response = client.get(f"{page.get_absolute_url()}comments.atom")
        text = response.content.decode()
        assert response["Content-Type"].startswith("application/atom+xml")
        assert f"http://testserver/comments/{made.pk}/" in text
        assert "&lt;p&gt;Words &amp;lt;here&amp;gt;&lt;/p&gt;" in text
        assert "Anna on “1 Nodules”" in text
        for absent in ("Elsewhere", "Not yet", "example.org"):
            assert absent not in text
        assert f'href="{page.get_absolute_url()}comments.atom"' in get(
            client, page.get_absolute_url()
        )

    @pytest.mark.parametrize("make", [ChapterFactory, PostFactory, ReferenceFactory])
    def test_every_kind_of_page_has_one(self, client, make):
        assert client.get(f"{make().get_absolute_url()}comments.atom").status_code == 200

    @pytest.mark.parametrize(
        "path",
        ["/comments.atom", "/blog/comments.atom", "/none/comments.atom", "/a/b/c/comments.atom"],
    )
    def test_nothing_else_has(self, client, path):
        assert client.get(path).status_code == 404

    def test_a_hidden_page_has_none(self, client):
        page = PostFactory(state="draft")
        assert client.get(f"{page.get_absolute_url()}comments.atom").status_code == 404

    def test_there_is_one_of_all(self, client):
        comment(ChapterFactory(), text="First words")
        comment(PostFactory(), text="Second words")
        comment(PostFactory(state="draft"), text="Hidden words")
        text = client.get("/comments/feed.atom").content.decode()
        assert "First words" in text
        assert "Second words" in text
        assert "Hidden words" not in text


def test_an_erased_comment_leaves_an_empty_place_above_its_answers(client, page):
    first = comment(page, name="Anna Secretname", text="Secret words", kind="question")
    answer = comment(parent=first, by_author=True, text="The answer stays.")
    retention.erase([first])
    html = get(client, page.get_absolute_url())
    assert ids(html) == [first.pk, answer.pk]
    assert "[removed at the writer’s wish]" in html
    assert "The answer stays." in html
    assert "Secret" not in html
    assert "1 reply" in html
    assert client.get(f"/comments/{first.pk}/").status_code == 404


def test_role_kind_and_correction_are_said_small(client, page):
    comment(page, role="clinician", kind="experience", edited="2026-05-03T10:00:00Z")
    html = get(client, page.get_absolute_url())
    assert '<span class="as">Clinician</span>' in html
    assert "Experience, <a" in html
    assert "corrected" in html


def test_a_note_near_the_answers_says_what_they_are_not(client, page):
    assert "In an emergency call 112" in get(client, page.get_absolute_url())


def test_a_summary_in_the_authors_words_is_shown_as_hers(client, page):
    comment(page, language="de", gloss="She asks <whether> it is fat.", gloss_language="en")
    html = get(client, page.get_absolute_url())
    assert "In the words of the author" in html
    assert "She asks &lt;whether&gt; it is fat." in html
