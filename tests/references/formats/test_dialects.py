"""What databases and programs really export comes in right, and what is broken in it harms nothing
else."""

import json
import time
from dataclasses import fields
from pathlib import Path

import pytest

from bench.dialects import table
from references import formats
from references.formats import Record
from references.formats.finish import ADDRESS, FAMILY, LENGTHS, SUFFIX, TAG
from references.models import Person, Reference

from . import dialects

# What is not right yet, field by field; docs/formats.md says so too.
NOT_YET = {}


@pytest.mark.parametrize("stem", dialects.FILES)
def test_a_file_gives_the_records_it_should(stem):
    wrong = dialects.differences(stem)
    told = {number: found for number, found in enumerate(wrong) if found}
    assert {(number, name) for number, found in told.items() for name in found} == NOT_YET.get(
        stem, set()
    ), told
    assert dialects.parse(stem).refused == []


@pytest.mark.parametrize("stem", dialects.FILES)
def test_private_notes_and_addresses_stay_apart(stem):
    for record in dialects.parse(stem).records:
        for field in fields(Record):
            if field.name not in ("private_note", "names"):
                value = str(getattr(record, field.name))
                assert "My own" not in value
                assert "@" not in value
                assert "ited by" not in value.casefold()


@pytest.mark.parametrize("ending", formats.WRITERS)
def test_no_file_tells_what_is_private(ending):
    record = Record(citekey="a", title="T", private_note="Ask her brother")
    assert "brother" not in "".join(formats.write([record], ending))


