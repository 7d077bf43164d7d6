"""Who cites her works and whom they cite, asked of two indexes on this machine."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from references.chasing import deciding, keeping, openalex, opencitations, steps
from references.models import (
    Candidate,
    CitationFound,
    Cites,
    Hit,
    Methods,
    SearchRun,
    StudyFacts,
)
from references.screening import boxes, flow, record
from references.screening import deciding as screening
from references.searching import keeping as searching_keeping
from references.searching import pubmed, running
from tests.factories import ReferenceFactory
from tests.references import lookup_server
from tests.references.searching.server import work

from .indexes import Indexes

pytestmark = pytest.mark.django_db
State = Candidate.State


def mine(*numbers):
    """Works she included, as the evidence table has them."""
    found = []
    for number in numbers:
        said = work(number)
        found.append(
            ReferenceFactory(title=said["title"], doi=said["doi"], pmid=said["pmid"], year=2020)
        )
        StudyFacts.objects.create(reference=found[-1])
    return found


def chase(*sources):
    for source in sources or ("openalex", "opencitations"):
        steps.begin(source)
    running.begin_due()


def candidate(number):
    return Candidate.objects.get(doi=work(number)["doi"])


def test_works_are_ranked_by_how_many_of_hers_they_cite_whichever_index_says_so(server):
    seeds = mine(0, 1, 2)
    # 7 cites all three, 8 one; 1 cites 9; 2 cites 0, both of them hers.
    Indexes({7: [0, 1, 2], 8: [1], 1: [9], 2: [0]}, {7: [0, 1], 8: [1]}).put(server)
    chase()
    offered = Candidate.objects.filter(state=State.OFFERED)
    assert [(row.doi, row.weight) for row in offered] == [
        (work(7)["doi"], 3), (work(8)["doi"], 1), (work(9)["doi"], 1),
    ]  # fmt: skip
    assert (offered[0].title, offered[0].pmid) == (work(7)["title"], work(7)["pmid"])
    runs = dict(SearchRun.objects.values_list("source", "counted"))
    assert runs == {"openalex": 7, "opencitations": 3}
    assert set(SearchRun.objects.values_list("state", "fetched", "again")) == {
        ("done", 7, 0), ("done", 3, 0),
    }  # fmt: skip
    # What is hers is not offered; it fills the lineage, and what she takes out stays out.
    assert [(row.citing, row.cited, row.note) for row in Cites.objects.all()] == [
        (seeds[2], seeds[0], "OpenAlex")
    ]
    Cites.objects.all().delete()
    chase("openalex")
    assert not Cites.objects.exists()
    assert SearchRun.objects.latest("pk").again == 7
    assert Candidate.objects.count() == 5


def test_numbers_alone_get_their_title_from_crossref_and_wait_where_that_is_away(server):
    mine(0)
    indexes = Indexes({7: [0]})
    indexes.put(server)
    indexes.down.add("crossref")
    chase("opencitations")
    run = SearchRun.objects.get()
    assert (run.state, candidate(7).title) == ("done", "")
    assert "not known yet" in run.warnings[0]
    with pytest.raises(ValidationError, match="what this work is"):
        deciding.take(candidate(7).pk)
    indexes.down.clear()
    chase("opencitations")
    assert candidate(7).title == work(7)["title"]


def test_taken_in_it_counts_among_other_methods_and_the_flow_closes(server):
    mine(0)
    Indexes({7: [0], 8: [0]}).put(server)
    chase("openalex")
    taken = deciding.take(candidate(7).pk)
    assert (taken.state, taken.hit.stage, taken.hit.run.source) == ("taken", "sought", "openalex")
    with pytest.raises(ValidationError, match="decided on already"):  # on another screen
        deciding.take(taken.pk)
    found = boxes.flow()
    assert (found.others.identified, found.others.sought) == ({"citations": 1}, 1)
    assert flow.gaps(found) == []
    done = screening.decide(hit=taken.hit_id, stage="full text", verdict="include", user=None)
    assert flow.gaps(boxes.flow()) == []
    # The new work of the library stands in the lineage at once, and is asked for the next time.
    assert Cites.objects.get().citing == done.hit.reference
    assert "10.1000/sample.7" in steps.seeds.asked().values_list("doi", flat=True)
    Methods.objects.update_or_create(pk=1, defaults={"public": True})
    kept = record.refresh().kept
    assert (kept["chasing"]["seeds"], kept["chasing"]["taken"]) == (2, 1)
    # Taken before screening as a duplicate and brought back, it begins at the full text again.
    other = deciding.take(candidate(8).pk).hit
    for verdict in ("remove", "restore"):
        screening.decide(hit=other.pk, stage="full text", verdict=verdict, user=None)
        assert flow.gaps(boxes.flow()) == []
    assert Hit.objects.get(pk=other.pk).stage == "sought"


def test_put_aside_with_a_reason_it_is_never_offered_again(server):
    mine(0)
    Indexes({7: [0], 8: [0]}).put(server)
    chase()
    with pytest.raises(ValidationError, match="in a word"):
        deciding.put_aside(candidate(7).pk, "  ")
    deciding.put_aside(candidate(7).pk, "veterinary")
    chase()
    assert (candidate(7).state, candidate(7).reason) == ("aside", "veterinary")
    assert deciding.offer_again(candidate(7).pk).state == State.OFFERED


def test_what_was_found_or_rejected_before_and_what_looks_alike_is_said(server):
    mine(0)
    old = SearchRun.objects.create(source="pubmed", on=timezone.localdate())
    indexes = Indexes({7: [0], 8: [0], 9: [0]})
    # 9 has the title of 7 and another volume, and no number but the index's own.
    indexes.changed = {
        9: {"display_name": work(7)["title"], "doi": None, "ids": {},
            "authorships": [{"author": {"display_name": f"Ana {work(7)['family']}"}}]},
    }  # fmt: skip
    indexes.put(server)
    chase("openalex")
    page = pubmed.Page([("9000008", _record(8))])
    searching_keeping.keep(old, page)
    Hit.objects.update(stage="excluded")
    chase("openalex")
    assert (candidate(8).state, candidate(8).hit.stage) == (State.KNOWN, "excluded")
    alike = Candidate.objects.get(openalex="W1009")
    assert (alike.state, alike.verdict, alike.twin) == (State.OFFERED, "perhaps", candidate(7))


def _record(number):
    return openalex._record(
        {"display_name": work(number)["title"], "publication_year": 2024}, work(number)
    )


def test_a_number_that_is_another_works_and_one_nobody_knows_are_told(server):
    mine(0, 1)
    indexes = Indexes({7: [0, 1]}, {}, unknown=[1])
    indexes.changed = {0: {"doi": "https://doi.org/10.1000/other"}}
    indexes.put(server)
    StudyFacts.objects.create(reference=ReferenceFactory(title="Nothing but a title"))
    chase("openalex")
    run = SearchRun.objects.get()
    said = " ".join(run.warnings)
    assert run.state == "done"
    assert "1 work has neither DOI nor PMID" in said
    assert "another work under 10.1000/sample.0" in said
    assert "does not know 10.1000/sample.1" in said
    assert not Candidate.objects.exists()


def test_far_too_many_are_cut_off_and_said(server, monkeypatch):
    mine(0)
    for module in (openalex, opencitations):
        monkeypatch.setattr(module, "MOST_OF_ONE", 4)
    monkeypatch.setattr(openalex, "PORTION", 2)
    Indexes({number: [0] for number in range(10, 20)}).put(server)
    chase()
    for run in SearchRun.objects.all():
        assert (run.counted, run.fetched, run.state) == (10, 4, "done")
        assert "has 10 works" in " ".join(run.warnings)
    # Of a page that is longer than anything that is read, the next seed is asked for.
    monkeypatch.setattr("references.searching.asking.MOST_BYTES", 10)
    monkeypatch.setattr(openalex, "page", lambda *args: opencitations.Answer())
    chase("opencitations")
    assert "far too long" in " ".join(SearchRun.objects.latest("pk").warnings)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lookup_server.status(429), "come back later"),
        (lookup_server.words(b"<html>Maintenance</html>"), "cannot be read"),
        (lookup_server.words(b'{"id": 7}'), "cannot be read"),
        (lookup_server.words(b"[7]"), "cannot be read"),
        (lookup_server.broken_off, "broke off"),
    ],
)
def test_an_index_that_misbehaves_is_said_in_words_and_asked_again(server, answer, words):
    mine(0)
    server.special["sample.0"] = answer
    chase()
    for run in SearchRun.objects.all():
        assert (run.state, run.tries, words in run.error) == ("waiting", 1, True)
    Indexes({7: [0]}).put(server)
    running.begin_due(timezone.now() + timedelta(minutes=10))
    assert set(SearchRun.objects.values_list("state", "error")) == {("done", "")}


def test_stopped_in_the_middle_it_goes_on_and_two_at_once_double_nothing(server, monkeypatch):
    mine(0, 1)
    Indexes({7: [0, 1], 8: [0]}).put(server)
    run = steps.begin("openalex")
    assert steps.begin("openalex") is None  # two screens open
    for _step in range(2):  # each by a worker that dies then
        assert running.go_on(run.pk, lambda: True)
    run.refresh_from_db()
    stale, seed = openalex.page("doi", work(0)["doi"], "cited_by W1000 1"), steps.seeds.works()[0]
    other = steps.begin("opencitations")
    compared = keeping._compared
    calls = []

    def overtaken(*args):
        found = compared(*args)
        if not calls:  # another worker is through with the same works before this one writes
            calls.append(1)
            assert not running.go_on(other.pk, lambda: False)
        return found

    monkeypatch.setattr(keeping, "_compared", overtaken)
    assert not running.go_on(run.pk, lambda: False)
    keeping.keep(run, seed, stale, "seed 0")  # a worker that was thought dead
    run.refresh_from_db()
    assert (run.state, run.cursor) == ("done", "")
    assert sorted(Candidate.objects.values_list("weight", flat=True)) == [1, 2]
    assert CitationFound.objects.count() == 6


def test_it_runs_at_the_interval_she_chose(server):
    mine(0)
    Indexes({0: []}).put(server)
    assert running.begin_due() == 0
    Methods.objects.update_or_create(pk=1, defaults={"chase_every": 91})
    assert running.begin_due() == 2
    assert running.begin_due() == 0
    SearchRun.objects.update(begun=timezone.now() - timedelta(days=92))
    assert running.begin_due() == 2
