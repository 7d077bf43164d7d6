"""Tables of works: separators, encodings and quotation marks as they come; nothing taken for
something else, nothing left out silently."""

import time

import pytest

from references import formats
from references.formats import Name, Record

HEAD = ["Title", "Authors", "Year", "Journal", "DOI"]
ROW = ["Études; on “backs”", "García-López M; Smith JA", "2019", "Ann Back Med", "10.5555/x"]


def _table(*rows, separator=",", end="\n"):
    quoted = [[f'"{cell}"' if separator in cell else cell for cell in row] for row in rows]
    return end.join(separator.join(row) for row in quoted)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_any_separator_in_any_encoding(separator, encoding, end):
    data = _table(HEAD, ROW, ROW, separator=separator, end=end).encode(encoding)
    assert formats.detect(data) == "table"
    parsed = formats.parse(data)
    assert not parsed.refused
    assert [record.title for record in parsed.records] == [ROW[0]] * 2
    assert [name.family for name in parsed.records[0].names] == ["García-López", "Smith"]
    assert parsed.records[0].container == "Ann Back Med"


def test_what_a_spreadsheet_puts_around_values_is_taken_off():
    (record,) = formats.parse(
        b"sep=;\nTitle;Year;Pages;ISSN;PMID;Date\n"
        b'Backs;2019.0;12-15;"=""0362-2436""";31000001.0;25/3/2019\n'
    ).records
    assert (record.year, record.month, record.day) == (2019, 3, 25)
    assert (record.issn, record.pmid, record.pages) == ("0362-2436", "31000001", "12-15")


@pytest.mark.parametrize(
    ("column", "value"), [("Pages", "5-Mar"), ("Issue", "ene-02"), ("Date", "3/4/2019")]
)
def test_what_a_spreadsheet_may_have_changed_is_asked_about(column, value):
    parsed = formats.parse(f"Title,DOI,{column}\nBacks,10.5555/x,{value}\n".encode())
    assert value in parsed.warnings[0].reason


def test_columns_nobody_knows_are_listed():
    parsed = formats.parse(
        b"Title,DOI,Mood,Read,Cited by\nOne,10.5555/a,good,,3\nTwo,10.5555/b,bad,,"
    )
    assert [told.reason for told in parsed.warnings] == [
        "The column “Mood” has no place in the library; it was left out of 2 rows."
    ]
    assert parsed.records[0].private_note == "Cited by: 3"


def test_a_quotation_mark_nobody_closed_costs_no_other_row():
    rows = [f"Work {number},10.5555/{number}" for number in range(8)]
    rows[2], rows[5] = '"Work 2,10.5555/2', 'Work 5 of 5" nails,10.5555/5'
    parsed = formats.parse("\n".join(["Title,DOI", *rows]).encode())
    assert [record.title[:6] for record in parsed.records] == [f"Work {n}" for n in range(8)]
    assert {told.number for told in parsed.warnings} == {3, 6}


def test_line_breaks_in_quotation_marks_stay_in_their_value():
    parsed = formats.parse(b'Title,Abstract,DOI\n"One,\ntwo","A.\n\nB ""c"".",10.5555/a\nX,,')
    assert [(record.title, record.line) for record in parsed.records] == [("One, two", 2), ("X", 6)]
    assert parsed.records[0].abstract == 'A. B "c".'


def test_a_row_with_more_values_than_columns_says_so():
    told = formats.parse(b"Title,DOI\nBacks, and nodules,10.5555/x\n").warnings
    assert "more values" in told[0].reason


LISTS = {
    "Smith JA, Doe B": ["Smith|J. A.", "Doe|B."],
    "Smith JA, WHO Study Group, Doe B.": ["Smith|J. A.", "{WHO Study Group}", "Doe|B."],
    "Smith, J. A., & Doe, B.": ["Smith|J. A.", "Doe|B."],
    "Smith, John": ["Smith|John"],
    "Smith, John\nDoe, Mary": ["Smith|John", "Doe|Mary"],
    "Smith J.A., Doe B., et al.": ["Smith|J. A.", "Doe|B."],
    "García López, Ana María": ["García López|Ana María"],
}


@pytest.mark.parametrize("written", LISTS)
def test_authors_of_one_cell(written):
    (record,) = formats.parse(f'Title,Authors\nT,"{written}"\n'.encode()).records
    shown = [
        f"{{{name.family}}}" if name.literal else f"{name.family}|{name.given}"
        for name in record.names
    ]
    assert shown == LISTS[written]
    assert record.authors_incomplete == ("et al" in written)


def test_our_own_table_comes_back():
    record = Record(
        citekey="smith2019", type="chapter", title="Backs", container="A book of backs",
        container_short="Backs", year=2019, year_approximate=True, sample_size=40, pages="1-9",
        names=[Name("Smith", "Jo", "Jr"), Name("WHO", literal=True, role="editor")],
        isbn="9780804243216", tags=["mice", "lumps"], abstract="=not a formula",
    )  # fmt: skip
    (again,) = formats.parse("".join(formats.write([record], "csv")).encode()).records
    again.number = 0
    assert again == record


@pytest.mark.parametrize(
    "text", ["Title, authors and year are wanted.\n", "Year,Pages\n2019,3\n", "Title\nBacks\n"]
)
def test_what_is_no_table_of_works_is_none(text):
    assert formats.detect(text.encode()) == ""


@pytest.mark.parametrize("piece", ['"', '""', '"a\n', "a,", '"\n"', "a;\n"])
def test_the_work_grows_with_the_length_of_the_table_alone(piece):
    def seconds(times):
        file = f"Title,DOI,Authors\nT,10.5555/x,{piece * times}\nU,,".encode()
        begin = time.process_time()
        formats.parse(file)
        return time.process_time() - begin

    seconds(200)
    assert seconds(4_000) < 12 * seconds(1_000) + 0.1
