"""How easily a text reads, by the formula of its language."""

import pytest

from publishing import readability

EASY = {
    "en": ["The lump is small.", "It is made of fat.", "You can feel it with a finger."],
    "es": ["El bulto es pequeño.", "Es de grasa.", "Se nota con el dedo."],
    "ca": ["El bony és petit.", "És de greix.", "Es nota amb el dit."],
}
HARD = {
    "en": ["Histopathological examination demonstrated encapsulated adipose proliferation."],
    "es": ["La exploración histopatológica demostró proliferación adiposa encapsulada."],
    "ca": ["L’exploració histopatològica demostrà proliferació adiposa encapsulada."],
}
FORMULAS = {"en": "Flesch Reading Ease", "es": "Szigriszt-Pazos (INFLESZ)", "ca": "LIX"}


@pytest.mark.parametrize("language", FORMULAS)
def test_short_words_in_short_sentences_read_easily(language):
    easy, hard = (readability.level(texts[language], language) for texts in (EASY, HARD))
    assert easy.formula == hard.formula == FORMULAS[language]
    assert easy.band in (readability.EASY, readability.VERY_EASY)
    assert hard.band == readability.HARD


def test_the_formula_is_the_published_one():
    """Two sentences, eight words, ten syllables."""
    found = readability.level(["The doctor saw it.", "It was a lipid."], "en")
    assert found.score == round(206.835 - 1.015 * 4 - 84.6 * 10 / 8)


def test_nothing_to_read_has_no_level():
    assert readability.level([], "en") is None
    assert readability.level(["12, 13."], "en") is None
    assert readability.level(["Der Knoten."], "de") is None


@pytest.mark.parametrize(
    ("word", "number"),
    [("ciudad", 2), ("poeta", 3), ("día", 2), ("buey", 1), ("queja", 2), ("ayuda", 3), ("país", 2)],
)
def test_spanish_syllables(word, number):
    assert readability.spanish_syllables(word) == number


@pytest.mark.parametrize(
    ("word", "number"), [("the", 1), ("made", 1), ("table", 2), ("houses", 2), ("lumped", 1)]
)
def test_english_syllables(word, number):
    assert readability.english_syllables(word) == number
