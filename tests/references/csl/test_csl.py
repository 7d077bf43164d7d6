"""Citations beyond the golden files: nothing breaks them, nothing gets through them, and what the
site sets right itself."""

import re
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references.csl import LOCALES, STYLES, as_cited, cite, format_entry, plain_text

TAGS = re.compile(r"</?(?:i|b|sup|sub)>|<span class=\"(?:small-caps|roman)\">|</span>")
COPEMAN = {"family": "Copeman", "given": "William S. C."}


def article(**fields):
    return {
        "id": "copeman1944",
        "type": "article-journal",
        "title": "Fibrositis of the back",
        "author": [COPEMAN],
        "container-title": "Quarterly Journal of Medicine",
        "issued": {"date-parts": [[1944]]},
        "language": "en",
    } | fields


def vancouver(**fields):
    return plain_text(cite(article(**fields), "vancouver"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["family", "literal", "date-parts", "raw"]), inner)
    ),
    max_leaves=6,
)
FIELDS = (
    "title author editor issued accessed volume page edition container-title URL DOI genre type"
    " language number".split()
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(FIELDS), JSON | st.text(alphabet="<>&\"'/ib=\ue000\ue001 [].", max_size=30)
    )
)
def test_no_record_breaks_a_citation_or_brings_a_tag_of_its_own(item):
    for style in STYLES:
        text = cite(item, style, "es")
        assert "<" not in TAGS.sub("", text)
        assert not re.search(r"[\ue000-\uf8ff]", text)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("locale", LOCALES)
def test_hostile_fields_come_out_as_text(style, locale):
    hostile = '<img src=x onerror=alert(1)><i onclick="x">a</i></i><script>'
    item = article(
        title=hostile,
        author=[{"family": hostile, "given": hostile}],
        publisher=hostile,
        URL='javascript:"><b>',
        volume=hostile,
    )
    text = cite(item, style, locale)
    assert "<" not in TAGS.sub("", text)
    assert "onerror" in plain_text(text)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    "issued",
    [
        None,
        {},
        "1944",
        {"date-parts": None},
        {"date-parts": [[None]]},
        {"date-parts": [[]]},
        {"date-parts": [["", ""]]},
        [],
    ],
)
def test_a_date_that_says_nothing_is_no_date(style, issued):
    without = article()
    del without["issued"]
    assert format_entry(article(issued=issued), style) == format_entry(without, style)


def test_dates_given_as_words_or_figures_are_read():
    years = [
        {"date-parts": [["1944"]]},
        {"date-parts": [[1944, 13, 99]]},
        {"raw": "1944"},
        {"literal": "1944"},
    ]
    assert ["1944" in vancouver(issued=issued) for issued in years] == [True] * 4
    assert "1944 Winter" in vancouver(issued={"date-parts": [[1944]], "season": "4"})


def test_a_missing_or_unknown_type_still_gives_a_citation():
    for kind in (None, "", "no-such-type", 7):
        assert "Copeman WSC. Fibrositis of the back" in vancouver(type=kind)


def test_a_title_that_stands_for_the_author_is_printed_once():
    for style in STYLES:
        assert plain_text(cite(article(author=[]), style)).count("Fibrositis of the back") == 1


@pytest.mark.parametrize(
    ("given_names", "short", "spaced"),
    [
        ("William S. C.", "Copeman WSC", "Copeman, W. S. C."),
        ("WSC", "Copeman WSC", "Copeman, W. S. C."),
        ("W.S.C.", "Copeman WSC", "Copeman, W. S. C."),
        ("Jean-Pierre", "Copeman JP", "Copeman, J.-P."),
        ("Kan-ichiro", "Copeman K", "Copeman, K."),
        ("Mayane dos Santos", "Copeman M dos S", "Copeman, M. dos S."),
        ("Ó", "Copeman Ó", "Copeman, Ó."),
        ("", "Copeman", "Copeman."),
    ],
)
def test_initials(given_names, short, spaced):
    item = article(author=[{"family": "Copeman", "given": given_names}])
    assert plain_text(format_entry(item, "vancouver")).startswith(f"{short}. Fibrositis")
    assert plain_text(format_entry(item, "apa")).startswith(f"{spaced} (1944)")


