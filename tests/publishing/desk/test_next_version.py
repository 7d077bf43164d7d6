"""The next version of a page that readers see: kept for weeks, seen by nobody, published in one
press with a reason."""

import pytest
from django.test import Client
from django.urls import reverse
from reversion.models import Version

from blog.models import Post
from publishing.desk import trash
from publishing.models import EditingDraft, IndexEntry, NextVersion, Trashed
from references.models import Notes
from review.models import Chapter
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

from ..test_editing import change, form_of, helper, keep

pytestmark = pytest.mark.django_db


def following(obj):
    return f"{change(obj)}?next=1"


def keep_next(client, obj, **words):
    """What is typed into the live form, kept as its next version."""
    return client.post(change(obj), form_of(client, change(obj), _keep_next="1", **words))


def typed(client, obj, **words):
    """The form of the next version, as a browser would send it."""
    mark = client.get(following(obj)).context["editing"]["next_mark"]
    return form_of(client, following(obj), _next=mark, **words)


def go_on(client, obj, **words):
    return client.post(following(obj), typed(client, obj, _continue="1", **words))


def publish(client, obj, **words):
    return client.post(following(obj), typed(client, obj, _publish_next="1", **words), follow=True)


@pytest.fixture
def post():
    return PostFactory(title="Live title", body="<p>Live words.</p>", tags=["pain"])


def test_readers_go_on_seeing_the_live_text_while_the_next_version_is_kept(author_client, post):
    answer = keep_next(author_client, post, title="Next title", body="<p>Next words.</p>")
    assert answer["Location"] == following(post)
    assert go_on(author_client, post, body="<p>Better next words.</p>").status_code == 302
    page = author_client.get(following(post))
    form = page.context["adminform"].form
    assert form["title"].value() == "Next title"
    assert form["body"].value() == "<p>Better next words.</p>"
    assert "You are editing the next version." in page.content.decode()
    assert "Readers see the one of" in page.content.decode()
    own = post.get_absolute_url()
    for address in (
        own,
        f"{own}cite.bib",
        "/blog/",
        "/feed.atom",
        "/blog/feed.atom",
        "/search/?q=next",
    ):
        answer = Client().get(address)
        html = b"".join(answer) if answer.streaming else answer.content
        html = html.decode()
        assert "Next title" not in html, address
        assert "Better next words" not in html, address
    assert "Live words." in Client().get(post.get_absolute_url()).content.decode()
    assert not IndexEntry.objects.filter(text__contains="next words").exists()


def test_the_list_and_the_form_say_that_there_is_one(author_client, post):
    keep_next(author_client, post, body="<p>Next words.</p>")
    html = author_client.get(reverse("admin:blog_post_changelist")).content.decode()
    assert f'<a href="{following(post)}">next version, kept on' in html
    live = author_client.get(change(post)).content.decode()
    assert "There is a next version too" in live
    assert 'name="_keep_next"' not in live
    assert "1 next version" in author_client.get(reverse("admin:index")).content.decode()


def test_published_in_one_press_with_a_reason_in_the_history_and_for_readers(author_client, post):
    keep_next(author_client, post, title="Next title", body="<p>Next words.</p>")
    before = Version.objects.get_for_object(post).count()
    page = publish(author_client, post, _why="New trial of 2026 added", _why_told="1")
    assert "The next version is published." in page.content.decode()
    public = Client().get(post.get_absolute_url()).content.decode()
    assert "Next words." in public
    assert "New trial of 2026 added" in public
    versions = Version.objects.get_for_object(post)
    assert versions.count() == before + 1
    assert versions[0].revision.get_comment() == "New trial of 2026 added"
    history = author_client.get(reverse("admin:blog_post_history", args=[post.pk]))
    assert "New trial of 2026 added" in history.content.decode()
    assert not NextVersion.objects.exists()
    assert not EditingDraft.objects.exists()
    assert Post.objects.get().tags.get().name == "pain"


def test_a_reason_that_is_not_for_readers_stays_in_the_history(author_client, post):
    data = form_of(author_client, change(post), body="<p>Mended.</p>", _why="A slip", _save="Save")
    author_client.post(change(post), data)
    assert Version.objects.get_for_object(post)[0].revision.get_comment() == "A slip"
    assert "A slip" not in Client().get(post.get_absolute_url()).content.decode()


def test_a_live_page_changed_meanwhile_is_shown_and_nothing_is_lost(author_client, post):
    keep_next(author_client, post, body="<p>Next words.</p>")
    data = typed(author_client, post, _publish_next="1")
    post.body = "<p>Live words, mended.</p>"
    post.save()
    answer = author_client.post(following(post), data)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "A newer version was saved while you were writing" in html
    assert 'name="_next"' in html, "it is the form of the next version still"
    assert Post.objects.get().body == "<p>Live words, mended.</p>"
    again = data | {"_base": answer.context["editing"]["base"], "_form_key": "another"}
    del again["_publish_next"]
    author_client.post(following(post), again | {"_continue": "1"})
    assert Post.objects.get().body == "<p>Live words, mended.</p>", "keeping is not publishing"
    publish(author_client, post)
    assert Post.objects.get().body == "<p>Next words.</p>"


def test_two_windows_do_not_write_over_each_other(author_client, post):
    keep_next(author_client, post, body="<p>First.</p>")
    mine = typed(author_client, post, _continue="1", body="<p>Mine.</p>")
    go_on(author_client, post, body="<p>Of the other window.</p>")
    for button in ("_continue", "_publish_next"):
        answer = author_client.post(following(post), mine | {button: "1"})
        assert answer.status_code == 409
        assert "Another next version was kept" in answer.content.decode()
        assert "Mine." in answer.context["adminform"].form["body"].value()
    assert NextVersion.objects.get().fields["body"] == ["<p>Of the other window.</p>"]
    assert Post.objects.get().body == "<p>Live words.</p>"


