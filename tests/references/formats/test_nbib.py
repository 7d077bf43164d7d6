import pytest

from publishing.languages import language_code
from references import formats
from references.formats import Name, Record
from references.formats.languages import THREE, to_three, to_two


def parse(text):
    return formats.parse(text.encode())


def one(*lines, title="TI  - T."):
    parsed = parse("\n".join(["PMID- 1", title, *lines, ""]))
    assert parsed.refused == []
    assert len(parsed.records) == 1
    return parsed.records[0]


def people(*lines):
    return [
        (name.family, name.given, name.suffix, name.literal, name.role)
        for name in one(*lines).names
    ]


def written(**fields):
    return "".join(
        formats.write([Record(**({"title": "T", "type": "article-journal"} | fields))], "nbib")
    )


def test_a_text_goes_on_in_indented_lines():
    record = one(
        "AB  - It begins here and",
        "      goes on PMID- here",
        "      and ends.",
        title="TI  - Low back\n      pain.",
    )
    assert record.title == "Low back pain"
    assert record.abstract == "It begins here and goes on PMID- here and ends."


def test_full_names_win_over_the_short_ones_that_follow_them():
    assert people(
        "FAU - van der Berg, Maria",
        "AU  - van der Berg M",
        "FAU - Smith, John A Jr",
        "AU  - Smith JA Jr",
    ) == [
        ("van der Berg", "Maria", "", False, "author"),
        ("Smith", "John A", "Jr", False, "author"),
    ]


def test_a_short_name_counts_where_there_is_no_full_one():
    assert people(
        "AU  - Gómez Carpio MT",
        "FAU - Herz, Ralph",
        "AU  - Herz R",
        "AU  - Copeman WS 3rd",
        "AU  - Ackerman",
    ) == [
        ("Gómez Carpio", "M. T.", "", False, "author"),
        ("Herz", "Ralph", "", False, "author"),
        ("Copeman", "W. S.", "3rd", False, "author"),
        ("Ackerman", "", "", False, "author"),
    ]


def test_organisations_stand_in_their_place_among_the_authors():
    assert people(
        "FAU - A, Bo",
        "CN  - Back Pain Study Group",
        "FCN - Back Pain Study Group",
        "FAU - C, D",
        "FED - E, F",
        "ED  - E F",
    ) == [
        ("A", "Bo", "", False, "author"),
        ("Back Pain Study Group", "", "", True, "author"),
        ("C", "D.", "", False, "author"),
        ("E", "F.", "", False, "editor"),
    ]


def test_investigators_are_no_authors_and_et_al_is_no_name():
    record = one("AU  - Orr LM", "AU  - et al", "FIR - Nobody, N", "IR  - Nobody N")
    assert [name.family for name in record.names] == ["Orr"]
    assert record.authors_incomplete


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["TI  - Low back pain."], ("Low back pain", "", "")),
        (["TI  - What is it?"], ("What is it?", "", "")),
        (["TI  - And so on..."], ("And so on...", "", "")),
        (["TI  - [Low back pain]."], ("", "Low back pain", "")),
        (["TI  - [Pain [of the back] again]."], ("", "Pain [of the back] again", "")),
        (["TI  - [Low back pain (author's transl)]."], ("", "Low back pain", "")),
        (["TI  - [Low back pain]. [Article in Spanish]"], ("", "Low back pain", "es")),
        (["TI  - [Low back pain] [Article in French, English]."], ("", "Low back pain", "fr")),
        (
            ["TI  - [Low back pain].", "TT  - Dolor lumbar.", "LA  - spa"],
            ("Dolor lumbar", "Low back pain", "es"),
        ),
        (
            ["TI  - Low back pain.", "TT  - Dolor lumbar.", "LA  - spa"],
            ("Dolor lumbar", "Low back pain", "es"),
        ),
        (["TI  - [Article in Spanish]", "TT  - Dolor lumbar."], ("Dolor lumbar", "", "es")),
        (["TI  - [Not Available].", "TT  - Dolor lumbar."], ("Dolor lumbar", "", "")),
        (["TI  - Fat pads [letter]."], ("Fat pads [letter]", "", "")),
    ],
)
def test_titles_and_their_translations(lines, expected):
    record = one(*lines[1:], title=lines[0])
    assert (record.title, record.translated_title, record.language) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("1998 Spring", (1998, None, None, False)),
        ("1998 Mar-Apr", (1998, 3, None, False)),
        ("1999 Jan 5", (1999, 1, 5, False)),
        ("2001-2002", (2001, None, None, False)),
        ("2001 Dec-2002 Jan", (2001, 12, None, False)),
        ("n.d.", (None, None, None, False)),
        ("1999 Jan 5-12", (1999, 1, 5, False)),
        ("1904?", (1904, None, None, True)),
        ("1945", (1945, None, None, False)),
    ],
)
def test_dates_of_publication(date, expected):
    record = one(f"DP  - {date}")
    assert (record.year, record.month, record.day, record.year_approximate) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["AID - 10.1136/ard.3.4.222 [doi]", "AID - S0140-6736(20)30183-5 [pii]"],
            ("10.1136/ard.3.4.222", ""),
        ),
        (
            ["LID - e0123 [pii]", "LID - 10.1/x [doi]", "AID - 10.1371/journal.x [doi]"],
            ("", "e0123"),
        ),
        (
            ["LID - 10.1136/ard.3.4.222 [doi]", "PG  - 222-6", "AID - 77 [pii]"],
            ("10.1136/ard.3.4.222", "222-6"),
        ),
    ],
)
def test_article_identifiers(lines, expected):
    record = one(*lines)
    assert (record.doi, record.pages) == expected


