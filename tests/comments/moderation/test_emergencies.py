"""Sixty sentences a language: the emergencies among them are found, the harmless ones raise no
alarm."""

from pathlib import Path

import pytest

from comments.moderation import flags

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[1] / "data" / "emergencies.tsv"
ROWS = [
    line.split("\t")
    for line in DATA.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
# Of ten sentences each that nobody looked at while the lists were made: fewest found, most false
# alarms.
UNSEEN = {"en": (8, 1), "es": (9, 1), "ca": (9, 1)}


def sentences(language, kind, which):
    return [text for *row, text in ROWS if row == [language, kind, which]]


def alarms(texts):
    return [text for text in texts if any(flag.kind == flags.CRISIS for flag in flags.find(text))]


@pytest.mark.parametrize("language", UNSEEN)
class TestSentences:
    def test_there_are_sixty_half_of_them_harmless_a_third_unseen(self, language):
        for kind in ("urgent", "harmless"):
            assert len(sentences(language, kind, "seen")) == 20
            assert len(sentences(language, kind, "unseen")) == 10

    def test_emergencies_are_known(self, language):
        urgent = sentences(language, "urgent", "seen")
        assert [text for text in urgent if text not in alarms(urgent)] == []

    def test_harmless_words_raise_no_alarm(self, language):
        assert alarms(sentences(language, "harmless", "seen")) == []

    def test_sentences_nobody_looked_at_fare_nearly_as_well(self, language):
        found, false = UNSEEN[language]
        assert len(alarms(sentences(language, "urgent", "unseen"))) >= found
        assert len(alarms(sentences(language, "harmless", "unseen"))) <= false


def test_without_apostrophes_and_in_capitals_it_is_the_same():
    assert alarms(["I DONT WANT TO BE HERE ANYMORE", "cant go on"]) != []


def test_a_gap_ends_with_the_sentence():
    assert alarms(["I cut the bread. Throw it out myself? No."]) == []
