"""Chapters and the works in them put in order at the desk: one step, one drop, several works at
once; numbers, addresses and links follow."""

import pytest
from django.urls import reverse
from reversion.models import Version

from review import moves
from review.models import Chapter, Placement
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory
from tests.simultaneous import at_once

ARRANGE = reverse("admin:review_chapter_arrange")
PLACE = reverse("admin:review_chapter_place")


def numbers():
    return [str(chapter) for chapter in Chapter.objects.all()]


def said(answer):
    return " ".join(str(each) for each in answer.context["messages"])


def step(client, way, chapter):
    return client.post(ARRANGE, {"step": f"{way}-{chapter.pk}"}, follow=True)


def works_of(chapter):
    return reverse("admin:review_chapter_works", args=[chapter.pk])


def listed(chapter):
    rows = Placement.objects.filter(chapter=chapter).select_related("reference")
    return [(row.reference.citekey, row.remark) for row in rows]


@pytest.fixture
def three(db):
    return [ChapterFactory(title=title) for title in ("One", "Two", "Three")]


@pytest.fixture
def placed(three):
    works = [ReferenceFactory(citekey=f"a{year}", year=year) for year in (1930, 1940, 1950)]
    return [Placement.objects.create(chapter=three[0], reference=work) for work in works]


class TestChapters:
    def test_the_steps_go_up_down_in_and_out(self, author_client, three):
        _one, two, three_ = three
        assert "is now 1." in said(step(author_client, "up", two))
        assert numbers() == ["1 Two", "2 One", "3 Three"]
        step(author_client, "down", two)
        answer = step(author_client, "in", two)
        assert numbers() == ["1 One", "1.1 Two", "2 Three"]
        assert "“Two” is now 1.1, in “1 One”." in said(answer)
        step(author_client, "in", three_)
        assert numbers() == ["1 One", "1.1 Two", "1.2 Three"]
        step(author_client, "out", two)
        assert numbers() == ["1 One", "1.1 Three", "2 Two"]

    def test_what_is_at_the_end_stays(self, author_client, three):
        for way, chapter in (("up", 0), ("down", 2), ("in", 0), ("out", 1)):
            assert "Nothing moved" in said(step(author_client, way, three[chapter]))
        assert numbers() == ["1 One", "2 Two", "3 Three"]

    def test_a_drop_puts_a_chapter_with_all_below_it_in_front_of_another(
        self, author_client, three
    ):
        ChapterFactory(title="Inside", parent=three[2])
        drop = {"chapter": three[2].pk, "under": "", "before": three[0].pk, "section": "b-main"}
        author_client.post(ARRANGE, drop)
        assert numbers() == ["1 Three", "1.1 Inside", "2 One", "3 Two"]

    def test_a_drop_in_another_section_takes_its_numbers_away(self, author_client, three):
        drop = {"chapter": three[0].pk, "under": "", "before": "", "section": "a-front"}
        author_client.post(ARRANGE, drop)
        assert numbers() == ["One", "1 Two", "2 Three"]

    def test_a_drop_under_its_own_part_is_refused(self, author_client, three):
        inside = ChapterFactory(title="Inside", parent=three[0])
        drop = {"chapter": three[0].pk, "under": inside.pk, "before": "", "section": ""}
        answer = author_client.post(ARRANGE, drop, follow=True)
        assert "cannot be moved under itself" in said(answer)
        assert numbers() == ["1 One", "1.1 Inside", "2 Two", "3 Three"]

    def test_a_drop_before_what_was_moved_away_meanwhile_is_refused(self, author_client, three):
        moves.step(three[1], "in")
        drop = {"chapter": three[2].pk, "under": "", "before": three[1].pk, "section": "b-main"}
        answer = author_client.post(ARRANGE, drop, follow=True)
        assert "moved meanwhile" in said(answer)

    def test_two_of_one_address_do_not_come_side_by_side(self, author_client, three):
        twin = ChapterFactory(title="Twin", slug="two", parent=three[0])
        assert "has this address already" in said(step(author_client, "out", twin))
        assert "1.1 Twin" in numbers()

    def test_old_addresses_lead_to_the_new_ones_and_links_follow(self, author_client, three):
        post = PostFactory(body='<p><a href="/review/two/">there</a></p>')
        step(author_client, "in", three[1])
        post.refresh_from_db()
        assert 'href="/review/one/two/"' in post.body_html
        assert author_client.get("/review/two/")["Location"] == "/review/one/two/"

    def test_a_move_is_taken_back_by_one_press(self, author_client, three):
        answer = step(author_client, "in", three[1])
        undo = answer.context["undo"]
        back = {
            "undo": 1, "chapter": undo["back"], "under": undo["under"], "before": undo["before"],
            "section": "b-main",
        }  # fmt: skip
        answer = author_client.post(ARRANGE, back, follow=True)
        assert numbers() == ["1 One", "2 Two", "3 Three"]
        assert "undo" not in answer.context

    def test_no_text_is_rendered_but_of_those_that_link_there(
        self, author_client, three, monkeypatch
    ):
        rendered = []
        render = Chapter.render_body
        monkeypatch.setattr(
            Chapter,
            "render_body",
            lambda self, root=None: rendered.append(self.title) or render(self, root),
        )
        step(author_client, "in", three[1])
        assert rendered == []

    def test_who_may_not_publish_moves_drafts_alone(self, client, three, django_user_model):
        user = django_user_model.objects.create_user("translator", is_staff=True)
        names = ("view_chapter", "change_chapter")
        user.user_permissions.set(
            type(user).user_permissions.rel.model.objects.filter(codename__in=names)
        )
        client.force_login(user)
        assert step(client, "up", three[1]).status_code == 403
        assert numbers() == ["1 One", "2 Two", "3 Three"]

    def test_a_chapter_that_is_gone_is_said_to_be(self, author_client, three):
        answer = author_client.post(ARRANGE, {"step": "up-99999"}, follow=True)
        assert "not there any more" in said(answer)

    def test_the_page_asks_the_database_little(
        self, author_client, three, django_assert_max_num_queries
    ):
        for number in range(10):
            ChapterFactory(title=f"Inside {number}", parent=three[number % 3])
        author_client.get(ARRANGE)
        with django_assert_max_num_queries(8):
            author_client.get(ARRANGE)


