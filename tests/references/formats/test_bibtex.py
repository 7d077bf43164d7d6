import re

import pytest
from bibtexparser.splitter import Splitter

from references import formats
from references.formats import Name, Record, latex


def parse(text):
    return formats.parse(text.encode())


def one(body, kind="article", before=""):
    parsed = parse(f"{before}@{kind}{{k1,\n  title = {{T}},\n{body}\n}}\n")
    assert parsed.refused == []
    return parsed.records[0]


def title(value):
    return parse(f"@article{{k1, title = {value}}}").records[0].title


def people(value, role="author"):
    record = one(f"{role} = {{{value}}}")
    return [(name.family, name.given, name.suffix, name.literal) for name in record.names]


def written(**fields):
    return "".join(
        formats.write([Record(citekey="k1", title=fields.pop("title", "T"), **fields)], "bib")
    )


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (
            r"Lag{\`e}ze, {\'E}tude, {\'{e}}, \'{e}, \'e, {\'\i}ndice, \'{\i}",
            "Lagèze, Étude, é, é, é, índice, í",
        ),
        (
            r"G{\"o}del, \"{o}, {\~n}, \c{c}, {\c c}, \v{S}, {\v s}, \u{g}, \k{a}, \H{o}, \r{a}",
            "Gödel, ö, ñ, ç, ç, Š, š, ğ, ą, ő, å",
        ),
        (
            r"{\ss} \ss{} {\o} \O{} {\L}ód{\'z} {\ae} {\OE}uvre {\aa} {\i} {\dh} {\th}",
            "ß ß ø Ø Łódź æ Œuvre å ı ð þ",
        ),
        (r"Barı{\c{s}} Bar{\i}{\c{s}}", "Barış Barış"),
        (r"50\% \& \#3, \$5, a\_b, \{x\}", "50% & #3, $5, a_b, {x}"),
        ("50% of patients & 3 # a_b", "50% of patients & 3 # a_b"),
        (r"``slipped disc'' --- a--b, l'esprit~X", "“slipped disc” — a–b, l'esprit X"),
        (
            r"$\alpha$-tubulin, $\beta_2$, H$_2$O, 10$^{-3}$, $p<0.05$",
            "α-tubulin, β₂, H₂O, 10⁻³, p<0.05",
        ),
        ("It costs $10 and $20", "It costs $10 and $20"),
        (r"\emph{In vivo} {\em NMR} \textbf{of} \textsc{x} \mbox{y}", "In vivo NMR of x y"),
        (r"\textendash\ \textquoteright s \textregistered \ldots", "– ’s ®…"),
        (r"\url{https://x.org/a_b~c} \href{https://x.org}{here}", "https://x.org/a_b~c here"),
        (r"\unknowncommand{kept} x", "kept x"),
        ("The {NMR} of {DNA} in {S}pain", "The NMR of DNA in Spain"),
    ],
)
def test_latex_in_text_becomes_plain_text(tex, plain):
    assert title(f"{{{tex}}}") == plain


def test_a_doi_and_an_address_are_not_taken_for_latex():
    record = one(
        "doi = {10.1007/978-3-319-27482-9_44},\nurl ="
        " {https://example.org/~herz/a_b?x=50%25--1&y=#top}"
    )
    assert record.doi == "10.1007/978-3-319-27482-9_44"
    assert record.url == "https://example.org/~herz/a_b?x=50%25--1&y=#top"


def test_backslashes_other_programs_put_into_addresses_go():
    record = one(
        r"doi = {10.1007/978-3{\_}44}," + "\n" + r"url = {\url{https://example.org/a\_b\%20c}}"
    )
    assert (record.doi, record.url) == ("10.1007/978-3_44", "https://example.org/a_b%20c")


def test_abbreviations_are_put_in_and_joined():
    before = (
        '@string{jama = "J Am Med Assoc"}\n@STRING(sub = { Suppl})\n@string{both = JAMA # sub}\n'
    )
    assert one("journal = both", before=before).container == "J Am Med Assoc Suppl"
    assert (
        one('journal = jama # " (" # {Chicago} # ")"', before=before).container
        == "J Am Med Assoc (Chicago)"
    )


def test_an_abbreviation_defined_after_its_use_is_known():
    parsed = parse('@article{a, title={T}, journal = jama}\n@string{jama = "JAMA"}')
    assert parsed.records[0].container == "JAMA"
    assert parsed.warnings == []


