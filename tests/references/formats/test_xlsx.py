"""Excel's files: the same columns give the same works; nothing in them ends the reading or fills
the memory."""

import csv
import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from references import formats
from references.formats import xlsx
from tests.references.formats import dialects

pytestmark = pytest.mark.once("parsers know no database")


def workbook(*sheets):
    """The bytes of a workbook of these lists of rows."""
    book, file = Workbook(), io.BytesIO()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file.getvalue()


HEAD = ["Title", "Authors", "Year", "Journal", "Pages", "DOI", "Publication Date"]
ROW = ["Back mice", "García-López M; Smith JA", 2019, "Ann Back Med", "12-15", "10.5555/x",
       datetime.datetime(2019, 3, 25)]  # fmt: skip


@pytest.mark.parametrize("stem", ["scopus-csv", "embase-csv", "pubmed-csv", "zotero-csv"])
def test_the_table_of_a_database_gives_the_same_from_excel(stem):
    text = dialects.FILES[stem].read_text("utf-8-sig")
    rows = [
        [int(cell) if cell.isdigit() and cell[0] != "0" else cell or None for cell in row]
        for row in csv.reader(io.StringIO(text, newline=""))
    ]
    parsed, expected = formats.parse(workbook(rows)), dialects.parse(stem)
    assert not parsed.refused
    assert parsed.records == expected.records


def test_a_sheet_behind_another_and_words_above_the_headings():
    data = workbook([["Read me"], ["Nothing"]], [["My search of May"], [], HEAD, ROW, [], ROW])
    assert formats.detect(data) == "xlsx"
    first, again = formats.parse(data).records
    assert (first.title, first.year, first.month, first.day) == ("Back mice", 2019, 3, 25)
    assert [name.family for name in first.names] == ["García-López", "Smith"]
    assert (first.line, again.line) == (4, 6)


def test_pages_that_became_a_date_are_asked_about():
    row = [*ROW[:4], datetime.datetime(2026, 3, 5), *ROW[5:]]
    parsed = formats.parse(workbook([HEAD, row]))
    assert parsed.records[0].pages == "5-Mar"
    assert "made a date of it" in " ".join(each.reason for each in parsed.warnings)


def test_a_workbook_cut_anywhere_is_told_in_words():
    data = workbook([HEAD, *[ROW] * 40])
    for tenth in range(1, 11):
        parsed = formats.parse(data[: len(data) * tenth // 11])
        assert parsed.records == []
        assert "another kind (ZIP" in parsed.refused[0].reason


def test_a_workbook_with_a_broken_sheet_or_without_headings_is_told_in_words():
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([HEAD, ROW]))) as good,
        zipfile.ZipFile(file, "w") as broken,
    ):
        for name in good.namelist():
            part = good.read(name)
            broken.writestr(name, part[: len(part) // 2] if "sheet1" in name else part)
    assert "cannot be read from here on" in formats.parse(file.getvalue()).refused[0].reason
    assert "No sheet" in formats.parse(workbook([["a", "b"]], [])).refused[0].reason


def test_a_workbook_made_to_fill_the_memory_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_SHARED", 1000)
    assert "too large" in formats.parse(workbook([HEAD, ROW])).refused[0].reason
    monkeypatch.setattr(xlsx, "MOST_SHARED", 10**7)


def test_rows_past_the_bound_and_other_sheets_with_works_are_told(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 5)
    parsed = formats.parse(workbook([HEAD, *[ROW] * 5, [], [None, " "], ROW], [["Notes"]]))
    assert len(parsed.records) == 5
    (left,) = parsed.refused
    assert left.line == 9
    assert "from row 9 of “Sheet” on nothing came in. Save the table as CSV" in left.reason
    parsed = formats.parse(workbook([HEAD, *[ROW] * 5, [], [None, " "]], [["Notes"]], [HEAD, ROW]))
    assert len(parsed.records) == 5
    (other,) = parsed.refused
    assert "“Sheet2” has works too, and was not read: only “Sheet” was." in other.reason
