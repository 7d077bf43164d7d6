"""The history of a thing: who, when and why; what differs between any two versions; one of them
taken back whole."""

import pytest
import reversion
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Version

from blog.models import Post
from publishing.desk.history import HasHistory
from publishing.desk.revisions import keep
from publishing.models import Image
from references.models import Authorship, Notes, Reference
from review.models import Chapter, Placement
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory

from ..test_editing import change, form_of, helper

pytestmark = pytest.mark.django_db


def address(obj, what, *args):
    return reverse(
        f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{what}", args=[obj.pk, *args]
    )


def saved(client, obj, **words):
    answer = client.post(change(obj), form_of(client, change(obj), **words))
    assert answer.status_code == 302, answer.context["errors"]
    return newest(obj)


def newest(obj):
    return Version.objects.get_for_object(obj).order_by("-pk").first()


def told(client, obj, older, newer="now"):
    """`{label: (taken out, put in)}`, rich texts by the words of their blocks."""
    page = client.get(
        address(obj, "compare") + f"?from={older.pk}&to={getattr(newer, 'pk', newer)}"
    )
    found = {}
    for each in page.context["changes"]:
        pieces = (
            [piece for block in each.text.blocks for piece in block.pieces]
            if each.text
            else each.pieces
        )
        found[each.label] = tuple(
            "".join(p.text for p in pieces if p.op == op) for op in ("removed", "added")
        )
    return found, page


@pytest.fixture
def post(author_client):
    return PostFactory(
        title="One", slug="one", body="<p>First words here.</p>", tags=["pain", "spine"]
    )


def test_it_says_who_when_and_why(author_client, author, post):
    saved(author_client, post, title="Two")
    page = author_client.get(address(post, "history"))
    html = page.content.decode()
    assert author.username in html
    assert "Changed Title" in html
    assert "As it was before its first change here" in html
    assert len(page.context["versions"]) == 2


def test_any_two_versions_are_told_apart_in_words(author_client, post):
    first = saved(
        author_client,
        post,
        title="Two",
        body='<p>First words there.</p><p><a href="/blog/">A link</a></p>',
    )
    second = saved(author_client, post, title="Three", tags="pain, nerves")
    found, _page = told(author_client, post, first, second)
    assert found == {"Title": ("Two", "Three"), "Tags": ("spine", "nerves")}
    before = Version.objects.get_for_object(post).order_by("pk").first()
    found, page = told(author_client, post, before)
    assert found["Title"] == ("One", "Three")
    assert found["Text"][0] == "here"
    assert found["Text"][1].startswith("there")
    assert "A link (/blog/)" in page.content.decode(), "links are listed apart"
    assert found == told(author_client, post, before, second)[0], (
        "what is saved now is the newest version"
    )
    assert told(author_client, post, second, before)[0] == found, (
        "the older one stands first whichever way it is asked"
    )
    assert told(author_client, post, second)[0] == {}


def test_a_version_is_restored_with_its_tags_as_a_new_one(author_client, post):
    old = saved(author_client, post, title="Two")
    saved(author_client, post, title="Three", body="<p>Other.</p>", tags="nerves")
    count = Version.objects.get_for_object(post).count()
    answer = author_client.post(address(post, "revision", old.pk))
    assert answer["Location"] == change(post)
    post = Post.objects.get()
    assert (post.title, post.body, post.body_html) == (
        "Two",
        "<p>First words here.</p>",
        "<p>First words here.</p>",
    )
    assert sorted(post.tags.names()) == ["pain", "spine"]
    assert Version.objects.get_for_object(post).count() == count + 1
    assert newest(post).revision.get_comment().startswith("Restored as it was on")
    assert told(author_client, post, old)[0] == {}
    assert Post.objects.published().count() == 1


def test_restoring_neither_hides_nor_publishes_nor_moves_a_page(author_client, post):
    old = saved(author_client, post, title="Two", state="draft")
    saved(author_client, post, state="published", slug="two", title="Three")
    author_client.post(address(post, "revision", old.pk))
    post = Post.objects.get()
    assert (post.title, post.state, post.slug) == ("Two", "published", "two")


def test_a_chapter_gets_its_list_of_works_back_and_keeps_its_place(author_client):
    one, two, three = (ReferenceFactory(title=f"Work {n}", citekey=f"w{n}") for n in range(3))
    chapter = ChapterFactory(title="Old", slug="old", body="<p>Old.</p>", references=[one, two])
    ChapterFactory(title="Beside", slug="beside")
    Placement.objects.filter(reference=one).update(remark="Read it")
    old = saved(author_client, chapter, title="Older")
    Placement.objects.all().delete()
    Placement.objects.create(chapter=chapter, reference=three)
    saved(author_client, chapter, title="New", position=9)
    found, _page = told(author_client, chapter, old)
    assert any(each.startswith("Reference in this chapter") for each in found)
    author_client.post(address(chapter, "revision", old.pk))
    rows = Placement.objects.order_by("reference__citekey").values_list(
        "reference__citekey", "remark"
    )
    assert list(rows) == [("w0", "Read it"), ("w1", "")]
    chapter = Chapter.objects.get(pk=chapter.pk)
    assert (chapter.title, chapter.number, chapter.path) == ("Older", "2", "old")