@pytest.mark.django_db(transaction=True)
def test_steps_and_drops_at_once_are_done_one_after_the_other(three):
    def work(each):
        chapter = three[each % 3]
        try:
            return moves.step(chapter, ("up", "in", "down", "out")[each % 4])
        except Exception as error:
            return type(error).__name__

    assert set(at_once(8, work)) <= {True, False, "ValidationError"}
    positions = [(each.parent_id, each.position) for each in Chapter.objects.all()]
    assert len(set(positions)) == 3


class TestWorks:
    def test_moved_once_the_order_is_hers_and_back_again(self, author_client, three, placed):
        address = works_of(three[0])
        author_client.post(address, {"step": f"up-{placed[2].pk}"})
        assert [key for key, _remark in listed(three[0])] == ["a1930", "a1950", "a1940"]
        author_client.post(address, {"chapter": placed[2].pk, "before": placed[0].pk})
        assert [key for key, _remark in listed(three[0])] == ["a1950", "a1930", "a1940"]
        author_client.post(address, {"by_year": 1})
        assert [key for key, _remark in listed(three[0])] == ["a1930", "a1940", "a1950"]

    def test_several_are_taken_out_and_remarks_typed_meanwhile_are_kept(
        self, author_client, three, placed
    ):
        data = {
            "take_out": 1, "out": [placed[0].pk, placed[1].pk],
            f"remark-{placed[2].pk}": "The best of them.",
        }  # fmt: skip
        answer = author_client.post(works_of(three[0]), data, follow=True)
        assert listed(three[0]) == [("a1950", "The best of them.")]
        assert "2 works taken out." in said(answer)

    def test_several_are_found_and_put_in_with_a_remark_each(self, author_client, three, placed):
        new = [ReferenceFactory(citekey=f"b{year}", year=year) for year in (1935, 1960)]
        page = author_client.get(works_of(three[0]), {"q": "b19"}).content.decode()
        assert page.count('name="add"') == 2
        data = {
            "put_in": 1, "add": [work.pk for work in new],
            f"new-remark-{new[1].pk}": "Read it twice.",
        }  # fmt: skip
        author_client.post(works_of(three[0]), data)
        assert listed(three[0])[1] == ("b1935", "")
        assert listed(three[0])[4] == ("b1960", "Read it twice.")

    def test_works_chosen_in_the_library_go_into_a_chapter(self, author_client, three, placed):
        new = ReferenceFactory(citekey="c1970", year=1970)
        chosen = {
            "action": "place_in_a_chapter",
            "_selected_action": [new.pk, placed[0].reference_id],
        }
        answer = author_client.post(reverse("admin:references_reference_changelist"), chosen)
        page = author_client.get(answer["Location"])
        assert page.context["ids"].split(",").count(str(new.pk)) == 1
        data = {
            "works": page.context["ids"], "chapter": three[0].pk,
            f"new-remark-{new.pk}": "New to me.",
        }  # fmt: skip
        answer = author_client.post(PLACE, data, follow=True)
        assert "1 work put in. The others are listed here already." in said(answer)
        assert listed(three[0])[-1] == ("c1970", "New to me.")

    def test_every_change_is_a_version_that_can_be_taken_back(self, author_client, three, placed):
        author_client.post(works_of(three[0]), {"take_out": 1, "out": [placed[0].pk]})
        versions = Version.objects.get_for_object(three[0])
        assert [each.revision.comment for each in versions] == [
            "1 work taken out.",
            "As it was before its first change here",
        ]
        old = reverse("admin:review_chapter_revision", args=[three[0].pk, versions[1].pk])
        author_client.post(old)
        assert len(listed(three[0])) == 3

    def test_nothing_ticked_says_so(self, author_client, three, placed):
        assert "first" in said(author_client.post(works_of(three[0]), {"take_out": 1}, follow=True))
        assert len(listed(three[0])) == 3
