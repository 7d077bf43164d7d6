"""A chapter as a document of Word: opened again it has as many headings, citations, figures and
references, and each citation leads to its entry."""

import io

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE

from config.moving.whole import chapter, docx
from publishing.models import Image
from tests.factories import AuthorUserFactory, ChapterFactory, ReferenceFactory, cite
from tests.publishing.test_images import picture, upload

from .test_jats import BODY, HEAD

ENTRIES = [("sutro1935", "Sutro C. T. J. 1935."), ("other", "Other & more.")]
WORDS = {"references": "References", "notes": "Notes"}


def opened(data):
    return Document(io.BytesIO(data))


def styled(file, name):
    return [each.text for each in file.paragraphs if each.style.name.startswith(name)]


def test_opened_again_it_has_all_of_it():
    file = opened(docx.document(HEAD, BODY, ENTRIES, WORDS, lambda src: None))
    assert styled(file, "Title") == ["Title & more"]
    assert styled(file, "Heading") == ["One", "Inner", "Two", "Notes", "References"]
    assert styled(file, "Bibliography") == ["1. Sutro C. T. J. 1935.", "2. Other & more."]
    assert styled(file, "List") == ["ac", "b"]
    assert styled(file, "Quote") == ["g", "i"]
    assert styled(file, "Caption") == ["k"]
    first = next(each for each in file.paragraphs if "cells" in each.text)
    assert first.text.startswith("109 cells [1, p. 3]1")
    assert [run.text for run in first.runs if run.font.superscript] == ["9"]
    anchors = file.element.xpath("//w:hyperlink/@w:anchor")
    assert anchors == ["ref-1", "note-1"]
    assert set(anchors) <= set(file.element.xpath("//w:bookmarkStart/@w:name"))
    led = [each.target_ref for each in file.part.rels.values()
           if each.reltype == RELATIONSHIP_TYPE.HYPERLINK]  # fmt: skip
    assert led == ["https://x.example.org/review/b/"]
    (table,) = file.tables
    assert table.cell(1, 0).text == "l"
    assert file.core_properties.language == "en"


def test_cells_across_rows_and_columns_keep_their_places():
    body = (
        "<table><tr><td rowspan='2'>a</td><td colspan='9999'>b</td><td>c</td></tr>"
        "<tr><td>d</td><td rowspan='99'>e</td></tr></table><ol start='3'><li>x</li></ol>" * 2
    )
    file = opened(docx.document(HEAD, body, [], WORDS, lambda src: None))
    table = file.tables[0]
    assert table.cell(0, 0)._tc is table.cell(1, 0)._tc
    assert [table.cell(1, 1).text, table.cell(1, 2).text] == ["d", "e"]
    starts = file.part.numbering_part.element.xpath("//w:startOverride/@w:val")
    assert starts == ["3", "3"]


@pytest.mark.django_db
@pytest.mark.once("what a file holds")
def test_she_takes_a_draft_for_a_co_author(client):
    ReferenceFactory(citekey="sutro1935")
    image = Image.objects.create(
        title="n", alt="Round & brown", file=upload(picture("WEBP", size=(60, 40)))
    )
    body = (
        f'<h2>A</h2><p>Words {cite("sutro1935")}, <span class="fn">a note</span>.</p>'
        f'<figure class="figure"><img src="{image.get_absolute_url()}" alt="x"></figure>'
    )
    page = ChapterFactory(slug="a", state="draft", body=body)
    client.force_login(AuthorUserFactory())
    shown = client.get(f"/admin/review/chapter/{page.pk}/change/").content.decode()
    for ending in chapter.TYPES:
        assert f'href="/admin/review/chapter/{page.pk}/chapter.{ending}"' in shown
    file = opened(client.get(f"/admin/review/chapter/{page.pk}/chapter.docx").content)
    assert len(styled(file, "Bibliography")) == 1
    assert len(file.inline_shapes) == 1
    assert file.element.xpath("//pic:pic/ancestor::wp:inline/wp:docPr/@descr") == ["x"]
    assert b"<article" in client.get(f"/admin/review/chapter/{page.pk}/chapter.xml").content
