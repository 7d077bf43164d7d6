import dataclasses
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from reversion.models import Version
from taggit.models import TaggedItem

from publishing import search
from references import formats
from references.citing import entries
from references.exporting import files
from references.formats import csljson
from references.formats.records import Name, Record
from references.importing import save
from references.importing.save import save_records
from references.models import Notes, Person, Reference
from tests.factories import ChapterFactory, PersonFactory, ReferenceFactory, cite
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parents[3] / "config/sample/library.csl.json"


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


# The sample library


@pytest.fixture
@made_once
def sample(db):
    """What bringing it in gave."""
    return save_records(csljson.parse(SAMPLE.read_text()).records, formatted=False)


def test_the_sample_library_comes_in_whole(sample):
    outcome = sample
    assert counts(outcome) == (90, 0, 0, 0, 0)
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


def test_well_known_records_are_right_field_by_field(sample):
    herz = Reference.objects.get(citekey="herz1952")
    assert (herz.type, herz.year, herz.volume, herz.issue, herz.pages) == (
        "article-journal",
        1952,
        "11",
        "1",
        "30-35",
    )
    assert (herz.container, herz.container_short) == (
        "Annals of the Rheumatic Diseases",
        "Ann Rheum Dis",
    )
    assert (herz.doi, herz.full_text_url) == (
        "10.1136/ard.11.1.30",
        "https://doi.org/10.1136/ard.11.1.30",
    )
    assert (herz.language, herz.country, herz.study_design) == ("en", "US", "case series")
    assert (herz.sample_size, herz.sample_unit) == (302, "patients")
    assert herz.authors_short == "Herz R"
    assert {tag.slug for tag in herz.tags.all()} >= {"back-mice", "fat-herniation"}

    voigt = Reference.objects.get(citekey="schmidtvoigt1953")
    assert (
        voigt.title
        == "Das lipomatöse Kreuzbeinsyndrom: ein Beitrag zur Pathogenese des Kreuzschmerzes"
    )
    assert (
        voigt.translated_title
        == "The lipomatous sacral syndrome: a contribution to the pathogenesis of low back pain"
    )
    assert (voigt.language, voigt.country, voigt.sample_size) == ("de", "DE", 153)

    lageze = Reference.objects.get(citekey="lageze1929")
    assert (lageze.type, lageze.title, lageze.translated_title) == (
        "thesis",
        "",
        "Cellulalgic infiltrates",
    )

    jama = Reference.objects.get(citekey="herz1945")
    assert (jama.issued_iso, jama.container_short) == ("1945-07-28", "JAMA")

    murinova = Reference.objects.get(citekey="murinova2016")
    assert murinova.type == "chapter"
    assert murinova.authorships.filter(role="editor").exists()

    unverified = Reference.objects.get(citekey="kopell1962")
    assert unverified.record_note == "The names of the authors were not verified."


def test_one_person_is_one_person(sample):
    assert Person.objects.get(family="Copeman").references.count() == 6


def test_importing_twice_changes_nothing(sample):
    before = list(Reference.objects.order_by("pk").values_list("pk", "changed"))
    assert counts(save_records(csljson.parse(SAMPLE.read_text()).records, formatted=False)) == (
        0,
        90,
        0,
        0,
        0,
    )
    records = csljson.parse(SAMPLE.read_text()).records
    assert counts(save_records(records, update=True)) == (0, 90, 0, 0, 0)
    assert list(Reference.objects.order_by("pk").values_list("pk", "changed")) == before


# People and keys


def test_people_are_found_by_their_whole_name():
    known = PersonFactory(family="Herz", given="Ralph")
    names = [
        Name("Herz", "Ralph"),
        Name("Herz", "R."),
        Name("Herz", "Ralph", "Jr"),
        Name("Herz", literal=True),
    ]
    save_records([record(names=names)])
    people = [row.person for row in Reference.objects.get().authorships.all()]
    assert people[0] == known
    assert len(set(people)) == 4


def test_names_stand_in_the_order_of_the_file_and_two_of_one_name_are_two():
    names = [Name("B"), Name("A"), Name("B"), Name("A", role="editor")]
    save_records([record(names=names)])
    rows = Reference.objects.get().authorships.values_list("person__family", "role", "position")
    assert list(rows) == [
        ("B", "author", 1),
        ("A", "author", 2),
        ("B", "author", 3),
        ("A", "editor", 4),
    ]


