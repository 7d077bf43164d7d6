"""A library of Zotero comes in: works, lists, private notes, tags, PDFs; and again later."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from config.moving.zotero import bring
from references.models import FurtherPdf, ListPlace, ReadingList, Reference
from tests.factories import ReferenceFactory

from .zotero import PDF, Library

pytestmark = pytest.mark.django_db
HERZ = {
    "title": "Herniation of fascial fat", "publicationTitle": "Ann Rheum Dis", "volume": "4",
    "date": "1945-06-00 June 1945", "pages": "12-15", "DOI": "10.1136/ard.4.12",
    "extra": "PMID: 20242353\nTo be read twice",
}  # fmt: skip


@pytest.fixture
def zotero(tmp_path):
    zotero = Library(tmp_path / "Zotero")
    herz = zotero.item("HERZ1945", people=[("author", "R.", "Herz"), ("editor", "", "A Society")],
                       tags=[("fat", 0), ("Lipoma", 1)], **HERZ)  # fmt: skip
    book = zotero.item("BOOK0001", "bookSection", title="A chapter", bookTitle="The book",
                       date="0000-00-00 n.d.", people=[("author", "Ana", "Puig")])  # fmt: skip
    gone = zotero.item("GONE0001", title="Thrown away")
    zotero.sql("INSERT INTO deletedItems VALUES (?)", gone)
    zotero.item("EMPTY001", "webpage")
    above = zotero.collection("ABOVE001", "Backs", works=[book])
    zotero.collection("BELOW001", "Fat", above, works=[herz])
    zotero.note("NOTE0001", herz, "<p>First &amp; <b>bold</b></p><p>Second</p>")
    zotero.file("PDF00001", herz)
    zotero.file("PDF00002", herz)
    zotero.file("OUT00001", herz, "storage:../../../etc/passwd", data=None)
    zotero.note("LOOSE001", None, "<p>Of nothing</p>")
    return zotero


def fates(report):
    assert report.adds_up()
    return {name: number for name, number in report.fates["work"].items() if number}


def test_works_come_in_with_all_that_lies_beside_them(zotero):
    out = io.StringIO()
    call_command("import_zotero", zotero.folder, "--dry-run", stdout=out)
    assert "Nothing was written." in out.getvalue()
    assert not Reference.objects.exists()
    report = bring.bring(zotero.folder)
    assert fates(report) == {"new": 2, "left": 2}
    herz = Reference.objects.get(pmid="20242353")
    assert (herz.title, herz.container, herz.year, herz.month, herz.doi) == (
        HERZ["title"], "Annals of the Rheumatic Diseases", 1945, 6, HERZ["DOI"],
    )  # fmt: skip
    assert [(each.person.family, each.role) for each in herz.authorships.all()] == [
        ("Herz", "author"), ("A Society", "editor"),
    ]  # fmt: skip
    assert [tag.name for tag in herz.tags.all()] == ["fat"]
    assert "Lipoma" in {row.term for row in herz.keywords.all()}
    assert "First & bold\nSecond" in herz.private_note
    assert "To be read twice" in herz.private_note
    assert [each.name for each in herz.lists.all()] == ["Backs / Fat"]
    for each in (herz.pdf, FurtherPdf.objects.get().file):
        with each.open() as file:
            assert file.read() == PDF
    assert not herz.pdf_licence
    chapter = Reference.objects.get(container="The book")
    assert (chapter.type, chapter.year) == ("chapter", None)
    assert "is not in the folder storage" in json.dumps(report.notes)
    assert herz.citation_html


def test_again_it_takes_what_changed_there_and_keeps_what_changed_here(zotero):
    bring.bring(zotero.folder)
    herz, chapter = Reference.objects.get(year=1945), Reference.objects.get(year=None)
    before = (herz.private_note, herz.pdf.name, ListPlace.objects.count())
    assert fates(bring.bring(zotero.folder)) == {"same": 2, "left": 2}
    herz.refresh_from_db()
    assert before == (herz.private_note, herz.pdf.name, ListPlace.objects.count())

    # She takes it off a list and rewrites the title of one; there the other, and a note, change.
    ListPlace.objects.filter(reference=herz).delete()
    Reference.objects.filter(pk=chapter.pk).update(title="Hers")
    zotero.say(1, "volume", "5")
    zotero.say(2, "bookTitle", "Another book")
    zotero.sql("UPDATE itemNotes SET note = '<p>Third</p>' WHERE parentItemID = 1")
    zotero.sql("DELETE FROM collectionItems WHERE itemID = 2")
    assert fates(bring.bring(zotero.folder)) == {"updated": 1, "kept": 1, "left": 2}
    herz.refresh_from_db()
    chapter.refresh_from_db()
    assert (herz.volume, chapter.title, chapter.container) == ("5", "Hers", "The book")
    assert "Third" in herz.private_note
    assert "Second" not in herz.private_note
    assert not ListPlace.objects.exists()
    assert ReadingList.objects.count() == 2
    herz.delete()
    assert fates(bring.bring(zotero.folder)) == {"same": 1, "kept": 1, "left": 2}
    assert Reference.objects.count() == 1


def test_a_work_of_the_library_gets_what_it_lacks(zotero):
    work = ReferenceFactory(doi="10.1136/ard.4.12", title="My own title", volume="", pmid=None)
    report = bring.bring(zotero.folder)
    work.refresh_from_db()
    assert (work.title, work.volume, work.pmid) == ("My own title", "4", "20242353")
    assert fates(report) == {"new": 2, "left": 2}
    assert Reference.objects.count() == 2


@pytest.mark.once("no database of ours is asked")
def test_what_is_no_library_is_said_in_words(tmp_path):
    for content in (b"no database", b"SQLite format 3\x00" + b"\xff" * 5000, None):
        if content is not None:
            (tmp_path / "zotero.sqlite").write_bytes(content)
        else:
            (tmp_path / "zotero.sqlite").unlink()
        with pytest.raises(CommandError):
            call_command("import_zotero", tmp_path)