@pytest.mark.parametrize("stem", dialects.FILES)
def test_a_file_cut_anywhere_keeps_its_good_part_and_says_what_is_broken(stem):
    data = dialects.FILES[stem].read_bytes()
    whole = dialects.parse(stem).records
    for tenth in range(1, 11):
        part = data[: len(data) * tenth // 11]
        parsed = formats.parse(part)
        begun = sum(record.line <= part.count(b"\n") for record in whole)
        titles = [record.title for record in parsed.records]
        assert titles[: begun - 1] == [record.title for record in whole[: max(begun - 1, 0)]]
        assert len(titles) + len(parsed.refused) >= begun
        assert not parsed.refused or parsed.refused[-1].line


def _long(stem):
    """The file with the first value of each of its fields in turn made a hundred thousand
    characters long, by words or by one word."""
    text = dialects.FILES[stem].read_text("utf-8-sig")
    words = "Back Smith 44 330 2019 Harbour https://".split()
    for number, word in enumerate(["Journal of Lumbar Studies", *words], len(stem)):
        if word in text:
            much = " " + "abcdefghi " * 10_000 if number % 2 else "x" * 100_000
            yield word, text.replace(word, word + much, 1)


@pytest.mark.parametrize("stem", dialects.FILES)
def test_a_field_of_a_hundred_thousand_characters_refuses_no_other_record(stem):
    count = len(dialects.parse(stem).records)
    for word, text in _long(stem):
        parsed = formats.parse(text.encode())
        assert len(parsed.records) >= count - 1, word
        for record in parsed.records:
            assert all(len(getattr(record, name)) <= most for name, most in LENGTHS.items()), word
            assert all(
                len(name.family) <= FAMILY and len(name.given) <= FAMILY for name in record.names
            )
            assert len(record.url) <= ADDRESS


def test_what_is_too_long_is_kept_whole_beside_it():
    parsed = formats.parse(
        (
            f"TY  - JOUR\nTI  - T\nPB  - {'Press ' * 100}\n"
            f"A2  - {'Society for Backs ' * 20}\nER  - \n"
        ).encode()
    )
    (record,) = parsed.records
    assert record.publisher.endswith("Press…")
    assert ("Press " * 100).strip() in record.private_note
    assert ("Society for Backs " * 20).strip() in record.private_note
    assert len(parsed.warnings) == 2


def test_lengths_are_those_of_the_library():
    for name, most in LENGTHS.items():
        assert Reference._meta.get_field(name).max_length == most, name
    assert (
        Reference._meta.get_field("url").max_length
        == Reference._meta.get_field("full_text_url").max_length
        == ADDRESS
    )
    assert [Person._meta.get_field(name).max_length for name in ("family", "given", "suffix")] == [
        FAMILY,
        FAMILY,
        SUFFIX,
    ]
    assert Reference._meta.get_field("tags").related_model._meta.get_field("name").max_length == TAG


PEOPLE = [f"Li{number % 7} J." for number in range(5000)]
MANY = {
    "ris": "TY  - JOUR\nTI  - T\n" + "".join(f"AU  - {name}\n" for name in PEOPLE) + "ER  - \n",
    "ris in one line": f"TY  - JOUR\nTI  - T\nAU  - {'; '.join(PEOPLE)}\nER  - \n",
    "nbib": "PMID- 1\nTI  - T\n" + "".join(f"AU  - {name}\n" for name in PEOPLE),
    "bibtex": f"@article{{a, title={{T}}, author={{{' and '.join(PEOPLE)}}}}}",
    "json": json.dumps({"title": "T", "type": "article-journal", "authors": "; ".join(PEOPLE)}),
    "refer": "%0 Journal Article\n%T T\n" + "".join(f"%A {name}\n" for name in PEOPLE),
    "isi": "PT J\nAU " + "\n   ".join(PEOPLE) + "\nTI T\nER\n",
    "ovid": "<1. >\nTI  - T\n" + "".join(f"AU  - {name}\n" for name in PEOPLE),
    "table": f'Title,Authors\nT,"{"; ".join(PEOPLE)}"\n',
    "table of PubMed": f'Title,Authors\nT,"{", ".join(PEOPLE)}"\n',
}


@pytest.mark.parametrize("written", MANY)
def test_five_thousand_authors_of_seven_names_are_five_thousand(written):
    (record,) = formats.parse(MANY[written].encode()).records
    assert [f"{name.family} {name.given}" for name in record.names] == PEOPLE


RIS = "TY  - JOUR\n{}T2  - Journal of Backs\nER  - \n"
ODD = {
    "a title with HTML": (
        "TI  - CO&lt;sub&gt;2&lt;/sub&gt; &amp;amp; <i>Rattus</i> 5&lt;6\n",
        "CO₂ & Rattus 5<6",
    ),
    "a blank line inside": ("TI  - One\n\ntwo\n", "One two"),
    "a mark of byte order inside": ("\ufeffTI  - One\n", "One"),
    "no title": ("", "[No title]"),
}


@pytest.mark.parametrize("what", ODD)
def test_odd_files_are_read_as_meant(what):
    lines, title = ODD[what]
    assert [record.title for record in formats.parse(RIS.format(lines).encode()).records] == [title]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_in_any_encoding_with_any_end_of_line(encoding, end):
    text = (RIS.format("TI  - Études\n") + RIS.format("TI  - Two\n")).replace("\n", end)
    assert [record.title for record in formats.parse(text.encode(encoding)).records] == [
        "Études",
        "Two",
    ]


def test_encodings_mixed_in_one_file():
    data = RIS.format("TI  - Études\n").encode() + RIS.format("TI  - Études\n").encode("cp1252")
    assert [record.title for record in formats.parse(data).records] == ["Études", "Études"]


def test_lines_between_records_and_a_record_without_an_end():
    text = (
        "TY  - JOUR\nTI  - One\nER  - \nNL  - \n\nTY  - JOUR\nTI  - Two\nTY  - JOUR\nTI  -"
        " Three\nER  - \nNL  -\n"
    )
    parsed = formats.parse(text.encode())
    assert [record.title for record in parsed.records] == ["One", "Two", "Three"]
    assert parsed.refused == []
    assert len(parsed.warnings) == 1


def test_a_date_is_no_edition_and_a_kind_is_no_genre():
    lines = (
        "TI  - T\nET  - 20180327\nM3  - Journal Article; Review; Research Support, Non-U.S."
        " Gov't\nLA  - eng ger\n"
    )
    (record,) = formats.parse(RIS.format(lines).encode()).records
    assert (record.edition, record.genre, record.study_design, record.language) == (
        "",
        "",
        "review",
        "en",
    )
    assert "de" in record.private_note


def test_series_editors_are_not_lost_without_a_word():
    text = (
        "TY  - BOOK\nTI  - T\nAU  - Doe, B.\nA2  - Series, S.\nA3  - Roca, A.\nT2  - Backs\nER "
        " - \n"
    )
    parsed = formats.parse(text.encode())
    assert [(name.family, name.role) for name in parsed.records[0].names] == [
        ("Doe", "author"),
        ("Roca", "editor"),
    ]
    assert "Series, S." in parsed.records[0].private_note
    assert "Series, S." in parsed.warnings[0].reason


JSON = {
    "other words": ({"title": "T", "authors": ["Smith JA", "Li, J."], "doi": "10.5555/x",
        "year": 2019, "journal": "J"}, []),
    "names in parts": ({"title": "T", "author": [{"firstName": "J. A.", "lastName": "Smith"},
        {"name": "Li J"}],
                        "DOI": "10.5555/x", "publicationYear": "2019", "journal": "J"}, []),
    "one string": ({"title": "T", "author": "Smith JA; Li J", "doi": "10.5555/x", "date": "2019",
        "journal": "J"}, []),
    "a word nobody knows": ({"title": "T", "authors": "Smith JA, Li J", "doi": "10.5555/x",
        "year": "2019", "journal": "J",
                             "mood": "good"}, ["mood"]),
}  # fmt: skip


@pytest.mark.parametrize("what", JSON)
@pytest.mark.parametrize(
    "wrap", [lambda item: item, lambda item: [item], lambda item: {"message": {"items": [item]}}]
)
def test_json_that_is_no_csl_is_taken_where_it_is_sure(what, wrap):
    item, unknown = JSON[what]
    parsed = formats.parse(json.dumps(wrap(item)).encode())
    assert parsed.refused == []
    (record,) = parsed.records
    assert dialects.shown(record) == {
        "type": "article-journal", "title": "T", "names": ["Smith | J. A.", "Li | J."],
        "doi": "10.5555/x", "year": 2019,
        "container": "J",
    }  # fmt: skip
    assert len(parsed.warnings) == len(unknown)
    assert all(word in told.reason for word, told in zip(unknown, parsed.warnings, strict=True))


def test_a_missing_comma_in_bibtex_is_noticed():
    parsed = formats.parse(
        b"@article{a, title = {One}\n  journal = {Backs},\n year = {2019}}\n@article{b, title ="
        b" {Two}}"
    )
    assert [record.title for record in parsed.records][-1] == "Two"
    assert "comma" in " ".join(told.reason for told in [*parsed.warnings, *parsed.refused])


@pytest.mark.parametrize(
    "failing",
    ["ris", "nbib", "bibtex", "endnotexml", "csljson", "refer", "isi", "ovid", "table"],
)
def test_a_fault_in_one_record_refuses_that_one_alone(failing, monkeypatch):
    stems = {"ris": "dialnet", "nbib": "pubmed", "bibtex": "mendeley", "endnotexml": "endnote-xml",
        "csljson": "zotero-csl",
             "refer": "scholar-enw", "isi": "wos-tagged", "ovid": "ovid-tagged",
             "table": "scopus-csv"}  # fmt: skip
    put = formats.ris.dates.Date.put

    def fails(date, record, *written):
        if record.number == 2:
            raise ZeroDivisionError
        put(date, record)

    monkeypatch.setattr(formats.ris.dates.Date, "put", fails)
    parsed = dialects.parse(stems[failing])
    assert [record.number for record in parsed.records] == [1, 3]
    assert [refused.number for refused in parsed.refused] == [2]
    assert parsed.refused[0].line > 1


def test_the_table_of_the_documentation_is_true():
    text = (Path(__file__).parents[3] / "docs/formats.md").read_text()
    assert "\n".join(table()) in text


SOURCES = (
    "Embase, Scopus, Web of Science, Ovid, ProQuest, EBSCO, IEEE Xplore, Google Scholar, Mendeley,"
    " Zotero, EndNote, JabRef, Citavi, PsycINFO, ERIC, SciELO, LILACS, Dialnet"
)


def test_there_is_a_file_of_every_source():
    assert set(SOURCES.split(", ")) - set(dialects.TITLES.values()) == set()
    assert set(dialects.TITLES) == set(dialects.FILES)
    assert all(len(dialects.expected(stem)) > 1 for stem in dialects.FILES)


HOSTILE = [
    "AU  - ,",
    "AU  - ;",
    "KW  - a/",
    "KW  - a/bb [",
    "LA  - and ",
    "M3  - ;",
    "TI  - <i ",
    "TI  - &amp;",
    "A2  - A. ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_on_a_field_grows_with_its_length_alone(piece):
    def seconds(times):
        tag, sign = piece[:6], piece[6:]
        file = RIS.format(f"TI  - T\n{tag}{sign * times}\n").encode()
        begin = time.process_time()
        formats.parse(file)
        return time.process_time() - begin

    seconds(1000)
    assert seconds(40_000) < 12 * seconds(10_000) + 0.2


@pytest.mark.parametrize("piece", ["a, ", "a; ", "{", "\\(", "x = {y} ", '"', "a # "])
def test_the_work_on_a_field_of_bibtex_grows_with_its_length_alone(piece):
    def seconds(times):
        file = f"@article{{a, title = {{T}}, keywords = {{{piece * times}}}}}".encode()
        begin = time.process_time()
        formats.parse(file)
        return time.process_time() - begin

    seconds(1000)
    assert seconds(20_000) < 12 * seconds(5_000) + 0.2
