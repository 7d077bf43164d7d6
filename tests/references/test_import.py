import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from references.formats import csljson
from references.formats.records import Name, Record
from references.library import save_records
from references.models import Notes, Person, Reference
from tests.factories import ChapterFactory, PersonFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[2] / "config/sample/library.csl.json"


def record(**fields):
    return Record(**{"citekey": "herz1952", "type": "article-journal", "title": "Fat herniation", "year": 1952, **fields})


def counts(outcome):
    return outcome.new, outcome.same, outcome.updated, len(outcome.refused)


# The sample library


def test_the_sample_library_comes_in_whole():
    outcome = save_records(csljson.parse(SAMPLE.read_text()).records)
    assert counts(outcome) == (90, 0, 0, 0)
    assert Reference.objects.count() == 90
    assert Reference.objects.exclude(doi=None).count() == 31
    assert Reference.objects.exclude(pmid=None).count() == 27
    assert Reference.objects.exclude(pmcid=None).count() == 8
    assert Reference.objects.exclude(translated_title="").count() == 12
    assert Reference.objects.exclude(full_text_url="").count() == 20
    assert Reference.objects.filter(language="es").count() == 4
    assert Reference.objects.exclude(language="en").count() == 12
    assert not Reference.objects.filter(country__regex=r"^.{3,}$").exists()
    assert not Reference.objects.filter(sort_key="").exists()


def test_the_sample_library_names_no_source_of_its_making():
    text = SAMPLE.read_text()
    for word in ('"evidence"', '"verified"', '"unverified_fields"', "stored page", "own knowledge"):
        assert word not in text


def test_well_known_records_are_right_field_by_field():
    save_records(csljson.parse(SAMPLE.read_text()).records)
    herz = Reference.objects.get(citekey="herz1952")
    assert (herz.type, herz.year, herz.volume, herz.issue, herz.pages) == ("article-journal", 1952, "11", "1", "30-35")
    assert (herz.container, herz.container_short) == ("Annals of the Rheumatic Diseases", "Ann Rheum Dis")
    assert (herz.doi, herz.full_text_url) == ("10.1136/ard.11.1.30", "https://doi.org/10.1136/ard.11.1.30")
    assert (herz.language, herz.country, herz.study_design) == ("en", "US", "case series")
    assert (herz.sample_size, herz.sample_unit) == (302, "patients")
    assert herz.authors_short == "Herz R"
    assert {tag.slug for tag in herz.tags.all()} >= {"back-mice", "fat-herniation"}

    voigt = Reference.objects.get(citekey="schmidtvoigt1953")
    assert voigt.title == "Das lipomatöse Kreuzbeinsyndrom: ein Beitrag zur Pathogenese des Kreuzschmerzes"
    assert voigt.translated_title == ("The lipomatous sacral syndrome: a contribution to the pathogenesis of low back pain")
    assert (voigt.language, voigt.country, voigt.sample_size) == ("de", "DE", 153)

    lageze = Reference.objects.get(citekey="lageze1929")
    assert (lageze.type, lageze.title, lageze.translated_title) == ("thesis", "", "Cellulalgic infiltrates")

    jama = Reference.objects.get(citekey="herz1945")
    assert (jama.issued_iso, jama.container_short) == ("1945-07-28", "JAMA")

    murinova = Reference.objects.get(citekey="murinova2016")
    assert murinova.type == "chapter"
    assert murinova.authorships.filter(role="editor").exists()

    unverified = Reference.objects.get(citekey="kopell1962")
    assert unverified.record_note == "The names of the authors were not verified."


def test_one_person_is_one_person():
    save_records(csljson.parse(SAMPLE.read_text()).records)
    assert Person.objects.get(family="Copeman").references.count() == 6


def test_importing_twice_changes_nothing():
    records = csljson.parse(SAMPLE.read_text()).records
    save_records(records)
    before = list(Reference.objects.order_by("pk").values_list("pk", "changed"))
    assert counts(save_records(csljson.parse(SAMPLE.read_text()).records)) == (0, 90, 0, 0)
    assert counts(save_records(csljson.parse(SAMPLE.read_text()).records, update=True)) == (0, 90, 0, 0)
    assert list(Reference.objects.order_by("pk").values_list("pk", "changed")) == before


# Matching


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"doi": "10.1136/ard.11.1.30"}, {"doi": "https://doi.org/10.1136/ARD.11.1.30"}),
        ({"pmid": "21006920"}, {"pmid": "PMID: 21006920"}),
        ({"pmcid": "PMC2441105"}, {"pmcid": "2441105"}),
    ],
)
def test_a_work_is_known_by_its_identifiers(ours, theirs):
    ReferenceFactory(citekey="mine", **ours)
    assert counts(save_records([record(citekey="other", **theirs)])) == (0, 1, 0, 0)
    assert Reference.objects.get().citekey == "mine"


def test_what_the_author_wrote_stays_unless_told_otherwise():
    ReferenceFactory(citekey="herz1952", title="Her title", volume="")
    assert counts(save_records([record(volume="11")])) == (0, 1, 0, 0)
    assert (Reference.objects.get().title, Reference.objects.get().volume) == ("Her title", "")
    assert counts(save_records([record(volume="11")], update=True)) == (0, 0, 1, 0)
    assert (Reference.objects.get().title, Reference.objects.get().volume) == ("Fat herniation", "11")