def test_the_other_fields():
    record = one(
        "PMC - PMC2441105",
        "IS  - 0003-4967 (Print)",
        "IS  - 1468-2060 (Electronic)",
        "VI  - 3",
        "IP  - 4",
        "PG  - 222–226",
        "JT  - Annals of the rheumatic diseases",
        "TA  - Ann Rheum Dis",
        "JID - 0372355",
        "OT  - *fat",
        "OT  - pain",
        "LA  - eng",
    )
    assert (record.pmid, record.pmcid, record.issn) == ("1", "PMC2441105", "0003-4967 1468-2060")
    assert (record.volume, record.issue, record.pages, record.nlm_id) == (
        "3",
        "4",
        "222-226",
        "0372355",
    )
    assert (record.container, record.container_short) == (
        "Annals of the rheumatic diseases",
        "Ann Rheum Dis",
    )
    assert [word.term for word in record.keywords if word.vocabulary == "author"] == ["fat", "pain"]
    assert record.language == "en"


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["Journal Article"], ("article-journal", "", "")),
        (["Case Reports", "Journal Article"], ("article-journal", "", "case report")),
        (["Letter"], ("article-journal", "Letter", "")),
        (["Editorial"], ("article-journal", "Editorial", "")),
        (["Randomized Controlled Trial"], ("article-journal", "", "randomised controlled trial")),
        (["Journal Article", "Review"], ("article-journal", "", "review")),
        (["Preprint"], ("article", "", "")),
        (["Academic Dissertation"], ("thesis", "", "")),
        (["Journal Article", "Multicenter Study"], ("article-journal", "", "")),
    ],
)
def test_kinds_of_publication(kinds, expected):
    record = one(*(f"PT  - {kind}" for kind in kinds))
    assert (record.type, record.genre, record.study_design) == expected


def test_a_chapter_of_a_book_and_a_book():
    chapter = one(
        "BTI - Nerve entrapments.",
        "PB  - Springer",
        "PL  - Cham",
        "FED - Trescot, A",
        "ISBN- 9783319274829",
    )
    assert (chapter.type, chapter.title, chapter.container, chapter.place) == (
        "chapter",
        "T",
        "Nerve entrapments",
        "Cham",
    )
    assert chapter.isbn == "9783319274829"
    book = one("PB  - Springer", title="BTI - Nerve entrapments")
    assert (book.type, book.title, book.container) == ("book", "Nerve entrapments", "")


