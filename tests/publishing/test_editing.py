"""Forms of the desk lose nothing: drafts, one save for one press, newer versions, first versions,
the trash page.
"""

import itertools
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.forms import ModelMultipleChoiceField
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from blog.models import Post
from publishing.desk import drafts
from publishing.models import EditingDraft, SavedForm, SiteSettings, Trashed
from references.models import Reference
from review.models import Chapter, Placement
from tests import parses
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PostFactory,
    ReferenceFactory,
    comment,
)

pytestmark = pytest.mark.django_db
KEEP = reverse("admin:blog_post_draft_keep")
ADD = reverse("admin:blog_post_add")
TRASH = reverse("admin:publishing_trashed_changelist")
LIST = reverse("admin:blog_post_changelist")
AGAIN = reverse("again")


def change(obj):
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def form_of(client, address, **changes):
    """What a browser would send back of a form of the desk."""
    context = client.get(address).context
    data = {"_form_key": context["editing"]["key"], "_base": context["editing"]["base"]}
    formsets = [each.formset for each in context["inline_admin_formsets"]]
    heads = [each.management_form for each in formsets]
    rows = [form for each in formsets for form in each.forms]
    for form in (context["adminform"].form, *heads, *rows):
        for bound in form:
            value = bound.value()
            if hasattr(value, "strftime"):
                continue
            if isinstance(bound.field, ModelMultipleChoiceField) and not value:
                continue  # no box is ticked
            if isinstance(value, (list, tuple)) or hasattr(value, "all"):
                value = ", ".join(map(str, value))
            if value is not None and value is not False:
                data[bound.html_name] = value
    return data | changes


def keep(client, obj=None, key="k1", **fields):
    return client.post(KEEP, {"_form_key": key, "_object": obj.pk if obj else "", **fields})