def test_what_is_typed_is_kept_by_itself_and_comes_back_as_the_next_version(author_client, post):
    keep_next(author_client, post, body="<p>Next words.</p>")
    mark = author_client.get(following(post)).context["editing"]["next_mark"]
    keep(author_client, post, title="T", body="<p>Typed on.</p>", _next=mark)
    restore = author_client.get(following(post)).context["editing"]["kept"][0]["restore"]
    page = author_client.get(restore)
    assert page.context["editing"]["next_mark"] == mark
    assert page.context["adminform"].form["body"].value() == "<p>Typed on.</p>"
    assert "You are editing the next version." in page.content.decode()


def test_what_is_wrong_is_said_when_it_is_published_and_nothing_is_lost(author_client, post):
    keep_next(author_client, post, title="", body="<p>Next words.</p>")
    page = publish(author_client, post)
    assert page.context["adminform"].form.errors["title"]
    assert Post.objects.get().title == "Live title"
    assert NextVersion.objects.exists()


def test_preview_shows_it_and_a_colleague_can_read_it_until_the_link_is_ended(author_client, post):
    keep_next(author_client, post, body="<p>Next words.</p>")
    preview = reverse("admin:blog_post_preview", args=[post.pk])
    assert "Next words." in author_client.get(preview + "?next=1").content.decode()
    assert "Live words." in author_client.get(preview).content.decode()
    links = reverse("admin:blog_post_preview_link", args=[post.pk])
    author_client.post(links)
    ((link, address),) = author_client.get(links).context["links"]
    assert "Next words." in Client().get(address).content.decode()
    assert "End this link" in author_client.get(following(post)).content.decode()
    author_client.post(links, {"end": link.key})
    answer = Client().get(address)
    assert answer.status_code == 410
    assert "This link was ended" in answer.content.decode()


def test_discarding_asks_first(author_client, post):
    keep_next(author_client, post, body="<p>Next words.</p>")
    address = reverse("admin:blog_post_next_discard", args=[post.pk])
    assert "Throw away the next version" in author_client.get(address).content.decode()
    assert NextVersion.objects.exists()
    assert author_client.post(address)["Location"] == change(post)
    assert not NextVersion.objects.exists()
    assert author_client.get(following(post))["Location"] == change(post)


def test_it_goes_to_the_trash_with_its_page_and_comes_back_with_it(author_client, post):
    keep_next(author_client, post, body="<p>Next words.</p>")
    trash.put(post)
    assert not NextVersion.objects.exists()
    trash.restore(Trashed.objects.get())
    assert NextVersion.objects.get().fields["body"] == ["<p>Next words.</p>"]
    assert "Next words." in author_client.get(following(Post.objects.get())).content.decode()
    trash.delete(trash.put(Post.objects.get()))
    assert not NextVersion.objects.exists()


def test_whoever_may_not_change_the_page_does_not_see_its_next_version(author_client, post):
    keep_next(author_client, post, body="<p>Next words.</p>")
    data = typed(author_client, post, _continue="1", body="<p>Theirs.</p>")
    looks = helper("view_post")
    assert "Next words." not in looks.get(following(post)).content.decode()
    assert looks.post(following(post), data).status_code == 403
    assert looks.post(reverse("admin:blog_post_next_discard", args=[post.pk])).status_code == 403
    writes = helper("change_post")  # on drafts alone
    assert writes.post(following(post), data).status_code == 403


def test_a_chapter_keeps_its_rows_and_notes_their_text(author_client):
    work = ReferenceFactory(notes="<p>Live notes.</p>", citekey="ries1937")
    other = ReferenceFactory(title="Another work", citekey="other1950")
    chapter = ChapterFactory(references=[work])
    rows = {"placements-TOTAL_FORMS": 2, "placements-1-chapter": chapter.pk,
            "placements-1-reference": other.pk}  # fmt: skip
    keep_next(author_client, chapter, **rows)
    assert chapter.placements.count() == 1
    publish(author_client, chapter)
    assert Chapter.objects.get().placements.count() == 2
    keep_next(author_client, work, **{"notes-0-body": "<p>Next notes.</p>", "pdf": ""})
    assert Notes.objects.get().body == "<p>Live notes.</p>"
    publish(author_client, work, _why="Read again", _why_told="1", pdf="")
    assert Notes.objects.get().body == "<p>Next notes.</p>"
    assert "Read again" in Client().get(work.get_absolute_url()).content.decode()


def test_a_citekey_that_is_renamed_is_renamed_in_a_next_version_too(author_client, post):
    work = ReferenceFactory(citekey="ries1937")
    keep_next(
        author_client, post, body='<p>As <span class="cite" data-cite="ries1937">[r]</span>.</p>'
    )
    work.rename("ries1937a")
    assert 'data-cite="ries1937a"' in NextVersion.objects.get().fields["body"][0]


def test_a_draft_has_no_next_version(author_client):
    draft = PostFactory(state="draft")
    assert 'name="_keep_next"' not in author_client.get(change(draft)).content.decode()


def test_what_changed_is_told_line_by_line_and_a_line_without_its_day_is_named(author_client, post):
    data = form_of(author_client, change(post), what_changed="Yesterday: more", _save="Save")
    page = author_client.post(change(post), data)
    assert "Begin with the day" in str(page.context["adminform"].form.errors["what_changed"])
    data = form_of(author_client, change(post), what_changed="2026-05-03 A section on trials")
    author_client.post(change(post), data | {"_save": "Save"})
    assert "A section on trials" in Client().get(post.get_absolute_url()).content.decode()