@pytest.mark.parametrize(
    ("pages", "short", "full"),
    [
        ("833-837", "833–7", "833–837"),
        ("833-7", "833–7", "833–837"),
        ("1099–1104", "1099–104", "1099–1104"),
        ("98-103", "98–103", "98–103"),
        ("S12-S19", "S12–9", "S12–S19"),
        ("e1001", "e1001", "e1001"),
        ("12, 15-19", "12, 15–9", "12, 15–19"),
        ("837-833", "837–833", "837–833"),
        ("183-93; quiz 193-4", "183–93; quiz 193–4", "183–193; quiz 193–194"),
        ("20-29; author reply 29", "20–9; author reply 29", "20–29; author reply 29"),
        ("12 & 14-5;", "12 & 14–5", "12 & 14–15"),
    ],
)
def test_ranges_of_pages(pages, short, full):
    assert f"3:{short}." in vancouver(volume="3", page=pages)
    assert f", {full}." in plain_text(format_entry(article(volume="3", page=pages), "apa"))


def test_roman_pages_have_the_right_word_before_them():
    def chapter(pages):
        item = article(type="chapter", page=pages)
        return plain_text(format_entry(item, "apa"))

    assert "(p. xii)" in chapter("xii")
    assert "(pp. iv–xii)" in chapter("iv-xii")
    assert "(pp. iii, 20)" in chapter("iii, 20")


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("the back : a clinical study", "The Back : A Clinical Study"),
        ("pain — a handbook", "Pain — a Handbook"),
        ("dolor miofascial y disfunción", "Dolor Miofascial y Disfunción"),
        ("what to live with", "What to Live With"),
        ("living alongside JAMA in vitro", "Living alongside JAMA in Vitro"),
    ],
)
def test_english_titles_of_books_have_their_capitals(title, printed):
    book = article(type="book", title=title, **{"container-title": ""})
    assert printed in plain_text(format_entry(book, "ama"))


HOSTILE = [
    "\ud800", "\x00", "‮evil", "\ue000\ue00e", "{" * 300, "'\"" * 200, "<i>" * 200, "٣-٥", "²-³",
    "①", "-" * 400, "1" * 5000 + "-" + "1" * 4999, ",;&" * 200, "ﬀ-ﬃ", "IXIXIX-ivivi", "\u2028",
    "١٢٣", "𝟏𝟐-𝟏𝟓", "ß" * 50, "ǅ", "İ-ı", "\ufeff", "&amp;", "%s %d {0}", "\\1\\g<0>",
    "⅔", "\N{HANGUL FILLER}",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_any_string_in_any_field_is_written_by_the_style_itself(text, caplog):
    names = (
        "title volume issue page edition number chapter-number publisher URL DOI genre"
        " number-of-pages language container-title publisher-place"
    )
    fields = dict.fromkeys(names.split(), text)
    people = {role: [{"family": text, "given": text}] for role in ("author", "editor")}
    for kind in ("article-journal", "chapter", "book", "thesis", "webpage"):
        item = fields | people | {"id": "x", "type": kind, "issued": {"literal": text}}
        for style in STYLES:
            html = cite(item, style, "ca")
            assert "<" not in TAGS.sub("", html)
    assert not caplog.records, "a style failed, the plain entry stood in"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from([*"book chapter article-journal".split()]))
def test_whatever_stands_in_a_field_the_style_writes_it(text, kind):
    item = article(type=kind, title=text, page=text, volume=text, edition=text, number=text)
    for style in STYLES:
        format_entry(item | {"editor": [{"family": text, "given": text}]}, style, "es")


@pytest.mark.parametrize(
    ("title", "end"),
    [("Is it?", "Is it? Q"), ("Stop!", "Stop! Q"), ("A case.", "A case. Q"), ("One…", "One…. Q")],
)
def test_no_second_stop_after_a_title_that_has_one(title, end):
    assert end in vancouver(title=title)


def test_quotation_marks_are_those_of_the_language():
    item = article(title='The so-called "back mouse"')
    assert "“back mouse.” Quarterly" in plain_text(format_entry(item, "vancouver", "en"))
    assert "«back mouse». Quarterly" in plain_text(format_entry(item, "vancouver", "es"))
    assert "Copeman’s mice" in vancouver(title="Copeman's mice")


def test_spanish_and_catalan_have_their_own_words():
    book = {
        "type": "book",
        "title": "Dolor",
        "editor": [COPEMAN, COPEMAN],
        "edition": 3,
        "publisher": "Mar",
    }
    book["issued"] = {"date-parts": [[1999]]}
    assert (
        plain_text(format_entry(book, "vancouver", "es-ES"))
        == "Copeman WSC, Copeman WSC, editores. Dolor. 3.ª ed. Mar; 1999."
    )
    assert (
        plain_text(format_entry(book, "vancouver", "ca-ES"))
        == "Copeman WSC, Copeman WSC, editors. Dolor. 3a ed. Mar; 1999."
    )
    film = {"type": "motion_picture", "title": "Dolor", "issued": {"date-parts": [[1999, 6, 1]]}}
    assert (
        plain_text(format_entry(film, "apa", "es"))
        == "Dolor. (1999, junio 1). [Grabación de vídeo]."
    )


