"""Looking up a DOI or PMID, at a real server on this machine."""

import json
import socket
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from references.formats import Name
from references.importing import http, lookup
from references.importing.lookup import LookupFailed
from references.models import LookupAnswer, LookupTurn, PendingImport, Reference
from tests.factories import ReferenceFactory

from .. import lookup_server
from ..lookup_server import WORK

pytestmark = pytest.mark.django_db
DOI = "10.1000/nodule.1"
PAGE = reverse("admin:references_lookup")


def numbers_alone(host, port, *args, **kwargs):
    """Numbers are their own address: nothing is looked up."""
    return [
        (
            socket.AF_INET6 if ":" in host else socket.AF_INET,
            socket.SOCK_STREAM,
            6,
            "",
            (host, port),
        )
    ]


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(lookup, "PAUSE", timedelta(0))
    with lookup_server.running() as server:
        settings.CROSSREF_URL = server.url
        settings.EUTILS_URL = f"{server.url}/entrez/eutils"
        settings.LOOKUP_CONTACT = "author@example.org"
        settings.LOOKUP_TIMEOUT = 2
        settings.LOOKUP_ALLOW_LOOPBACK = True
        yield server


# What comes back


@pytest.mark.parametrize(
    "typed", [DOI, "https://doi.org/10.1000/NODULE.1", " doi:10.1000/nodule.1 "]
)
def test_a_doi_is_asked_of_crossref(server, typed):
    found = lookup.find(typed)
    assert found.title == "Nodules of the sacral fat & pain: A small series"
    assert found.names == [
        Name("van der Berg", "Ana María"), Name("Doe", "J.", "Jr"), Name("Sample Study Group",
            literal=True),
    ]  # fmt: skip
    assert (found.type, found.year, found.month, found.day) == ("article-journal", 1998, 3, None)
    assert (found.container, found.container_short) == (
        "Journal of Sample Rheumatology",
        "J Sample Rheum",
    )
    assert (found.volume, found.issue, found.pages, found.publisher) == ("12", "4", "101-109", "")
    assert (found.doi, found.issn, found.citekey) == (DOI, "1234-5678 8765-4321", "")
    assert found.abstract == "Forty patients were followed."


@pytest.mark.parametrize(
    "typed", ["1234567", "PMID: 1234567", "https://pubmed.ncbi.nlm.nih.gov/1234567/"]
)
def test_a_pmid_is_asked_of_pubmed(server, typed):
    found = lookup.find(typed)
    assert (found.title, found.year, found.month) == ("Nodules under the skin of the back", 1950, 7)
    assert (found.pmid, found.pages, found.container_short) == ("1234567", "30-5", "Sample Ann")


def test_both_are_told_who_asks(server):
    lookup.find(DOI)
    lookup.find("1234567")
    (crossref, headers), (pubmed, _headers) = server.asked
    assert crossref == "/works/10.1000%2Fnodule.1?mailto=author%40example.org"
    assert "mailto:author@example.org" in headers["User-Agent"]
    assert "email=author%40example.org" in pubmed
    assert "db=pubmed" in pubmed


def test_nobody_is_asked_twice(server):
    lookup.find(DOI)
    lookup.find("https://doi.org/" + DOI)
    with pytest.raises(LookupFailed):
        lookup.find("10.1000/unknown")
    with pytest.raises(LookupFailed):
        lookup.find("10.1000/unknown")
    assert len(server.asked) == 2
    LookupAnswer.objects.update(fetched=timezone.now() - timedelta(days=31))
    lookup.find(DOI)
    assert len(server.asked) == 3


def test_a_host_is_asked_once_a_second_by_all_together(server, monkeypatch):
    monkeypatch.setattr(lookup, "PAUSE", timedelta(seconds=0.4))
    started = time.monotonic()
    lookup.find(DOI)
    lookup.find("1234567")
    assert time.monotonic() - started > 0.4
    assert LookupTurn.objects.count() == 1


def test_nobody_waits_long_for_a_turn(server, monkeypatch):
    monkeypatch.setattr(lookup, "LONGEST_WAIT", 0.2)
    LookupTurn.objects.create(host="127.0.0.1", free_at=timezone.now() + timedelta(seconds=50))
    with pytest.raises(LookupFailed, match="Try again in a few seconds"):
        lookup.find(DOI)
    assert server.asked == []


