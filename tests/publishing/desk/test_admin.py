"""The author's desk: its first page, lists and forms shared by all pages, the settings row, the
closed door."""

import pytest
from django.urls import reverse
from django.utils import timezone

from blog.models import Post
from publishing.models import SiteSettings
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db
POSTS = reverse("admin:blog_post_changelist")
PICK = reverse("admin:publishing_page_pick")


def post_form(**changes):
    data = {
        "title": "A post", "slug": "", "summary": "", "body": "<p>Words.</p>", "state": "draft",
        "language": "en",
        "tags": "", "publish_at_0": "", "publish_at_1": "", "comments_open": "on",
    }  # fmt: skip
    return data | changes


def test_the_desk_says_what_needs_doing(author_client):
    PostFactory(title="Half a thought", state="draft")
    comment(ChapterFactory(title="Lately written"), status="pending")
    page = author_client.get(reverse("admin:index")).content.decode()
    assert '<a href="/admin/blog/post/?todo=draft">1 draft' in page
    assert "1 to read" in page
    assert "Half a thought" in page
    assert (
        page.index("What needs doing")
        < page.index("Go on writing")
        < page.index("Everything on the desk")
    )


def test_an_empty_desk_says_so(author_client):
    assert (
        "Nothing is waiting for you." in author_client.get(reverse("admin:index")).content.decode()
    )


def test_a_helper_sees_only_what_is_theirs(client, django_user_model):
    client.force_login(django_user_model.objects.create(username="helper", is_staff=True))
    PostFactory(title="Secret thought", state="draft")
    assert "Secret thought" not in client.get(reverse("admin:index")).content.decode()


def test_a_post_is_a_draft_or_published_and_nothing_else(author_client):
    page = author_client.get(reverse("admin:blog_post_add")).content.decode()
    assert '<option value="draft"' in page
    assert "construction" not in page
    answer = author_client.post(reverse("admin:blog_post_add"), post_form(state="planned"))
    assert answer.status_code == 200
    assert not Post.objects.exists()


def test_a_new_post_takes_its_address_from_its_title_and_is_cleaned(author_client):
    author_client.post(
        reverse("admin:blog_post_add"),
        post_form(title="Què és?", body="<p onclick=x>a<script>b</script></p>"),
    )
    post = Post.objects.get()
    assert post.slug == "què-és"
    assert post.body == "<p>a</p>"


def test_two_posts_cannot_share_an_address_and_nothing_is_lost(author_client):
    PostFactory(title="A post", slug="a-post")
    answer = author_client.post(
        reverse("admin:blog_post_add"), post_form(slug="a-post", body="<p>An evening of work.</p>")
    )
    assert answer.status_code == 200
    assert "An evening of work." in answer.content.decode()


def test_the_list_says_state_language_date_and_whether_it_is_public(author_client):
    later = timezone.now() + timezone.timedelta(days=400)
    PostFactory(title="Open", slug="open")
    PostFactory(title="Closed", state="draft")
    PostFactory(title="Later", slug="later", publish_at=later)
    page = author_client.get(POSTS).content.decode()
    assert '<a href="/blog/open/">View on site</a>' in page
    assert page.count("View on site") == 1
    assert "Scheduled for " in page
    assert "not public" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [("?state=draft", "Closed"), ("?q=open", "Open"), ("?language__exact=es", "Abierto")],
)
def test_the_list_is_searched_and_filtered(author_client, query, found):
    PostFactory(title="Open")
    PostFactory(title="Closed", state="draft")
    PostFactory(title="Abierto", language="es")
    page = author_client.get(POSTS + query).context["cl"].result_list
    assert [post.title for post in page] == [found]


def test_the_list_asks_the_database_little(author_client, django_assert_max_num_queries):
    PostFactory.create_batch(20)
    author_client.get(POSTS)
    with django_assert_max_num_queries(10):
        author_client.get(POSTS)


