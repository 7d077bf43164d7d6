"""A chapter's files judged by others' schemas, where they are: see docs/newcomer.md."""

import os
import sys
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from config.moving.whole import docx, jats
from publishing.models import Image
from references.formats import Name, Record
from tests.publishing.test_images import picture, upload

from .test_docx import ENTRIES, WORDS
from .test_jats import BODY

SCHEMAS = os.environ.get("SCHEMAS", "")
pytestmark = [
    pytest.mark.once("no database is asked"),
    pytest.mark.skipif(not SCHEMAS, reason="SCHEMAS names a folder with packtools, openxml-audit"),
]
DTD = "packtools/catalogs/jats-publishing-dtd-1.1/JATS-journalpublishing1.dtd"
HEAD = jats.Head(
    "Title & more", "es", "https://x.example.org/review/a/", "Site", ("Puig", "Anna"),
    "What it says.", "CC BY 4.0", date(2024, 2, 29),
)  # fmt: skip
PEOPLE = [Name("Puig", "A"), Name("WHO Study Group"), Name("Sutro", "C", role="editor")]
KINDS = ("article-journal", "book", "chapter", "thesis", "webpage", "report", "dataset", "other")


def test_it_is_jats():
    """By the publishing set of 1.1, which SciELO uses: it is a subset of
    the archiving set that we name, and asks for an ISSN besides."""
    works = [Record(citekey=f"w{at}", type=kind, title="T", container="J", year=1935, month=4,
                    volume="2", issue="3", pages="1-3", doi="10.1/x", pmid="1", publisher="P",
                    isbn="9780306406157", url="https://x.example.org/", names=PEOPLE)
             for at, kind in enumerate(KINDS)]  # fmt: skip
    root = etree.fromstring(jats.article(HEAD, BODY.replace("sutro1935", "w0"), works))
    root.set("dtd-version", "1.1")
    group = root.find("front/journal-meta/journal-title-group")
    group.addnext(etree.fromstring("<issn>2049-3630</issn>"))
    dtd = etree.DTD(str(Path(SCHEMAS) / DTD))
    dtd.validate(root)
    assert [str(each) for each in dtd.error_log] == []


@pytest.mark.django_db
def test_it_is_office_open_xml(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path, SCHEMAS])
    from openxml_audit import OpenXmlValidator

    image = Image.objects.create(title="n", file=upload(picture("WEBP", size=(60, 40))))
    body = BODY + BODY + "<ol start='3'><li>x</li></ol>"
    path = tmp_path / "a.docx"
    path.write_bytes(docx.document(HEAD, body, ENTRIES, WORDS, lambda src: image.file.path))
    found = OpenXmlValidator().validate(path)
    assert [(each.part_uri, each.description) for each in found.errors] == []
