"""What is read out of what was typed, and that nothing typed can break it."""

import pytest
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publishing import search
from publishing.search import words
from tests.factories import PostFactory, ReferenceFactory

SIGNS = st.sampled_from(
    "author: year: in: lang: -author: año: 1940-1959 library es nodules \" - OR | ( ) * : ^ ' \\ %"
    " %s & ! <-> NEAR AND NOT “ ” ñ 脂肪 الظهر \x00".split(" ")
)
TYPED = st.text(max_size=60) | st.lists(SIGNS | st.text(max_size=8), max_size=30).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), "".join(parts)])
)


@pytest.mark.django_db
@given(typed=TYPED)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_nothing_typed_is_ever_an_error(typed):
    results = search.run(typed)
    for hit in search.hits(results.entries[:3], results.query):
        assert escape(hit.title) == hit.title
    search.suggest(typed)
    ids = search.matching(typed, "post")
    assert ids is None or list(ids) == []


@pytest.mark.django_db
@given(title=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_title_can_be_indexed_and_found_by_its_first_word(title):
    post = PostFactory(title=title, slug=f"p{abs(hash(title))}")
    found = words.cut(title)
    if found:
        assert post.pk in [entry.page_id for entry in search.run(f'"{found[0]}"').entries]
    post.delete()


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text):
    assert search.fold(search.fold(text)) == search.fold(text)


@given(st.text("aZ0 -'._x9\n", max_size=60))
def test_a_text_of_ascii_is_cut_as_one_that_has_other_signs(text):
    assert list(words.compounds(text)) == list(words.compounds(f"{text} …"))


@given(st.text(max_size=80))
def test_a_query_is_read_within_bounds(text):
    query = search.parse(text * 40)
    assert sum(len(term.tokens) for term in query.terms) <= 24


def test_five_thousand_words_are_cut_to_what_can_be_answered():
    assert len(search.parse("word " * 5_000).groups) <= 24


@pytest.mark.parametrize(
    ("one", "other", "wrong"),
    [
        ("copeman", "copeman", 0),
        ("copemann", "copeman", 1),
        ("nodlues", "nodules", 1),
        ("fat", "mice", 4),
        ("", "ab", 2),
    ],
)
def test_wrong_letters_are_counted(one, other, wrong):
    assert words.distance(one, other) == wrong == words.distance(other, one)


# Marks and excerpts


def test_marks_are_safe():
    assert (
        search.mark("<b>Mice</b> & <i>men", "mice")
        == "&lt;b&gt;<mark>Mice</mark>&lt;/b&gt; &amp; &lt;i&gt;men"
    )


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("La Enfermedad", "enfermedades", "La <mark>Enfermedad</mark>"),
        ("Nódulos", "nodulo", "<mark>Nódulos</mark>"),
        ("No\u0301dulos", "nodulo", "<mark>Nódulos</mark>"),
        ("Lagèze and Lager", "lageze", "<mark>Lagèze</mark> and Lager"),
        ("nodule, nodules", '"nodule"', "<mark>nodule</mark>, nodules"),
        ("a sacro-iliac joint", "sacroiliac", "a <mark>sacro-iliac</mark> joint"),
        ("l’hèrnia", "hernia", "l’<mark>hèrnia</mark>"),
        ("腰痛と脂肪", "脂肪", "腰痛と<mark>脂</mark><mark>肪</mark>"),
        (
            "fat father fatty",
            "fat -fatty",
            "<mark>fat</mark> <mark>father</mark> <mark>fatty</mark>",
        ),
        ("in the back", "in:library back", "in the <mark>back</mark>"),
        ("William Copeman", "author:copeman", "William <mark>Copeman</mark>"),
        (
            "Hernia of fat, one of two",
            '"hernia of fat"',
            "<mark>Hernia</mark> of <mark>fat</mark>, one of two",
        ),
        ("To be of use", '"of"', "To be <mark>of</mark> use"),
    ],
)
def test_what_is_marked(text, typed, marked):
    assert search.mark(text, typed) == marked


def test_an_excerpt_is_a_whole_sentence_and_its_heading():
    text = (
        "Fat. "
        + "Nothing here. " * 60
        + "\n\x1fThrough the fascia\n"
        + "Before it. Herniation of fat through fascia. Then more of it. "
        + "Nothing more. " * 60
    )
    shown = search.excerpt(text, "herniation fat")
    assert shown.text.startswith("Herniation of fat through fascia. Then more of it.")
    assert shown.heading == "Through the fascia"
    assert shown.text.endswith("more.")
    assert len(shown.text) <= 220


def test_where_only_the_heading_has_the_words_the_text_under_it_is_shown():
    shown = search.excerpt("One.\n\x1fOf mice\nTwo. Three.\n\x1fOther\nFour.", "mice")
    assert shown == ("Two. Three.", "Of mice")


def test_a_sentence_too_long_is_cut_between_words():
    shown = search.excerpt("word " * 100 + "nodule " + "word " * 100, "nodule").text
    assert "nodule" in shown
    assert shown.startswith("… word")
    assert shown.endswith("word …")


def test_an_excerpt_of_a_short_text_is_all_of_it():
    assert search.excerpt("A few … words", "words").text == "A few … words"


def test_an_excerpt_does_not_cut_through_signs_that_fold_to_several():
    text = "… ½ ﬁ " * 200 + "the nodule " + "… " * 200
    assert "the nodule" in search.excerpt(text, "nodule").text


@pytest.mark.django_db
def test_a_result_never_lets_markup_through():
    ReferenceFactory(
        title="<script>alert(1)</script> nodules",
        abstract="<img src=x onerror=alert(1)> nodules",
        people=[],
    )
    hit = search.hits(search.find("nodules")[0], "nodules")[0]
    assert "<script" not in hit.title
    assert "<img" not in hit.excerpt
    assert "<mark>nodules</mark>" in hit.title
