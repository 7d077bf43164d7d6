from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from references.models import Reference
from tests.factories import AuthorUserFactory, ReferenceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once("about files and who gets them")]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def upload(content=PDF, name="herz.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def with_pdf(licence="", **fields):
    reference = ReferenceFactory(**fields)
    reference.pdf, reference.pdf_licence = upload(), licence
    reference.save()
    return reference


def files():
    return sorted(path for path in Path(site_settings.PRIVATE_ROOT).rglob("*") if path.is_file())


def test_with_a_licence_anybody_gets_it(client):
    reference = with_pdf("CC BY 4.0", citekey="herz1952")
    response = client.get("/references/herz1952.pdf")
    assert response.status_code == 200
    assert b"".join(response) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert 'filename="herz1952.pdf"' in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "'none'" in response["Content-Security-Policy"]
    assert not response.cookies
    text = client.get(reference.get_absolute_url()).text
    assert 'href="/references/herz1952.pdf"' in text
    assert "CC BY 4.0" in text


def test_without_one_it_is_the_authors_alone(client, author_client):
    reference = with_pdf(citekey="herz1952")
    reader = Client()
    assert reader.get("/references/herz1952.pdf").status_code == 404
    assert ".pdf" not in reader.get(reference.get_absolute_url()).text
    response = author_client.get("/references/herz1952.pdf")
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    assert b"".join(response) == PDF


def test_somebody_logged_in_who_may_not_see_the_library_gets_nothing():
    with_pdf(citekey="herz1952")
    other = Client()
    other.force_login(AuthorUserFactory(is_superuser=False))
    assert other.get("/references/herz1952.pdf").status_code == 404


def test_its_page_is_the_same_for_the_author_and_for_everybody(author_client):
    reference = with_pdf()
    assert (
        Client().get(reference.get_absolute_url()).content
        == author_client.get(reference.get_absolute_url()).content
    )


def test_a_licence_taken_back_closes_it(client):
    reference = with_pdf("CC BY 4.0", citekey="herz1952")
    reference.pdf_licence = ""
    reference.save()
    assert client.get("/references/herz1952.pdf").status_code == 404


def test_a_work_without_one_and_a_work_unknown_have_none(client):
    ReferenceFactory(citekey="bare")
    assert client.get("/references/bare.pdf").status_code == 404
    assert client.get("/references/nothing.pdf").status_code == 404


def test_a_lost_file_is_a_page_that_is_not_there(client):
    with_pdf("CC BY 4.0", citekey="herz1952")
    files()[0].unlink()
    assert client.get("/references/herz1952.pdf").status_code == 404


def test_it_lies_apart_from_public_files_under_a_name_nobody_can_guess(client):
    reference = with_pdf("CC BY 4.0")
    assert len(files()) == 1
    assert not Path(site_settings.MEDIA_ROOT).exists() or not list(
        Path(site_settings.MEDIA_ROOT).rglob("*.pdf")
    )
    assert "herz" not in reference.pdf.name
    assert client.get(f"/media/{reference.pdf.name}").status_code == 404
    assert files()[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90 program",
        b"<html>%PDF-1.4 %%EOF",
        b"%PDF-1.4\nhalf a file",
        b"PK\x03\x04",
        b"%PDX-1.4\n%%EOF",
    ],
)
def test_what_is_no_pdf_is_refused_whatever_it_is_called(content):
    reference = ReferenceFactory()
    reference.pdf = upload(content)
    with pytest.raises(ValidationError) as refused:
        reference.full_clean()
    assert "pdf" in refused.value.message_dict
    assert files() == []


def test_a_pdf_too_large_is_refused(settings):
    settings.PDF_MAX_BYTES = 40
    reference = ReferenceFactory()
    reference.pdf = upload()
    with pytest.raises(ValidationError, match="limit"):
        reference.full_clean()


def test_another_copy_takes_the_place_of_the_first(django_capture_on_commit_callbacks):
    reference = with_pdf()
    first = files()[0]
    with django_capture_on_commit_callbacks(execute=True):
        reference.pdf = upload(PDF + b"second %%EOF")
        reference.save()
    assert len(files()) == 1
    assert files()[0] != first


def test_saving_the_record_again_keeps_the_file(django_capture_on_commit_callbacks):
    reference = with_pdf()
    with django_capture_on_commit_callbacks(execute=True):
        again = Reference.objects.get(pk=reference.pk)
        again.title = "Another title"
        again.save()
        again.refresh()
    assert len(files()) == 1
    assert Reference.objects.get().pdf.name == reference.pdf.name


def test_the_file_goes_with_the_record(django_capture_on_commit_callbacks):
    reference = with_pdf()
    with django_capture_on_commit_callbacks(execute=True):
        reference.delete()
    assert files() == []


def test_an_old_version_that_names_a_lost_file_has_none():
    reference = with_pdf()
    reference.pdf.name = "pdf/gone.pdf"
    reference.save()
    assert Reference.objects.get().pdf.name == ""


def test_the_list_finds_what_can_be_read_free(client):
    with_pdf("CC BY 4.0", citekey="open")
    with_pdf("", citekey="closed")
    ReferenceFactory(citekey="elsewhere", full_text_url="https://example.org/")
    response = client.get("/references/?fulltext=yes")
    assert {work.citekey for work in response.context["page"]} == {"open", "elsewhere"}
    assert 'href="/references/open.pdf"' in response.text
    assert "closed.pdf" not in client.get("/references/").text


def test_the_author_uploads_it_at_the_desk(author_client):
    reference = ReferenceFactory(people=[])
    address = reverse("admin:references_reference_change", args=[reference.pk])
    form = {
        "citekey": reference.citekey, "title": reference.title, "type": reference.type,
        "language": "en", "year": 1935,
        "reading_state": "in-hand", "pdf_licence": "", "pdf": upload(),
    }  # fmt: skip
    inlines = "authorships notes facts cites_rows relations notices keywords highlights"
    for prefix in inlines.split():
        form |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    assert author_client.post(address, form).status_code == 302
    assert len(files()) == 1
    assert f'href="/references/{reference.citekey}.pdf"' in author_client.get(address).text
    assert Client().get(f"/references/{reference.citekey}.pdf").status_code == 404
