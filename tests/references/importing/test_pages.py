"""The admin pages that bring references in: upload or paste, look, choose, confirm."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from publishing import clock, tasks
from publishing.models import TaskWorker
from references.importing import pending as pending_records
from references.importing import save, views
from references.models import PendingImport, PendingRecord, Reference
from tests.factories import AuthorUserFactory, PersonFactory, ReferenceFactory

pytestmark = pytest.mark.django_db
UPLOAD = reverse("admin:references_import")
HALF = """@article{one, title={Fat herniation}, author={Herz, Ralph and others}, year={1952},
 doi={10.1136/ard.11.1.30}}
@article{mine, title={Their title}, doi={10.1000/mine}, volume={7}, year={1935}}
@article{same, title={Known}, year={1940}, doi={10.1000/same}}
@article{bad, year={1990}}
"""


def preview(pending):
    return reverse("admin:references_import_preview", args=[pending.pk])


def bare(**fields):
    return ReferenceFactory(**{"container": "", "container_short": "", "volume": "", "pages": "",
        "language": "",
                               "people": [], **fields})  # fmt: skip


@pytest.fixture
def mine(db):
    bare(citekey="same", title="Known", year=1940, doi="10.1000/same")
    return bare(citekey="mine", title="Her title", year=1935, doi="10.1000/mine")


@pytest.fixture
def pending(author_client, mine):
    author_client.post(UPLOAD, {"text": HALF})
    return PendingImport.objects.get()


def rows(response):
    return {each["row"].number: each for each in response.context["rows"]}


def send(client, pending, do="confirm", **values):
    """What a browser sends of the page it was shown, with `values` chosen instead."""
    shown = rows(client.get(preview(pending)))
    data = {"shown": list(shown), "do": do}
    for number, each in shown.items():
        data[f"take-{number}"] = "on"
        data.update({field["name"]: field["take"] for field in each["fields"]})
    data.update(values)
    return client.post(
        preview(pending),
        {name: value for name, value in data.items() if value is not None},
        follow=True,
    )


# What is shown


def test_each_record_says_what_it_is_to_the_library(author_client, pending):
    response = author_client.get(preview(pending))
    assert {number: each["row"].verdict for number, each in rows(response).items()} == {
        1: "new",
        2: "differs",
        3: "same",
    }
    page = " ".join(response.content.decode().split())
    assert "Line 5" in page
    assert (
        reverse(
            "admin:references_reference_change", args=[Reference.objects.get(citekey="mine").pk]
        )
        in page
    )
    assert Reference.objects.count() == 2


def test_ours_is_kept_where_there_is_something_and_filled_where_there_is_nothing(
    author_client, pending
):
    fields = {
        field["label"]: field for field in rows(author_client.get(preview(pending)))[2]["fields"]
    }
    assert (fields["title"]["ours"], fields["title"]["theirs"]) == ("Her title", "Their title")
    assert (fields["title"]["take"], fields["volume"]["take"]) == ("ours", "theirs")


def test_only_one_kind_can_be_shown(author_client, pending):
    assert list(rows(author_client.get(preview(pending) + "?kind=differs"))) == [2]
    assert list(rows(author_client.get(preview(pending) + "?kind=nonsense"))) == [1, 2, 3]


def test_a_long_import_has_pages_and_keeps_what_was_chosen(author_client, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 2)
    author_client.post(
        UPLOAD, {"text": "\n".join(f"@article{{k{n}, title={{Title {n}}}}}" for n in range(5))}
    )
    pending = PendingImport.objects.get()
    response = send(author_client, pending, do="page-2", **{"take-1": None})
    assert list(rows(response)) == [3, 4]
    assert PendingRecord.objects.get(number=1).skip
    author_client.post(
        preview(pending), {"shown": [3, 4], "take-3": "on", "take-4": "on", "do": "confirm"}
    )
    assert Reference.objects.count() == 4


def test_a_page_of_records_asks_the_database_little(author_client, django_assert_max_num_queries):
    text = "\n".join(
        f"@article{{k{n}, title={{Title {n}}}, author={{Herz, R.}}}}" for n in range(60)
    )
    author_client.post(UPLOAD, {"text": text})
    with django_assert_max_num_queries(20):
        author_client.get(preview(PendingImport.objects.get()))


def test_a_record_twice_in_a_file_is_named(author_client):
    author_client.post(
        UPLOAD, {"text": "@article{a, title={A}, pmid={7}}\n@article{b, title={A}, pmid={7}}"}
    )
    page = author_client.get(preview(PendingImport.objects.get())).content.decode()
    assert "the same as record 1" in page


# What is done


def test_without_any_choice_new_ones_come_in_and_gaps_are_filled(author_client, pending):
    response = author_client.post(preview(pending), {"do": "confirm"}, follow=True)
    mine = Reference.objects.get(citekey="mine")
    assert (mine.title, mine.volume) == ("Her title", "7")
    one = Reference.objects.get(citekey="one")
    assert one.record_note == "The list of authors is not complete."
    assert "Herz" in one.citation_html
    assert reverse("admin:references_reference_change", args=[one.pk]) in response.content.decode()
    assert response.context["report"]["new"] == 1
    assert response.context["report"]["same"] == 1
    assert not PendingRecord.objects.exists()


def test_what_is_chosen_is_taken(author_client, pending):
    send(author_client, pending, **{"field-2-title": "theirs", "field-2-volume": "ours"})
    mine = Reference.objects.get(citekey="mine")
    assert (mine.title, mine.volume) == ("Their title", "")
    assert "Their title" in mine.citation_html


def test_what_is_left_out_stays_out(author_client, pending):
    response = send(author_client, pending, **{"take-1": None, "take-2": None})
    assert response.context["report"]["skipped"] == 2
    assert Reference.objects.count() == 2
    assert Reference.objects.get(citekey="mine").volume == ""


def test_what_was_written_meanwhile_is_not_replaced(author_client, pending):
    Reference.objects.filter(citekey="mine").update(volume="8")
    author_client.post(preview(pending), {"do": "confirm"})
    assert Reference.objects.get(citekey="mine").volume == "8"


def test_pressing_twice_brings_in_once(author_client, pending):
    author_client.post(preview(pending), {"do": "confirm"})
    author_client.post(preview(pending), {"do": "confirm"})
    assert Reference.objects.count() == 3


def test_nothing_is_brought_in_when_the_author_says_so(author_client, pending):
    author_client.post(preview(pending), {"do": "cancel"})
    assert not PendingImport.objects.exists()
    assert Reference.objects.count() == 2


@pytest.fixture
def queued(settings):
    """Tasks wait for a worker, as on the site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def test_an_import_leaves_citations_to_the_worker_and_says_so(author_client, pending, queued):
    response = author_client.post(preview(pending), {"do": "confirm"}, follow=True)
    assert response.context["unformatted"] == 2
    author_client.post(preview(pending))
    assert save.pending_count() == 0


