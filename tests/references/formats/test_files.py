"""Whole files: which format they are, how they are encoded, what is broken in them."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references import formats
from tests.references.formats import dialects
from tests.traced import traced

DATA = Path(__file__).parent.parent / "data"
BIB = (
    "@article{núñez1945,\n  author = {Núñez, Ana},\n  title = {Dolor lumbar: año y corazón},\n "
    " year = 1945\n}\n"
)
RIS = (
    "TY  - JOUR\nID  - núñez1945\nAU  - Núñez, Ana\nTI  - Dolor lumbar: año y corazón\nPY  -"
    " 1945\nER  - \n"
)
NBIB = (
    "PMID- 1\nDP  - 1945\nTI  - Dolor lumbar: año y corazón.\nFAU - Núñez, Ana\nAU  - Núñez A\n\n"
)
CSL = json.dumps(
    [
        {
            "id": "a",
            "type": "book",
            "title": "Dolor lumbar: año y corazón",
            "author": [{"family": "Núñez", "given": "Ana"}],
        }
    ],
    ensure_ascii=False,
)
PUBMED = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN" "https://example.org/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">1</PMID><Article>
<ArticleTitle>Dolor lumbar: año y corazón.</ArticleTitle>
<AuthorList><Author><LastName>Núñez</LastName><ForeName>Ana</ForeName></Author></AuthorList>
</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"""
ENDNOTE = """<?xml version="1.0" encoding="UTF-8"?><xml><records><record>
<ref-type name="Book">6</ref-type>
<contributors><authors>
<author><style face="normal">Núñez, Ana</style></author></authors></contributors>
<titles>
<title><style>Dolor lumbar: </style><style face="italic">año y corazón</style></title></titles>
</record></records></xml>"""
FILES = {
    "bibtex": BIB,
    "ris": RIS,
    "nbib": NBIB,
    "csljson": CSL,
    "pubmedxml": PUBMED,
    "endnotexml": ENDNOTE,
}
LAUGHS = '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def only(data):
    parsed = formats.parse(data)
    assert parsed.refused == []
    assert len(parsed.records) == 1
    return parsed.records[0]


@pytest.mark.parametrize("name", FILES)
def test_the_format_is_known_from_the_content(name):
    assert formats.detect(FILES[name].encode()) == name


@pytest.mark.parametrize("ending", ["bib", "ris", "nbib", "csl.json"])
def test_real_files_are_known_from_their_content(ending):
    assert formats.detect((DATA / f"library.{ending}").read_bytes()) == {
        "bib": "bibtex",
        "csl.json": "csljson",
    }.get(ending, ending)


def test_what_an_abstract_quotes_does_not_decide_the_format():
    ris = RIS.replace("PY  -", "AB  - Files such as\n@article{x, title={Y}}\nPY  -")
    assert formats.detect(ris.encode()) == "ris"


def test_text_before_the_first_record_is_no_hindrance():
    assert formats.detect(b"Exported by Something 1.0\r\n\r\n" + RIS.encode()) == "ris"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", FILES)
def test_accents_survive_every_encoding_and_line_ending(name, newline, encoding):
    text = FILES[name].replace('encoding="UTF-8"', "").replace("\n", newline)
    record = only(text.encode(encoding))
    assert record.title == "Dolor lumbar: año y corazón"
    assert [(person.family, person.given) for person in record.names] == [("Núñez", "Ana")]


def test_a_latin_1_file_is_said_to_be_one():
    assert [
        "Windows-1252" in told.reason for told in formats.parse(RIS.encode("latin-1")).warnings
    ] == [True]


def test_a_file_of_mixed_encodings_loses_no_letter():
    data = RIS.encode("utf-8") + RIS.replace("Núñez", "Cañís").encode("latin-1")
    assert [record.names[0].family for record in formats.parse(data).records] == ["Núñez", "Cañís"]