@pytest.mark.parametrize(
    ("three", "two"),
    [
        ("eng", "en"),
        ("spa", "es"),
        ("cat", "ca"),
        ("ger", "de"),
        ("deu", "de"),
        ("fre", "fr"),
        ("dut", "nl"),
        ("cze", "cs"),
        ("rum", "ro"),
        ("scr", "hr"),
        ("chi", "zh"),
        ("gre", "el"),
        ("mul", "mul"),
        ("und", "und"),
        ("xyz", ""),
    ],
)
def test_languages_of_three_letters(three, two):
    assert to_two(three) == two


@pytest.mark.parametrize(
    "text",
    [
        "es",
        "ES",
        "es-MX",
        "es_ES",
        "Spanish",
        "spanish; english",
        "español",
        "castilian",
        "Spanish (Spain)",
    ],
)
def test_languages_by_name(text):
    assert to_two(text) == "es"


@pytest.mark.parametrize(
    ("text", "code"), [("ga", "ga"), ("Irish", "ga"), ("English", "en"), ("nonsense", "")]
)
def test_a_code_comes_before_a_name_that_reads_alike(text, code):
    assert language_code(text) == code


def test_every_language_goes_out_in_three_letters_and_comes_back():
    assert {two: to_two(to_three(two)) for two in THREE} == {two: two for two in THREE}


def test_a_new_pmid_begins_a_record_even_without_an_empty_line():
    assert [record.title for record in parse("PMID- 1\nTI  - A.\nPMID- 2\nTI  - B.\n").records] == [
        "A",
        "B",
    ]


def test_an_empty_line_inside_a_record_does_not_cut_it():
    (record,) = parse("PMID- 1\nTI  - A.\n\nFAU - B, C\n\n      \nAB  - D\n").records
    assert (record.title, len(record.names), record.abstract) == ("A", 1, "D")


def test_a_record_that_lost_its_pmid_does_not_run_into_the_one_before():
    parsed = parse("PMID- 1\nTI  - A.\nFAU - B, C\n\nTI  - D.\nFAU - E, F\n\nPMID- 3\nTI  - G.\n")
    assert [(record.title, record.pmid, len(record.names)) for record in parsed.records] == [
        ("A", "1", 1),
        ("D", "", 1),
        ("G", "3", 0),
    ]


def test_a_record_without_a_title_comes_in_to_be_filled_in():
    parsed = parse("PMID- 1\nTI  - A.\n\nPMID- 2\nFAU - B, C\n\nPMID- 3\nTI  - C.\n")
    assert [(record.pmid, record.title) for record in parsed.records] == [
        ("1", "A"),
        ("2", "[No title]"),
        ("3", "C"),
    ]
    assert [(told.number, told.line) for told in parsed.warnings] == [(2, 4)]


def test_seven_thousand_authors_are_read():
    record = one(
        *(line for n in range(7000) for line in (f"FAU - Name{n}, Ana", f"AU  - Name{n} A"))
    )
    assert len(record.names) == 7000


def test_what_is_written_has_the_layout_of_medline():
    title = (
        "A study of rheumatism in a group of soldiers with reference to the incidence of trigger"
        " points and nodules"
    )
    lines = written(
        title="Estudio",
        translated_title=title,
        language="es",
        pmid="21006920",
        year=1945,
        month=9,
        volume="5",
        pages="8-10",
        container_short="Ann Rheum Dis",
        doi="10.1/x",
        names=[Name("Pugh", "L. G.", "Jr."), Name("Army", literal=True)],
        citekey="pugh1945",
    ).split("\n")
    assert lines == [
        "PMID- 21006920", "VI  - 5", "DP  - 1945 Sep",
        "TI  - [A study of rheumatism in a group of soldiers with reference to the incidence of",
        "      trigger points and nodules].", "TT  - Estudio.", "PG  - 8-10", "LID - 10.1/x [doi]",
        "FAU - Pugh, L. G. Jr.",
        "AU  - Pugh LG Jr.", "CN  - Army", "LA  - spa", "PT  - Journal Article",
        "TA  - Ann Rheum Dis", "AID - 10.1/x [doi]",
        "GN  - citekey: pugh1945", "SO  - Ann Rheum Dis. 1945 Sep;5:8-10.", "", "",
    ]  # fmt: skip


def test_a_record_without_a_pmid_begins_with_an_empty_one():
    assert written().startswith("PMID- \n")
    assert [record.title for record in parse(written() * 2).records] == ["T", "T"]