def test_deleting_from_the_list_takes_the_page_out_of_search(author_client):
    post = PostFactory(title="Short lived")
    author_client.post(
        POSTS, {"action": "delete_selected", "_selected_action": [post.pk], "post": "yes"}
    )
    assert author_client.get(PICK + "?q=short").json()["pages"] == []


def test_pages_to_link_to_are_found_by_their_words(author_client):
    ChapterFactory(title="Cluneal nerves", slug="cluneal")
    PostFactory(title="The nerve of it", slug="nerve", state="draft")
    ReferenceFactory(title="A nerve in the back", citekey="a1935")
    comment(ChapterFactory(title="Other", slug="other"), text="my nerve hurts")
    rows = author_client.get(PICK + "?q=nerve").json()["pages"]
    assert {row["address"] for row in rows} == {
        "/review/cluneal/",
        "/blog/nerve/",
        "/references/a1935/",
    }
    assert {row["kind"] for row in rows} == {"Chapter", "Post", "Reference"}
    assert author_client.get(PICK + "?q=").json() == {"pages": []}


def test_accents_do_not_hide_a_page(author_client):
    ChapterFactory(title="Celulitis según Lagèze", slug="lageze", state="draft")
    assert [
        row["address"] for row in author_client.get(PICK + "?q=SEGUN+lageze").json()["pages"]
    ] == ["/review/lageze/"]


def test_pages_to_link_to_are_for_staff(client):
    assert client.get(PICK + "?q=x").status_code == 302


def test_the_settings_are_one_row_reached_at_once(author_client):
    answer = author_client.get(reverse("admin:publishing_sitesettings_changelist"))
    assert answer["Location"] == reverse("admin:publishing_sitesettings_change", args=[1])
    assert author_client.get(reverse("admin:publishing_sitesettings_add")).status_code == 403
    assert (
        author_client.get(reverse("admin:publishing_sitesettings_delete", args=[1])).status_code
        == 403
    )


def test_the_project_page_is_typed_as_an_address_and_follows_the_page(author_client):
    chapter = ChapterFactory(title="The project", slug="the-project")
    row = SiteSettings.load()
    row.project_page = "/review/the-project/"
    row.full_clean()
    row.save()
    assert row.project_url == "/review/the-project/"
    page = author_client.get(
        reverse("admin:publishing_sitesettings_change", args=[1])
    ).content.decode()
    assert 'value="/review/the-project/"' in page
    chapter.slug = "why"
    chapter.save()
    assert SiteSettings.load().project_url == "/review/why/"


def test_an_address_without_a_page_is_refused_in_the_settings(author_client):
    SiteSettings().save()
    address = reverse("admin:publishing_sitesettings_change", args=[1])
    form = author_client.get(address).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None} | {
        "project_page": "/review/nothing/"
    }
    answer = author_client.post(address, data)
    assert answer.status_code == 200
    assert "There is no page at this address." in answer.content.decode()


def test_too_many_wrong_passwords_close_the_door_politely(client, author, settings):
    settings.AXES_FAILURE_LIMIT = 2
    for _ in range(2):
        answer = client.post(
            reverse("admin:login"), {"username": author.username, "password": "wrong"}
        )
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "Too many attempts" in page
    assert "Nothing is lost." in page


def test_a_letter_without_consent_cannot_go_public(author_client):
    body = '<div class="letter"><p>Dear doctor, it hurts.</p></div>'
    address = reverse("admin:blog_post_add")
    page = author_client.post(address, post_form(body=body, state="published")).content.decode()
    assert "1 private letter here names no consent on record: “Dear doctor, it hurts”" in page
    assert '<a href="#id_body" data-letter="0">Dear doctor, it hurts</a>' in page
    assert "Dear doctor, it hurts." in page
    assert not Post.objects.exists()
    author_client.post(address, post_form(body=body, state="draft"))
    post = Post.objects.get()
    done = {"action": "publish", "_selected_action": post.pk}
    page = author_client.post(POSTS, done, follow=True).content.decode()
    assert (
        "A post: 1 private letter here names no consent on record: “Dear doctor, it hurts”" in page
    )
    assert Post.objects.get().state == "draft"


