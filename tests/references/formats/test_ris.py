import pytest

from references import formats
from references.formats import Name, Record


def parse(text):
    return formats.parse(text.encode())


def one(*lines, kind="JOUR"):
    parsed = parse("\n".join([f"TY  - {kind}", "TI  - T", *lines, "ER  - ", ""]))
    assert parsed.refused == []
    assert len(parsed.records) == 1
    return parsed.records[0]


def people(*lines):
    return [(name.family, name.given, name.suffix, name.literal) for name in one(*lines).names]


def test_a_record_without_its_end_does_not_eat_the_next():
    parsed = parse("TY  - JOUR\nTI  - One\nAU  - A, B\n\nTY  - BOOK\nTI  - Two\nER  - \n")
    assert [(record.title, record.type, len(record.names)) for record in parsed.records] == [
        ("One", "article-journal", 1),
        ("Two", "book", 0),
    ]
    assert [("ER" in told.reason, told.line) for told in parsed.warnings] == [(True, 1)]


def test_the_last_record_without_its_end_comes_in_with_a_warning():
    parsed = parse("TY  - JOUR\nTI  - One")
    assert [record.title for record in parsed.records] == ["One"]
    assert len(parsed.warnings) == 1


def test_a_record_without_its_beginning_is_refused_and_eats_nothing():
    parsed = parse(
        "TY  - JOUR\nTI  - One\nER  - \n\nTI  - Lost\nAU  - A, B\nER  - \nTY  - JOUR\nTI  - Two\nER"
        "  - \n"
    )
    assert [record.title for record in parsed.records] == ["One", "Two"]
    assert [(refused.line, refused.excerpt) for refused in parsed.refused] == [(5, "TI - Lost")]


def test_a_kind_nobody_knows_comes_in_as_another_document():
    parsed = parse("TY  - XYZZ\nTI  - T\nER  - \n")
    assert parsed.records[0].type == "document"
    assert ["XYZZ" in told.reason for told in parsed.warnings] == [True]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("JOUR", "article-journal"),
        ("EJOUR", "article-journal"),
        ("BOOK", "book"),
        ("CHAP", "chapter"),
        ("CONF", "paper-conference"),
        ("CPAPER", "paper-conference"),
        ("THES", "thesis"),
        ("RPRT", "report"),
        ("ELEC", "webpage"),
        ("NEWS", "article-newspaper"),
        ("MGZN", "article-magazine"),
        ("GEN", "document"),
        ("ART", "document"),
    ],
)
def test_kinds_of_works(kind, expected):
    assert one(kind=kind).type == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["T2  - Journal of Pain", "J2  - J Pain"], ("Journal of Pain", "J Pain")),
        (["JO  - Journal of Pain", "JA  - J Pain"], ("Journal of Pain", "J Pain")),
        (["JF  - Journal of Pain", "JO  - J Pain"], ("Journal of Pain", "J Pain")),
        (["JO  - J Pain", "T2  - Journal of Pain"], ("Journal of Pain", "J Pain")),
        (["JA  - J Pain"], ("J Pain", "")),
        (["JO  - J Pain", "JA  - J Pain"], ("J Pain", "")),
        (["T2  - Spine", "J2  - Spine (Phila Pa 1976)"], ("Spine", "Spine (Phila Pa 1976)")),
        (["T2  - Neurospine", "J2  - Neurospine"], ("Neurospine", "Neurospine")),
        (["JF  - Journal of Pain", "JO  - Journal of Pain"], ("Journal of Pain", "")),
    ],
)
def test_the_journal_under_whatever_tag(lines, expected):
    record = one(*lines)
    assert (record.container, record.container_short) == expected


@pytest.mark.parametrize(
    ("lines", "pages"),
    [
        (["SP  - 833", "EP  - 837"], "833-837"),
        (["SP  - 833-837"], "833-837"),
        (["SP  - 833–7"], "833-7"),
        (["SP  - 833-837", "EP  - 837"], "833-837"),
        (["SP  - 117"], "117"),
        (["SP  - 117", "EP  - 117"], "117"),
        (["EP  - 9"], "9"),
        (["C7  - e0123"], "e0123"),
        (["SP  - S1", "EP  - S9"], "S1-S9"),
        ([], ""),
    ],
)
def test_pages_in_every_form(lines, pages):
    assert one(*lines).pages == pages


