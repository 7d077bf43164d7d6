"""What was erased stands in no file, comes back with no backup, and who looked is told."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from comments.commenters import erasures, retention
from comments.mailing import outbox
from comments.models import Access, Comment, Writer
from tests.factories import PostFactory, comment

from .test_own_page import opened

WORDS = ("Quokkafarbe", "Zwetschgenname", "zwetschge@example.org")


@pytest.fixture
def erasures_file(settings, tmp_path):
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")
    return tmp_path / "erasures.jsonl"


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
def test_no_file_of_the_database_holds_what_was_erased(said, erasures_file):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are the server's; docs/adr/0035 says what stays in them")
    name = Path(connection.settings_dict["NAME"])
    files = [name.with_name(name.name + ending) for ending in ("", "-wal", "-shm")]
    assert standing_in(files) == list(WORDS)
    retention.erase_email(WORDS[2])
    assert standing_in([*files, erasures_file]) == []


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_brings_nothing_back(said, erasures_file):
    made = {field.attname: getattr(said, field.attname) for field in Comment._meta.fields}
    retention.erase_email(said.email)
    again = Comment(**{**made, "writer_id": None})
    again.save(force_insert=True)
    Comment.objects.filter(pk=again.pk).update(created=made["created"])
    call_command("repeat_erasures")
    assert not Comment.objects.exists()
    other = comment(PostFactory(), text="Of somebody else", email="other@example.org")
    Comment.objects.filter(pk=other.pk).update(id=made["id"])  # a number given anew
    call_command("repeat_erasures")
    assert Comment.objects.get().text == "Of somebody else"
    assert erasures.is_of_somebody_erased("Zwetschge+x@Example.org")
    assert not erasures.is_of_somebody_erased("other@example.org")


@pytest.mark.django_db(transaction=True)
def test_half_a_line_of_a_machine_that_stopped_is_no_trouble(said, erasures_file):
    retention.erase([said])
    erasures_file.write_text(erasures_file.read_text() + '{"at": "2026')
    assert len(erasures.gone()[0]) == 1


@pytest.mark.django_db(transaction=True)
def test_mails_in_files_go_with_their_owner_and_in_time(said, erasures_file, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_FILE_PATH.mkdir()
    hers, others = (settings.EMAIL_FILE_PATH / name for name in ("1.log", "2.log"))
    hers.write_text(f"Subject: x\nTo: {WORDS[2]}\n\nWords")
    others.write_text("Subject: x\nTo: other@example.org\n\nWords")
    retention.erase_email(WORDS[2])
    assert (hers.exists(), others.exists()) == (False, True)
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
def test_the_log_is_only_added_to(author_client, said):
    author_client.post(reverse("admin:comments_writer_changelist"), {"email": said.email})
    row = Access.objects.get()
    for wrong in (row.save, row.delete, Access.objects.all().delete):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(TypeError):
        Access.objects.update(what="erased")