def test_a_record_without_a_usable_citekey_gets_one():
    save_records([record(citekey="http://zotero.org/items/1", names=[Name("Núñez Vega")])])
    save_records([record(citekey="", title="Another", names=[Name("Núñez Vega")])])
    assert set(Reference.objects.values_list("citekey", flat=True)) == {
        "nunezvega1952",
        "nunezvega1952b",
    }


def test_an_unknown_kind_of_work_is_kept_as_its_genre():
    save_records([record(type="legal_case")])
    assert (Reference.objects.get().type, Reference.objects.get().genre) == (
        "document",
        "legal case",
    )


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
    assert counts(outcome) == (1, 0, 0, 0, 1)
    assert words in outcome.refused[0].reason
    assert list(Reference.objects.values_list("citekey", flat=True)) == ["good"]


def test_a_refused_update_leaves_the_work_alone():
    ReferenceFactory(citekey="herz1952", title="Hers", doi="10.1000/x")
    outcome = save_records(
        [record(doi="10.1000/x", year=99999), record(doi="10.1000/x")], update=True
    )
    assert counts(outcome) == (0, 0, 0, 1, 1)
    assert Reference.objects.get().year == 1952


def test_a_page_that_waited_for_a_work_is_numbered_when_it_comes():
    chapter = ChapterFactory(body=f"<p>See {cite('herz1952')}.</p>")
    assert "[?]" in chapter.body_html
    save_records([record()])
    chapter.refresh_from_db()
    assert "[1]" in chapter.body_html
    assert Reference.objects.get().citations.count() == 1


def test_an_import_makes_no_notes_public(sample):
    assert not Notes.objects.exists()


# The command


BIB = """@article{good, title={Good}, author={Herz, Ralph}, year={1952}}

@article{empty, year={1990}}

@article{bad, title={Bad}, volume={12
"""


def run(*args):
    """What the command said and its exit code."""
    try:
        call_command("import_references", *map(str, args))
    except SystemExit as end:
        return end.code
    return 0


def test_the_command_brings_in_the_good_half_and_lists_the_rest(tmp_path, capsys):
    path = tmp_path / "half.txt"
    path.write_text(BIB)
    assert run(path) == 1
    said = capsys.readouterr()
    assert (
        "1 new, 0 already there, 0 different and left as they are, 0 updated, 2 refused" in said.out
    )
    assert [line.split(": refused:")[0].strip() for line in said.err.splitlines()] == [
        "record 2, line 3 (empty)",
        "record 3, line 5 (bad)",
    ]
    good = Reference.objects.get()
    assert (good.citekey, good.authors_short) == ("good", "Herz R")
    assert "Good" in good.citation_html


def test_the_command_leaves_what_differs_and_says_so(tmp_path, capsys):
    ReferenceFactory(citekey="mine", title="Hers", doi="10.1000/x", volume="", abstract="")
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps(
            [{"id": "a", "title": "Theirs", "DOI": "10.1000/x", "volume": "2", "abstract": "Words"}]
        )
    )
    assert run(path) == 0
    assert "mine differs in title, volume, abstract" in capsys.readouterr().out
    assert run(path, "--fill", "--fields", "volume") == 0
    mine = Reference.objects.get()
    assert (mine.title, mine.volume, mine.abstract) == ("Hers", "2", "")
    assert run(path, "--update") == 0
    mine = Reference.objects.get()
    assert (mine.title, mine.abstract) == ("Theirs", "Words")


def test_a_dry_run_writes_nothing(tmp_path, capsys):
    path = tmp_path / "a.bib"
    path.write_text(BIB)
    assert run(path, "--dry-run") == 1
    assert "1 new" in capsys.readouterr().out
    assert not Reference.objects.exists()
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00bad", b"", b"%PDF-1.4 ...", b"words", b"\x00" * 50]
)
def test_a_file_of_another_kind_is_refused_in_plain_words(tmp_path, content, capsys):
    path = tmp_path / "file.bib"
    path.write_bytes(content)
    assert run(path) == 1
    assert "refused: " in capsys.readouterr().err


def test_a_missing_file_is_one_clear_line(tmp_path):
    with pytest.raises(CommandError, match=r"file\.json: "):
        call_command("import_references", str(tmp_path / "file.json"))


def test_fields_must_be_known(tmp_path):
    with pytest.raises(CommandError, match="No such field: colour"):
        call_command("import_references", "x", "--update", "--fields", "colour")


