"""Searches, run against three sources on this machine, which also misbehave."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from references.importing import lookup
from references.models import Hit, LookupTurn, Method, SavedSearch, SearchRun
from references.searching import (
    asking,
    by_hand,
    deduplicating,
    europepmc,
    keeping,
    pubmed,
    running,
)
from references.searching.asking import SearchFailed
from tests.factories import ReferenceFactory
from tests.references import lookup_server

from .server import Sources, work

pytestmark = pytest.mark.django_db
State = SearchRun.State


def saved(**values):
    return SavedSearch.objects.create(**{"name": "Nodules", "pubmed": "nodules", **values})


def run_of(source):
    return SearchRun.objects.get(source=source)


def stamp(run):
    """What makes two runs of one search a month apart."""
    earlier = timezone.now() - timedelta(days=31)
    SearchRun.objects.filter(pk=run.pk).update(begun=earlier)


def test_one_work_from_three_sources_is_one_record_to_screen(server):
    Sources(pubmed=range(3), europepmc=range(2, 5), crossref=[4, 5]).put(server)
    saved(europepmc="nodules", crossref="nodules back")
    running.begin_due()
    runs = SearchRun.objects.values_list("source", "state", "counted", "fetched")
    assert set(runs) == {
        ("pubmed", "done", 3, 3), ("europepmc", "done", 3, 3), ("crossref", "done", 2, 2),
    }  # fmt: skip
    assert Hit.objects.count() == 8
    assert Hit.objects.filter(removed="").count() == 6
    twice = Hit.objects.filter(removed="duplicate")
    assert {hit.duplicate_of.record.doi for hit in twice} == {work(2)["doi"], work(4)["doi"]}
    assert run_of("pubmed").translation == '"nodules"[All Fields]'
    assert Hit.objects.filter(source="pubmed").first().record.abstract.startswith("We saw 3")
    assert running.begin_due() == 0
    assert SearchRun.objects.count() == 3


def test_a_month_later_only_what_is_new_comes_to_be_screened(server):
    sources = Sources(pubmed=range(3))
    sources.put(server)
    search = saved()
    running.begin_due()
    first = run_of("pubmed")
    assert (first.window_from, first.window_to) == (None, timezone.localdate())
    stamp(first)
    sources.pubmed.append(7)
    running.begin_due()
    later = search.runs.exclude(pk=first.pk).get()
    assert (later.fetched, later.again) == (4, 3)
    assert later.window_from == first.window_to - timedelta(days=14)
    assert "datetype=edat" in server.asked[-2][0]
    assert [hit.key for hit in later.hits.all()] == [work(7)["pmid"]]
    # Another strategy asks for all there is.
    stamp(later)
    SavedSearch.objects.update(pubmed="lumps")
    running.begin_due()
    assert search.runs.latest("pk").window_from is None


def test_what_the_library_has_and_what_was_rejected_does_not_come_again(server):
    here = work(0)
    ReferenceFactory(title=here["title"], doi=here["doi"], year=2024)
    Sources(pubmed=[0, 1], europepmc=[1]).put(server)
    saved()
    running.begin_due()
    known = Hit.objects.get(source="pubmed", key=here["pmid"])
    assert (known.removed, known.reference.doi) == ("duplicate", here["doi"])
    Hit.objects.filter(key=work(1)["pmid"]).update(stage="excluded")
    SavedSearch.objects.update(europepmc="nodules")
    running.begin_due()
    again = Hit.objects.get(source="europepmc")
    assert (again.removed, again.duplicate_of.stage) == ("duplicate", "excluded")


def test_a_number_that_is_another_works_is_asked_about_and_not_believed(server):
    ReferenceFactory(title="Quite another matter of hens and eggs", doi=work(0)["doi"], year=1950)
    Sources(pubmed=[0]).put(server)
    saved()
    running.begin_due()
    hit = Hit.objects.get()
    assert (hit.verdict, hit.removed, hit.why) == ("perhaps", "", "doi")


def test_numbers_without_a_record_are_told(server):
    Sources(pubmed=range(4), absent=[2]).put(server)
    saved()
    running.begin_due()
    run = run_of("pubmed")
    assert (run.counted, run.fetched) == (4, 3)
    assert work(2)["pmid"] in run.warnings[0]


def test_warnings_of_a_strategy_are_kept_and_shown_at_once(server):
    sources = Sources(pubmed=range(2))
    sources.warned = {
        "errorlist": {"phrasesnotfound": ["nodulez"], "fieldsnotfound": ["xx"]},
        "warninglist": {"quotedphrasesnotfound": ['"back mouze"'], "phrasesignored": ["the"]},
    }
    sources.put(server)
    counted = running.try_once("pubmed", "nodulez")
    assert counted.count == 2
    assert ["nodulez" in counted.warnings[0], len(counted.warnings)] == [True, 4]
    assert not SearchRun.objects.exists()


def test_no_hits_and_far_too_many(server, monkeypatch):
    Sources().put(server)
    saved()
    running.begin_due()
    assert (run_of("pubmed").state, run_of("pubmed").counted) == (State.DONE, 0)
    stamp(run_of("pubmed"))
    monkeypatch.setattr(running, "MOST_HITS", 5)
    Sources(pubmed=range(6)).put(server)
    running.begin_due()
    run = SearchRun.objects.latest("pk")
    assert (run.state, run.counted, Hit.objects.count()) == (State.FAILED, 6, 0)
    assert "narrow the strategy" in run.error


def test_counted_at_the_desk_it_says_in_words_what_it_says(server, monkeypatch, author_client):
    Sources(pubmed=range(6)).put(server)
    monkeypatch.setattr("references.searching.desk.MOST_HITS", 5)
    server.special["search"] = lookup_server.status(503)
    form = {"name": "Nodules", "interval": "30", "pubmed": "nodules", "europepmc": "nodules"}
    answer = author_client.post(
        reverse("admin:references_savedsearch_add"), form | {"_try": "1"}, follow=True
    )
    said = [str(each) for each in answer.context["messages"]]
    assert said[0] == 'PubMed: 6 hits, understood as: "nodules"[All Fields]'
    assert said[1].startswith("PubMed has 6 records for this strategy. More than")
    assert said[2].startswith("Europe PMC has trouble of its own")
    assert not SearchRun.objects.exists()


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (lookup_server.status(429), State.WAITING, "come back later"),
        (lookup_server.status(503), State.WAITING, "trouble of its own"),
        (lookup_server.status(404), State.WAITING, "trouble of its own"),
        (lookup_server.status(400), State.FAILED, "does not understand"),
        (lookup_server.words(b"<html>Maintenance</html>"), State.WAITING, "cannot be read"),
        (
            lookup_server.words(b'{"esearchresult": {"count": "x"}}'),
            State.WAITING,
            "cannot be read",
        ),
        (lookup_server.broken_off, State.WAITING, "broke off"),
        (lookup_server.slow(1), State.WAITING, "too long"),
    ],
)
def test_a_source_that_misbehaves_is_said_in_words_and_asked_again(
    server, settings, answer, state, words
):
    settings.LOOKUP_TIMEOUT = 0.5 if words == "too long" else 30
    server.special["esearch.fcgi"] = answer
    saved()
    running.begin_due()
    run = run_of("pubmed")
    assert (run.state, run.tries) == (state, 1)
    assert words in run.error
    asked = len(server.asked)
    running.begin_due()  # not at once
    assert len(server.asked) == asked
    settings.LOOKUP_TIMEOUT = 30
    if state == State.WAITING:
        Sources(pubmed=[1]).put(server)
        running.begin_due(timezone.now() + timedelta(minutes=10))
        assert (run_of("pubmed").state, run_of("pubmed").error) == (State.DONE, "")


def test_what_never_works_is_given_up_and_tried_the_next_day(server):
    server.special["esearch.fcgi"] = lookup_server.status(500)
    search = saved()
    for hours in range(running.TRIES):
        running.begin_due(timezone.now() + timedelta(hours=20 * hours))
    assert run_of("pubmed").state == State.FAILED
    assert search.due() == []
    assert search.due(timezone.now() + timedelta(days=1, minutes=1)) == ["pubmed"]


def test_a_cursor_that_repeats_ends_it(server):
    sources = Sources(europepmc=range(5), page=2)
    sources.put(server)
    assert europepmc.page("x", "mark4").cursor == "mark5"
    assert europepmc.page("x", "mark5").cursor == ""


def test_stopped_in_the_middle_it_goes_on_and_doubles_nothing(server, monkeypatch):
    monkeypatch.setattr(pubmed, "PORTION", 2)
    Sources(pubmed=range(7)).put(server)
    run = running.begin(saved(), "pubmed")
    for _step in range(3):  # the count and two pages, each by a worker that dies then
        assert running.go_on(run.pk, lambda: True)
    run.refresh_from_db()
    assert (run.fetched, Hit.objects.count()) == (4, 4)
    stale = pubmed.page(run.strategy, run.cursor)
    assert not running.go_on(run.pk, lambda: False)
    keeping.keep(run, stale)  # a worker that was thought dead
    run.refresh_from_db()
    assert (run.state, run.fetched, Hit.objects.count()) == (State.DONE, 7, 7)


def test_two_workers_at_once_miss_no_duplicate(server, monkeypatch):
    search = saved(europepmc="nodules")
    Sources(pubmed=[1], europepmc=[1]).put(server)
    first, second = (running.begin(search, source) for source in ("pubmed", "europepmc"))
    compared, calls = deduplicating.compared, []

    def overtaken(*args):
        found = compared(*args)
        if not calls:  # the other one compares and writes before this one writes
            calls.append(1)
            assert not running.go_on(second.pk, lambda: False)
        return found

    monkeypatch.setattr(deduplicating, "compared", overtaken)
    assert not running.go_on(first.pk, lambda: False)
    early, late = Hit.objects.order_by("pk")
    assert (early.source, late.source, late.duplicate_of) == ("europepmc", "pubmed", early)
    # Whoever is overtaken again and again is told to come back; nothing is half-written.
    monkeypatch.setattr(deduplicating, "TRIES", 0)
    with pytest.raises(SearchFailed, match="tried again later"):
        keeping.keep(second, pubmed.Page([]))


def test_a_search_that_rests_or_is_by_hand_alone_is_not_run(server):
    saved(resting=True)
    saved(name="Other", interval=0)
    assert running.begin_due() == 0
    search = SavedSearch.objects.get(name="Other")
    assert running.begin(search, "pubmed") is not None
    assert running.begin(search, "pubmed") is None  # two screens open


def test_a_clock_that_ran_ahead_stops_no_search(server):
    search = saved()
    ahead = timezone.now() + timedelta(days=400)
    search.runs.create(source="pubmed", on=ahead.date(), begun=ahead, window_to=ahead.date(),
                       state=State.DONE, strategy="nodules")  # fmt: skip
    assert search.due() == ["pubmed"]
    assert running.begin(search, "pubmed").window_from is None


RIS = "TY  - JOUR\nTI  - {}\nAU  - Roca, Pere\nPY  - 2020\nER  - \n"


def test_a_file_counts_as_a_search_of_its_source_and_day():
    text = RIS.format("Lumps of the back in a rural practice") + RIS.format("Fat of the fascia")
    values = {"source": "LILACS", "method": Method.DATABASE, "on": date(2026, 11, 3)}
    run = by_hand.leave(ContentFile(text.encode(), "lilacs.ris"), strategy="nódulos", **values)
    running.begin_due()
    run.refresh_from_db()
    assert (run.state, run.counted, run.fetched, run.file) == (State.DONE, 2, 2, "")
    again = by_hand.leave(io.BytesIO(text.encode()), strategy="nódulos", **values)
    running.begin_due()
    again.refresh_from_db()
    assert (again.fetched, again.again, Hit.objects.count()) == (2, 2, 2)


def test_a_file_that_is_none_is_refused_in_words():
    run = by_hand.leave(
        ContentFile(b"%PDF-1.7", "x.pdf"), source="LILACS", method="database", on=date(2026, 11, 3)
    )
    running.begin_due()
    run.refresh_from_db()
    assert (run.state, "PDF" in run.error) == (State.FAILED, True)


def test_each_source_is_asked_no_faster_than_it_allows(server, monkeypatch):
    Sources(europepmc=[1]).put(server)
    monkeypatch.setitem(asking.PAUSES, "europepmc", timedelta(minutes=1))
    running.try_once("europepmc", "x")
    assert LookupTurn.objects.get().free_at > timezone.now() + timedelta(seconds=30)
    monkeypatch.setattr(lookup, "LONGEST_WAIT", 0)
    with pytest.raises(SearchFailed):
        running.try_once("europepmc", "x")
    assert len(server.asked) == 1
