"""An account is not yet a permission: each door of the desk asks for its own."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from comments.models import Comment, Writer
from publishing.models import Image, SiteSettings
from tests.comments.forms import address, filled
from tests.factories import PostFactory, ReferenceFactory, comment
from tests.publishing.test_images import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_client(client):
    """`staff_client("comments.view_comment", …)`: logged in to the desk with these rights and no
    other."""

    def log_in(*rights, staff=True):
        user = get_user_model().objects.create(username="helper", is_staff=staff)
        for right in rights:
            app, name = right.split(".")
            user.user_permissions.add(
                Permission.objects.get(content_type__app_label=app, codename=name)
            )
        client.force_login(user)
        return client

    return log_in


DOORS = {
    "admin:comments_comment_desk": "comments.change_comment",
    "admin:comments_comment_desk_undo": "comments.change_comment",
    "admin:comments_comment_desk_figures": "comments.change_comment",
    "admin:comments_writer_changelist": "comments.view_writer",
    "admin:references_pick": "references.view_reference",
    "admin:publishing_image_pick": "publishing.view_image",
}


@pytest.mark.parametrize("door", DOORS)
def test_a_door_of_the_desk_is_shut_for_who_has_other_rights(staff_client, door):
    others = set(DOORS.values()) - {DOORS[door]}
    assert staff_client(*others).get(reverse(door)).status_code == 403


@pytest.mark.parametrize(
    ("language", "words"),
    [("", "This is not for your account"), ("/es", "Esto no es para su cuenta"),
     ("/ca", "Això no és per al vostre compte")],
)  # fmt: skip
def test_who_has_no_right_is_told_so_in_words_with_the_way_back(staff_client, language, words):
    answer = staff_client("review.view_chapter").get(f"{language}/admin/blog/post/add/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert words in page
    assert f'href="{language}/admin/"' in page


@pytest.mark.parametrize("door", DOORS)
def test_a_door_of_the_desk_is_open_for_who_has_its_right(staff_client, door):
    assert staff_client(DOORS[door]).get(reverse(door)).status_code in (200, 302)


@pytest.mark.parametrize("door", [*DOORS, "admin:publishing_page_pick"])
def test_who_is_not_of_the_desk_is_asked_to_log_in_whatever_their_rights(staff_client, door):
    answer = staff_client(*DOORS.values(), staff=False).get(reverse(door))
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_who_may_read_comments_may_not_decide_them(staff_client):
    waiting = comment(PostFactory(), status="pending")
    client = staff_client("comments.view_comment")
    for name in ("desk_act", "desk_draft", "answer"):
        answer = client.post(
            reverse(f"admin:comments_comment_{name}", args=[waiting.pk]), {"do": "approve"}
        )
        assert answer.status_code == 403
    assert client.post(reverse("admin:comments_comment_desk_mail")).status_code == 403
    waiting.refresh_from_db()
    assert (waiting.status, waiting.draft) == ("pending", "")


def test_who_may_add_figures_sees_those_there_are_and_who_may_see_them_adds_none(staff_client):
    client = staff_client("publishing.view_image")
    answer = client.post(
        reverse("admin:publishing_image_upload"), {"file": SimpleUploadedFile("a.png", picture())}
    )
    assert answer.status_code == 403
    assert answer.json() == {"error": "You may not add figures."}
    assert not Image.objects.exists()


def test_who_may_add_figures_may_choose_among_them(staff_client):
    client = staff_client("publishing.add_image")
    assert client.get(reverse("admin:publishing_image_pick")).status_code == 200
    answer = client.post(
        reverse("admin:publishing_image_upload"), {"file": SimpleUploadedFile("a.png", picture())}
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("do", ["erase", "send"])
def test_who_may_look_somebody_up_may_not_erase_them_nor_write_to_them(staff_client, do):
    comment(PostFactory(), email="anna@example.org", writer=Writer.objects.create())
    client = staff_client("comments.view_writer")
    asked = {"email": "anna@example.org"}
    assert (
        "Some words."
        in client.post(reverse("admin:comments_writer_changelist"), asked).content.decode()
    )
    assert (
        client.post(reverse("admin:comments_writer_changelist"), {**asked, do: "1"}).status_code
        == 403
    )
    assert Comment.objects.get().email == "anna@example.org"


def test_who_may_delete_comments_may_erase_somebody(staff_client):
    comment(PostFactory(), email="anna@example.org")
    client = staff_client("comments.view_writer", "comments.delete_comment")
    asked = {"email": "anna@example.org", "erase": "1"}
    assert client.post(reverse("admin:comments_writer_changelist"), asked).status_code == 302
    assert not Comment.objects.exists()


@pytest.mark.parametrize("right", ["references.add_reference", "references.change_reference"])
def test_importing_needs_the_right_to_add_and_to_change(staff_client, right):
    assert staff_client(right).get(reverse("admin:references_import")).status_code == 403


def test_who_may_see_the_library_sees_copies_that_are_not_public(staff_client):
    work = ReferenceFactory(citekey="a1935")
    work.pdf.save("a.pdf", SimpleUploadedFile("a.pdf", b"%PDF-1.4"))
    where = reverse("references:pdf", args=["a1935"])
    client = staff_client("comments.view_comment")
    assert client.get(where).status_code == 404
    client.logout()
    assert client.get(where).status_code == 404


@pytest.mark.parametrize("staff", [True, False])
def test_any_other_account_writes_comments_as_a_reader_does(staff_client, settings, staff):
    settings.COMMENT_MIN_SECONDS = 0
    page = PostFactory()
    client = staff_client("comments.change_comment", "comments.view_comment", staff=staff)
    form = client.get(address(page)).content.decode()
    assert 'name="captcha_1"' in form
    assert 'name="consent"' in form
    for left_out in ("captcha_1", "consent"):
        data = {name: value for name, value in filled(page).items() if name != left_out}
        assert client.post(address(page), data).status_code == 200
    assert not Comment.objects.exists()
    assert client.post(address(page), filled(page)).status_code == 302
    made = Comment.objects.get()
    assert (made.by_author, made.status) == (False, "pending")


def test_who_may_add_comments_writes_without_a_sum(staff_client):
    SiteSettings(author_name="Núria Güell").save()
    page, client = PostFactory(), staff_client("comments.add_comment")
    form = client.get(address(page)).content.decode()
    assert "captcha" not in form
    assert 'value="Núria Güell"' in form
    data = {name: value for name, value in filled(page).items() if not name.startswith("captcha")}
    assert client.post(address(page), data).status_code == 302
    assert Comment.objects.get().name == "Anna"
