"""Citations as papers print them, read by rule. All works are made up or long public."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references.formats import citation

# Text; kind, people, year, title, where, volume, issue, pages.
READ = [
    (
        "12. Copeman WSC, Ackerman WL. Edema or herniations of fat lobules. Arch Intern Med."
        " 1947;79(1):22-35. doi:10.1001/archinte.1947.1",
        "article-journal", "Copeman, W. S. C.; Ackerman, W. L.", 1947,
        "Edema or herniations of fat lobules", "Arch Intern Med", "79", "1", "22-35",
    ),
    (
        "Copeman, W. S. C., & Ackerman, W. L. (1944). \"Fibrositis\" of the back. Quarterly Journal"
        " of Medicine, 13(50), 37–51.",
        "article-journal", "Copeman, W. S. C.; Ackerman, W. L.", 1944,
        "\"Fibrositis\" of the back", "Quarterly Journal of Medicine", "13", "50", "37–51",
    ),
    (
        "Copeman, W.S.C., Ackerman, W.L., 1944. Fibrositis of the back. Q J Med 13, 37–51.",
        "article-journal", "Copeman, W. S. C.; Ackerman, W. L.", 1944, "Fibrositis of the back",
        "Q J Med", "13", "", "37–51",
    ),
    (
        "[3] Sutro CJ. Subcutaneous fatty nodes. Am. J. Med. Sci. 1935; 190: 833–837. PMID: 123456",
        "article-journal", "Sutro, C. J.", 1935, "Subcutaneous fatty nodes", "Am. J. Med. Sci",
        "190", "", "833–837",
    ),
    (
        "García López MC, van der Berg JP, et al. ¿Existen los ratones de la espalda? Rev Esp"
        " Reumatol. 2008 Jan;35 Suppl 1:S12-S19.",
        "article-journal", "García López, M. C.; van der Berg, J. P.", 2008,
        "¿Existen los ratones de la espalda?", "Rev Esp Reumatol", "35 Suppl 1", "", "S12-S19",
    ),
    (
        "Smith, J. and Jones, A. (2010) 'Back mice in general practice', British Journal of General"
        " Practice, vol. 60, no. 3, pp. 12-15.",
        "article-journal", "Smith, J.; Jones, A.", 2010, "Back mice in general practice",
        "British Journal of General Practice", "60", "3", "12-15",
    ),
    (
        "Bonica JJ. The management of pain. 2nd ed. Philadelphia: Lea & Febiger; 1990.",
        "book", "Bonica, J. J.", 1990, "The management of pain", "", "", "", "",
    ),
    (
        "Singewald ML. Sacroiliac lipomata. In: Smith J, Doe B, editors. Textbook of back pain. 3rd"
        " ed. Boston: Little, Brown; 1966. p. 12-20.",
        "chapter", "Singewald, M. L.; Smith, J.; Doe, B.", 1966, "Sacroiliac lipomata",
        "Textbook of back pain", "", "", "12-20",
    ),
    (
        "Smith, J. A. (2001). Fat nodules. In B. Doe & C. Roe (Eds.), Handbook of pain (2nd ed.,"
        " pp. 33–44). Springer.",
        "chapter", "Smith, J. A.; Doe, B.; Roe, C.", 2001, "Fat nodules", "Handbook of pain", "",
        "", "33–44",
    ),
    (
        "World Health Organization. Guideline for low back pain. Geneva: WHO; 2023.",
        "book", "World Health Organization", 2023, "Guideline for low back pain", "", "", "", "",
    ),
    (
        "Lee SH, Kim Y. Nerve entrapment: a cadaver study. Spine J. 2019 Sep;19(9):1512-1518. Epub"
        " 2019 May 2. PMID: 31054321; PMCID: PMC6754321.",
        "article-journal", "Lee, S. H.; Kim, Y.", 2019, "Nerve entrapment: a cadaver study",
        "Spine J", "19", "9", "1512-1518",
    ),
    (
        "Wall PD, Melzack R, eds. Textbook of Pain. 5th ed. Edinburgh: Churchill Livingstone;"
        " 2006.",
        "book", "Wall, P. D.; Melzack, R.", 2006, "Textbook of Pain", "", "", "", "",
    ),
    (
        "Puig J. Dolor lumbar [tesis doctoral]. Barcelona: Universitat de Barcelona; 1998.",
        "thesis", "Puig, J.", 1998, "Dolor lumbar", "", "", "", "",
    ),
    (
        "National Institute for Health and Care Excellence (NICE). Low back pain in over 16s."
        " London: NICE; 2016.",
        "book", "National Institute for Health and Care Excellence (NICE)", 2016,
        "Low back pain in over 16s", "", "", "", "",
    ),
    (
        "Back pain. Lancet. 1938;1:5.",
        "article-journal", "", 1938, "Back pain", "Lancet", "1", "", "5",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", READ, ids=lambda case: case[0][:30])
def test_what_a_list_of_references_prints_is_read(case):
    text, *expected = case
    found = citation.read(text).record
    people = "; ".join(filter(None, (f"{n.family}, {n.given}".strip(", ") for n in found.names)))
    assert [
        found.type, people, found.year, found.title, found.container, found.volume, found.issue,
        found.pages,
    ] == expected  # fmt: skip


def test_identifiers_in_it_are_taken_out():
    found = citation.read(READ[0][0]).record
    assert found.doi == "10.1001/archinte.1947.1"
    assert citation.read(READ[3][0]).record.pmid == "123456"
    assert citation.read(READ[4][0]).record.authors_incomplete


def test_what_no_rule_fits_is_the_title_and_uncertain():
    found = citation.read("complete nonsense without any shape")
    assert found.record.title == "complete nonsense without any shape"
    assert {"title", "authors", "year", "type"} <= found.unsure
    assert citation.read(READ[0][0]).unsure == set()


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                "Smith J",
                ", ",
                ". ",
                "(",
                ")",
                "1999",
                ";",
                ":",
                "12",
                "In: ",
                "et al",
                "“",
                "&",
                "Ed",
                "\n",
            ]
        ),
        max_size=40,
    ).map("".join)
)
def test_any_text_is_read_without_failing(text):
    record = citation.read(text).record
    assert isinstance(record.title, str)


@pytest.mark.parametrize("unit", ["Smith J, ", "A. B. ", "(1999) ", "a: b; ", "1;2(3):4-5. ", ". "])
def test_long_texts_cost_in_proportion(unit):
    for text in (unit * 3000, unit * 200 + "1999;1:2"):
        citation.read(text)
