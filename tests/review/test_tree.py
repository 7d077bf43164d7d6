import pytest
from django.core.exceptions import ValidationError

from publishing import search, tasks
from publishing.models import IndexEntry
from review import tree
from review.models import Chapter, Section
from tests.factories import ChapterFactory

pytestmark = pytest.mark.django_db


def numbers():
    return list(Chapter.objects.values_list("number", "path"))


def test_numbers_follow_from_the_place_in_the_tree():
    one = ChapterFactory(title="One")
    ChapterFactory(title="Two")
    second = ChapterFactory(title="Middle", parent=one)
    ChapterFactory(title="Deep", parent=second)
    assert numbers() == [
        ("1", "one"),
        ("1.1", "one/middle"),
        ("1.1.1", "one/middle/deep"),
        ("2", "two"),
    ]


def test_search_never_leads_to_a_chapter_that_has_no_address_yet(monkeypatch):
    monkeypatch.setattr(tasks, "enqueue", lambda *_args, **_how: None)  # no worker runs
    chapter = ChapterFactory(title="One")
    assert not IndexEntry.objects.filter(page_id=chapter.pk, kind="chapter").exists()
    monkeypatch.undo()
    Chapter.objects.get().save()
    assert IndexEntry.objects.get(kind="chapter").url == "/review/one/"


def test_front_matter_has_no_number_and_comes_first():
    ChapterFactory(title="One")
    ChapterFactory(title="The project", section=Section.FRONT)
    assert numbers() == [("", "the-project"), ("1", "one")]


def test_a_translation_has_the_number_of_its_original_and_counts_for_none():
    one, two = ChapterFactory(title="One"), ChapterFactory(title="Two")
    uno = ChapterFactory(title="Uno", language="es", translation_of=one)
    ChapterFactory(title="Three")
    ChapterFactory(title="Sub", parent=two)
    ChapterFactory(title="Debajo", language="es", parent=uno)
    assert numbers() == [
        ("1", "one"), ("2", "two"), ("2.1", "two/sub"), ("1", "uno"), ("1.1", "uno/debajo"), ("3",
            "three")]  # fmt: skip
    uno.translation_of = None
    uno.save()
    assert ("3", "uno") in numbers()
    assert ("4", "three") in numbers()


def test_moving_a_chapter_takes_its_sub_chapters_along():
    one, two = ChapterFactory(title="One"), ChapterFactory(title="Two")
    ChapterFactory(title="Sub", parent=one)
    one.parent = two
    one.save()
    assert numbers() == [("1", "two"), ("1.1", "two/one"), ("1.1.1", "two/one/sub")]


def test_a_chapter_moved_under_itself_is_refused_with_a_reason():
    one = ChapterFactory(title="One")
    sub = ChapterFactory(title="Sub", parent=one)
    one.parent = sub
    with pytest.raises(ValidationError, match="under itself"):
        one.full_clean()
    with pytest.raises(ValidationError, match="under itself"):
        one.save()


def test_a_tree_of_forty_levels_is_no_trouble():
    parent = None
    for level in range(40):
        parent = ChapterFactory(title=f"L{level}", slug=f"l{level}", parent=parent)
    assert parent.number == ".".join(["1"] * 40)


def test_what_stands_below_a_draft_is_not_public():
    one = ChapterFactory(title="One", state="draft")
    ChapterFactory(title="Sub", parent=one)
    ChapterFactory(title="Two")
    assert [chapter.title for chapter in Chapter.objects.published()] == ["Two"]


def test_search_and_links_follow_when_the_chapter_above_becomes_a_draft():
    one = ChapterFactory(title="One")
    ChapterFactory(title="Hidden treasure", slug="sub", parent=one)
    other = ChapterFactory(title="Other", body='<p><a href="/review/one/sub/">there</a></p>')
    assert len(search.find("treasure")[0]) == 1
    one.state = "draft"
    one.save()
    other.refresh_from_db()
    assert len(search.find("treasure")[0]) == 0
    assert "<a" not in other.body_html
    one.state = "published"
    one.save()
    other.refresh_from_db()
    assert 'href="/review/one/sub/"' in other.body_html
    assert len(search.find("treasure")[0]) == 1


def test_each_chapter_comes_after_its_last_neighbour():
    one, two = ChapterFactory(title="One"), ChapterFactory(title="Two")
    front = ChapterFactory(title="Foreword", section=Section.FRONT)
    sub = ChapterFactory(title="Sub", parent=two)
    one.position = 7
    one.save()
    last = ChapterFactory(title="Last")
    assert [each.position for each in (one, two, front, sub, last)] == [7, 2, 1, 1, 8]
    assert [path for _number, path in numbers()] == ["foreword", "two", "two/sub", "one", "last"]
    last.position = 0
    last.save()
    assert last.position == 8