def test_what_is_gone_meanwhile_is_told_and_the_rest_comes_back(author_client):
    work = ReferenceFactory(citekey="gone")
    chapter = ChapterFactory(title="Old", references=[work])
    old = saved(author_client, chapter, title="Older")
    Placement.objects.all().delete()
    work.delete()
    saved(author_client, chapter, title="New")
    answer = author_client.post(address(chapter, "revision", old.pk), follow=True)
    assert "Gone meanwhile, and not restored" in answer.content.decode()
    assert Chapter.objects.get().title == "Older"


def test_a_work_gets_its_people_and_the_words_of_its_notes_back(author_client):
    person = PersonFactory(family="Ries")
    work = ReferenceFactory(title="Old", people=[person], notes="<p>Old notes.</p>", tags=["pain"])
    old = saved(author_client, work, **{"title": "Older", "pdf": ""})
    Authorship.objects.all().delete()
    notes = Notes.objects.get()
    notes.body = "<p>New notes.</p>"
    notes.save()
    saved(author_client, work, **{"title": "New", "tags": "", "pdf": ""})
    author_client.post(address(work, "revision", old.pk))
    work = Reference.objects.get()
    assert work.title == "Older"
    assert [each.family for each in work.people.all()] == ["Ries"]
    assert work.authors_short == "Ries GN"
    assert work.notes.body_html == "<p>Old notes.</p>"
    assert list(work.tags.names()) == ["pain"]


def test_what_is_not_allowed_any_more_is_told_and_nothing_changes(author_client, post):
    old = saved(author_client, post, title="Two")
    saved(author_client, post, title="Three")
    Version.objects.filter(pk=old.pk).update(
        serialized_data=old.serialized_data.replace('"Two"', '""')
    )
    answer = author_client.post(address(post, "revision", old.pk))
    assert "It was not restored:" in answer.content.decode()
    assert Post.objects.get().title == "Three"


def test_looking_takes_the_permission_to_view_and_restoring_to_change(author_client, post):
    old = saved(author_client, post, title="Two")
    looks, other = helper("view_post"), helper("view_chapter")
    compare = address(post, "compare") + f"?from={old.pk}"
    assert [each.get(compare).status_code for each in (looks, other, Client())] == [200, 403, 302]
    assert "Restore the version" not in looks.get(compare).content.decode()
    assert looks.post(address(post, "revision", old.pk)).status_code == 403
    assert looks.get(address(post, "revision", old.pk)).status_code == 403


@pytest.mark.parametrize(
    "query", ["?from=x", "?from=99999999999999999999", "?from=0&to=now", "?to=-1", "?from=²"]
)
def test_a_version_that_is_none_is_not_found(author_client, post, query):
    saved(author_client, post, title="Two")
    assert author_client.get(address(post, "compare") + query).status_code == 404


def test_a_version_of_another_page_is_not_found(author_client, post):
    other = PostFactory(title="Other", slug="other")
    version = saved(author_client, other, title="Another")
    assert author_client.get(address(post, "compare") + f"?from={version.pk}").status_code == 404
    assert author_client.post(address(post, "revision", version.pk)).status_code == 404


def test_every_kind_of_thing_with_a_history_shows_it(author_client):
    kinds = [model for model, desk in admin.site._registry.items() if isinstance(desk, HasHistory)]
    assert len(kinds) >= 7
    for obj in (PersonFactory(), ReferenceFactory(), ChapterFactory()):
        with reversion.create_revision():
            obj.save()
        assert author_client.get(address(obj, "history")).status_code == 200
        assert told(author_client, obj, newest(obj))[0] == {}
    assert Image in kinds


def test_a_long_history_is_shown_in_parts(author_client, post):
    for _number in range(52):
        with reversion.create_revision():
            reversion.add_to_revision(post)
    page = author_client.get(address(post, "history"))
    assert len(page.context["versions"]) == 50
    assert "Older versions" in page.content.decode()
    assert len(author_client.get(address(post, "history") + "?p=2").context["versions"]) == 2


@pytest.mark.once("counts queries")
def test_a_version_asks_no_question_for_each_work_and_subject():
    def asked(count):
        chapter = ChapterFactory()
        Placement.objects.bulk_create(
            Placement(chapter=chapter, reference=ReferenceFactory()) for _ in range(count)
        )
        chapter.tags.set(f"Subject {number}" for number in range(count))
        with CaptureQueriesContext(connection) as queries:
            keep([Chapter.objects.get(pk=chapter.pk)], "Kept")
        kept = Version.objects.get_for_object(chapter).get().revision.version_set
        assert kept.count() == 1 + 2 * count
        named = f"{chapter} tagged with Subject 0"
        assert named in kept.values_list("object_repr", flat=True)
        return len(queries)

    asked(1)  # what is looked up once in a process
    assert asked(4) == asked(2)
