"""What Crossref, PubMed and Retraction Watch say of works of the library, on servers of our own."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from references.models import NoticeWatch, Reference, WorkNotice
from references.notices import retractionwatch, watching
from tests.factories import ReferenceFactory
from tests.references import lookup_server

pytestmark = pytest.mark.django_db
DOI, PMID = "10.1016/s0140-6736(97)11096-0", "9500320"
RETRACTION = "10.1016/s0140-6736(10)60175-4"
CORRECTED = {
    "DOI": "10.1016/s0140-6736(04)15699-7", "type": "correction", "source": "publisher",
    "updated": {"date-parts": [[2004, 3, 6]]},
}  # fmt: skip
RETRACTED = {
    "DOI": RETRACTION, "type": "retraction", "source": "retraction-watch",
    "updated": {"date-parts": [[2010, 2, 6]]},
}  # fmt: skip
BY_PUBMED = (
    '<CommentsCorrections RefType="RetractionIn"><RefSource>Lancet. 2010 Feb 6;375(9713):445. doi: '
    f"{RETRACTION}</RefSource><PMID>20137807</PMID></CommentsCorrections>"
)
FILE = (
    "Record ID,Title,OriginalPaperDOI,OriginalPaperPubMedID,RetractionDOI,RetractionPubMedID,"
    "RetractionDate,RetractionNature,Reason\n"
    f"1,A study,{DOI},{PMID},unavailable,0,2/6/2010 0:00,Retraction,+Falsification;+Misconduct;\n"
    "2,Another,unavailable,0,,,4/15/2021 0:00,Retraction,\n"
    f"3,A third,{DOI},0,,,x,Rumour,\n"
)


@pytest.fixture
def work():
    return ReferenceFactory(citekey="wakefield1998", doi=DOI, pmid=PMID)


def plain(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def kinds(work):
    return sorted(work.notices.values_list("kind", "date", "pmid"))


def test_a_correction_and_then_the_retraction_by_two_sources_are_two_notices(server, work):
    server.crossref[DOI] = [CORRECTED]
    server.pubmed[PMID] = ""
    watching.begin_due()
    work.refresh_from_db()
    assert work.status == "corrected"
    server.crossref[DOI] = [CORRECTED, RETRACTED]
    server.pubmed[PMID] = BY_PUBMED
    assert watching.begin_due() == 0  # within the week
    watching.begin_due(all_now=True)
    work.refresh_from_db()
    assert work.status == "retracted"
    assert kinds(work) == [("erratum", "2004-03-06", ""), ("retraction", "2010-02-06", "20137807")]
    assert watching.checked() is not None
    first = set(work.notices.values_list("first_seen", flat=True))
    watching.begin_due(all_now=True)
    assert set(work.notices.values_list("first_seen", flat=True)) == first


def test_a_notice_that_is_taken_back_warns_nobody_and_is_not_forgotten(server, work):
    server.crossref[DOI], server.pubmed[PMID] = [RETRACTED], ""
    watching.begin_due()
    server.crossref[DOI] = []
    watching.begin_due(all_now=True)
    work.refresh_from_db()
    notice = work.notices.get()
    assert (work.status, bool(notice.withdrawn)) == ("", True)
    server.crossref[DOI] = [RETRACTED]
    watching.begin_due(all_now=True)
    work.refresh_from_db()
    assert (work.status, work.notices.get().withdrawn) == ("retracted", None)


def test_a_work_a_source_does_not_know_loses_nothing(server, work):
    server.crossref[DOI], server.pubmed[PMID] = [RETRACTED], ""
    watching.begin_due()
    server.crossref.clear()
    watching.begin_due(all_now=True)
    assert work.notices.get().withdrawn is None


@pytest.mark.parametrize(
    "misbehave", [lookup_server.broken_off, lambda handler: handler.say(b"<html>busy</html>")]
)
def test_a_source_that_misbehaves_is_asked_again_where_it_stood(server, work, misbehave):
    server.crossref[DOI] = [RETRACTED]
    server.pubmed[PMID] = ""
    fine, server.special["works"] = server.special["works"], misbehave
    watching.begin_due()
    watch = NoticeWatch.objects.get(pk="crossref")
    assert watch.is_open
    assert watch.error
    assert watching.checked() is None
    server.special["works"] = fine
    assert watching.begin_due() == 0  # it is put off
    watching.begin_due(timezone.now() + watching.LONGEST_WAIT)
    assert kinds(work) == [("retraction", "2010-02-06", "")]
    assert NoticeWatch.objects.get(pk="crossref").error == ""


def test_a_doi_with_a_comma_is_asked_for_alone_and_may_be_unknown(server):
    ReferenceFactory(citekey="comma", doi="10.1000/a,b", pmid="")
    server.special["10.1000%2fa,b"] = server.special["10.1000/a,b"] = None
    watching.begin_due()
    assert not NoticeWatch.objects.get(pk="crossref").error
    assert not WorkNotice.objects.exists()


def test_works_without_a_number_cannot_be_watched_and_are_counted(work):
    ReferenceFactory(citekey="old1904", doi="", pmid="")
    assert [each.citekey for each in watching.unwatched()] == ["old1904"]


def test_the_file_of_retraction_watch_is_read_line_by_line(work, client):
    read = retractionwatch.read(io.BytesIO(FILE.encode()))
    assert (read.lines, read.found, len(read.new), len(read.warnings)) == (3, 2, 1, 1)
    assert "Line 4" in read.warnings[0]
    notice = work.notices.get()
    assert (notice.kind, notice.date, notice.text, notice.source) == (
        "retraction", "2010-02-06", "Falsification; Misconduct", "Retraction Watch",
    )  # fmt: skip
    assert Reference.objects.get(pk=work.pk).status == "retracted"
    again = retractionwatch.read(io.BytesIO(FILE.encode()))
    assert again.new == []
    WorkNotice.objects.update(source="publisher")
    page = plain(client.get(work.get_absolute_url()))
    assert "Retracted 6 February 2010 said by the publisher Reasons given: Falsification;" in page
    assert "Last asked for" not in page  # nobody was


@pytest.mark.parametrize("what", [b"", b"\x00\xff\xfe", b"a,b\n1,2\n"])
def test_another_file_is_refused_in_words(what, work):
    with pytest.raises(retractionwatch.NotTheFile, match="not the file of Retraction Watch"):
        retractionwatch.read(io.BytesIO(what))


def test_she_uploads_it_at_the_desk_and_another_file_is_refused_in_words(admin_client, work):
    address = reverse("admin:references_notices_upload")

    def says(words):
        sent = {"file": SimpleUploadedFile("retractions.csv", words)}
        return admin_client.post(address, sent, follow=True).text

    assert "3 lines read, 2 about works of the library, 1 of them new." in says(FILE.encode())
    assert "This is not the file of Retraction Watch" in says(b"%PDF\x00\xff")
    assert "Choose the file first." in admin_client.post(address, follow=True).text


def test_readers_see_when_a_work_was_last_asked_for_and_what_cannot_be_watched(client):
    old = ReferenceFactory(doi="10.1000/old", title="Old")
    bare = ReferenceFactory(title="Bare")
    assert "Last asked for" not in client.get(old.get_absolute_url()).text
    ended = timezone.now() + timedelta(minutes=1)
    NoticeWatch.objects.create(source="crossref", begun=ended, ended=ended)
    NoticeWatch.objects.create(source="pubmed", begun=ended, ended=ended)
    page = client.get(old.get_absolute_url()).text
    assert "at Crossref; no notice found" in " ".join(page.split()).replace(" ;", ";")
    assert "has neither DOI nor PMID" in client.get(bare.get_absolute_url()).text
    Reference.objects.filter(pk=old.pk).update(added=ended + timedelta(days=1))
    assert "Last asked for" not in client.get(old.get_absolute_url()).text
    library = client.get("/references/").text
    assert "at Crossref, PubMed." in library
    assert "1 work has neither DOI nor PMID" in library
