"""What the author keeps of a work for herself: lists, passages, the text of her PDFs, free full
text, how far she has read."""

from datetime import timedelta
from importlib.util import find_spec

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from publishing.desk import trash
from publishing.models import State
from references import pdftext, tasks
from references.importing import lookup
from references.models import Highlight, Notes, PdfText, ReadingList, Reference
from tests.factories import ReferenceFactory

from .. import lookup_server
from .test_admin import LIST, change, keys, typed

pytestmark = pytest.mark.django_db
DOI = "10.1000/nodule.1"
UNPAYWALL = """{"oa_locations": [{"url": "https://repo.example.org/1.pdf", "license": "cc-by",
"version": "acceptedVersion"}, {"url": "javascript:alert(1)", "license": null}, {"url": null}]}"""
EUROPEPMC = """{"resultList": {"result": [{"doi": "10.1000/NODULE.1", "license": "cc by",
"fullTextUrlList": {"fullTextUrl": [
{"availabilityCode": "OA", "url": "https://europepmc.example.org/articles/PMC1"},
{"availabilityCode": "S", "url": "https://publisher.example.org/paid"}]}}]}}"""


def pdf_saying(*pages):
    """A PDF with a line of text on each page."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    kids = []
    for words in pages:
        stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET"
        number = len(objects) + 1
        kids.append(f"{number} 0 R")
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 <</Type/Font"
            f"/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents {number + 1} 0 R>>"
        )
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{body}endobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    return out


# How far she has read


def test_a_key_takes_a_work_on_and_notes_keep_what_they_say(author_client):
    work = ReferenceFactory(reading_state="in-hand")
    address = reverse("admin:references_reading", args=[work.pk])
    states = [author_client.post(address).json()["state"] for _ in range(4)]
    assert states == ["Being read", "Read", "In hand", "Being read"]
    noted = ReferenceFactory(notes="<p>Mine.</p>")
    address = reverse("admin:references_reading", args=[noted.pk])
    before = Reference.objects.get(pk=noted.pk).reading_state
    author_client.post(address)
    assert Reference.objects.get(pk=noted.pk).reading_state == before
    assert author_client.get(address).status_code == 405


def test_the_list_does_it_without_scripts_and_filters_by_it(author_client):
    works = [ReferenceFactory(citekey=key, reading_state="in-hand") for key in ("a1", "b1", "c1")]
    author_client.post(
        LIST, {"action": "set_reading", "_selected_action": [work.pk for work in works[:2]]}
    )
    assert keys(author_client.get(f"{LIST}?reading_state__exact=reading&o=1")) == ["a1", "b1"]


# Lists


def test_a_work_is_put_on_lists_of_hers_and_the_list_filters(author_client, client):
    work, _other = ReferenceFactory(citekey="herz1952"), ReferenceFactory()
    ReadingList.objects.create(name="For the talk")
    url = change(work)
    data = typed(
        author_client, url, new_list="To read this month", on_lists=[ReadingList.objects.get().pk]
    )
    assert author_client.post(url, data).status_code == 302
    assert set(work.lists.values_list("name", flat=True)) == {"For the talk", "To read this month"}
    month = ReadingList.objects.get(name="To read this month")
    assert keys(author_client.get(f"{LIST}?list={month.pk}")) == ["herz1952"]
    assert author_client.get(f"{LIST}?list=x").status_code in (200, 302)
    assert author_client.post(url, typed(author_client, url, on_lists=[])).status_code == 302
    assert not work.lists.exists()


def test_what_comes_back_from_the_trash_is_on_its_lists_with_its_passages():
    work = ReferenceFactory(citekey="herz1952")
    ReadingList.objects.create(name="For the talk").works.add(work)
    Highlight.objects.create(reference=work, quote="Forty lobules")
    trash.restore(trash.put(work))
    work = Reference.objects.get(citekey="herz1952")
    assert work.lists.get().name == "For the talk"
    assert work.highlights.get().quote == "Forty lobules"


def test_the_desk_finds_what_she_noted_for_herself(author_client):
    ReferenceFactory(citekey="noted", private_note="A Zebrafinch seen at dusk")
    ReferenceFactory(citekey="neither", private_note="A zebrafinch")
    marked = ReferenceFactory(citekey="marked")
    Highlight.objects.create(reference=marked, quote="Zebrafinches", comment="Dusk again")
    found = author_client.get(LIST, {"q": "zebrafinch dusk"}).context["cl"].result_list
    assert {work.citekey for work in found} == {"noted", "marked"}


def test_lists_passages_and_the_text_of_a_pdf_are_on_no_page_and_in_no_file(client):
    work = ReferenceFactory(citekey="herz1952", private_note="Zebrafinch")
    ReadingList.objects.create(name="Zebrafinch").works.add(work)
    Highlight.objects.create(reference=work, quote="Zebrafinch", comment="Zebrafinch")
    PdfText.objects.create(reference=work, name="a.pdf", text="zebrafinch")
    for address in (
        "/references/herz1952/", "/references/", "/references/export.ris",
        "/references/export.csl.json", "/references/herz1952.bib", "/references/export.csv",
    ):  # fmt: skip
        answer = client.get(address)
        body = b"".join(answer) if answer.streaming else answer.content
        assert b"zebrafinch" not in body.lower()
    assert "herz1952" not in client.get("/search/?q=zebrafinch").text
    assert "herz1952" not in client.get("/references/?q=zebrafinch").text


# Passages


def test_a_passage_goes_to_the_end_of_the_notes_in_one_press(author_client):
    work = ReferenceFactory()
    marked = Highlight.objects.create(
        reference=work, page="23", quote="Fat <b>lobules</b>", comment="As in ours & theirs."
    )
    address = reverse("admin:references_passage_to_notes", args=[marked.pk])
    assert f'form="take-{marked.pk}"' in author_client.get(change(work)).text
    author_client.post(address)
    notes = Notes.objects.get(reference=work)
    assert notes.state == State.DRAFT
    assert "<blockquote><p>Fat &lt;b&gt;lobules&lt;/b&gt;</p></blockquote>" in notes.body
    assert "(p. 23) As in ours &amp; theirs." in notes.body
    author_client.post(address)
    notes.refresh_from_db()
    assert notes.body.count("<blockquote>") == 2


# The text of PDFs


def with_pdf(content):
    work = ReferenceFactory()
    work.pdf.save("a.pdf", ContentFile(content), save=False)
    work.pdf.close()
    work.save()
    return work


@pytest.mark.skipif(not find_spec("pypdf"), reason="pypdf is not installed")
def test_the_desk_finds_a_work_by_the_words_of_its_pdf(author_client, client):
    work = with_pdf(pdf_saying("Forty lobules were", "removed by Zebrafinch"))
    tasks.read_pdf(work.pk)
    assert "lobules" in work.pdf_text.text
    assert keys(author_client.get(f"{LIST}?q=zebrafinch")) == [work.citekey]
    assert keys(author_client.get(f"{LIST}?q=zebrafinch+forty")) == [work.citekey]
    assert keys(author_client.get(f"{LIST}?q=zebrafinch+absent")) == []
    work.pdf = ""
    work.save()
    tasks.read_pdf(work.pk)
    assert not PdfText.objects.exists()
    assert keys(author_client.get(f"{LIST}?q=zebrafinch")) == []


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4 nothing %%EOF", b"%PDF-1.7\n" + b"<<" * 5000 + b"%%EOF"]
)
def test_a_pdf_that_cannot_be_read_has_no_text_and_hurts_nobody(content):
    work = with_pdf(content)
    tasks.read_pdf(work.pk)
    assert PdfText.objects.get(reference=work).text == ""


@pytest.mark.skipif(not find_spec("pypdf"), reason="pypdf is not installed")
def test_no_more_is_read_of_a_pdf_than_is_allowed(monkeypatch, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf_saying(*["word " * 20] * 3))
    assert len(pdftext.text_of(str(path)).split()) == 60
    monkeypatch.setattr(pdftext, "MOST_LETTERS", 50)
    assert len(pdftext.text_of(str(path))) == 50


# Free full text


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(lookup, "PAUSE", timedelta(0))
    with lookup_server.running() as server:
        settings.UNPAYWALL_URL = settings.EUROPEPMC_URL = server.url
        settings.LOOKUP_CONTACT = "author@example.org"
        settings.LOOKUP_ALLOW_LOOPBACK = True
        server.special["nodule.1"] = lookup_server.words(UNPAYWALL.encode())
        server.special["search"] = lookup_server.words(EUROPEPMC.encode())
        yield server


def test_free_full_text_is_looked_for_when_she_presses_and_the_address_stored(
    author_client, server
):
    work = ReferenceFactory(doi=DOI)
    address = reverse("admin:references_free_text", args=[work.pk])
    assert author_client.get(address).status_code == 200
    assert not server.asked
    page = author_client.post(address).text
    assert "https://repo.example.org/1.pdf" in page
    assert "cc-by" in page
    assert "as accepted, before it was set" in page
    assert "https://europepmc.example.org/articles/PMC1" in page
    assert "javascript:" not in page
    assert "paid" not in page
    chosen = "https://repo.example.org/1.pdf"
    assert author_client.post(address, {"url": chosen}).status_code == 302
    work.refresh_from_db()
    assert work.full_text_url == chosen
    assert not work.pdf
    assert len(server.asked) == 2, "the file is not fetched, the answers are kept"


def test_an_address_nobody_named_is_not_stored(author_client, server):
    work = ReferenceFactory(doi=DOI)
    address = reverse("admin:references_free_text", args=[work.pk])
    assert author_client.post(address, {"url": "https://evil.example.org/"}).status_code == 200
    work.refresh_from_db()
    assert work.full_text_url == ""


@pytest.mark.parametrize("answer", ["no", "[]", "{}", "null", '{"oa_locations": 3}'])
def test_an_answer_that_cannot_be_read_is_said_in_words(author_client, server, answer):
    server.special["nodule.1"] = server.special["search"] = lookup_server.words(answer.encode())
    work = ReferenceFactory(doi=DOI)
    response = author_client.post(reverse("admin:references_free_text", args=[work.pk]))
    assert response.status_code == 200
    assert "free" in response.text


def test_private_addresses_are_not_asked(author_client, server, settings):
    settings.LOOKUP_ALLOW_LOOPBACK = False
    work = ReferenceFactory(doi=DOI)
    response = author_client.post(reverse("admin:references_free_text", args=[work.pk]))
    assert "an address we do not go to" in response.text
    assert not server.asked
