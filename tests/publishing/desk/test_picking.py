"""What the editor's dialogs are given: figures and pages, for those who may have them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from publishing.desk import picking
from publishing.models import Image
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory

from ..test_images import picture

pytestmark = pytest.mark.django_db
FIGURES = reverse("admin:publishing_image_pick")
UPLOAD = reverse("admin:publishing_image_upload")
PAGES = reverse("admin:publishing_page_pick")


def figure(title, **fields):
    return Image.objects.create(
        title=title, file=f"images/{title}.png", width=40, height=30, **fields
    )


def found(client, **asked):
    return client.get(FIGURES, {"format": "json", **asked}).json()


def titles(client, query):
    return [row["title"] for row in found(client, q=query)["images"]]


def test_a_figure_is_found_by_its_name_its_description_or_its_credit(author_client):
    figure("knee", alt="A swelling", credit="Dr Ott")
    figure("hip", alt="A bone", credit="Dr Herz")
    assert (
        titles(author_client, "KNEE")
        == titles(author_client, "swell")
        == titles(author_client, "ott")
        == ["knee"]
    )
    assert titles(author_client, "dr bone") == ["hip"]
    assert titles(author_client, "knee bone") == []
    assert titles(author_client, " knee ") == ["knee"]
    assert titles(author_client, "knee" + " " * 100 + "nothing") == ["knee"]


def test_the_dialog_is_told_all_it_puts_into_the_text(author_client):
    image = figure("knee", alt="A swelling", credit="Dr Ott", licence="CC BY 4.0")
    row = {
        "id": image.pk, "src": "/media/images/knee.png", "small": "/media/images/knee.png",
        "width": 40, "height": 30,
        "alt": "A swelling", "credit": "Dr Ott. CC BY 4.0", "title": "knee",
        "by": "Dr Ott", "licence": "CC BY 4.0", "caption": "", "decorative": False,
    }  # fmt: skip
    assert found(author_client) == {"images": [row], "more": False, "total": 1}
    Image.objects.update(licence="")
    assert found(author_client)["images"][0]["credit"] == "Dr Ott"


def test_many_figures_come_page_by_page(author_client, monkeypatch):
    monkeypatch.setattr(picking, "PER_PAGE", 2)
    for title in ("a", "b", "c"):
        figure(title)
    first, second = found(author_client), found(author_client, page=2)
    assert [row["title"] for row in first["images"] + second["images"]] == ["c", "b", "a"]
    assert (first["more"], first["total"], second["more"]) == (True, 3, False)
    assert "Page 2 of 2" in author_client.get(FIGURES, {"page": 2}).content.decode()


def test_without_a_script_the_figures_are_a_page(author_client):
    figure("knee", alt="A swelling")
    page = author_client.get(FIGURES, {"q": "kne"}).content.decode()
    assert "<title>Figures" in page
    assert 'value="kne"' in page
    assert 'src="/media/images/knee.png" alt="A swelling"' in page


def test_a_picture_sent_without_words_or_without_a_picture(author_client):
    answer = author_client.post(UPLOAD, {"title": "x"})
    assert answer.status_code == 400
    assert answer.json() == {"error": "No file was sent. Choose a picture first."}
    answer = author_client.post(UPLOAD, {"file": SimpleUploadedFile("knee.png", b"<svg/>")})
    assert answer.status_code == 400
    assert "SVG or web page" in answer.json()["error"]
    answer = author_client.post(
        UPLOAD, {"file": SimpleUploadedFile("knee.png", picture()), "alt": " \x00Seen "}
    )
    assert answer.status_code == 201
    image = Image.objects.get()
    assert answer.json()["id"] == image.pk
    assert (image.title, image.alt, image.credit) == ("knee", "Seen", "")


def test_pages_come_with_what_they_are_and_how_they_stand(author_client):
    ChapterFactory(title="Nerves", slug="nerves")
    PostFactory(title="A nerve to come", slug="nerve", state="draft")
    PersonFactory(family="Nerve", biography="<p>Known.</p>")
    ReferenceFactory(title="Of nerves", citekey="a1935")
    rows = {
        row["address"]: row for row in author_client.get(PAGES, {"q": " nerve "}).json()["pages"]
    }
    assert rows["/blog/nerve/"] == {
        "address": "/blog/nerve/", "title": "A nerve to come", "kind": "Post", "label": "Draft",
    }  # fmt: skip
    assert rows["/review/nerves/"] == {
        "address": "/review/nerves/", "title": "Nerves", "kind": "Chapter", "label": "1",
    }  # fmt: skip
    assert rows["/references/a1935/"]["kind"] == "Reference"
    assert list(rows)[-1] == "/blog/nerve/"


def test_no_more_pages_are_offered_than_one_looks_through(author_client, monkeypatch):
    monkeypatch.setattr(picking, "MAX_PAGES", 2)
    for number in range(3):
        PostFactory(title=f"Nerve {number}", state="draft")
    assert len(author_client.get(PAGES, {"q": "nerve"}).json()["pages"]) == 2
