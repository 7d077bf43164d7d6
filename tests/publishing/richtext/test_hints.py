"""What may want another look in a text: claims without citation, DOIs that cannot be right."""

import pytest

from publishing.richtext import hints, sanitise
from tests.factories import cite

CITED = cite("a1")


def claims(html):
    return hints.of_tree(sanitise.parse(html)).claims


@pytest.mark.parametrize(
    "sentence",
    [
        "In 37 % of them a nodule was felt.",
        "The difference was small (p < 0.05).",
        "Of 40 patients, 12 had pain again.",
        "A later study found no such link.",
        "It has been shown that fat herniates.",
        "El 12% mejoró al mes.",
        "Un estudio encontró nódulos en la fascia.",
        "Se ha demostrado que duele.",
        "Un estudi va trobar nòduls a la fàscia.",
        "S'ha observat en 12 persones.",
    ],
)
def test_a_sentence_that_says_a_number_or_a_finding_wants_a_citation(sentence):
    assert claims(f"<p>{sentence}</p>") == [sentence]
    assert claims(f"<p>{sentence[:-1]} {CITED}.</p>") == []
    assert claims(f"<p>{sentence}{CITED}</p>") == []


@pytest.mark.parametrize(
    "sentence",
    [
        "They lie beside the spine.",
        "Copeman wrote of it in 1944.",
        "See chapter 2.2 and figure 3.",
        "I study nodules.",
        "Escribió sobre ello en 1937.",
        "Se'n parla al capítol 3.",
    ],
)
def test_years_numbers_of_chapters_and_plain_words_do_not(sentence):
    assert claims(f"<p>{sentence}</p>") == []


def test_each_sentence_is_judged_by_itself():
    text = f"<p>Of 40 patients 12 had pain.{CITED} A study found more. So it goes.</p>"
    assert claims(text) == ["A study found more."]


def test_a_citation_in_emphasis_or_a_footnote_counts():
    assert claims(f"<p>It was <em>12 % {CITED}</em>.</p>") == []
    assert claims(f'<p>It was 12 %<span class="fn">After {CITED}.</span>.</p>') == []


@pytest.mark.parametrize(
    "other",
    [
        "<blockquote><p>In 37 % of them.</p></blockquote>",
        '<div class="own"><p>I think 37 % of them.</p></div>',
        '<div class="claim"><p>In 37 % of them.</p><p class="source">Ries, 1937</p></div>',
    ],
)
def test_who_else_speaks_needs_none(other):
    assert claims(other) == []


def test_sentences_end_not_at_initials_or_short_forms():
    assert hints.split("Seen by Dr. W. Herz, e.g. in 1945. Then not.") == [
        "Seen by Dr. W. Herz, e.g. in 1945.",
        "Then not.",
    ]


def test_dois_that_cannot_be_right_are_named():
    text = (
        '<p><a href="https://doi.org/10.1000/ok">a</a> <a href="https://doi.org/11.1/x">b</a>'
        " doi:10.1/short and doi:10.1234/fine.</p>"
    )
    assert hints.of_tree(sanitise.parse(text)).identifiers == ["11.1/x", "10.1/short"]


def test_of_a_long_text_the_first_are_named():
    text = "<p>" + "A study found 12 % of them. " * 5000 + "</p>"
    found = hints.of_tree(sanitise.parse(text))
    assert len(found.claims) == hints.MOST
    assert found.cut
    assert found.words == 35_000