def test_abbreviations_that_double_without_end_stay_short():
    doubling = "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 60))
    record = one("journal = a59", before='@string{a0 = "ha"}\n' + doubling)
    assert len(record.container) <= 10_000


def test_an_abbreviation_that_is_not_defined_is_told():
    parsed = parse("@article{a,\n title={T},\n journal = jama}")
    assert parsed.records[0].container == "jama"
    assert [("jama" in told.reason, told.line, told.citekey) for told in parsed.warnings] == [
        (True, 1, "a")
    ]


@pytest.mark.parametrize(
    ("month", "expected"),
    [
        ("month = jul", (7, None)),
        ("month = {July}", (7, None)),
        ("month = 7", (7, None)),
        ('month = "07"', (7, None)),
        ("month = jul # {~28}", (7, 28)),
        ('month = "28 " # jul', (7, 28)),
        ("month = {Jul.--Aug.}", (7, None)),
        ("month = jul, day = {28}", (7, 28)),
        ("month = {Spring}", (None, None)),
        ("month = {julio}", (7, None)),
        ("month = feb, day = 31", (2, None)),
    ],
)
def test_months_in_every_form(month, expected):
    record = one(f"year = 1945, {month}")
    assert (record.year, record.month, record.day) == (1945, *expected)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2004-05-15", (2004, 5, 15, False)),
        ("2004-05", (2004, 5, None, False)),
        ("2004-05-15/2004-06", (2004, 5, 15, False)),
        ("1904~", (1904, None, None, True)),
        ("1904?", (1904, None, None, True)),
        ("2004-21", (2004, None, None, False)),
    ],
)
def test_dates_of_biblatex(date, expected):
    record = one(f"date = {{{date}}}")
    assert (record.year, record.month, record.day, record.year_approximate) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("van der Berg, Maria", [("van der Berg", "Maria", "", False)]),
        ("Maria van der Berg", [("van der Berg", "Maria", "", False)]),
        ("de la Cruz, Maria", [("de la Cruz", "Maria", "", False)]),
        ("Ludwig van Beethoven", [("van Beethoven", "Ludwig", "", False)]),
        ("van Beethoven", [("van Beethoven", "", "", False)]),
        ("Cañis Parera, Marta", [("Cañis Parera", "Marta", "", False)]),
        ("Clavero-Núñez", [("Clavero-Núñez", "", "", False)]),
        ("King, Jr., Martin Luther", [("King", "Martin Luther", "Jr.", False)]),
        ("King, Jr.", [("King", "", "Jr.", False)]),
        ("{World Health Organization}", [("World Health Organization", "", "", True)]),
        (
            "{Barnes and Noble} and Herz, Ralph",
            [("Barnes and Noble", "", "", True), ("Herz", "Ralph", "", False)],
        ),
        (
            r"{Ministerio de Sanidad {\&} Consumo}",
            [("Ministerio de Sanidad & Consumo", "", "", True)],
        ),
        (
            "{\\'A}lvarez, Jos{\\'e} and {\\O}rsted, H. C.",
            [("Álvarez", "José", "", False), ("Ørsted", "H. C.", "", False)],
        ),
        ("{von Neumann}, John", [("von Neumann", "John", "", False)]),
        ("Donald~E. Knuth", [("Knuth", "Donald E.", "", False)]),
        ("A\n  and B", [("A", "", "", False), ("B", "", "", False)]),
        (
            "Brandon, Anderson and Sand, Iris",
            [("Brandon", "Anderson", "", False), ("Sand", "Iris", "", False)],
        ),
    ],
)
def test_names_in_every_form(value, expected):
    assert people(value) == expected


def test_and_others_makes_the_list_incomplete():
    record = one("author = {Orr, Louis M. and others}")
    assert [name.family for name in record.names] == ["Orr"]
    assert record.authors_incomplete


def test_editors_and_translators_have_their_roles():
    record = one("author = {A, B},\neditor = {C, D},\ntranslator = {{E F}}")
    assert [(name.family, name.role, name.literal) for name in record.names] == [
        ("A", "author", False),
        ("C", "editor", False),
        ("E F", "translator", True),
    ]