def test_a_chapter_is_found_by_its_number_before_anything_else(author_client):
    parent = ChapterFactory(title="Nerves")
    child = ChapterFactory(title="Cluneal", parent=parent)
    PostFactory(title="Nerves in the news", slug="news")
    asked = {"q": child.number}
    found = author_client.get(PICK, asked).json()["pages"]
    assert [(row["title"], row["label"]) for row in found] == [("Cluneal", child.number)]
    found = author_client.get(PICK, {"q": "nerves"}).json()["pages"]
    assert [row["kind"] for row in found] == ["Chapter", "Post"]


PASTE = reverse("admin:publishing_paste")


def test_what_is_pasted_comes_back_clean_with_a_word_on_what_was_left_out(author_client):
    html = '<h1>Head</h1><p>a<img src="https://example.org/x.png" alt="A sacrum"></p>'
    answer = author_client.post(PASTE, {"html": html}).json()
    assert answer == {
        "html": "<h2>Head</h2>\n<p>a</p>",
        "notices": ["1 picture was not pasted. Add it with “Figure”. A sacrum"],
    }
    assert author_client.post(PASTE, {}).json() == {"html": "", "notices": []}


def test_what_is_too_long_to_be_cleaned_is_refused_in_words(author_client, monkeypatch):
    monkeypatch.setattr("publishing.richtext.pasted.LONGEST", 10)
    answer = author_client.post(PASTE, {"html": "<p>Ten and more</p>"})
    assert answer.status_code == 413
    assert answer.json()["error"] == "It is too long to be pasted with its form."


@pytest.mark.parametrize(
    "typed", ["3/5/2030", "03.05.2030", "3-5-2030", "3 May 2030", "2030-05-03"]
)
def test_a_day_is_read_with_the_day_first_as_pages_show_it(author_client, typed):
    data = post_form(state="published", publish_at_0=typed, publish_at_1="9.30")
    author_client.post(reverse("admin:blog_post_add"), data)
    moment = timezone.localtime(Post.objects.get().publish_at)
    assert (moment.year, moment.month, moment.day) == (2030, 5, 3)
    assert (moment.hour, moment.minute) == (9, 30)


@pytest.mark.parametrize("language", ["es", "ca"])
def test_a_day_is_read_with_the_day_first_in_every_language(author_client, language):
    data = post_form(state="published", publish_at_0="3.5.2030", publish_at_1="21h")
    author_client.post(f"/{language}/admin/blog/post/add/", data)
    moment = timezone.localtime(Post.objects.get().publish_at)
    assert (moment.month, moment.day, moment.hour) == (5, 3, 21)


def test_what_is_no_day_is_answered_with_how_to_write_one(author_client):
    data = post_form(publish_at_0="tomorrow", publish_at_1="early", title="Kept")
    page = author_client.post(reverse("admin:blog_post_add"), data)
    shown = page.content.decode()
    assert "Write it as 3/5/2026" in shown
    assert "Write it as 9:30" in shown
    assert 'value="tomorrow"' in shown
    assert 'value="Kept"' in shown
    assert [each.field for each in page.context["named_errors"]] == ["id_publish_at_0"] * 2


@pytest.mark.parametrize(
    ("form", "typed", "words"),
    [
        ("admin:blog_post_add", {"slug": "fat & bone"}, "for example fat-over-the-sacrum"),
        ("admin:taggit_tag_add", {"slug": "fat & bone"}, "for example fat-over-the-sacrum"),
        ("admin:publishing_image_add", {"permission_given": "soon"}, "This is no day"),
        ("admin:references_appraisalform_add", {"source": "the tool"}, "from https:// on"),
    ],
)
def test_what_cannot_be_right_is_answered_in_her_words(author_client, form, typed, words):
    page = author_client.post(reverse(form), typed)
    found = [each.words for each in page.context["named_errors"]]
    assert any(words in each for each in found)
    assert not any("slug" in each.lower() or "valid" in each for each in found)
