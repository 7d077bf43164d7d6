"""What goes out comes back the same, field by field, in every format that comes back at all."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from references import formats
from references.formats import Name, Record
from references.formats.keywords import as_tags

from .strategies import records

DATA = Path(__file__).parent.parent / "data"
ENDINGS = ["bib", "ris", "nbib", "csl.json"]


def sample(ending):
    parsed = formats.parse((DATA / f"library.{ending}").read_bytes())
    assert parsed.refused == []
    return parsed.records


def again(written, ending):
    parsed = formats.parse("".join(formats.write(written, ending)).encode())
    assert parsed.refused == []
    assert parsed.warnings == []
    return parsed.records


def differences(one, other, ignore=()):
    names = [
        field.name for field in fields(Record) if field.name not in ("line", "number", *ignore)
    ]
    return {
        name: (getattr(one, name), getattr(other, name))
        for name in names
        if getattr(one, name) != getattr(other, name)
    }


def same_words(record):
    """Subjects in one list: whose words they are, plain keywords do not say."""
    return replace(
        record, tags=list(dict.fromkeys([*record.tags, *as_tags(record.keywords)])), keywords=[]
    )


def compare(before, after):
    before, after = list(before), list(after)
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        assert differences(one, other) == {}


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(written=records)
def test_any_record_comes_back_the_same(ending, written):
    compare(written, again(written, ending))


@pytest.mark.parametrize("source", ENDINGS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_sample_library_comes_back_the_same_through_every_format(source, ending):
    before = sample(source)
    compare(map(same_words, before), map(same_words, again(before, ending)))


@pytest.mark.parametrize("kind", ["review"])
def test_what_ris_cannot_tell_apart_is_the_nearest_kind(kind):
    assert again([Record(citekey="a", type=kind, title="T")], "ris")[0].type == "article-journal"


def test_a_chain_through_all_formats_changes_nothing():
    before = after = sample("csl.json")
    for ending in ("nbib", "bib", "ris", "csl.json"):
        after = again(after, ending)
    compare(map(same_words, before), map(same_words, after))


@pytest.mark.parametrize("ending", ENDINGS)
def test_seven_thousand_authors_come_back(ending):
    people = [Name(f"van der Berg{number}", "Ana María") for number in range(7000)]
    record = Record(
        citekey="atlas2012", type="article-journal", title="Observation of a particle", names=people
    )
    compare([record], again([record], ending))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_record_without_a_citekey_gets_none_by_going_out(ending):
    assert [record.citekey for record in again([Record(title="T"), Record(title="U")], ending)] == [
        "",
        "",
    ]


@pytest.mark.parametrize("ending", [*ENDINGS, "csv"])
def test_nothing_to_write_is_no_error(ending):
    assert isinstance("".join(formats.write([], ending)), str)


# The same 90 works in four files, made from one list: what is told in two files is told alike.
ALWAYS = {
    "study_design",
    "country",
    "sample_size",
    "sample_unit",
    "record_note",
    "full_text_url",
    "url",
}
NOT_IN = {
    "bib": ALWAYS | {"container_short", "day", "genre"},
    "ris": ALWAYS | {"number_of_pages", "authors_incomplete"},
    "nbib": ALWAYS | {"citekey", "issn", "authors_incomplete"},
}


def _straight(text):
    return text.replace("“", '"').replace("”", '"')


@pytest.mark.parametrize("ending", NOT_IN)
def test_the_same_work_reads_alike_in_every_format(ending):
    whole = [same_words(record) for record in sample("csl.json")]
    by_key = {record.citekey: record for record in whole} | {
        record.pmid: record for record in whole if record.pmid
    }
    compared = 0
    for record in map(same_words, sample(ending)):
        straight = replace(
            record,
            **{
                name: getattr(record, name).replace("“", '"').replace("”", '"')
                for name in ("title", "container")
            },
        )
        assert differences(straight, by_key[record.citekey or record.pmid], NOT_IN[ending]) == {}
        compared += 1
    assert compared == {"nbib": 27}.get(ending, 90)