class TestALongImport:
    @pytest.fixture(autouse=True)
    def short(self, monkeypatch, queued):
        monkeypatch.setattr(views, "BROUGHT_NOW", 1)
        monkeypatch.setattr(pending_records, "PORTION", 1)

    @pytest.fixture
    def worker(self, pending):
        DBTaskResult.objects.all().delete()  # what came before
        return TaskWorker.objects.create(key="here", until=timezone.now() + clock.LEASE)

    def test_is_left_to_the_worker_while_a_page_counts(self, author_client, pending, worker):
        response = author_client.post(preview(pending), {"do": "confirm"}, follow=True)
        html = response.content.decode()
        assert "Being brought in" in html
        assert "0 of 3 records" in " ".join(html.split())
        assert "How far is it?" in html, "for those without scripts"
        pending_records.bring_portion(pending.pk)
        assert "1 of 3 records" in " ".join(
            author_client.get(preview(pending)).content.decode().split()
        )
        tasks.do(tasks.claim("here"))
        response = author_client.get(preview(pending))
        assert response.context["report"]["new"] == 1
        assert not PendingRecord.objects.exists()

    def test_goes_on_by_presses_where_no_worker_is(self, author_client, pending, monkeypatch):
        monkeypatch.setattr(views, "SECONDS", 1e-9)
        html = author_client.post(preview(pending), {"do": "confirm"}, follow=True).content.decode()
        assert "No task worker is running" in html
        for left in (2, 1, 0):
            author_client.post(preview(pending))
            assert PendingRecord.objects.count() == left
        assert author_client.get(preview(pending)).context["report"]["new"] == 1

    def test_that_was_given_up_says_why_and_can_go_on(
        self, author_client, pending, worker, monkeypatch
    ):
        with monkeypatch.context() as patch:
            patch.setattr(save.Batch, "write", lambda self: 1 / 0)
            author_client.post(preview(pending), {"do": "confirm"})
            for _try in range(5):
                DBTaskResult.objects.update(run_after=timezone.now())
                tasks.do(tasks.claim("here"))
        html = author_client.get(preview(pending)).content.decode()
        assert "Stopped half-way" in html
        assert "ZeroDivisionError" in html
        author_client.post(preview(pending))
        tasks.do(tasks.claim("here"))
        assert not PendingRecord.objects.exists()


def test_an_import_waits_a_week(author_client, pending):
    assert pending.name in author_client.get(UPLOAD).content.decode()
    PendingImport.objects.update(created=timezone.now() - timedelta(days=8))
    author_client.post(UPLOAD, {"text": HALF})
    assert not PendingImport.objects.filter(pk=pending.pk).exists()