def test_stopped_half_way_it_goes_on_when_it_is_run_again(tmp_path, monkeypatch):
    monkeypatch.setattr(save, "CHUNK", 1)
    path = tmp_path / "a.bib"
    path.write_text("@article{a, title={A}}\n@article{b, title={B}}")
    written = save.Batch.write
    with monkeypatch.context() as patch:
        patch.setattr(
            save.Batch,
            "write",
            lambda self: written(self) if not Reference.objects.count() else 1 / 0,
        )
        with pytest.raises(ZeroDivisionError):
            call_command("import_references", str(path))
    assert Reference.objects.get().citekey == "a"
    call_command("import_references", str(path))
    assert [work.citekey for work in Reference.objects.order_by("citekey")] == ["a", "b"]


# Long files


def test_seven_thousand_authors_on_one_record():
    names = [Name(f"Family{n}", "A.") for n in range(7000)]
    save_records([record(names=names)], formatted=False)
    assert Reference.objects.get().authorships.count() == 7000
    assert Person.objects.filter(slug="a-family6999").exists()


def test_many_records_ask_the_database_little(django_assert_max_num_queries):
    several = [record(citekey=f"k{n}", title=f"Title {n}", names=[Name(f"Family{n % 7}")],
        tags=["a", f"t{n % 9}"])
               for n in range(200)]  # fmt: skip
    with django_assert_max_num_queries(40):
        outcome = save_records(several, formatted=False)
    assert outcome.new == 200
    assert save.pending_count() == 200


def test_formatting_can_wait_and_be_taken_up_again():
    told = []
    save_records(
        [record(citekey=f"k{n}", title=f"Title {n}", names=[Name("Herz")]) for n in range(50)],
        formatted=False,
    )
    assert Reference.objects.first().authors_short == "Herz"
    assert save.format_pending(limit=20) == 20
    assert save.pending_count() == 30
    assert save.format_pending(told.append) == 30
    assert told[-1] == 30
    assert not Reference.objects.filter(citation_html="").exists()
    assert len(search.matching("title", "reference")) == 50
    assert len(search.matching("herz", "person")) == 1


def test_what_was_brought_in_keeps_its_subjects_and_more_works_ask_no_more(
    django_assert_num_queries,
):
    def bring(*numbers):
        several = [
            record(citekey=f"k{n}", title=f"Title {n}", tags=["fat", f"t{n}"]) for n in numbers
        ]
        save_records(several, formatted=False)

    bring(0, 1)
    save.format_pending()
    bring(*range(2, 5))
    with CaptureQueriesContext(connection) as asked:
        save.format_pending()
    bring(*range(5, 20))
    with django_assert_num_queries(len(asked)):
        save.format_pending()
    for work in Reference.objects.all():
        version = Version.objects.get_for_object(work).get()
        rows = Version.objects.get_for_model(TaggedItem).filter(revision=version.revision)
        kept = {row.field_dict["tag_id"] for row in rows if row.field_dict["object_id"] == work.pk}
        assert kept == {tag.pk for tag in work.tags.all()}, work.citekey


def test_entries_are_computed_before_the_lock_and_anew_where_a_work_changed_meanwhile(monkeypatch):
    save_records([record(title="The title of the file")], formatted=False)
    write, under = entries.fill_styles, len(connection.savepoint_ids)
    locked = []

    def write_while_she_corrects(reference):
        locked.append(len(connection.savepoint_ids) > under)
        if len(locked) == 1:
            Reference.objects.update(title="The title she corrected")
        write(reference)

    monkeypatch.setattr(entries, "fill_styles", write_while_she_corrects)
    save.format_pending()
    work = Reference.objects.get()
    assert "The title she corrected" in work.citation_html
    assert "The title she corrected" in work.kept_citations["en-US"]["apa"]
    assert locked == [False, True]


def test_people_and_tags_of_one_name_get_their_own_addresses():
    PersonFactory(family="Herz", given="")
    names = [Name("Herz", suffix=""), Name("Hérz"), Name("Herz", literal=True)]
    save_records([record(names=names, tags=["Fat pad", "fat-pad", "FAT PAD"])])
    assert Person.objects.values("slug").distinct().count() == Person.objects.count() == 3
    assert {tag.name for tag in Reference.objects.get().tags.all()} == {"Fat pad", "fat-pad"}


def test_citekeys_are_free_whatever_the_file_says():
    several = [
        record(citekey=key, title=f"Title {n}")
        for n, key in enumerate(["a", "a", "a", "evidence", "x y"])
    ]
    several += [record(citekey="", title=f"Words {n}", year=None) for n in range(40)]
    save_records(several, formatted=False)
    keys = set(Reference.objects.values_list("citekey", flat=True))
    assert len(keys) == 45
    assert {"a", "ab", "ac"} <= keys
    assert "evidence" not in keys


# The round trip


