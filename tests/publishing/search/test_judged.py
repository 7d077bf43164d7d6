"""The measuring set of the search is what it says it is."""

import json
from collections import Counter

import pytest

from bench import finding
from config.demo import FOLDER


def queries(*names):
    return [each for name in names for each in finding.judged(name)]


def test_two_hundred_and_ten_queries_a_third_of_each_language_unseen():
    def languages(*names):
        return Counter(each.language for each in queries(*names))

    assert languages("seen", "unseen") == {"en": 40, "es": 40, "ca": 40}
    assert languages("unseen") == {"en": 13, "es": 13, "ca": 14}
    assert languages("seen-2") == {"en": 20, "es": 20, "ca": 20}
    assert languages("unseen-2") == {"en": 10, "es": 10, "ca": 10}


def test_no_query_is_asked_twice_and_every_kind_of_reader_asks():
    everything = queries(*finding.SETS)
    assert len({each.query.casefold() for each in everything}) == len(everything)
    assert {each.reader for each in everything} == {"patient", "doctor", "librarian"}


@pytest.mark.parametrize("name", finding.SETS)
def test_the_works_and_comments_it_names_are_in_the_sample(name):
    citekeys = {
        item["id"] for item in json.loads((FOLDER / "library.csl.json").read_text(encoding="utf-8"))
    }
    comments = finding.sample_comments()
    for each in queries(name):
        assert each.pages
        for page in each.pages:
            folder, _, key = page.rpartition("/")
            if page.startswith("q:"):
                assert page[2:] in comments
            elif folder == "references" and "*" not in key:
                assert key in citekeys