def test_a_chapter_takes_from_the_book_it_is_in_what_it_lacks():
    text = """@incollection{c, title = {Pelvic}, author = {Murinova, N.}, crossref = {B},
    pages = {3--9}}
    @book{b, title = {Nerve entrapments}, editor = {Trescot, A.}, publisher = {Springer},
    year = 2016, month = mar,
      doi = {10.1007/b}, pages = {1--900}, abstract = {Of the book}, keywords = {book}}"""
    chapter, book = parse(text).records
    assert (chapter.title, chapter.container, chapter.publisher, chapter.year, chapter.month) == (
        "Pelvic", "Nerve entrapments", "Springer", 2016, 3,
    )  # fmt: skip
    assert [(name.family, name.role) for name in chapter.names] == [
        ("Murinova", "author"),
        ("Trescot", "editor"),
    ]
    assert (chapter.doi, chapter.abstract, chapter.tags, chapter.pages) == ("", "", [], "3-9")
    assert book.container == ""


def test_crossrefs_in_a_circle_and_to_nowhere_are_no_crash():
    parsed = parse(
        "@article{a, title={A}, crossref={b}}\n@article{b, title={B}, crossref={a}}\n@article{c,"
        " title={C}, crossref={x}}"
    )
    assert len(parsed.records) == 3
    assert ["“x”" in told.reason for told in parsed.warnings] == [True]


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("mastersthesis", "school = {Pretoria}", ("thesis", "Master's thesis", "Pretoria")),
        ("phdthesis", "school = {Lyon}, type = {Thèse}", ("thesis", "Thèse", "Lyon")),
        ("thesis", "type = {phdthesis}, institution = {Lyon}", ("thesis", "PhD thesis", "Lyon")),
        ("techreport", "institution = {WHO}", ("report", "", "WHO")),
        ("misc", "howpublished = {Poster}", ("paper-conference", "Poster", "")),
        ("misc", "howpublished = {\\url{https://x.org/}}", ("webpage", "", "")),
        ("online", "url = {https://x.org/}, organization = {X}", ("webpage", "", "X")),
        ("misc", "howpublished = {Privately printed}", ("document", "", "Privately printed")),
        ("misc", "eprint = {1234.5}, archiveprefix = {arXiv}", ("article", "", "")),
        ("inbook", "booktitle = {B}", ("chapter", "", "")),
        ("unheardof", "", ("document", "", "")),
    ],
)
def test_kinds_of_works(kind, body, expected):
    record = one(body, kind)
    assert (record.type, record.genre, record.publisher) == expected


def test_fields_of_biblatex_are_known():
    record = one(
        "subtitle = {A lecture}, journaltitle = {Brit. Med. J.}, shortjournal = {BMJ}, location ="
        " {London}, langid = {ngerman}, eprint = {123}, eprinttype = {pubmed}, eid = {e12}, number"
        " = {3}"
    )
    assert (record.title, record.container, record.container_short, record.place) == (
        "T: A lecture",
        "Brit. Med. J.",
        "BMJ",
        "London",
    )
    assert (record.language, record.pmid, record.pages, record.issue) == ("de", "123", "e12", "3")


def test_a_title_with_its_translation_is_split_only_in_other_languages():
    text = "@article{a, title = {Lipomes [Lipomas]}, language = {%s}}"
    assert [(r.title, r.translated_title) for r in parse(text % "french").records] == [
        ("Lipomes", "Lipomas")
    ]
    assert [(r.title, r.translated_title) for r in parse(text % "english").records] == [
        ("Lipomes [Lipomas]", "")
    ]
    assert parse(text.replace("Lipomas", "carta") % "es").records[0].title == "Lipomes [carta]"


def test_keywords_with_commas_semicolons_and_braces():
    record = one("keywords = {back pain, fat; {a, b}, back pain}")
    assert [word.term for word in record.keywords] == ["back pain", "fat", "a, b"]
    record = one("keywords = {back pain; fat, white; lipoma}")
    assert [word.term for word in record.keywords] == ["back pain", "fat, white", "lipoma"]


def test_what_other_programs_note_for_themselves_is_passed_over_and_the_rest_is_told():
    parsed = parse(
        "@article{a, title={T}, file={:x.pdf:PDF}, bdsk-url-1={x}, annote={mine}, colour={red}}"
    )
    assert [told.reason for told in parsed.warnings] == [
        "The field “colour” has no place in the library; it was left out of 1 entry."
    ]
    assert parsed.records[0].record_note == ""
    assert parsed.records[0].private_note == "mine"