def test_a_turn_a_clock_put_years_ahead_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(lookup, "LONGEST_WAIT", 0.2)
    LookupTurn.objects.create(host="127.0.0.1", free_at=timezone.now() + timedelta(days=1500))
    lookup.take_turn("127.0.0.1")
    assert LookupTurn.objects.get().free_at < timezone.now() + timedelta(minutes=1)


# What can go wrong


@pytest.mark.parametrize("typed", ["", "words", "10.1000", "12345678901", "\0", "10.1/x"])
def test_what_is_no_number_is_said_and_asked_nowhere(server, typed):
    with pytest.raises(LookupFailed, match="Give a DOI"):
        lookup.find(typed)
    assert server.asked == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lookup_server.status(404), "do not know"),
        (lookup_server.status(429), "come back later"),
        (lookup_server.status(500), "trouble of their own"),
        (lookup_server.status(503), "trouble of their own"),
        (lookup_server.status(204), "trouble of their own"),
        (lookup_server.words(b""), "cannot be read"),
        (lookup_server.words(b"<html>Please log in</html>"), "cannot be read"),
        (lookup_server.words(b"[1, 2"), "cannot be read"),
        (lookup_server.words(b'{"message": {"title": 7, "author": "x"}}'), "cannot be read"),
        (lookup_server.words(b'{"message": [1]}'), "cannot be read"),
        (lookup_server.words(b"[" * 100_000), "cannot be read"),
        (lookup_server.words(b"\xff\x00" * 50), "cannot be read"),
        (lookup_server.words(json.dumps(WORK).encode()), "another work"),
        (lookup_server.broken_off, "cannot be reached"),
        (lookup_server.endless, "far too long"),
        (lookup_server.slow(2), "too long to answer"),
        (lookup_server.dripping, "too long to answer"),
    ],
)
def test_every_trouble_is_said_in_plain_words(server, settings, answer, words):
    settings.LOOKUP_TIMEOUT = 0.4 if "too long to" in words else 10
    server.special["10.1000/other"] = answer
    with pytest.raises(LookupFailed, match=words):
        lookup.find("10.1000/other")


@pytest.mark.parametrize(
    "body",
    [b"<PubmedArticleSet></PubmedArticleSet>", b"<PubmedArticleSet><PubmedArticle>", b"words"],
)
def test_pubmed_can_answer_nothing(server, body):
    server.special["99"] = lookup_server.words(body)
    with pytest.raises(LookupFailed, match=r"do not know|cannot be read"):
        lookup.find("99")


def test_nobody_there_is_said(server, settings):
    settings.CROSSREF_URL = "http://127.0.0.1:9"
    with pytest.raises(LookupFailed, match="cannot be reached"):
        lookup.find(DOI)


# Where it goes


def test_it_follows_where_a_work_has_moved(server):
    server.special["10.1000/old"] = lookup_server.moved("/works/10.1000%2Fnodule.1")
    with pytest.raises(LookupFailed, match="another work"):
        lookup.find("10.1000/old")
    assert len(server.asked) == 2


def test_it_does_not_go_round_in_circles(server):
    server.special["10.1000/loop"] = lookup_server.moved("/works/10.1000%2Floop")
    with pytest.raises(LookupFailed, match="on and on"):
        lookup.find("10.1000/loop")
    assert len(server.asked) == http.MOST_STEPS


