"""A page is seen before it is public: by whoever writes it, and by a colleague with a signed link;
by nobody else."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from blog.models import Post
from publishing.desk import preview
from publishing.models import PageLink, PreviewLink
from publishing.search.tables import IndexEntry
from references.models import Citation, Notes
from review.models import Chapter, Placement
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

from ..test_editing import change, form_of, helper

pytestmark = pytest.mark.django_db
NEW = reverse("admin:blog_post_preview_new")


def address(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_preview", args=[obj.pk])


def typed(client, obj, **words):
    return client.post(address(obj), form_of(client, change(obj), **words))


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Post, Chapter, Notes, Placement, PageLink, Citation, IndexEntry)
    ]


def cited(work):
    return f'<span data-cite="{work.citekey}">[1]</span>'


def test_unsaved_words_are_shown_as_readers_will_see_them_and_nothing_is_written(author_client):
    work = ReferenceFactory(citekey="ries1937", title="Episacral lipoma")
    post = PostFactory(title="Old title", state="draft", body="<p>Old.</p>")
    before = everything()
    body = f'<h2>Nerves</h2><p onclick="x()">New words {cited(work)}.</p>'
    answer = typed(author_client, post, title="New title", body=body, tags="back mice, ⚕")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "New title" in html
    assert "Episacral lipoma" in html, "what is cited stands at its end"
    assert "onclick" not in html
    assert "back mice" in html
    assert "Old." not in html
    assert everything() == before
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_published_page_in_preview_is_the_very_page_readers_get(author_client, client):
    work = ReferenceFactory()
    parent = ChapterFactory(title="Above", slug="above")
    chapter = ChapterFactory(
        title="Below",
        slug="below",
        parent=parent,
        references=[work],
        body=f"<h2>One</h2><p>Two {cited(work)}.</p>",
    )
    chapter.tags.add("pain")
    public = Client().get(chapter.get_absolute_url()).content.decode()
    main = public[public.index("<main") : public.index("</main>")]
    for html in (typed(author_client, chapter), author_client.get(address(chapter))):
        shown = html.content.decode()
        assert shown[shown.index("<main") : shown.index("</main>")] == main


def test_a_chapter_shows_the_works_its_form_lists(author_client):
    kept, gone = (
        ReferenceFactory(title="A kept work", year=1950),
        ReferenceFactory(title="A work taken out"),
    )
    new = ReferenceFactory(title="A new work", year=1940)
    chapter = ChapterFactory(title="Below", state="draft", references=[kept, gone])
    words = {
        "placements-TOTAL_FORMS": 3,
        "placements-0-DELETE": "on",
        "placements-2-reference": new.pk,
    }
    html = typed(
        author_client, chapter, **words, **{"placements-2-chapter": chapter.pk}
    ).content.decode()
    assert html.index("A new work") < html.index("A kept work")
    assert "A work taken out" not in html
    assert Placement.objects.count() == 2


def test_notes_are_shown_on_the_page_of_their_work(author_client):
    work = ReferenceFactory(notes="<p>Kept notes.</p>")
    Notes.objects.update(state="draft")
    html = typed(
        author_client, work, **{"notes-0-body": "<p>New notes.</p>", "pdf": ""}
    ).content.decode()
    assert "New notes." in html
    assert "Kept notes." in author_client.get(address(work)).content.decode()
    assert "notes." not in Client().get(work.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", ["blog_post", "review_chapter"])
def test_a_page_that_is_not_saved_yet_can_be_seen(author_client, kind):
    words = form_of(
        author_client,
        reverse(f"admin:{kind}_add"),
        title="Just begun",
        body="<p>First words.</p>",
        tags="new",
    )
    html = author_client.post(reverse(f"admin:{kind}_preview_new"), words).content.decode()
    assert "Just begun" in html
    assert "First words." in html
    assert not Post.objects.exists()
    assert not Chapter.objects.exists()


def test_what_is_not_right_is_shown_as_it_is_stored(author_client):
    post = PostFactory(title="A title", state="draft")
    answer = typed(author_client, post, title="", publish_at_0="never", body="<p>Good words.</p>")
    assert "A title" in answer.content.decode()
    assert "Good words." in answer.content.decode()


def test_only_who_may_see_or_change_a_page_previews_it(author_client):
    client = Client()
    post = PostFactory(state="draft")
    words = form_of(author_client, change(post), title="Mine")
    looks, writes, other = helper("view_post"), helper("change_post"), helper("view_chapter")
    assert [each.get(address(post)).status_code for each in (looks, writes, other, client)] == [
        200,
        200,
        403,
        302,
    ]
    assert [
        each.post(address(post), words).status_code for each in (looks, writes, other, client)
    ] == [403, 200, 403, 302]
    assert helper("change_post").post(NEW, words).status_code == 403
    assert author_client.get(NEW).status_code == 405


class TestALinkForAColleague:
    @pytest.fixture
    def post(self):
        return PostFactory(title="Not yet", state="draft", body="<p>Draft words.</p>")

    def link(self, client, post):
        page = reverse("admin:blog_post_preview_link", args=[post.pk])
        client.post(page)
        return client.get(page).context["links"][0][1]

    def test_looking_makes_none_and_each_can_be_ended_by_itself(self, author_client, post):
        page = reverse("admin:blog_post_preview_link", args=[post.pk])
        author_client.get(page)
        assert not PreviewLink.objects.exists()
        first, second = self.link(author_client, post), self.link(author_client, post)
        form = author_client.get(change(post)).content.decode()
        assert form.count("End this link") == 2
        newest = author_client.get(page).context["links"][0][0]
        author_client.post(page, {"end": newest.key})
        assert Client().get(second).status_code == 410
        assert "Draft words." not in Client().get(second).content.decode()
        assert "Draft words." in Client().get(first).content.decode()

    def test_a_link_of_another_page_cannot_be_ended_here(self, author_client, post):
        link = self.link(author_client, post)
        other = PostFactory(state="draft")
        key = PreviewLink.objects.get().key
        author_client.post(reverse("admin:blog_post_preview_link", args=[other.pk]), {"end": key})
        assert Client().get(link).status_code == 200

    def test_links_go_with_their_page(self, author_client, post):
        link = self.link(author_client, post)
        post.delete()
        assert Client().get(link).status_code == 410
        assert not PreviewLink.objects.exists()

    def test_it_shows_the_draft_as_it_is_stored_and_opens_no_other_door(
        self, author_client, client, post
    ):
        link = self.link(author_client, post)
        client = Client()
        assert "Draft words." in client.get(link).content.decode()
        post.body = "<p>Better words.</p>"
        post.save()
        answer = client.get(link)
        assert "Better words." in answer.content.decode()
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Cache-Control"] == "private, no-store"
        assert not answer.cookies
        assert client.get(post.get_absolute_url()).status_code == 404
        assert client.get(address(post)).status_code == 302

    def test_it_expires_and_says_so(self, author_client, post, monkeypatch):
        link = self.link(author_client, post)
        monkeypatch.setattr(preview, "LASTS", timedelta(seconds=-1))
        answer = Client().get(link)
        assert answer.status_code == 410
        assert "This link has expired" in answer.content.decode()
        assert "Draft words." not in answer.content.decode()

    def test_a_link_made_up_or_of_something_else_is_not_found(self, client, post):
        for what in (
            "nonsense",
            signing.dumps(["auth.user", 1], salt=preview.SALT),
            signing.dumps(["blog.post", post.pk]),
        ):
            assert client.get(reverse("shared-preview", args=[what])).status_code == 404

    def test_once_public_it_leads_to_the_public_address(self, author_client, post):
        link = self.link(author_client, post)
        post.state = "published"
        post.save()
        assert Client().get(link)["Location"] == post.get_absolute_url()
        assert "Readers see it already" in author_client.get(
            reverse("admin:blog_post_preview_link", args=[post.pk])
        ).content.decode()  # fmt: skip


def test_the_desk_leads_to_the_preview_of_what_is_not_public(author_client):
    later = PostFactory(state="published", publish_at=timezone.now() + timedelta(days=1))
    page = author_client.get(reverse("admin:blog_post_changelist")).content.decode()
    assert f'<a href="{address(later)}">Preview</a>' in page
    assert Client().get(later.get_absolute_url()).status_code == 404
