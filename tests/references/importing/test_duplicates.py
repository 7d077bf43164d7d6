"""When is a record a work we have, and what is done with what it says differently."""

import pytest

from references.formats.records import Name, Record
from references.importing import pending, save
from references.importing.save import compare, save_records
from references.models import Reference
from tests.factories import AuthorUserFactory, PersonFactory, ReferenceFactory

pytestmark = pytest.mark.django_db


def record(**fields):
    return Record(
        **{
            "citekey": "herz1952",
            "type": "article-journal",
            "title": "Fat herniation",
            "year": 1952,
            **fields,
        }
    )


def counts(outcome):
    return outcome.new, outcome.same, outcome.differs, outcome.updated, len(outcome.refused)


def ours(**fields):
    """A work of the library that says no more than it must."""
    values = {
        "container": "",
        "container_short": "",
        "volume": "",
        "pages": "",
        "language": "",
        "people": [],
    }
    return ReferenceFactory(**{**values, "title": "Fat herniation", "year": 1952, **fields})


def verdicts(*records):
    return [
        found.verdict if hasattr(found, "verdict") else "refused"
        for _record, found, _twin in compare(records)
    ]


# One work

# Volumes may carry the ISBN of the whole: it says that two are one where the titles agree.
BOOK = {"type": "book", "title": "Rheumatism"}


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"doi": "10.1136/ard.11.1.30"}, {"doi": "https://doi.org/10.1136/ARD.11.1.30"}),
        ({"pmid": "21006920"}, {"pmid": "PMID: 21006920"}),
        ({"pmcid": "PMC2441105"}, {"pmcid": "2441105"}),
        ({**BOOK, "isbn": "0306406152"}, {**BOOK, "isbn": "978-0-306-40615-7"}),
        ({**BOOK, "isbn": "9780306406157"}, {**BOOK, "isbn": "0-306-40615-2"}),
    ],
)
def test_a_work_is_known_by_its_identifiers(mine, theirs):
    ours(citekey="mine", **{"title": "Wholly other words", **mine})
    save_records([record(citekey="other", **theirs)])
    assert Reference.objects.get().citekey == "mine"
    assert Reference.objects.get().title == mine.get("title", "Wholly other words")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Étude sur les infiltrats: «cellulalgie»", "Etude sur les infiltrats - cellulalgie."),
        ("Ønske om Łódź & the Œuvre", "Onske om Lodz the oeuvre"),
        ("The back-mouse", "The Back Mouse"),
        ("脂肪ヘルニア", "脂肪ヘルニア"),
    ],
)
def test_without_identifiers_title_year_and_first_author_tell_it(mine, theirs):
    lageze = PersonFactory(family="Lagèze", given="Pierre")
    work = ours(citekey="mine", title=mine, people=[lageze, PersonFactory()])
    known = record(citekey="x", title=theirs, names=[Name("LAGEZE", "P."), Name("Another")])
    (_record, found, _twin), *_rest = compare([known])
    assert found.held.reference == work


@pytest.mark.parametrize(
    "other",
    [
        {"year": 1954},
        {"title": "Fat herniation revisited"},
        {"names": [Name("Copeman")]},
        {"doi": "10.1000/other"},
        {"pmid": "999"},
        {"volume": "12", "pages": "1-3"},
    ],
)
def test_what_is_not_the_same_is_another_work(other):
    ours(
        citekey="mine",
        doi="10.1000/mine",
        pmid="1",
        volume="11",
        pages="30-35",
        people=[PersonFactory(family="Herz")],
    )
    values = {"citekey": "else", "names": [Name("Herz", "R.")], **other}
    assert verdicts(record(**values)) == ["new"]


@pytest.mark.parametrize("title", ["Editorial", "Fat", "Discussion"])
def test_a_short_title_alone_makes_no_work(title):
    ours(title=title, year=None)
    assert verdicts(record(citekey="x", title=title, year=None)) == ["new"]


def test_chapters_and_volumes_that_share_an_isbn_stay_apart():
    ours(citekey="book", title="Pain I", type="book", isbn="9780306406157", volume="1")
    assert verdicts(
        record(citekey="a", title="A chapter", type="chapter", isbn="9780306406157"),
        record(citekey="b", title="Another chapter", type="chapter", isbn="9780306406157"),
        record(citekey="c", title="Pain II", type="book", isbn="9780306406157", volume="2"),
    ) == ["new", "new", "new"]