def test_the_encoding_an_xml_file_declares_is_used():
    text = PUBMED.replace('version="1.0" ?', 'version="1.0" encoding="ISO-8859-2"?').replace(
        "año y corazón", "Łódź"
    )
    assert only(text.replace("ñ", "n").encode("iso-8859-2")).title == "Dolor lumbar: Łódź"


@pytest.mark.parametrize("data", [b"", b"   \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_said_to_be_empty(data):
    parsed = formats.parse(data)
    assert parsed.records == []
    assert [refused.reason for refused in parsed.refused] == ["The file is empty."]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00", "DOCX"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\xd0\xcf\x11\xe0\xa1", "DOC"),
    ],
)
def test_a_file_of_another_kind_is_named(data, kind):
    (refused,) = formats.parse(data + bytes(range(256)) * 20).refused
    assert kind in refused.reason


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 50, b"Dear all, here is my list: Herz 1945.", b"<html><p>No</p></html>"],
)
def test_what_is_no_list_at_all_is_refused_in_one_sentence(data):
    parsed = formats.parse(data)
    assert parsed.records == []
    assert ["No format is known here" in refused.reason for refused in parsed.refused] == [True]


@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize("name", ["pubmedxml", "endnotexml"])
def test_xml_with_entities_of_its_own_is_refused_whole(name, head):
    body = FILES[name].partition("?>")[2].partition("<!DOCTYPE")
    text = head + (body[0] + body[2].partition(">")[2]).replace("corazón", "&b;&e;")
    parsed = formats.parse(text.encode())
    assert parsed.records == []
    assert ["XML entities" in refused.reason for refused in parsed.refused] == [True]


def test_entities_without_any_record_are_refused_for_what_they_are():
    assert "XML entities" in formats.parse((LAUGHS + "<x>&b;</x>").encode()).refused[0].reason


@pytest.mark.parametrize("text", [BIB, RIS, CSL])
def test_a_record_without_a_title_is_refused_with_its_line(text):
    text = text.replace("title = {Dolor lumbar: año y corazón},", "").replace(
        "TI  - Dolor lumbar: año y corazón\n", ""
    )
    text = text.replace('"title": "Dolor lumbar: año y corazón", ', "")
    parsed = formats.parse(("\n\n" + text).encode())
    assert parsed.records == []
    assert [(refused.reason, refused.line) for refused in parsed.refused] == [
        ("The record has no title.", 3)
    ]


def test_identifiers_that_are_none_are_left_out_and_told():
    text = RIS.replace(
        "ER  -", "DO  - see www.example.org\nSN  - 12\nUR  - my shelf\nLA  - klingonish\nER  -"
    )
    parsed = formats.parse(text.encode())
    assert (
        parsed.records[0].doi,
        parsed.records[0].isbn,
        parsed.records[0].url,
        parsed.records[0].language,
    ) == (
        "",
        "",
        "",
        "",
    )
    assert len(parsed.warnings) == 4


def test_identifiers_are_found_in_what_stands_around_them():
    text = RIS.replace(
        "ER  -",
        "DO  - DOI: https://doi.org/10.1136/ARD.3.4.222.\nSN  - 978-3-319-27482-9 (print)\nER  -",
    )
    record = only(text.encode())
    assert (record.doi, record.isbn) == ("10.1136/ard.3.4.222", "9783319274829")


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=400)
    | st.tuples(st.sampled_from([text.encode()[:60] for text in FILES.values()]), st.binary()).map(
        b"".join
    )
)
def test_no_bytes_raise(data):
    parsed = formats.parse(data)
    assert parsed.records or parsed.refused