def test_on_a_whole_book_a_single_page_is_how_many_it_has():
    record = one("SP  - 320", kind="BOOK")
    assert (record.number_of_pages, record.pages) == ("320", "")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["PY  - 1945", "DA  - 1945/07/28/"], (1945, 7, 28, False)),
        (["PY  - 1945/07/28/"], (1945, 7, 28, False)),
        (["Y1  - 1945/07//"], (1945, 7, None, False)),
        (["PY  - 1998", "DA  - 1998///Spring"], (1998, None, None, False)),
        (["PY  - 1998", "DA  - 1998/03//Mar-Apr"], (1998, 3, None, False)),
        (["DA  - 2004-05-15"], (2004, 5, 15, False)),
        (["PY  - 2004", "DA  - May 15, 2004"], (2004, 5, 15, False)),
        (["PY  - 2004", "DA  - 2003/01/01/"], (2004, None, None, False)),
        (["PY  - n.d."], (None, None, None, False)),
        (["PY  - c. 1904"], (1904, None, None, True)),
        (["PY  - 1904", "DA  - 1904///circa"], (1904, None, None, True)),
        (["PY  - [1904?]"], (1904, None, None, True)),
        (["PY  - 2004", "DA  - 2004/02/31/"], (2004, 2, None, False)),
        (["Y1  - 2004///"], (2004, None, None, False)),
    ],
)
def test_dates_in_every_form(lines, expected):
    record = one(*lines)
    assert (record.year, record.month, record.day, record.year_approximate) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("AU  - van der Berg, Maria", ("van der Berg", "Maria", "", False)),
        ("A1  - Smith, John A., Jr.", ("Smith", "John A.", "Jr.", False)),
        ("AU  - Smith, Jr., John A.", ("Smith", "John A.", "Jr.", False)),
        ("AU  - Smith,John", ("Smith", "John", "", False)),
        ("AU  - Ackerman", ("Ackerman", "", "", False)),
        ("AU  - World Health Organization,", ("World Health Organization", "", "", True)),
        ("AU  - World Health Organization", ("World Health Organization", "", "", True)),
        ("AU  - Ludwig van Beethoven", ("van Beethoven", "Ludwig", "", False)),
        ("AU  - John A. Smith Jr", ("Smith", "John A.", "Jr", False)),
    ],
)
def test_names_in_every_form(line, expected):
    assert people(line) == [expected]


def test_repeated_tags_are_all_kept_in_order():
    record = one(
        "AU  - A, B",
        "KW  - fat",
        "AU  - C, D",
        "KW  - pain",
        "KW  - fat",
        "A2  - E, F",
        "ED  - G, H",
        "A4  - I, J",
    )
    assert [(name.family, name.role) for name in record.names] == [
        ("A", "author"), ("C", "author"), ("E", "editor"), ("G", "editor"), ("I", "translator"),
    ]  # fmt: skip
    assert [word.term for word in record.keywords] == ["fat", "pain"]


def test_et_al_makes_the_list_incomplete():
    record = one("AU  - Orr, L.", "AU  - et al.")
    assert (len(record.names), record.authors_incomplete) == (1, True)


def test_a_long_text_may_run_over_lines_and_keywords_too():
    record = one("AB  - It begins here", "and goes on here", "", "and ends.", "KW  - fat", "pain")
    assert record.abstract == "It begins here and goes on here and ends."
    assert [word.term for word in record.keywords] == ["fat", "pain"]


def test_an_address_with_a_semicolon_stays_whole():
    assert one("UR  - https://example.org/a;b=1").url == "https://example.org/a;b=1"
    assert one("UR  - https://example.org/a; https://example.org/b").url == "https://example.org/a"