def test_a_citekey_alone_is_no_proof():
    ours(citekey="smith2000", title="Lipomas of the back", year=2000)
    save_records([record(citekey="smith2000", title="Trigger points in runners", year=2000)])
    assert set(Reference.objects.values_list("citekey", flat=True)) == {"smith2000", "smith2000b"}
    assert verdicts(record(citekey="smith2000", title="Lipomas of the lower back", year=2000)) == [
        "differs"
    ]


def test_a_record_with_the_keys_of_two_works_is_refused():
    ours(citekey="one", doi="10.1000/one")
    ours(citekey="two", pmid="2")
    outcome = save_records([record(citekey="x", doi="10.1000/one", pmid="2", number=7, line=40)])
    assert counts(outcome) == (0, 0, 0, 0, 1)
    assert (outcome.refused[0].number, outcome.refused[0].line) == (7, 40)
    assert "one" in outcome.refused[0].reason
    assert "two" in outcome.refused[0].reason


@pytest.mark.parametrize("chunk", [1, 500])
def test_two_records_of_one_file_with_one_doi_are_one_work(chunk, monkeypatch):
    monkeypatch.setattr(save, "CHUNK", chunk)
    pair = [
        record(citekey="a", doi="10.1000/x", number=1),
        record(citekey="b", doi="10.1000/X", number=2),
    ]
    found = list(compare(pair))
    assert [each.verdict for _record, each, _twin in found] == ["new", "same"]
    assert found[1][2] == 1
    assert not Reference.objects.exists()
    assert counts(save_records(pair)) == (1, 1, 0, 0, 0)
    assert Reference.objects.get().citekey == "a"


def test_a_second_record_of_a_file_adds_to_the_first_where_asked():
    outcome = save_records(
        [record(doi="10.1000/x"), record(doi="10.1000/x", volume="11")], update=True
    )
    assert counts(outcome) == (1, 0, 0, 1, 0)
    assert Reference.objects.get().volume == "11"
    assert "11" in Reference.objects.get().citation_html


# Perhaps one work


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"year": 1953}, "the same title, but another year or none"),
        ({"year": None}, "the same title, but another year or none"),
        (
            {"names": [Name("Herz-López", "R.")]},
            "the same title, the author’s name in another form",
        ),
        ({"names": []}, "the same title, one names no people"),
        (
            {"title": "Herniation of fascial fat in low back pain: a study"},
            "the same title without its subtitle",
        ),
        ({"title": "Hernation of fascial fat in low back pain"}, "nearly the same title"),
    ],
)
def test_what_is_much_alike_is_perhaps_the_same_and_says_why(other, reason):
    title = "Herniation of fascial fat in low back pain"
    work = ours(citekey="mine", title=title, people=[PersonFactory(family="Herz")])
    values = {"citekey": "else", "title": title, "names": [Name("Herz", "R.")], **other}
    (_record, found, _twin), *_rest = compare([record(**values)])
    assert found.verdict == "perhaps"
    assert [(held.reference, str(judgement.reason)) for held, judgement in found.perhaps] == [
        (work, reason)
    ]


def test_what_is_perhaps_the_same_comes_in_unless_the_author_says_it_is_that_work():
    title = "Herniation of fascial fat in low back pain"
    work = ours(citekey="mine", title=title, people=[PersonFactory(family="Herz")])
    late = record(citekey="", title=title, year=1953, volume="7", names=[Name("Herz", "R.")])

    def it_is(match):
        match.take_as(work.pk)
        return {"volume"}

    assert counts(save_records([late], decide=it_is)) == (0, 0, 0, 1, 0)
    assert (Reference.objects.get().volume, Reference.objects.get().year) == ("7", 1952)
    assert counts(
        save_records([record(citekey="", title=title, year=1951, names=[Name("Herz", "R.")])])
    ) == (1, 0, 0, 0, 0)


def test_what_is_perhaps_an_earlier_record_of_its_file_comes_in_unless_she_says_so():
    title = "Herniation of fascial fat in low back pain"
    file = [
        record(number=number, citekey="", title=title, year=year, names=[Name("Herz", "R.")])
        for number, year in ((1, 1951), (2, 1952))
    ]
    held = pending.hold(AuthorUserFactory(), "two.ris", file)
    assert [row.verdict for row in held.records.order_by("number")] == ["new", "perhaps"]
    pending.confirm(held)
    assert not pending.bring_portion(held.pk)
    assert sorted(Reference.objects.values_list("year", flat=True)) == [1951, 1952]


