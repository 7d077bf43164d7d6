"""What we write is CSL-JSON as its schema has it:
https://resource.citationstyles.org/schema/v1.0.2/input/json/csl-data.json."""

import json
from pathlib import Path

from hypothesis import given, settings

from references import formats
from references.formats import Name, Record, dates

from .strategies import records

TYPES = set(
    "article article-journal article-magazine article-newspaper bill book broadcast chapter classic"
    " collection dataset document entry entry-dictionary entry-encyclopedia event figure graphic"
    " hearing interview legal_case legislation manuscript map motion_picture musical_score pamphlet"
    " paper-conference patent performance periodical personal_communication post post-weblog"
    " regulation report review review-book software song speech standard thesis treaty"
    " webpage".split()
)
TEXTS = set(
    "id type title original-title container-title container-title-short event-title volume issue"
    " page number-of-pages edition chapter-number genre publisher publisher-place DOI PMID PMCID"
    " ISBN ISSN URL abstract language keyword".split()
)
NAMES = {"author", "editor", "translator"}
NAME_KEYS = {"family", "given", "suffix", "literal"}


def items(written):
    return json.loads("".join(formats.write(written, "csl.json")))


def check(item):
    assert {"id", "type"} <= set(item) <= TEXTS | NAMES | {"issued", "custom"}
    assert item["type"] in TYPES
    for key in TEXTS & set(item):
        assert isinstance(item[key], str), key
    for role in NAMES & set(item):
        for name in item[role]:
            assert set(name) <= NAME_KEYS
            assert all(isinstance(value, str) for value in name.values())
    if "issued" in item:
        assert set(item["issued"]) <= {"date-parts", "season", "circa"}
        assert 1 <= len(item["issued"]["date-parts"]) <= 2
        for parts in item["issued"]["date-parts"]:
            assert 1 <= len(parts) <= 3
            assert all(isinstance(part, int) for part in parts)
        assert item["issued"].get("season", 1) in (1, 2, 3, 4)
    assert isinstance(item.get("custom", {}), dict)


@settings(max_examples=60, deadline=None)
@given(records)
def test_any_record_is_valid(written):
    for item in items(written):
        check(item)


def test_the_sample_library_is_valid_and_keeps_its_order():
    data = (Path(__file__).parent.parent / "data" / "library.csl.json").read_bytes()
    written = items(formats.parse(data).records)
    for item in written:
        check(item)
    assert [item["id"] for item in written] == [item["id"] for item in json.loads(data)]


def test_what_csl_has_no_variable_for_stands_under_custom():
    record = Record(
        citekey="a",
        type="article-journal",
        title="Lipomi",
        translated_title="Lipomas",
        study_design="case series",
        sample_size=0,
        sample_unit="patients",
        country="IT",
        full_text_url="https://x.org/",
        tags=["a, b"],
        authors_incomplete=True,
    )
    (item,) = items([record])
    assert item["title"] == "Lipomi [Lipomas]"
    assert item["custom"] == {
        "study_design": "case series",
        "sample_unit": "patients",
        "full_text_url": "https://x.org/",
        "title_translated": "Lipomas",
        "title_original": "Lipomi",
        "country": "IT",
        "sample_size": 0,
        "tags": ["a, b"],
        "authors_incomplete": True,
    }


def test_organisations_are_literal_and_letters_stay_letters():
    text = "".join(
        formats.write(
            [Record(citekey="a", type="book", title="Ağrı", names=[Name("WHO", literal=True)])],
            "csl.json",
        )
    )
    assert "Ağrı" in text
    assert json.loads(text)[0]["author"] == [{"literal": "WHO"}]


def test_an_empty_library_is_an_empty_list():
    assert items([]) == []


def test_a_broken_item_is_named_with_its_line():
    parsed = formats.parse(
        b'[\n{"id": "a", "title": "A"},\n{"id": "b", "title": "B", "author": [1]},\n{"id": "c",'
        b' "title": "C"}\n]'
    )
    assert [record.line for record in parsed.records] == [2, 4]
    assert [(refused.number, refused.line, refused.citekey) for refused in parsed.refused] == [
        (2, 3, "b")
    ]


def test_dates_as_csl_has_them():
    for issued, expected in (
        ({"raw": "1998 Mar-Apr"}, "1998 Mar-Apr"),
        ({"literal": "c. 1904"}, "1904?"),
        ({"literal": "Spring 1998"}, "1998 Spring"),
        ({"date-parts": [[1904]], "circa": 1}, "1904?"),
        ({"date-parts": [[1904]], "circa": False}, "1904"),
        ({"date-parts": [[2001, 5], [2002]]}, "2001 May-2002"),
        ({"date-parts": [["2001"], ["2002"]]}, "2001-2002"),
        ({"date-parts": [[1998, 12, 28], [1999, 1, 3]]}, "1998 Dec 28-1999 Jan 3"),
        ({"date-parts": [[1998]], "season": 1}, "1998 Spring"),
        ({"date-parts": [[1998]], "season": "Autumn"}, "1998 Fall"),
        ({"date-parts": [[1998, 13]]}, "1998 Spring"),
        ({"date-parts": [[1998, 21], [1998, 22]]}, "1998 Spring-Summer"),
        ({"date-parts": [[1976], [1977]], "season": 4}, "1976-1977 Winter"),
        ({"date-parts": [[1998], [None]]}, "1998"),
        ({"date-parts": [[1998], [-44]]}, "1998"),
    ):
        (record,) = formats.parse(
            json.dumps([{"id": "a", "title": "T", "issued": issued}]).encode()
        ).records
        assert dates.words(dates.date_of(record)) == expected, issued


def test_kinds_of_works_the_library_does_not_have_come_in_as_the_nearest():
    kinds = {
        "legal_case": "document",
        "software": "document",
        "review-book": "review",
        "entry-dictionary": "entry-encyclopedia",
    }
    data = json.dumps(
        [{"id": kind.replace("_", "-"), "type": kind, "title": "T"} for kind in kinds]
    ).encode()
    assert [record.type for record in formats.parse(data).records] == list(kinds.values())
