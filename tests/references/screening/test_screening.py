"""Screening: decisions as a log, the next record at once, included works in the library."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from references.formats.records import Name, Record
from references.models import (
    Decision,
    ExclusionReason,
    Hit,
    Methods,
    Reference,
    SavedSearch,
    SearchRun,
    Study,
    StudyFacts,
)
from references.screening import agreement, boxes, deciding, flow, queue, record
from references.searching import keeping
from references.searching.answers import Page
from review.versions import freezing
from tests.factories import ChapterFactory, ReferenceFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:references_screening")


def found(number, method="database", source="pubmed", **values):
    """A search that found so many records."""
    run = SearchRun.objects.create(
        **{"source": source, "method": method, "on": date(2026, 11, 3), "counted": number,
           "window_to": date(2026, 11, 3), "by_hand": source != "pubmed", **values}
    )  # fmt: skip
    subjects = ("Nodules of the sacral fascia", "Lumps in farm workers", "Injected fat pads")
    records = []
    for at in range(number):
        made = Record(type="article-journal", title=f"{subjects[at % 3]}: report {at} of {source}")
        made.names = [Name(f"Roca{at}{source}", "Pere")]
        made.year, made.abstract, made.doi = (
            2024,
            "Sore nodules.",
            f"10.1000/{source}.{at}".replace(" ", ""),
        )
        records.append((str(at), made))
    keeping.keep(run, Page(records))
    return list(run.hits.order_by("pk"))


@pytest.fixture
def reasons(db):
    return [
        ExclusionReason.objects.create(number=number, name=name)
        for number, name in ((1, "another population"), (2, "no report of a study"))
    ]


def decide(client, hit, do, stage="title", **values):
    return client.post(PAGE, {"hit": hit.pk, "do": do, "stage": stage, "part": "1", **values})


def test_one_record_after_the_other_by_buttons_alone(author_client, reasons):
    first, second, third = found(3)
    Methods(words_to_mark="nodules", criteria="Adults with lumps.").save()
    page = author_client.get(PAGE).content.decode()
    assert "<mark>Nodules</mark> of the sacral fascia" in page
    assert "Sore <mark>nodules</mark>." in page
    assert "Adults with lumps." in page
    assert "3 left" in page
    answer = author_client.post(PAGE, {"hit": first.pk, "do": "maybe"}, follow=True)
    assert "Lumps in farm workers" in answer.content.decode()
    part = decide(author_client, second, "exclude-1").content.decode()
    assert "Injected fat pads" in part
    assert "<html" not in part
    part = decide(author_client, third, "include").content.decode()
    assert "report 0" in part  # what she was not sure of comes again
    assert [hit.stage for hit in Hit.objects.all()] == ["maybe", "excluded", "sought"]
    assert Decision.objects.get(hit=second).reason.number == 1


def test_undo_is_another_line_and_puts_the_record_back(author_client, author, reasons):
    (hit,) = found(1)
    decide(author_client, hit, "exclude-2")
    part = decide(author_client, hit, "undo").content.decode()
    assert "Taken back" in part
    hit.refresh_from_db()
    assert hit.stage == "waiting"
    assert [each.verdict for each in Decision.objects.all()] == ["exclude", "undo"]
    assert "Nothing to take back" in decide(author_client, hit, "undo").content.decode()


def test_two_screens_open_decide_once(author_client, author, reasons):
    (hit,) = found(1)
    for _screen in range(2):
        assert "errornote" not in decide(author_client, hit, "include").content.decode()
    assert Decision.objects.count() == 1
    said = decide(author_client, hit, "exclude-1").content.decode()
    assert "decided on already" in said
    assert Hit.objects.get().stage == "sought"


def test_what_is_included_becomes_a_work_without_its_abstract(author_client, author, reasons):
    one, other = found(2)
    for hit in (one, other):
        deciding.decide(hit=hit.pk, stage="screening", verdict="include", user=author)
    here = ReferenceFactory(title=other.title, doi=other.record.doi, year=2024)
    with pytest.raises(ValidationError, match="one reason"):
        deciding.decide(hit=one.pk, stage="full text", verdict="exclude", user=author)
    for hit in (one, other):
        decide(author_client, hit, "include", stage="text")
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.stage, one.reference.doi, one.reference.abstract) == (
        "included", one.record.doi, "",
    )  # fmt: skip
    assert other.reference == here
    assert Reference.objects.count() == 2


@pytest.mark.parametrize(
    "data", [{"do": "x"}, {"do": "include", "hit": "9" * 30}, {}, {"hit": "é"}]
)
def test_a_form_that_is_none_is_answered_in_words(author_client, data):
    found(1)
    assert "errornote" in author_client.post(PAGE, {**data, "part": "1"}).content.decode()
    assert not Decision.objects.exists()


def test_the_desk_says_how_many_and_how_long(author_client):
    found(7)
    page = author_client.get(reverse("admin:index")).content.decode()
    assert "7 new to screen, about 4 minutes" in page
    assert PAGE in page


def test_how_long_is_learnt_from_the_last_ones(author):
    hits, began = found(7), timezone.now()
    for at, hit in enumerate(hits):
        done = deciding.decide(hit=hit.pk, stage="screening", verdict="maybe", user=author)
        Decision.objects.filter(pk=done.pk).update(at=began + timedelta(seconds=12 * at))
    assert queue.minutes(10) == 2


def test_a_tenth_comes_again_blind_and_kappa_is_told(author, monkeypatch):
    monkeypatch.setattr(agreement, "ONE_IN", 1)
    monkeypatch.setattr(agreement, "THIS_ONE", 0)
    hits = found(3)
    for hit, verdict in zip(hits, ("include", "exclude", "exclude"), strict=True):
        deciding.decide(hit=hit.pk, stage="screening", verdict=verdict, user=author)
    assert queue.waiting("again").count() == 3
    for hit, verdict in zip(hits, ("include", "include", "exclude"), strict=True):
        deciding.decide(hit=hit.pk, stage="again", verdict=verdict, user=author)
    assert agreement.table() == [1, 0, 1, 1]
    assert queue.waiting("again").count() == 0
    assert [hit.stage for hit in Hit.objects.all()] == ["sought", "excluded", "excluded"]


def test_every_number_of_the_flow_leads_to_its_rows(author, author_client, client, reasons):
    one, two, three, _four = found(4)
    (told,) = found(1, method="contacts", source="A reader")
    assert told.stage == "sought"
    decided = {one: "include", two: "exclude", three: "include"}
    for hit, verdict in decided.items():
        deciding.decide(hit=hit.pk, stage="screening", verdict=verdict, user=author)
    deciding.decide(hit=one.pk, stage="full text", verdict="include", user=author)
    deciding.decide(
        hit=three.pk, stage="full text", verdict="exclude", reason=reasons[0], user=author
    )
    deciding.decide(hit=told.pk, stage="full text", verdict="include", user=author)
    made = boxes.flow()
    assert flow.gaps(made) == []
    assert made.is_provisional
    numbers = {name: getattr(made.databases, name) for name in ("screened", "excluded", "waiting")}
    assert numbers == {"screened": 4, "excluded": 1, "waiting": 1}
    assert (made.databases.refused, made.others.included) == ({"1": 1}, 1)
    assert client.get(reverse("references:decisions")).status_code == 404
    Methods(public=True).save()
    record.refresh()
    file = b"".join(client.get(reverse("references:decisions")).streaming_content).decode()
    assert author.username not in file
    assert [line.split(",")[6:9] for line in file.splitlines()[1:]] == [
        ["included", "", str(timezone.localdate())],
        ["excluded", "another population", str(timezone.localdate())],
        ["included", "", str(timezone.localdate())],
    ]
    study = Study.objects.create(name="One study")
    Reference.objects.update(study=study)
    assert (boxes.flow().new_studies, boxes.flow().new_reports) == (1, 2)
    page = author_client.get(reverse("admin:references_flow")).content.decode()
    assert "?box=excluded" in page
    rows = author_client.get(f"{reverse('admin:references_hit_changelist')}?box=excluded")
    assert list(rows.context["cl"].queryset) == [two]
    for box, hits in {
        "identified:pubmed": [one, two, three, _four], "identified:scopus": [],
        "refused:1": [three], "refused:2": [], "others-identified:contacts": [told],
    }.items():  # fmt: skip
        assert list(boxes.rows(box)) == hits
        rows = author_client.get(f"{reverse('admin:references_hit_changelist')}?box={box}")
        assert list(rows.context["cl"].queryset) == hits
    assert author_client.get(
        f"{reverse('admin:references_hit_changelist')}?box=refused:x"
    ).status_code in (200, 302)
    StudyFacts.objects.create(reference=ReferenceFactory(title="From before"), relief="1 of 2")
    record.refresh()
    page = author_client.get(reverse("admin:references_flow"))
    rows = page.context["rows"]
    assert {words: number for _list, words, number, _depth in rows}["Studies included before"] == 1
    for address, words, number, _depth in rows:
        if words not in ("New studies included", "All studies included"):  # they have reports
            assert author_client.get(address).context["cl"].queryset.count() == number, words
    address = f"{reverse('admin:references_hit_changelist')}?box="
    assert list(author_client.get(f"{address}excluded").context["cl"].queryset) == [two]
    assert author_client.get(f"{address}sought:x").status_code == 200


def test_a_gap_keeps_what_readers_have_and_blocks_publishing(author, author_client, reasons):
    (hit,) = found(1)
    for stage in ("screening", "full text"):
        deciding.decide(hit=hit.pk, stage=stage, verdict="include", user=author)
    before = record.refresh()
    assert before.kept["flow"]["new_reports"] == 1
    Hit.objects.get().reference.delete()
    after = record.refresh()
    assert after.kept["flow"]["new_reports"] == 1
    assert after.kept["gaps"] == [["new_reports", 1, 0]]
    address = reverse("admin:references_methods_change", args=[1])
    answer = author_client.post(address, {"public": "on", "criteria": "", "new_since": ""})
    assert "has 0, and the boxes before it leave 1" in answer.content.decode()
    assert not Methods.load().public
    Methods.objects.update(public=True)
    with pytest.raises(ValidationError, match="leave 1"):
        freezing.publish_chapter(chapter=ChapterFactory(), kind="studies", what_changed="Two.")


def test_the_flow_is_a_picture_for_slides(client, author):
    found(2)
    assert client.get("/references/methods/flow.png").status_code == 404
    Methods.objects.update_or_create(pk=1, defaults={"public": True})
    record.refresh()
    answer = client.get("/references/methods/flow.png")
    assert answer["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(answer.content)).width > 1000


def test_searched_to_and_taken_in_to(author):
    (hit,) = found(1)
    row = record.refresh()
    assert (row.searched_to, row.taken_in_to) == (date(2026, 11, 3), None)
    deciding.decide(hit=hit.pk, stage="screening", verdict="maybe", user=author)
    assert record.refresh().taken_in_to is None
    deciding.decide(hit=hit.pk, stage="screening", verdict="include", user=author)
    deciding.decide(hit=hit.pk, stage="full text", verdict="no text", user=author)
    assert record.refresh().taken_in_to == date(2026, 11, 3)


def test_what_was_decided_is_decided_again_and_doubles_are_taken_out(
    author, author_client, reasons
):
    one, other = found(2)
    (told,) = found(1, method="contacts", source="A reader")
    for hit in (one, other):
        for stage in ("screening", "full text"):
            deciding.decide(hit=hit.pk, stage=stage, verdict="include", user=author)
    deciding.decide(
        hit=told.pk, stage="full text", verdict="exclude", reason=reasons[0], user=author
    )
    Hit.objects.filter(pk=other.pk).update(reference=Hit.objects.get(pk=one.pk).reference)
    record.refresh()
    listed = reverse("admin:references_hit_changelist")
    assert (
        "1 box of the flow does not close"
        in author_client.get(reverse("admin:index")).content.decode()
    )
    double = found(1, source="scopus")[0]
    Hit.objects.filter(pk=double.pk).update(data=one.data)
    deciding.decide(hit=double.pk, stage="screening", verdict="include", user=author)
    said = decide(author_client, double, "include", stage="text").content.decode()
    assert "is included already through another record" in said
    decide(author_client, double, "remove", stage="text")
    page = author_client.get(reverse("admin:references_flow")).content.decode()
    assert "1 record was included that leads to the same work" in page
    assert list(boxes.rows("same-work")) == [other]
    for hit, action in ((other, "take_out"), (told, "screen_it"), (told, "screen_it")):
        author_client.post(listed, {"action": action, "_selected_action": [hit.pk]})
    assert [(hit.stage, hit.removed) for hit in Hit.objects.all()] == [
        ("included", ""), ("waiting", "duplicate"), ("sought", ""), ("sought", "duplicate"),
    ]  # fmt: skip
    assert flow.gaps(boxes.flow()) == []
    deciding.undo(user=author)  # of what she did last: screening it again
    assert Hit.objects.get(pk=told.pk).stage == "refused"


def test_what_is_taken_back_comes_again_at_once_in_its_stage(author, author_client, reasons):
    first, second, _third = found(3)
    decide(author_client, first, "include")
    decide(author_client, first, "exclude-1", stage="text")
    decide(author_client, second, "maybe")
    part = decide(author_client, second, "undo").content.decode()
    assert f'name="hit" value="{second.pk}"' in part
    part = decide(author_client, second, "undo").content.decode()
    assert f'name="hit" value="{first.pk}"' in part
    assert 'name="stage" value="text"' in part
    answer = author_client.post(PAGE, {"do": "undo", "stage": "text"}, follow=True)
    assert f'name="hit" value="{first.pk}"' in answer.content.decode()


def test_readers_are_told_of_the_newest_searches_first(client, monkeypatch):
    monkeypatch.setattr(record, "MOST_RUNS", 2)
    for day in (3, 9, 6):
        found(1, source=f"s{day}", on=date(2026, 11, day))
    Methods(public=True, criteria="Adults.").save()
    record.refresh()
    assert [each["on"] for each in Methods.load().kept["runs"]] == ["2026-11-09", "2026-11-06"]
    page = client.get(f"/es{reverse('references:methods')}").content.decode()
    assert '<div lang="en"><p>Adults.</p></div>' in page


def test_rules_of_a_search_take_records_out_and_give_them_back(author, author_client, client):
    search = SavedSearch.objects.create(
        name="Nodules", pubmed="nodule", only_languages="en, es", first_year=1990
    )
    run = SearchRun.objects.create(
        search=search, source="pubmed", on=date(2026, 11, 3), counted=4, window_to=date(2026, 11, 3)
    )
    records = []
    for at, (language, year) in enumerate([("en", 2020), ("de", 2020), ("", 2020), ("es", 1950)]):
        made = Record(type="article-journal", title=f"Report {at} of lumps", year=year)
        made.language = language
        records.append((str(at), made))
    keeping.keep(run, Page(records))
    assert list(Hit.objects.values_list("removed_by", flat=True)) == ["", "language", "", "year"]
    assert boxes.flow().databases.removed["automation"] == 2
    Methods.objects.update_or_create(pk=1, defaults={"public": True})
    record.refresh()
    page = " ".join(client.get("/references/methods/").text.split())
    assert "only in English, Spanish; from 1990 on." in page
    assert "1 by its language, 1 by its year." in page
    german = Hit.objects.get(removed_by="language")
    deciding.decide(hit=german.pk, stage="screening", verdict="restore", user=author)
    address = reverse("admin:references_savedsearch_change", args=[search.pk])
    form = {"name": "Nodules", "pubmed": "nodule", "interval": "30", "only_languages": "xx1"}
    assert "is no code of a language" in author_client.post(address, form).text
    form |= {"only_languages": "es", "not_kinds": ["book", "chapter"]}
    answer = author_client.post(address, form, follow=True).text
    assert "2 records that were found are judged by the new rules." in answer
    found = Hit.objects.order_by("pk").values_list("removed", "removed_by")
    assert list(found) == [
        ("automation", "language"), ("", "language"), ("", ""), ("", ""),
    ]  # fmt: skip
    assert SavedSearch.objects.get().not_kinds == "book, chapter"
    assert flow.gaps(boxes.flow()) == []


def test_the_numbers_of_the_literature_close_from_rows_too(author, reasons):
    """162 − 23 = 139; − 25 = 114; − 4 = 110; − 88 = 22."""
    (first,) = found(1)
    counts = [("waiting", "duplicate", 23), ("excluded", "", 25), ("no text", "", 4),
              ("refused", "", 88), ("included", "", 22)]  # fmt: skip
    rows = [
        Hit(run=first.run, source="pubmed", title="x", data={}, stage=stage, removed=removed,
            key=f"{stage}{at}")
        for stage, removed, number in counts for at in range(number)
    ]  # fmt: skip
    first.delete()
    Hit.objects.bulk_create(rows)
    works = Reference.objects.bulk_create(
        Reference(citekey=f"w{at}", title="x") for at in range(22)
    )
    included = list(Hit.objects.filter(stage="included"))
    for hit, work in zip(included, works, strict=True):
        hit.reference = work
    Hit.objects.bulk_update(included, ["reference"])
    Decision.objects.bulk_create(
        Decision(hit=hit, stage="full text", verdict="exclude", reason=reasons[0], before={})
        for hit in Hit.objects.filter(stage="refused")
    )
    made = boxes.flow()
    names = ("total", "screened", "sought", "assessed", "included")
    numbers = [getattr(made.databases, name) for name in names]
    assert numbers == [162, 139, 114, 110, 22]
    assert (made.databases.refused, made.new_reports, made.new_studies) == ({"1": 88}, 22, 22)
    assert flow.gaps(made) == []
    assert not made.is_provisional