@pytest.mark.parametrize(
    "address",
    [
        "https://10.0.0.1/", "https://192.168.1.1/", "https://172.16.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/", "https://0.0.0.0/", "https://224.0.0.1/", "https://[fe80::1]/",
        "https://[fc00::1]/",
        "https://[::ffff:10.0.0.1]/", "https://[2002:a00:1::]/", "https://[64:ff9b::a00:1]/",
        "https://user@example.org/",
        "ftp://example.org/", "file:///etc/passwd", "https:///", "https://[bad/",
            "gopher://127.0.0.1/",
    ],
)  # fmt: skip
def test_it_never_goes_to_a_private_address(server, address, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", numbers_alone)
    server.special["10.1000/away"] = lookup_server.moved(address)
    with pytest.raises(LookupFailed, match="an address we do not go to"):
        lookup.find("10.1000/away")


def test_a_name_that_leads_to_this_machine_is_not_followed(server, settings):
    settings.LOOKUP_ALLOW_LOOPBACK = False
    settings.CROSSREF_URL = "https://localhost:1"
    with pytest.raises(LookupFailed, match="an address we do not go to"):
        lookup.find(DOI)
    settings.CROSSREF_URL = server.url
    with pytest.raises(LookupFailed, match="an address we do not go to"):
        lookup.find(DOI)
    assert server.asked == []


def test_one_private_address_among_public_ones_is_enough_to_stay_away(monkeypatch):
    found = [(0, 0, 0, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(LookupFailed, match="an address we do not go to"):
        http.get("https://example.org/", {})


def test_it_connects_to_the_address_it_checked(server, monkeypatch):
    asked, port = [], int(server.url.rpartition(":")[2])

    def names(host, *args, **kwargs):
        asked.append(host)
        return numbers_alone("127.0.0.1" if len(asked) == 1 else host, port)

    monkeypatch.setattr(socket, "getaddrinfo", names)
    with pytest.raises(LookupFailed, match="do not know"):
        http.get(f"http://crossref.invalid:{port}/works/x", {})
    assert asked == ["crossref.invalid", "127.0.0.1"]
    assert server.asked[0][1]["Host"] == f"crossref.invalid:{port}"


# In the admin


def test_a_look_up_shows_what_it_found_beside_what_we_have(author_client, server):
    mine = ReferenceFactory(
        citekey="mine", title="My draft", doi=None, volume="", container="", people=[]
    )
    response = author_client.post(f"{PAGE}?reference={mine.pk}", {"number": DOI}, follow=True)
    fields = {field["label"]: field for field in response.context["rows"][0]["fields"]}
    assert (fields["title"]["ours"], fields["title"]["take"]) == ("My draft", "ours")
    assert (fields["volume"]["theirs"], fields["volume"]["take"]) == ("12", "theirs")
    assert Reference.objects.get().volume == ""
    pending = PendingImport.objects.get()
    response = author_client.post(
        reverse("admin:references_import_preview", args=[pending.pk]), {"do": "confirm"}
    )
    assert response["Location"] == reverse("admin:references_reference_change", args=[mine.pk])
    mine = Reference.objects.get()
    assert (mine.citekey, mine.title, mine.volume, mine.doi) == ("mine", "My draft", "12", DOI)
    assert mine.authors_short == "van der Berg AM, Doe J Jr, Sample Study Group"


def test_a_look_up_for_nothing_we_have_makes_a_new_reference(author_client, server):
    author_client.post(PAGE, {"number": "1234567"})
    assert not Reference.objects.exists()
    pending = PendingImport.objects.get()
    response = author_client.post(
        reverse("admin:references_import_preview", args=[pending.pk]), {"do": "confirm"}
    )
    made = Reference.objects.get()
    assert response["Location"] == reverse("admin:references_reference_change", args=[made.pk])
    assert made.citekey == "puig1950"


def test_a_look_up_that_is_another_work_of_ours_says_so(author_client, server):
    ReferenceFactory(citekey="theother", doi=DOI)
    mine = ReferenceFactory(citekey="mine")
    page = author_client.post(f"{PAGE}?reference={mine.pk}", {"number": DOI}).content.decode()
    assert "theother" in page
    assert not PendingImport.objects.exists()


def test_a_look_up_that_fails_leaves_the_form(author_client, server):
    response = author_client.post(PAGE, {"number": "10.1000/unknown"})
    assert "do not know this number" in response.content.decode()
    assert "10.1000/unknown" in response.content.decode()


@pytest.mark.parametrize("wanted", ["x", "0", "9" * 40, "²"])
def test_a_look_up_for_no_reference_is_none(author_client, wanted):
    assert author_client.get(PAGE, {"reference": wanted}).status_code in (200, 404)


def test_the_form_of_a_reference_leads_to_the_look_up(author_client):
    mine = ReferenceFactory()
    page = author_client.get(
        reverse("admin:references_reference_change", args=[mine.pk])
    ).content.decode()
    assert f"{PAGE}?reference={mine.pk}" in page
