"""What was erased stands in no file, and who looked is told."""

from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from comments.commenters import retention
from comments.mailing import words
from comments.models import Access, Writer
from publishing.mailing import outbox
from tests.factories import PostFactory, comment

from .test_own_page import opened

WORDS = ("Quokkafarbe", "Zwetschgenname", "zwetschge@example.org")


@pytest.fixture
def said():
    return comment(
        PostFactory(), text=f"{WORDS[0]} on my back", name=WORDS[1], email=WORDS[2],
        writer=Writer.objects.create(),
    )  # fmt: skip


def standing_in(paths):
    """Which of the words are in these files, whatever their case."""
    kept = b"".join(path.read_bytes() for path in paths if path.exists()).lower()
    return [word for word in WORDS if word.lower().encode() in kept]


@pytest.mark.django_db(transaction=True)
def test_no_file_of_the_database_holds_what_was_erased(said):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are the server's; docs/adr/0035 says what stays in them")
    name = Path(connection.settings_dict["NAME"])
    files = [name.with_name(name.name + ending) for ending in ("", "-wal", "-shm")]
    assert standing_in(files) == list(WORDS)
    retention.erase_email(WORDS[2])
    assert standing_in(files) == []


@pytest.mark.django_db(transaction=True)
def test_mails_in_files_go_with_their_owner_and_in_time(said, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_FILE_PATH.mkdir()
    mail = words.send(
        "waiting", "author@example.org", "en", {"items": [], "new": 1, "waiting": 1}, about=[said]
    )
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    outbox.deliver()
    (about,) = settings.EMAIL_FILE_PATH.iterdir()
    assert mail.message_id in about.read_text()
    hers, others = (settings.EMAIL_FILE_PATH / name for name in ("1.log", "2.log"))
    hers.write_text(f"Subject: x\nTo: {WORDS[2]}\n\nWords")
    others.write_text("Subject: x\nTo: other@example.org\n\nWords")
    retention.erase_email(WORDS[2])
    assert (hers.exists(), about.exists(), others.exists()) == (False, False, True)
    settings.MAIL_KEEP_DAYS = -1
    outbox.forget()
    assert not others.exists()


@pytest.mark.django_db
def test_every_look_export_and_erasure_is_noted_and_shown(author_client, author, said, client):
    address = reverse("admin:comments_writer_changelist")
    for wish in ({}, {"export": "1"}, {"send": "1"}):
        author_client.post(address, {"email": said.email, **wish})
    page = author_client.post(address, {"email": said.email}).text
    assert "Who looked at it" in page
    assert f"{author.username}" in page.partition("Who looked at it")[2]
    hers = client.get(opened(client, said.writer)).text
    assert "looked at" in hers
    assert "exported as a file" in hers
    assert author.username not in hers
    author_client.post(address, {"email": said.email, "erase": "1"})
    assert {each.what for each in Access.objects.all()} == {"read", "exported", "key", "erased"}
    assert not any(word in str(list(Access.objects.values())) for word in WORDS)


@pytest.mark.django_db
def test_what_the_desk_shows_is_noted_once_a_day(author_client, author, said, client):
    mail = words.send(
        "waiting", said.email, "en", {"items": [], "new": 1, "waiting": 1}, about=[said]
    )
    desk = reverse("admin:comments_comment_desk") + f"?at={said.pk}"
    for address in (
        desk,
        desk,
        reverse("admin:comments_comment_change", args=[said.pk]),
        reverse("admin:post_office_email_changelist"),
        reverse("admin:post_office_email_change", args=[mail.pk]),
    ):
        assert author_client.get(address).status_code == 200
    (row,) = Access.objects.all()
    assert (row.what, row.comment_number, row.by) == ("read", said.pk, author)
    tomorrow = timezone.now() + timedelta(days=1)
    with mock.patch("django.utils.timezone.now", return_value=tomorrow):
        author_client.force_login(author)
        author_client.get(reverse("admin:post_office_email_changelist"))
    assert Access.objects.count() == 2


@pytest.mark.django_db
def test_who_takes_ones_own_data_out_is_noted_too(client, said):
    page = opened(client, said.writer)
    assert client.get(f"{page}comments.json")["Location"] == page
    assert Access.objects.count() == 0
    client.post(f"{page}comments.json")
    assert "exported as a file" in client.get(page).text


@pytest.mark.django_db
def test_the_log_is_only_added_to(author_client, said):
    author_client.post(reverse("admin:comments_writer_changelist"), {"email": said.email})
    row = Access.objects.get()
    for wrong in (row.save, row.delete, Access.objects.all().delete):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(TypeError):
        Access.objects.update(what="erased")