def test_identifiers_under_their_tags():
    record = one(
        "AN  - 21006920",
        "C2  - PMC2441105",
        "DO  - 10.1136/ARD.3.4.222",
        "SN  - 0315-162X",
        "L2  - https://x.org/full",
    )
    assert (record.pmid, record.pmcid, record.doi, record.issn) == (
        "21006920",
        "PMC2441105",
        "10.1136/ard.3.4.222",
        "0315-162X",
    )
    # A link of theirs, which not everybody may follow.
    assert (record.url, record.full_text_url) == ("https://x.org/full", "")
    assert one("SN  - 978-3-319-27482-9", kind="BOOK").isbn == "9783319274829"
    assert one("M3  - 10.1136/ard.3.4.222").doi == "10.1136/ard.3.4.222"


def test_the_accession_number_of_another_database_is_no_pmid():
    assert one("AN  - 21006920", "DB  - CINAHL").pmid == ""
    assert one("AN  - WOS:000123").pmid == ""
    assert one("AN  - 21006920", "DP  - National Library of Medicine").pmid == "21006920"


def test_title_tags_and_translations():
    parsed = parse(
        "TY  - CHAP\nT1  - Own\nBT  - Book\nER  - \nTY  - BOOK\nBT  - Whole\nER  - \n"
        "TY  - JOUR\nTI  - A [B]\nTT  - B\nER  - \n"
    )
    assert [(r.title, r.container, r.translated_title) for r in parsed.records] == [
        ("Own", "Book", ""),
        ("Whole", "", ""),
        ("A", "", "B"),
    ]


def test_loose_spacing_and_the_byte_order_mark_are_taken():
    parsed = formats.parse(b"\xef\xbb\xbf\xef\xbb\xbfTY - JOUR\r\nTI - One\r\nER -\r\n")
    assert [record.title for record in parsed.records] == ["One"]
    assert parsed.warnings == []


def test_unknown_tags_are_told_once_for_the_file():
    parsed = parse(
        "TY  - JOUR\nTI  - A\nQQ  - x\nER  - \nTY  - JOUR\nTI  - B\nQQ  - x\nQQ  - y\nER  - \n"
    )
    assert [told.reason for told in parsed.warnings] == [
        "The tag “QQ” has no place in the library; it was left out of 2 records."
    ]


def test_what_is_written_is_plain_ris():
    record = Record(
        citekey="herz1945",
        type="article-journal",
        title="Lipomi",
        translated_title="Lipomas",
        container="Journal of Pain",
        container_short="J Pain",
        year=1945,
        month=7,
        day=28,
        pages="921-925",
        names=[Name("WHO group", literal=True), Name("Herz", "R.")],
        study_design="case series",
        tags=["fat"],
    )
    assert "".join(formats.write([record], "ris")).split("\n") == [
        "TY  - JOUR", "ID  - herz1945", "AU  - WHO group,", "AU  - Herz, R.",
        "TI  - Lipomi [Lipomas]", "TT  - Lipomas",
        "T2  - Journal of Pain", "J2  - J Pain", "PY  - 1945", "DA  - 1945/07/28/", "SP  - 921",
        "EP  - 925", "KW  - fat",
        "U1  - study design: case series", "U1  - tag: fat", "ER  - ", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ["DB  - Embase"],
        ["L2  - https://www.embase.com/search/results?subaction=viewrecord&id=L620001234"],
        ["UR  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&PAGE=fulltext&D=emed19&AN=2001234567"],
    ],
)
def test_words_of_embase_are_emtree_with_their_aspects(lines):
    (word,) = one("KW  - *backache/di [Diagnosis]", *lines).keywords
    assert (word.term, word.vocabulary, word.qualifiers) == ("backache", "emtree", ("diagnosis",))
    assert word.major


def test_words_are_of_medline_where_the_file_says_both():
    (word,) = one("KW  - Lipoma", "DB  - Embase", "DB  - Medline").keywords
    assert word.vocabulary == "mesh"


def test_proceedings_named_only_in_c3_are_where_a_paper_stands():
    record = one("C3  - Proceedings of the Third Back Congress", kind="CONF")
    assert record.container == "Proceedings of the Third Back Congress"


def test_a_second_language_is_noted():
    record = one("LA  - English", "LA  - German")
    assert (record.language, record.private_note) == ("en", "Languages: en, de")
