import unicodedata

import pytest

from publishing.text import bounded, nfc


@pytest.mark.parametrize(
    "text",
    ["plain", "Lagèze", "e\u0301", "ﷺ", "Z̷̡̛a͜l̢g͏o", "नमस्ते", "a" + "\u0301\u0316" * 15, "漢" * 40],
)
def test_what_people_write_is_only_composed(text):
    assert nfc(text) == unicodedata.normalize("NFC", text)


def test_of_more_than_thirty_marks_on_a_letter_thirty_stay():
    assert bounded("xa" + "\u0301" * 200 + "b") == "xa" + "\u0301" * 30 + "b"


def test_every_sign_that_normalising_sorts_counts_as_a_mark():
    def sorts(char):
        return unicodedata.combining(unicodedata.normalize("NFD", char)[0])

    marks = [char for char in map(chr, range(0x110000)) if sorts(char)]
    assert len(marks) > 800
    assert all(len(bounded("a" + char * 40)) == 31 for char in marks)