# What can go wrong


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\xfe\xff\x00\x81" * 40, "refused"),
        (b"Dear editor, these are words.", "No format is known here"),
        (b"@article{cut, title={Never closed", "refused"),
        (b'[{"id": "a", "title": "A"}, {"id": ', "refused"),
        (b"<PubmedArticleSet><PubmedArticle>", "refused"),
        (b"TY  - JOUR\nER  - \n", "refused"),
    ],
)
def test_a_bad_file_is_said_in_plain_words(author_client, content, words):
    response = author_client.post(
        UPLOAD, {"file": SimpleUploadedFile("x.bib", content)}, follow=True
    )
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Reference.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Choose a file or paste some text."),
        ({"text": "   "}, "Choose a file or paste some text."),
        ({"text": "x" * 1_000_001}, "more than the 1,000,000 characters that can be pasted"),
        ({"file": SimpleUploadedFile("empty.bib", b"")}, "The file is empty."),
    ],
)
def test_the_form_asks_for_what_is_missing(author_client, data, words):
    assert words in author_client.post(UPLOAD, data).content.decode()


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
)
def test_a_paste_no_server_would_read_is_answered_in_words_too(author_client, settings, kind):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    pasted = (
        '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + "x" * 2000 + "\r\n--x--\r\n"
    )
    response = author_client.post(UPLOAD, pasted, content_type=kind)
    assert response.status_code == 200
    assert "characters that can be pasted" in response.content.decode()
    assert "Choose a file or paste some text." not in response.content.decode()


def test_browsers_are_not_told_to_cut_what_is_pasted(author_client):
    assert "maxlength" not in author_client.get(UPLOAD).content.decode()


def test_an_import_needs_the_token_of_its_form(author_client):
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = author_client.cookies
    assert careful.post(UPLOAD, {"text": "@article{a, title={A}}"}).status_code == 403
    assert not PendingImport.objects.exists()


def test_a_file_that_is_too_large_is_sent_elsewhere(author_client, settings):
    settings.IMPORT_MAX_BYTES_AT_ONCE = 100
    response = author_client.post(UPLOAD, {"file": SimpleUploadedFile("x.bib", b"x" * 101)})
    assert "import_references" in response.content.decode()
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize("values", [{"shown": "x"}, {"shown": "9" * 30}, {"do": "page-²"},
    {"do": "page-99"}, {"do": "?"},
                                    {"field-2-title": "mine"}, {"kind": "<b>"}])  # fmt: skip
def test_what_no_form_sends_does_no_harm(author_client, pending, values):
    response = author_client.post(preview(pending), {"do": "page-1", **values}, follow=True)
    assert response.status_code == 200
    assert Reference.objects.count() == 2


def test_words_of_a_file_are_shown_as_words(author_client):
    author_client.post(UPLOAD, {"text": json.dumps([{"id": "a",
        "title": "<script>alert(1)</script> x", "author": [
        {"literal": "<b>B"}]}, {"id": "<i>"}])})  # fmt: skip
    page = author_client.get(preview(PendingImport.objects.get())).content.decode()
    assert "<script>alert" not in page
    assert "<b>B" not in page


def test_only_who_may_write_in_the_library_can_import(client, pending):
    reader = AuthorUserFactory(is_superuser=False)
    client.force_login(reader)
    for address in (UPLOAD, preview(pending), reverse("admin:references_lookup")):
        assert client.get(address).status_code == 403
    reader.user_permissions.add(
        *Permission.objects.filter(codename__in=["add_reference", "change_reference"])
    )
    assert client.get(UPLOAD).status_code == 200
    assert client.get(preview(pending)).status_code == 404


def test_the_list_leads_to_the_import(author_client):
    page = author_client.get(reverse("admin:references_reference_changelist")).content.decode()
    assert UPLOAD in page
    assert reverse("admin:references_lookup") in page


def test_parts_of_two_dates_put_together_make_one_that_can_be(author_client):
    ours = ReferenceFactory(citekey="ours", pmid="77", year=1998, month=3, until="1998-04")
    author_client.post(UPLOAD, {"text": "PMID- 77\nTI  - T.\nDP  - 2001 Spring\n"})
    pending = PendingImport.objects.get()
    shown = {
        field["label"]: field["theirs"]
        for field in rows(author_client.get(preview(pending)))[1]["fields"]
    }
    assert shown["season"] == "Spring"
    send(author_client, pending, **{"field-1-year": "theirs", "field-1-season": "theirs"})
    ours.refresh_from_db()
    assert (ours.year, ours.month, ours.season, ours.until) == (2001, 3, None, "")


def test_people_are_shown_side_by_side(author_client):
    bare(citekey="mine", doi="10.1000/x", people=[PersonFactory(family="Herz", given="R.")])
    author_client.post(
        UPLOAD, {"text": "@article{a, title={T}, doi={10.1000/x}, author={Herz, Ralph and {WHO}}}"}
    )
    fields = {
        field["label"]: field
        for field in rows(author_client.get(preview(PendingImport.objects.get())))[1]["fields"]
    }
    assert (fields["people"]["ours"], fields["people"]["theirs"]) == (
        "Herz, R.",
        "Herz, Ralph; WHO",
    )


def test_what_was_guessed_of_a_record_is_said_beside_it(author_client):
    text = "Title,Authors,Pages,DOI\nBacks,Nguyen Van Anh,5-Mar,10.5555/a\n"
    text += "Lumps,Smith JA,3,10.5555/b\n"
    page = author_client.post(UPLOAD, {"text": text}, follow=True)
    first, second = page.context["rows"]
    assert len(first["remarks"]) == 2
    assert second["remarks"] == []
    assert page.text.count('class="remark"') == 2