def test_what_stands_below_front_or_back_matter_belongs_to_it_and_has_no_number():
    ChapterFactory(title="One")
    front = ChapterFactory(title="Foreword", section=Section.FRONT)
    back = ChapterFactory(title="Appendix", section=Section.BACK)
    ChapterFactory(title="Thanks", parent=front)
    ChapterFactory(title="Table", parent=back)
    assert numbers() == [
        ("", "foreword"), ("", "foreword/thanks"), ("1", "one"), ("", "appendix"), ("",
            "appendix/table")]  # fmt: skip
    assert Chapter.objects.get(title="Table").section == Section.BACK


def test_order_and_depth_say_the_place_in_the_tree():
    one = ChapterFactory(title="One")
    sub = ChapterFactory(title="Sub", parent=one)
    deep = ChapterFactory(title="Deep", parent=sub)
    second = ChapterFactory(title="Second", parent=one)
    assert [(each.order, each.depth) for each in (one, sub, deep, second)] == [
        ("0001/", 0), ("0001/0001/", 1), ("0001/0001/0001/", 2), ("0001/0002/", 1)]  # fmt: skip
    assert tree.prefixes(deep.order) == [one.order, sub.order]
    assert tree.prefixes(one.order) == []
    assert tree.below(one) == {one.pk, sub.pk, deep.pk, second.pk}
    assert tree.below(sub) == {sub.pk, deep.pk}


def test_a_translation_that_comes_first_still_has_the_number_of_its_original():
    uno = ChapterFactory(title="Uno", language="es")
    one, two = ChapterFactory(title="One"), ChapterFactory(title="Two")
    uno.translation_of = two
    uno.save()
    assert numbers() == [("2", "uno"), ("1", "one"), ("2", "two")]
    ChapterFactory(title="Debajo", language="es", parent=uno)
    ChapterFactory(title="Sub", parent=one)
    assert numbers() == [
        ("2", "uno"),
        ("2.1", "uno/debajo"),
        ("1", "one"),
        ("1.1", "one/sub"),
        ("2", "two"),
    ]
    assert tree.arrange(Chapter._base_manager) == []


def test_two_that_claim_to_be_each_others_translation_have_no_number():
    one, uno = ChapterFactory(title="One"), ChapterFactory(title="Uno", language="es")
    Chapter.objects.filter(pk=one.pk).update(translation_of=uno)
    Chapter.objects.filter(pk=uno.pk).update(translation_of=one)
    tree.arrange(Chapter._base_manager)
    assert numbers() == [("", "one"), ("", "uno")]


def test_only_what_changed_is_written_and_knows_where_it_stood():
    one = ChapterFactory(title="One")
    ChapterFactory(title="Sub", parent=one)
    assert tree.arrange(Chapter._base_manager) == []
    Chapter.objects.filter(pk=one.pk).update(slug="first")
    moved = tree.arrange(Chapter._base_manager)
    assert [(each.path, each.moved_from) for each in moved] == [
        ("first", "one"),
        ("first/sub", "one/sub"),
    ]
    Chapter.objects.filter(pk=one.pk).update(number="")
    assert [(each.number, each.moved_from) for each in tree.arrange(Chapter._base_manager)] == [
        ("1", None)
    ]


def test_how_long_addresses_get_is_known_before_a_chapter_is_saved():
    one, two = ChapterFactory(title="One", slug="one"), ChapterFactory(title="Two", slug="second")
    sub = ChapterFactory(title="Sub", slug="sub", parent=one)
    ChapterFactory(title="Deep", slug="deepest", parent=sub)
    assert tree.path_length(Chapter(slug="new")) == len("new")
    assert tree.path_length(Chapter(slug="new", parent=sub)) == len("one/sub/new")
    assert tree.path_length(one) == len("one/sub/deepest")
    assert tree.path_length(two) == len("second")
    one.slug = "longer"
    assert tree.path_length(one) == len("longer/sub/deepest")
    one.parent = two
    assert tree.path_length(one) == len("second/longer/sub/deepest")


def test_two_chapters_may_take_each_others_address():
    one, two = ChapterFactory(title="One", slug="one"), ChapterFactory(title="Two", slug="two")
    Chapter.objects.filter(pk=one.pk).update(slug="two")
    Chapter.objects.filter(pk=two.pk).update(slug="one")
    tree.arrange(Chapter._base_manager)
    assert numbers() == [("1", "two"), ("2", "one")]