def test_a_year_suffix_tells_two_works_of_a_year_apart():
    assert "(1944b)" in plain_text(format_entry(article(), "apa", year_suffix="b"))


def test_the_title_can_carry_a_link_and_a_language():
    text = format_entry(
        article(title="<i>Mus</i> & back", type="book", **{"container-title": ""}),
        "apa",
        title=('<a href="/references/x/" lang="en">', "</a>"),
    )
    assert (
        '<i><a href="/references/x/" lang="en"><span class="roman">Mus</span> &amp; back</a></i>'
        in text
    )


def test_an_old_article_without_a_volume_was_not_published_online():
    assert (
        plain_text(cite(article(), "ama"))
        == "Copeman WSC. Fibrositis of the back. Quarterly Journal of Medicine. 1944."
    )
    recent = article(DOI="10.1000/x", issued={"date-parts": [[2024, 6]]})
    assert "Published online June 2024. doi:10.1000/x" in plain_text(cite(recent, "ama"))


def test_a_poster_outside_proceedings_is_a_presentation():
    poster = {
        "type": "paper-conference",
        "title": "Lumps",
        "author": [COPEMAN],
        "genre": "Poster",
        "event-place": "Glasgow",
    }
    poster |= {"event": "World Congress on Pain", "issued": {"date-parts": [[2008, 8, 17]]}}
    assert (
        plain_text(cite(poster, "ama"))
        == "Copeman WSC. Lumps. Poster presented at: World Congress on Pain; August 17, 2008;"
        " Glasgow."
    )
    assert (
        "[Poster]. Poster presented at: World Congress on Pain. 2008 Aug 17; Glasgow."
        in plain_text(cite(poster, "vancouver"))
    )
    del poster["event"]
    assert plain_text(cite(poster, "ama")) == "Copeman WSC. Lumps. August 17, 2008."


def test_a_poster_printed_in_a_journal_keeps_its_volume():
    poster = article(type="paper-conference", genre="Poster", volume="5", issue="1", page="229")
    assert plain_text(cite(poster, "vancouver")).endswith(
        "[Poster]. Quarterly Journal of Medicine. 1944;5(1):229."
    )
    assert plain_text(cite(poster, "harvard")).endswith("Quarterly Journal of Medicine 5, 229.")
    assert "In: Quarterly" in plain_text(cite(poster | {"publisher": "Mar"}, "vancouver"))


def test_a_translated_title_ends_with_the_language_of_the_work():
    fields = {"title": "[Fat herniation]", "language": "de", "volume": "98", "page": "120-122"}
    assert vancouver(**fields).endswith("1944;98:120–2. German.")
    assert plain_text(cite(article(**fields), "vancouver", "es")).endswith("1944;98:120-2. Alemán.")
    assert plain_text(cite(article(**fields), "vancouver", "de")).endswith("120–2.")
    assert not plain_text(cite(article(**fields), "apa")).endswith("German.")


def test_a_work_the_style_would_not_list_is_listed_all_the_same():
    letter = {
        "id": "letter",
        "type": "personal_communication",
        "title": "On injections",
        "author": [COPEMAN],
    }
    assert format_entry(letter, "apa") == ""
    assert plain_text(cite(letter, "apa")) == "Copeman, W. S. C. (n.d.). On injections."
    assert cite({"id": "bare<"}, "vancouver") == "bare&lt;"


def test_adjusting_leaves_the_record_alone():
    item = article()
    before = dict(item)
    as_cited(item, "ama")
    assert item == before


def test_seven_thousand_authors_are_one_entry():
    item = article(author=[{"family": f"Family{n}", "given": "A. B."} for n in range(7000)])
    assert vancouver(author=item["author"]).startswith(
        "Family0 AB, Family1 AB, Family2 AB, Family3 AB, Family4 AB, Family5 AB, et al. F"
    )
    assert "Family18, A. B., … Family6999, A. B. (1944)" in plain_text(format_entry(item, "apa"))


def test_many_threads_write_the_same_entries():
    items = [article(title=f"Work {n}", author=[] if n % 2 else [COPEMAN]) for n in range(20)]
    expected = [format_entry(item, "apa", "ca") for item in items]
    results = []
    threads = [
        threading.Thread(
            target=lambda: results.append([format_entry(item, "apa", "ca") for item in items])
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


def test_plain_text_shows_what_a_reader_sees():
    assert (
        plain_text(
            "<i>R&amp;D &lt;b&gt;</i> &quot;x&quot; it&#x27;s <a href='/x'>H<sub>2</sub>O</a>"
        )
        == 'R&D <b> "x" it\'s H2O'
    )