@pytest.mark.parametrize("ending", ["bib", "ris", "nbib", "csl.json"])
def test_the_whole_library_goes_out_and_comes_back_the_same(ending, sample):
    many = record(citekey="many", names=[Name("Herz")], authors_incomplete=True)
    save_records([many], formatted=False)
    before = {each.citekey: each for each in files.records(Reference.objects.order_by("pk"))}
    text = "".join(formats.write(files.records(Reference.objects.order_by("pk")), ending))
    Reference.objects.all().delete()
    Person.objects.all().delete()
    parsed = formats.parse(text.encode())
    assert parsed.refused == []
    assert save_records(parsed.records, formatted=False).new == len(before) == 91
    after = {each.citekey: each for each in files.records(Reference.objects.order_by("pk"))}
    for citekey, each in before.items():
        assert dataclasses.asdict(each) == dataclasses.asdict(after[citekey])


def test_the_command_writes_what_the_other_command_reads(tmp_path, capsys):
    ReferenceFactory(citekey="herz1952", title="Größe & “nodules”")
    for ending in ("bib", "ris", "nbib", "csl.json", "csv"):
        path = tmp_path / f"library.{ending}"
        call_command("export_references", str(path))
        assert "1 references" in capsys.readouterr().out
        if ending != "csv":
            assert run(path) == 0
            assert "1 already there" in capsys.readouterr().out
    call_command("export_references", "-", format="bib")
    assert "herz1952" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no format ends like this"):
        call_command("export_references", str(tmp_path / "library.txt"))
    with pytest.raises(CommandError, match="No such file or directory"):
        call_command("export_references", str(tmp_path / "nowhere" / "a.bib"))


def test_what_an_import_brings_or_changes_is_kept_as_a_version():
    save_records([record(year=1935, doi="10.1000/x")])
    work = Reference.objects.get()
    assert [each.field_dict["title"] for each in Version.objects.get_for_object(work)] == [
        "Fat herniation"
    ]
    Version.objects.all().delete()
    assert save_records([record(year=1936, doi="10.1000/x")], update=True).updated == 1
    assert [each.field_dict["year"] for each in Version.objects.get_for_object(work)] == [
        1936,
        1935,
    ]


# Two of one name, and what is hers alone


@pytest.mark.parametrize("ending", ["bib", "ris", "nbib", "csl.json"])
def test_two_authors_of_one_name_are_two_in_and_out(client, ending):
    names = [Name("Li", "J."), Name("Li", "J."), Name("Zhang", "L.")]
    save_records([record(citekey="li2016", names=names)])
    reference = Reference.objects.get()
    assert reference.authors_short == "Li J, Li J, Zhang L"
    assert Person.objects.count() == 2
    written = client.get(f"/references/li2016.{ending}").getvalue()
    assert [name.person for name in formats.parse(written).records[0].names] == [
        name.person for name in names
    ]
    again = save_records(formats.parse(written).records)
    assert (again.new, again.same) == (0, 1)


def test_a_private_note_comes_in_and_goes_nowhere(client):
    save_records(
        formats.parse(
            b"TY  - JOUR\nTI  - Nodules\nPY  - 1952\nDO  - 10.5555/n\nN1  - Ask her brother\nER "
            b" - \n"
        ).records
    )
    reference = Reference.objects.get()
    assert reference.private_note == "Ask her brother"
    seen = [
        client.get(reference.get_absolute_url()),
        client.get("/references/"),
        client.get("/search/?q=brother"),
    ]
    seen += [
        client.get(f"{reference.get_absolute_url().rstrip('/')}.{ending}")
        for ending in formats.WRITERS
    ]
    assert all(response.status_code == 200 for response in seen)
    assert all("her brother" not in response.getvalue().decode() for response in seen)


def test_her_private_note_is_not_replaced_by_a_file():
    file = "TY  - JOUR\nTI  - Nodules\nDO  - 10.5555/n\nN1  - Export date: {}\nER  - \n"
    save_records(formats.parse(file.format("May").encode()).records)
    Reference.objects.update(private_note="Read it again")
    outcome = save_records(formats.parse(file.format("June").encode()).records, update=True)
    assert (outcome.same, Reference.objects.get().private_note) == (1, "Read it again")


def test_two_works_without_a_title_are_not_one():
    file = "TY  - JOUR\nAU  - Herz R\nT2  - J\nPY  - 1952\nDO  - 10.5555/{}\nER  - \n"
    for number in (1, 2):
        save_records(formats.parse(file.format(number).encode()).records)
    assert Reference.objects.filter(title="[No title]").count() == 2