def helper(*permissions):
    user = AuthorUserFactory(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


# Drafts


def test_a_draft_is_kept_as_it_is_and_nothing_is_cleaned_or_rendered(author_client, author):
    post = PostFactory()
    answer = keep(
        author_client, post, title="New", body="<p onclick=x>Raw</p>", csrfmiddlewaretoken="no"
    )
    draft = EditingDraft.objects.get()
    assert answer.json()["saved"] == f"{timezone.localtime(draft.saved):%H:%M}"
    assert (draft.user, draft.object_id, draft.key) == (author, post.pk, "k1")
    assert draft.fields == {"title": ["New"], "body": ["<p onclick=x>Raw</p>"]}
    assert Post.objects.get().title != "New"
    assert not Version.objects.exists()


def test_a_draft_asks_the_database_little(author_client, django_assert_max_num_queries):
    post = PostFactory()
    keep(author_client, post, title="a")
    with django_assert_max_num_queries(10):
        keep(author_client, post, title="b")


def test_a_draft_is_cleaned_before_it_is_shown_again(author_client):
    post = PostFactory(title="Saved")
    keep(
        author_client,
        post,
        title="Typed",
        body="<p onclick=x>Mine<script>alert(1)</script></p>",
        tags="a, b",
    )
    page = author_client.get(
        author_client.get(change(post)).context["editing"]["kept"][0]["restore"]
    )
    form = page.context["adminform"].form
    assert form["title"].value() == "Typed"
    assert form["body"].value() == "<p>Mine</p>"
    assert "onclick=x" not in page.content.decode()
    assert "data-unsaved" in page.content.decode()
    assert Post.objects.get().title == "Saved"


def test_a_form_of_nothing_yet_keeps_its_draft_too(author_client):
    keep(author_client, title="Half a thought")
    page = author_client.get(ADD)
    assert "You have unsaved words from" in page.content.decode()
    page = author_client.get(page.context["editing"]["kept"][0]["restore"])
    assert page.context["adminform"].form["title"].value() == "Half a thought"


def test_the_words_for_a_new_figure_come_back_without_its_file(author_client):
    fields = {"_form_key": "k", "_object": "", "alt": "A bone"}
    author_client.post(reverse("admin:publishing_image_draft_keep"), fields)
    page = author_client.get(
        f"{reverse('admin:publishing_image_add')}?draft={EditingDraft.objects.get().pk}"
    )
    assert page.context["adminform"].form["alt"].value() == "A bone"


def test_rows_below_a_form_come_back_with_it(author_client):
    chapter, work = ChapterFactory(), ReferenceFactory()
    Placement.objects.create(chapter=chapter, reference=work)
    data = form_of(
        author_client, change(chapter), **{"placements-0-remark": "Read me", "title": "x"}
    )
    address = reverse("admin:review_chapter_draft_keep")
    author_client.post(address, {**data, "_object": chapter.pk})
    page = author_client.get(f"{change(chapter)}?draft={EditingDraft.objects.get().pk}")
    rows = page.context["inline_admin_formsets"][0].formset
    assert rows.forms[0]["remark"].value() == "Read me"
    assert not page.context["errors"]


def test_what_differs_is_shown_field_by_field(author_client):
    post = PostFactory(
        title="The old title", body="<p>The same words stand here.</p>", state="draft"
    )
    keep(
        author_client,
        post,
        title="The new title",
        body="<p>The same words stood here.</p>",
        state="published",
        language="en",
    )
    page = author_client.get(
        reverse("admin:blog_post_draft", args=[EditingDraft.objects.get().pk])
    ).content.decode()
    assert "The <del>old</del><ins>new</ins> title" in page
    assert "words <del>stand</del><ins>stood</ins> here" in page
    assert "<del>Draft</del><ins>Published</ins>" in page
    assert "<h3>Language" not in page


def test_whoever_has_no_right_to_the_page_keeps_and_sees_no_draft_of_it(author_client):
    post = PostFactory()
    keep(author_client, post, title="Secret")
    draft = EditingDraft.objects.get()
    see = reverse("admin:blog_post_draft", args=[draft.pk])
    assert keep(helper(), post).status_code == 403
    assert keep(helper("view_post"), post).status_code == 403
    assert keep(helper("change_post")).status_code == 403
    assert keep(Client(), post).status_code == 302
    assert helper("change_post").get(see).status_code == 404
    shown = helper("change_post").get(f"{change(post)}?draft={draft.pk}", follow=True)
    assert (shown.redirect_chain, b"Secret" in shown.content) == ([(change(post), 302)], False)
    assert author_client.get(see).status_code == 200
    assert (
        author_client.get(reverse("admin:review_chapter_draft", args=[draft.pk])).status_code == 404
    )


@pytest.mark.parametrize(
    "fields",
    [{"_form_key": ""}, {"_form_key": "x" * 41}, {"_object": "x"}, {"_object": "-1"}],
)
def test_a_draft_of_an_unknown_form_is_refused(author_client, fields):
    assert author_client.post(KEEP, {"_form_key": "k", "_object": "", **fields}).status_code == 400


@pytest.mark.parametrize(
    "value", ["\x00", "🐁" * 10, "a" * 200_000, "\ud83d".encode("utf-8", "replace").decode()]
)
def test_any_words_are_kept(author_client, value):
    assert keep(author_client, title=value).status_code == 200
    page = author_client.get(f"{ADD}?draft={EditingDraft.objects.get().pk}")
    assert page.status_code == 200


def test_states_are_thinned_and_forms_bounded(author_client, author, monkeypatch):
    moments = itertools.count()
    now = timezone.now()
    monkeypatch.setattr(drafts.timezone, "now", lambda: now + timedelta(minutes=next(moments)))
    for number in range(90):
        keep(author_client, title=f"Title {number}")
    kept = EditingDraft.objects.all()
    assert kept.count() == drafts.STATES
    assert kept[0].fields["title"] == ["Title 89"]
    monkeypatch.setattr(drafts, "FORMS", 3)
    for key in "abcde":
        keep(author_client, key=key, title=key)
    assert set(EditingDraft.objects.values_list("key", flat=True)) == {"c", "d", "e"}


def test_drafts_are_thrown_away_by_hand_and_in_time(author_client, settings):
    keep(author_client, key="a", title="x")
    draft = EditingDraft.objects.get()
    author_client.post(reverse("admin:blog_post_draft_discard", args=[draft.pk]))
    assert not EditingDraft.objects.exists()
    keep(author_client, key="b", title="x")
    assert drafts.purge() == 0
    EditingDraft.objects.update(saved=timezone.now() - timedelta(days=settings.DRAFT_DAYS + 1))
    assert drafts.purge() == 1


def test_saving_ends_the_draft_and_the_one_it_was_restored_from(author_client):
    post = PostFactory()
    keep(author_client, post, key="old", title="Typed")
    keep(author_client, post, key="other", title="In another window")
    draft = EditingDraft.objects.get(key="old")
    page = author_client.get(f"{change(post)}?draft={draft.pk}")
    data = form_of(
        author_client, change(post), title="Typed", _restored=page.context["editing"]["restored"]
    )
    author_client.post(change(post), data)
    assert list(EditingDraft.objects.values_list("key", flat=True)) == ["other"]


def test_the_settings_of_the_site_lose_nothing_either(author_client):
    SiteSettings().save()
    address = reverse("admin:publishing_sitesettings_change", args=[1])
    data = form_of(author_client, address, tagline="Typed")
    author_client.post(reverse("admin:publishing_sitesettings_draft_keep"), {**data, "_object": 1})
    page = author_client.get(f"{address}?draft={EditingDraft.objects.get().pk}")
    assert page.context["adminform"].form["tagline"].value() == "Typed"


# One save for one press


def test_a_form_sent_twice_is_one_save_and_leads_to_the_same_place(author_client):
    data = form_of(author_client, ADD, title="Once", slug="once")
    first, second = (author_client.post(ADD, data) for _ in range(2))
    assert Post.objects.count() == 1
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    post = Post.objects.get()
    data = form_of(author_client, change(post), title="Twice")
    first, second = (author_client.post(change(post), data) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert Version.objects.get_for_object(post).count() == 2


def test_other_words_in_the_same_form_are_another_save(author_client):
    post = PostFactory(title="One")
    data = form_of(author_client, change(post), title="Two")
    author_client.post(change(post), data)
    answer = author_client.post(change(post), {**data, "title": "Three"})
    assert answer.status_code == 409
    assert Post.objects.get().title == "Two"


def test_a_form_that_came_back_with_errors_can_be_sent_again(author_client):
    PostFactory(title="Taken", slug="taken")
    data = form_of(author_client, ADD, title="New", slug="taken")
    answer = author_client.post(ADD, data)
    assert answer.context["editing"]["key"] == data["_form_key"]
    assert author_client.post(ADD, {**data, "slug": "free"}).status_code == 302
    assert SavedForm.objects.count() == 1


# Newer versions


def test_saving_over_a_newer_version_shows_both_and_saves_nothing(author_client):
    post = PostFactory(title="The mice", body="<p>First words.</p>", slug="mice")
    mine = form_of(author_client, change(post), body="<p>My words.</p>")
    theirs = form_of(author_client, change(post), body="<p>Other words.</p>", title="The lumps")
    author_client.post(change(post), theirs)
    answer = author_client.post(change(post), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "A newer version was saved while you were writing" in page
    assert "<del>Other</del><ins>My</ins> words." in page
    assert "The <del>lumps</del><ins>mice</ins>" in page
    assert answer.context["adminform"].form["body"].value() == "<p>My words.</p>"
    assert Post.objects.get().body == "<p>Other words.</p>"
    assert EditingDraft.objects.get().fields["body"] == ["<p>My words.</p>"]
    again = {**mine, "_base": answer.context["editing"]["base"]}
    assert author_client.post(change(post), again).status_code == 302
    assert Post.objects.get().body == "<p>My words.</p>"


def test_a_change_that_came_by_another_way_counts(author_client):
    chapter = ChapterFactory()
    work = ReferenceFactory()
    mine = form_of(author_client, change(chapter), title="Mine")
    Placement.objects.create(chapter=chapter, reference=work)
    assert author_client.post(change(chapter), mine).status_code == 409
    mine = form_of(author_client, change(chapter), title="Mine")
    chapter.tags.add("new")
    assert author_client.post(change(chapter), mine).status_code == 409
    mine = form_of(author_client, change(chapter), title="Mine")
    comment(chapter)
    assert author_client.post(change(chapter), mine).status_code == 302


def test_a_form_without_its_version_is_saved_as_before(author_client):
    post = PostFactory(title="One")
    data = form_of(author_client, change(post), title="Two")
    del data["_base"], data["_form_key"]
    assert author_client.post(change(post), data).status_code == 302
    assert Post.objects.get().title == "Two"


# Session over


def test_a_form_sent_after_the_login_ended_waits_for_the_password(author, django_user_model):
    author.set_password("a-long-password")
    author.save()
    client = Client()
    client.force_login(author)
    data = form_of(client, ADD, title="Typed for hours")
    client.logout()
    answer = client.post(ADD, data)
    assert answer.status_code == 401
    assert dict(answer.context["sent"])["title"] == "Typed for hours"
    wrong = client.post(ADD, {**data, "again-username": author.username, "again-password": "no"})
    assert wrong.status_code == 401
    assert "Typed for hours" in wrong.content.decode()
    assert '"no"' not in wrong.content.decode()
    right = client.post(
        ADD, {**data, "again-username": author.username, "again-password": "a-long-password"}
    )
    assert right.status_code == 302
    assert Post.objects.get().title == "Typed for hours"


def test_the_dialog_lets_in_whose_form_it_is_and_nobody_else(author):
    other = AuthorUserFactory()
    for user in (author, other):
        user.set_password("a-long-password")
        user.save()
    client = Client()
    said = client.get(AGAIN, {"whose": author.pk}).json()
    assert not said["in"]
    assert "password" in said["form"]
    login = {"whose": author.pk, "again-password": "a-long-password"}
    assert not client.post(AGAIN, {**login, "again-username": other.username}).json()["in"]
    assert client.get(LIST).status_code == 302
    assert client.post(AGAIN, {**login, "again-username": author.username}).json()["in"]
    assert client.get(LIST).status_code == 200
    assert client.get(AGAIN, {"whose": author.pk}).json()["token"]
    assert not client.get(AGAIN, {"whose": other.pk}).json()["in"]


def test_wrong_passwords_in_the_dialog_close_the_door_too(author, settings):
    settings.AXES_FAILURE_LIMIT = 2
    data = {"whose": author.pk, "again-username": author.username, "again-password": "wrong"}
    answers = [Client().post(AGAIN, data).status_code for _ in range(3)]
    assert answers[-1] == 429


# First versions


def test_what_a_page_was_before_its_first_change_is_a_version(author_client):
    post = PostFactory(title="Brought in", body="<p>The original.</p>")
    author_client.post(change(post), form_of(author_client, change(post), body="<p>Changed.</p>"))
    versions = Version.objects.get_for_object(post)
    assert [each.field_dict["body"] for each in versions] == [
        "<p>Changed.</p>",
        "<p>The original.</p>",
    ]


def test_a_list_action_leaves_what_was_before_it(author_client):
    post = PostFactory(title="Brought in", state="draft")
    author_client.post(LIST, {"action": "publish", "_selected_action": [post.pk]})
    assert [each.field_dict["state"] for each in Version.objects.get_for_object(post)] == [
        "published",
        "draft",
    ]


def test_looking_at_a_page_makes_no_version(author_client):
    post = PostFactory()
    author_client.get(change(post))
    author_client.get(LIST)
    assert not Version.objects.exists()


# The trash


def test_deleting_puts_into_the_trash_and_the_trash_gives_back(author_client):
    post = PostFactory(title="Short lived", slug="short")
    post.tags.add("lumps")
    address = reverse("admin:blog_post_delete", args=[post.pk])
    assert "goes into the trash" in author_client.get(address).content.decode()
    page = author_client.post(address, {"post": "yes"}, follow=True).content.decode()
    assert "It is in the trash." in page
    row = Trashed.objects.get()
    assert "Short lived" in author_client.get(TRASH).content.decode()
    page = author_client.post(
        reverse("admin:publishing_trashed_restore", args=[row.pk]), follow=True
    )
    assert "is back, as it was." in page.content.decode()
    assert list(Post.objects.get().tags.names()) == ["lumps"]
    assert Client().get("/blog/short/").status_code == 200


def test_several_are_put_into_the_trash_from_the_list(author_client):
    posts = PostFactory.create_batch(2)
    ids = [post.pk for post in posts]
    form = {"action": "delete_selected", "_selected_action": ids}
    assert "go into the trash" in author_client.post(LIST, form).content.decode()
    author_client.post(LIST, {**form, "post": "yes"})
    assert Trashed.objects.count() == 2
    assert not Post.objects.exists()


def test_restoring_twice_says_that_it_is_back_already(author_client):
    post = PostFactory()
    author_client.post(reverse("admin:blog_post_delete", args=[post.pk]), {"post": "yes"})
    address = reverse("admin:publishing_trashed_restore", args=[Trashed.objects.get().pk])
    author_client.post(address)
    page = author_client.post(address, follow=True).content.decode()
    assert "It is not in the trash any more." in page
    assert Post.objects.count() == 1


def test_what_cannot_come_back_says_why(author_client):
    post = PostFactory(title="First", slug="mice")
    author_client.post(reverse("admin:blog_post_delete", args=[post.pk]), {"post": "yes"})
    PostFactory(title="Second", slug="mice")
    row = Trashed.objects.get()
    page = author_client.post(
        reverse("admin:publishing_trashed_restore", args=[row.pk]), follow=True
    )
    assert (
        "“First” stays in the trash. Post with this Address already exists."
        in page.content.decode()
    )


def test_delete_for_good_asks_and_then_forgets(author_client):
    post = PostFactory(title="Gone")
    author_client.post(change(post), form_of(author_client, change(post), title="Gone soon"))
    author_client.post(reverse("admin:blog_post_delete", args=[post.pk]), {"post": "yes"})
    address = reverse("admin:publishing_trashed_delete", args=[Trashed.objects.get().pk])
    assert "cannot be undone" in author_client.get(address).content.decode()
    assert Trashed.objects.exists()
    author_client.post(address)
    assert not Trashed.objects.exists()
    assert not Version.objects.get_for_object_reference(Post, post.pk).exists()


def test_the_trash_shows_each_only_what_they_may_delete(author_client):
    author_client.post(
        reverse("admin:blog_post_delete", args=[PostFactory(title="A post").pk]), {"post": "yes"}
    )
    chapter = ChapterFactory(title="A chapter")
    author_client.post(reverse("admin:review_chapter_delete", args=[chapter.pk]), {"post": "yes"})
    row = Trashed.objects.get(title__contains="chapter")
    someone = helper("delete_post", "view_post")
    page = someone.get(TRASH).content.decode()
    assert "A post" in page
    assert "A chapter" not in page
    assert (
        someone.post(reverse("admin:publishing_trashed_restore", args=[row.pk])).status_code == 403
    )
    assert (
        someone.post(reverse("admin:publishing_trashed_delete", args=[row.pk])).status_code == 403
    )
    assert helper("view_post").get(TRASH).status_code == 403
    assert not Chapter.objects.exists()


def test_the_trash_names_the_comments_in_theirs(author_client):
    comment(PostFactory(), status="trash")
    page = author_client.get(TRASH).content.decode()
    assert "1 comment is in the trash too." in page
    assert "?status=trash" in page


def test_a_cited_work_is_not_put_into_the_trash_and_says_where_it_is_cited(author_client):
    work = ReferenceFactory(citekey="a1935")
    ChapterFactory(
        title="Cites it", body='<p><span class="cite" data-cite="a1935">[a1935]</span></p>'
    )
    page = author_client.get(
        reverse("admin:references_reference_delete", args=[work.pk])
    ).content.decode()
    assert "Cites it" in page
    assert Reference.objects.exists()


def test_keeping_what_is_typed_reads_and_renders_nothing(
    author_client, django_assert_max_num_queries
):
    post = PostFactory(title="Long")
    body = "<p>" + "lump <b>here</b> " * 20_000 + "</p>"
    keep(author_client, post, body=body)
    with parses.counted() as read, django_assert_max_num_queries(9):
        assert keep(author_client, post, body=body + "<p>More.</p>").status_code == 200
    assert read == []