def test_a_preprint_is_another_work_and_said_to_be_its_preprint():
    title = "Herniation of fascial fat in low back pain"
    ours(citekey="mine", title=title, people=[PersonFactory(family="Herz")])
    known = record(
        citekey="x", type="article", title=title, container="medRxiv", names=[Name("Herz", "R.")]
    )
    (_record, found, _twin), *_rest = compare([known])
    assert found.verdict == "new"
    assert [(held.reference.citekey, judgement.relation) for held, judgement in found.related] == [
        ("mine", "preprint")
    ]


def test_many_works_of_one_name_do_not_make_each_record_a_search_through_all(
    django_assert_max_num_queries,
):
    for number in range(60):
        ours(citekey=f"e{number}", title="Herniation of fascial fat in low back pain", people=[])
    with django_assert_max_num_queries(12):
        assert verdicts(
            record(citekey="x", title="Herniation of fascial fat in low back pain")
        ) == ["new"]


# What differs


def test_what_the_author_wrote_stays_unless_told_otherwise():
    ours(citekey="herz1952", title="Her title", doi="10.1000/x")
    theirs = {"doi": "10.1000/x", "volume": "11"}
    assert counts(save_records([record(**theirs)])) == (0, 0, 1, 0, 0)
    assert (Reference.objects.get().title, Reference.objects.get().volume) == ("Her title", "")
    assert counts(save_records([record(**theirs)], decide=save.take_missing)) == (0, 0, 0, 1, 0)
    assert (Reference.objects.get().title, Reference.objects.get().volume) == ("Her title", "11")
    assert counts(save_records([record(**theirs)], update=True)) == (0, 0, 0, 1, 0)
    assert (Reference.objects.get().title, Reference.objects.get().volume) == (
        "Fat herniation",
        "11",
    )
    assert counts(save_records([record(**theirs)], update=True)) == (0, 1, 0, 0, 0)


def test_only_the_fields_chosen_are_taken():
    ours(
        citekey="mine",
        title="Her title",
        doi="10.1000/x",
        issue="9",
        people=[PersonFactory(family="Herz")],
    )
    theirs = record(
        doi="10.1000/x", volume="11", issue="1", names=[Name("Herz", "Ralph")], tags=["fat"]
    )
    save_records([theirs], decide=lambda match: {"issue", "tags"})
    mine = Reference.objects.get()
    assert (mine.citekey, mine.title, mine.volume, mine.issue) == ("mine", "Her title", "", "1")
    assert [tag.name for tag in mine.tags.all()] == ["fat"]
    assert mine.people.get().given != "Ralph"
    assert "(1)" in mine.citation_html


def test_a_record_left_out_stays_out():
    outcome = save_records([record(), record(citekey="b", title="B")], decide=lambda match: None)
    assert outcome.skipped == 2
    assert not Reference.objects.exists()


def test_an_update_keeps_what_the_file_does_not_say():
    ours(citekey="herz1952", abstract="Her abstract", reading_state="read", tags=["mine"])
    save_records([record(tags=["theirs", "MINE"])], update=True)
    herz = Reference.objects.get()
    assert (herz.abstract, herz.reading_state) == ("Her abstract", "read")
    assert {tag.name for tag in herz.tags.all()} == {"mine", "theirs"}


def test_the_names_of_a_work_that_is_updated_are_replaced_in_their_order():
    ours(citekey="herz1952", people=[PersonFactory(family="Herz", given="R.")], doi="10.1000/x")
    save_records(
        [record(doi="10.1000/x", names=[Name("Bauwens", "P."), Name("Herz", "Ralph")])], update=True
    )
    assert Reference.objects.get().authors_short == "Bauwens P, Herz R"
    assert Reference.objects.get().match_keys.exists()


def test_and_others_is_said_in_the_note_on_the_record_and_known_again():
    theirs = {
        "names": [Name("Herz", "R.")],
        "authors_incomplete": True,
        "record_note": "Seen in print.",
    }
    save_records([record(**theirs)])
    assert (
        Reference.objects.get().record_note == "Seen in print. The list of authors is not complete."
    )
    assert verdicts(record(**theirs)) == ["same"]


def test_a_look_up_for_a_reference_is_about_that_reference():
    mine = ours(citekey="mine", title="Draft")
    other = ours(citekey="other", title="Other", doi="10.1000/other")
    outcome = save_records([record(pmid="7")], target=mine, decide=save.take_missing)
    assert outcome.changed == [mine.pk]
    assert Reference.objects.get(pk=mine.pk).pmid == "7"
    assert counts(save_records([record(doi=other.doi)], target=mine)) == (0, 0, 0, 0, 1)
