"""Queries written down once answer as Django's own would."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Post
from publishing.compiled import Compiled, Condition
from publishing.models import Image
from review.models import Placement
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

pytestmark = pytest.mark.django_db


def test_it_answers_for_each_value(django_assert_num_queries):
    first, second = PostFactory(slug="first"), PostFactory(slug="second")
    at_slug = Compiled(lambda slug: Post.objects.published().filter(slug=slug))
    assert at_slug("first") == [first]
    with django_assert_num_queries(1):
        assert at_slug("second") == [second]
    assert at_slug("third") == []


def test_numbers_and_any_number_of_values():
    made = [PostFactory().pk for _number in range(3)]
    some = Compiled(lambda *keys: Post.objects.filter(pk__in=keys).order_by("pk"))
    assert [post.pk for post in some(*made[:2])] == made[:2]
    assert [post.pk for post in some(*made)] == made


def test_the_present_moment_is_that_of_the_call(monkeypatch):
    soon = timezone.now() + timedelta(hours=1)
    PostFactory(slug="soon", publish_at=soon)
    at_slug = Compiled(lambda slug: Post.objects.published().filter(slug=slug))
    assert at_slug("soon") == []
    monkeypatch.setattr(timezone, "now", lambda: soon + timedelta(seconds=1))
    assert [post.slug for post in at_slug("soon")] == ["soon"]


def test_another_moment_is_refused():
    yesterday = timezone.now() - timedelta(days=1)
    late = Compiled(lambda slug: Post.objects.filter(slug=slug, updated__gt=yesterday))
    with pytest.raises(ValueError, match="for ever"):
        late("any")


def test_a_condition_filters_other_questions_by_the_present_moment(monkeypatch):
    soon = timezone.now() + timedelta(hours=1)
    first, _draft = PostFactory(slug="first"), PostFactory(slug="draft", state="draft")
    later = PostFactory(slug="later", publish_at=soon)
    public = Post.objects.order_by("pk").filter(Condition(Post.objects.published))
    assert list(public.all()) == [first]
    assert not public.filter(slug="draft").exists()
    monkeypatch.setattr(timezone, "now", lambda: soon + timedelta(seconds=1))
    assert list(public.all()) == [first, later]
    yesterday = timezone.now() - timedelta(days=1)
    with pytest.raises(ValueError, match="for ever"):
        list(Post.objects.filter(Condition(lambda: Post.objects.filter(updated__gt=yesterday))))


def test_only_what_was_asked_for_is_read_and_values_beside_it_come_too():
    post = PostFactory(slug="here", body="<p>Long.</p>")
    titles = Compiled(lambda slug: Post.objects.filter(slug=slug).only("title"))
    (found,) = titles("here")
    assert "body" in found.get_deferred_fields()
    assert found.title == post.title


def test_postgresql_plans_it_once_and_for_numbers_of_any_size():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's driver keeps any statement")
    at = Compiled(lambda key: Post.objects.filter(pk=key, title__startswith="100%"))
    post = PostFactory(title="100% sure")
    assert at(post.pk) == [post]
    assert at(7) == at(70_000) == at(7_000_000_000) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%100%'")
        assert len(cursor.fetchall()) == 1


def test_what_is_read_with_a_row_is_there_without_another_question(django_assert_num_queries):
    chapter = ChapterFactory(
        cover=Image.objects.create(file="sacrum.png", title="Sacrum", width=2, height=1)
    )
    placement = Placement.objects.create(chapter=chapter, reference=ReferenceFactory())
    within = Compiled(
        lambda key: Placement.objects.filter(pk=key).select_related(
            "reference", "chapter__cover", "chapter__parent"
        )
    )
    with django_assert_num_queries(1):
        (found,) = within(placement.pk)
        assert found.reference.title == placement.reference.title
        assert found.chapter.title == placement.chapter.title
        assert found.chapter.cover.file.name == placement.chapter.cover.file.name
        assert found.chapter.parent is None
    found.chapter.title = "Another"
    found.chapter.save()  # an instance like any other
    placement.chapter.refresh_from_db()
    assert placement.chapter.title == "Another"


def test_postgresql_does_not_plan_anew_for_whoever_reads_another_page():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one plan")
    at = Compiled(lambda title: Post.objects.filter(title=title))
    for title in "abcdefgh":
        at(title)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%\"title\" = %'"
        )
        assert cursor.fetchall() == [(8, 0)]


def test_a_slow_question_is_logged_with_what_was_given():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's driver names what is given")
    at = Compiled(lambda title: Post.objects.filter(title=title))
    with CaptureQueriesContext(connection) as asked:
        at("it’s 100% $1")
    assert "\"title\" = 'it’s 100% $1'" in asked[0]["sql"]