@pytest.mark.parametrize("name", FILES)
def test_no_fault_of_ours_hides_behind_the_guard(name, monkeypatch):
    """The guard in `read` must never be what saved a test."""

    def broken(items):
        yield from items

    monkeypatch.setattr(formats, "_guarded", broken)
    whole = FILES[name].encode() * 2
    for cut in range(0, len(whole), 7):
        formats.parse(whole[:cut])
        formats.parse(whole[:cut] + b"\x00\xff{}<>@\n" + whole[cut:])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_real_files_cut_and_spoilt_anywhere_give_what_is_whole(data):
    ending = data.draw(st.sampled_from(["bib", "ris", "nbib", "csl.json"]))
    whole = (DATA / f"library.{ending}").read_bytes()[:9000]
    cut = data.draw(st.integers(0, len(whole)))
    spoilt = data.draw(st.binary(max_size=8))
    parsed = formats.parse(whole[:cut] + spoilt + whole[cut + 5 :])
    assert len(parsed.records) + len(parsed.refused) >= 1


@pytest.mark.parametrize(
    "data",
    [
        b"@article{" * 20_000,
        b"@article{a, title = {" + b"{" * 100_000,
        b"@article{a, title = {" + b"\\'{" * 50_000 + b"}}",
        b"@article{a, title = {x}, author = {" + b" and " * 50_000 + b"}}",
        b"@article{a, crossref = {a}, title = {T}}",
        b"TY  - JOUR\n" * 20_000,
        b"PMID- \n" * 20_000,
        b"[" * 100_000,
        b'[{"id":' * 5_000,
        b"<PubmedArticle>" * 20_000,
        b"<PubmedArticle>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</PubmedArticle>",
        b"<records><record>" + b"&" * 100_000,
    ],
    ids=range(12),
)
def test_absurd_files_end_in_good_time(data):
    parsed = formats.parse(data)
    assert parsed.records or parsed.refused


def test_what_a_journal_printed_of_a_congress_is_its_article():
    text = (
        "FN X\nVR 1.0\nPT J\nAU Liu, R\nTI T\nSO Acta\nDT Article; Proceedings Paper\nCT 5th\nER\n"
    )
    (record,) = formats.parse(text.encode()).records
    assert (record.type, record.container, record.event) == ("article-journal", "Acta", "5th")


def _long(name, count):
    """The bytes of a file of so many records with abstracts."""
    if name in ("endnotexml", "pubmedxml"):
        head, tag, body = FILES[name].partition(
            "<record>" if name == "endnotexml" else "<PubmedArticle>"
        )
        record = (tag + body).rpartition("</")[0].replace("</records>", "")
        return (head + record.replace("Dolor", "Dolor " * 900) * count).encode()
    works = (
        formats.Record(citekey=f"k{n}", title=f"Work {n}", year=1950, abstract="nodules " * 700)
        for n in range(count)
    )
    return "".join(formats.write(works, name)).encode()


@pytest.mark.once("parsers know no database")
@pytest.mark.parametrize("name", [*formats.WRITERS, "endnotexml", "pubmedxml"])
def test_twice_the_file_needs_no_more_memory_to_read(name, tmp_path, monkeypatch):
    monkeypatch.setattr("references.formats.source.HEAD", 8000)
    monkeypatch.setattr("references.formats.source.PIECE", 8000)
    monkeypatch.setattr("references.formats.bibentries.CHUNK", 5)

    def peak(count):
        path = tmp_path / str(count)
        path.write_bytes(_long(name, count))
        with path.open("rb") as file:
            return traced(
                lambda: sum(isinstance(each, formats.Record) for each in formats.read(file))
            )

    peak(2)  # what is loaded once
    (one, few), (two, many) = peak(30), peak(60)
    assert (few, many) == (30, 60)
    assert two < 1.3 * one


@pytest.mark.once("parsers know no database")
@pytest.mark.parametrize("piece", [60, 1000])
def test_where_a_file_is_cut_while_it_is_read_changes_nothing(piece, monkeypatch):
    files = [*dialects.FILES.values(), *DATA.glob("library.*")]
    whole = [list(formats.read(path.read_bytes())) for path in files]
    monkeypatch.setattr("references.formats.source.PIECE", piece)
    assert [list(formats.read(path.read_bytes())) for path in files] == whole
