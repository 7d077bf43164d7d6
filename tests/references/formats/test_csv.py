import csv
import io

import pytest

from references import formats
from references.formats import Name, Record


def table(*records):
    text = "".join(formats.write(records, "csv"))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_record_is_one_row_with_everything_in_it():
    record = Record(
        citekey="herz1945", type="article-journal", title='Fat, "pain" and\nmore', year=1945,
        names=[
            Name("van der Berg", "Maria", "Jr."), Name("WHO", literal=True), Name("Trescot", "A.",
                role="editor"),
        ], tags=["fat", "back pain"], sample_size=0, year_approximate=True,
    )  # fmt: skip
    (row,) = table(record)
    assert (row["citekey"], row["authors"], row["editors"]) == (
        "herz1945",
        "van der Berg, Maria, Jr.; WHO",
        "Trescot, A.",
    )
    assert (row["title"], row["year"], row["year_approximate"]) == (
        'Fat, "pain" and\nmore',
        "1945",
        "yes",
    )
    assert (row["tags"], row["sample_size"], row["month"], row["translators"]) == (
        "fat; back pain",
        "0",
        "",
        "",
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(start):
    attack = start + 'HYPERLINK("http://example.org")'
    (row,) = table(Record(title=attack, container=attack, tags=[attack], names=[Name(attack)]))
    assert {row["title"], row["container"], row["tags"], row["authors"]} == {"'" + attack}


def test_the_columns_are_the_same_whatever_the_records():
    assert list(table(Record(title="T"))[0]) == list(table(Record(title="U", names=[Name("A")]))[0])