BROKEN = """@article{good1, title = {One}}

@article{unclosed,
  title = {Two,
  year = 1945

@article{good2, title = {Three}}
@article{nofield, title {Four}}
@comment{jabref-meta: anything}
Some words between.
@article{good3, title = "Five"}
@article{cut, title = {Six"""


def test_good_entries_come_in_and_each_bad_one_is_listed_with_its_line():
    parsed = parse(BROKEN)
    assert [record.citekey for record in parsed.records] == ["good1", "good2", "good3"]
    assert [(refused.citekey, refused.line) for refused in parsed.refused] == [
        ("unclosed", 3),
        ("nofield", 8),
        ("cut", 12),
    ]
    assert [record.line for record in parsed.records] == [1, 7, 11]
    assert all(refused.reason and refused.excerpt for refused in parsed.refused)


def test_a_line_number_is_right_far_into_a_long_file():
    text = (
        "".join(f"@article{{k{n},\n title = {{T{n}}}\n}}\n\n" for n in range(450))
        + "@article{bad, title = {"
    )
    parsed = parse(text)
    assert len(parsed.records) == 450
    assert [refused.line for refused in parsed.refused] == [1801]
    assert parsed.records[-1].line == 1797


def test_a_field_or_a_key_that_stands_twice_is_told_and_comes_in():
    parsed = parse("@article{a, title={First}, title={Second}}\n@book{A, title={Other}}")
    assert [record.title for record in parsed.records] == ["First", "Other"]
    assert len(parsed.warnings) == 2


def test_what_falls_out_of_an_entry_closed_too_early_is_told():
    parsed = parse("@article{a, title = {T}},\n year = 1945\n}\n")
    assert parsed.records[0].year is None
    assert [("outside" in told.reason, told.line) for told in parsed.warnings] == [(True, 1)]


def test_entries_in_parentheses_and_on_one_line_are_read():
    assert [
        r.citekey for r in parse("@article(a, title = {(x)})@article{b, title = {y}}").records
    ] == ["a", "b"]


# Writing


def test_what_is_written_is_valid_for_another_reader():
    text = written(
        title='100% of "DNA" & {x} in C_2 ~ $5 \\ ^ #1',
        names=[Name("World Health & Co, Ltd.", literal=True), Name("Smith and", "J", "Jr.")],
    )
    library = Splitter(text).split()
    assert library.failed_blocks == []
    depth = 0
    for found in re.finditer(r"[{}]", text):
        depth += 1 if found[0] == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert not re.search(r"(?<!\\)[%&$#_]", text.replace("10.", ""))


def test_organisations_and_particles_are_written_as_bibtex_has_them():
    names = [
        Name("World Health Organization", literal=True),
        Name("van der Berg", "Maria"),
        Name("King", "M. L.", "Jr."),
    ]
    assert (
        "{{World Health Organization} and van der Berg, Maria and King, Jr., M. L. and others}"
        in written(names=names, authors_incomplete=True)
    )


def test_capitals_are_protected_and_come_back_without_their_braces():
    text = written(title="Herniation of DNA in Spain: a mRNA study")
    assert "title        = {Herniation of {DNA} in {Spain:} a {mRNA} study}" in text
    assert parse(text).records[0].title == "Herniation of DNA in Spain: a mRNA study"


def test_citekeys_are_kept_or_made_safe_and_stand_once():
    records = [
        Record(citekey=key, title="T") for key in ("herz1945", "a b{c}", "herz1945", "Núñez2020")
    ]
    text = "".join(formats.write(records, "bib"))
    assert re.findall(r"@misc\{([^,]+),", text) == ["herz1945", "a-b-c", "herz1945-2", "Núñez2020"]


def test_an_approximate_year_and_a_month_are_written_for_people():
    text = written(year=1904, month=7, day=28, year_approximate=True)
    assert "year         = {c. 1904}" in text
    assert "month        = jul," in text


@pytest.mark.parametrize(
    "plain",
    ["a--b", "``x''", "?`", "a - b", "x~y", "\\", "{", "}{", "$a$", "-", "'''", "---", "A{B}c"],
)
def test_escaping_can_be_undone(plain):
    assert latex.decode(latex.encode(plain)) == plain
    assert latex.decode(latex.protect(latex.encode(plain))) == plain