def test_an_update_keeps_what_the_file_does_not_say():
    ReferenceFactory(citekey="herz1952", abstract="Her abstract", reading_state="read", tags=["mine"])
    save_records([record(tags=["theirs"])], update=True)
    herz = Reference.objects.get()
    assert (herz.abstract, herz.reading_state) == ("Her abstract", "read")
    assert {tag.name for tag in herz.tags.all()} == {"mine", "theirs"}


def test_a_record_with_the_keys_of_two_works_is_refused():
    ReferenceFactory(citekey="one", doi="10.1000/one")
    ReferenceFactory(citekey="two", pmid="2")
    outcome = save_records([record(citekey="x", doi="10.1000/one", pmid="2", number=7)])
    assert counts(outcome) == (0, 0, 0, 1)
    assert outcome.refused[0].number == 7
    assert "one" in outcome.refused[0].reason
    assert "two" in outcome.refused[0].reason


def test_two_records_of_one_file_with_one_doi_are_one_work():
    outcome = save_records([record(citekey="a", doi="10.1000/x"), record(citekey="b", doi="10.1000/X")])
    assert counts(outcome) == (1, 1, 0, 0)


def test_people_are_found_by_their_whole_name():
    known = PersonFactory(family="Herz", given="Ralph")
    names = [Name("Herz", "Ralph"), Name("Herz", "R."), Name("Herz", "Ralph", "Jr"), Name("Herz", literal=True)]
    save_records([record(names=names)])
    people = [row.person for row in Reference.objects.get().authorships.all()]
    assert people[0] == known
    assert len(set(people)) == 4


def test_names_stand_in_the_order_of_the_file_and_once():
    names = [Name("B"), Name("A"), Name("B"), Name("A", role="editor")]
    save_records([record(names=names)])
    rows = Reference.objects.get().authorships.values_list("person__family", "role", "position")
    assert list(rows) == [("B", "author", 1), ("A", "author", 2), ("A", "editor", 3)]


def test_a_record_without_a_usable_citekey_gets_one():
    save_records([record(citekey="http://zotero.org/items/1", names=[Name("Núñez Vega")])])
    save_records([record(citekey="", title="Another", names=[Name("Núñez Vega")])])
    assert set(Reference.objects.values_list("citekey", flat=True)) == {"nunezvega1952", "nunezvega1952b"}


def test_an_unknown_kind_of_work_is_kept_as_its_genre():
    save_records([record(type="legal_case")])
    assert (Reference.objects.get().type, Reference.objects.get().genre) == ("document", "legal case")


def test_a_hundred_authors_are_no_trouble():
    save_records([record(names=[Name(f"Family{n}", "A.") for n in range(100)])])
    assert Reference.objects.get().authors_short.endswith(", et al")
    assert Reference.objects.get().authorships.count() == 100


# What is refused


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Give the title"),
        ({"doi": "12"}, "no DOI"),
        ({"year": 99999}, "2200"),
        ({"full_text_url": "javascript:alert(1)"}, "valid URL"),
        ({"volume": "x" * 60}, "50"),
        ({"names": [Name("x" * 200)]}, "150"),
    ],
)
def test_a_bad_record_is_refused_with_its_reason_and_the_good_ones_come_in(wrong, words):
    good = record(citekey="good")
    outcome = save_records([record(citekey="bad", number=1, **wrong), good])
    assert counts(outcome) == (1, 0, 0, 1)
    assert words in outcome.refused[0].reason
    assert list(Reference.objects.values_list("citekey", flat=True)) == ["good"]


def test_a_refused_update_leaves_the_work_alone():
    ReferenceFactory(citekey="herz1952", title="Hers")
    outcome = save_records([record(year=99999), record()], update=True)
    assert counts(outcome) == (0, 0, 1, 1)
    assert Reference.objects.get().year == 1952


def test_a_page_that_waited_for_a_work_is_numbered_when_it_comes():
    chapter = ChapterFactory(body=f"<p>See {cite('herz1952')}.</p>")
    assert "[?]" in chapter.body_html
    save_records([record()])
    chapter.refresh_from_db()
    assert "[1]" in chapter.body_html
    assert Reference.objects.get().citations.count() == 1


# The command


def test_the_command_brings_in_the_good_half_and_lists_the_rest(tmp_path, capsys):
    items = [{"id": "good", "title": "Good"}, {"id": "empty"}, "words", {"id": "bad", "title": "Bad", "DOI": "nope"}]
    path = tmp_path / "half.json"
    path.write_text(json.dumps(items))
    call_command("import_references", str(path))
    said = capsys.readouterr()
    assert "1 new, 0 updated, 0 already there, 3 refused" in said.out
    assert [line.split(":")[0].strip() for line in said.err.splitlines()] == [
        "record 2 (empty)",
        "record 3",
        "record 4 (bad)",
    ]
    assert Reference.objects.get().citekey == "good"


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00bad"])
def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path, content):
    path = tmp_path / "file.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=r"file\.json: "):
        call_command("import_references", str(path))


def test_an_import_makes_no_notes_public():
    save_records(csljson.parse(SAMPLE.read_text()).records)
    assert not Notes.objects.exists()
