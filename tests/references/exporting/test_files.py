import gzip
import json
import tracemalloc
from datetime import UTC, date, datetime

import lxml.html
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config import demo
from publishing.models import SiteSettings
from references import formats
from references.citing import own
from references.citing.records import record_of
from references.exporting import coins, files
from references.importing.save import save_records
from references.models import Reference
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory, cite
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
ENDINGS = ["bib", "ris", "nbib", "csl.json", "csv"]


def body(response):
    return b"".join(response.streaming_content).decode()


@pytest.fixture
@made_once
def herz():
    person = PersonFactory(family="Herz", given="Ralph")
    return ReferenceFactory(
        citekey="herz1945",
        people=[person],
        doi="10.1001/jama.1945.1",
        title="Herniation of <i>fat</i> & more",
        formatted=True,
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_one_work_is_taken_away_in_each_format(client, herz, ending):
    response = client.get(f"/references/herz1945.{ending}")
    assert response["Content-Disposition"] == f'attachment; filename="herz1945.{ending}"'
    assert "Herz" in body(response)


def test_the_list_is_exported_as_it_is_filtered(client, herz):
    ReferenceFactory(citekey="lageze1929", language="fr", year=1929)
    text = body(client.get("/references/export.csl.json?language=fr"))
    assert [item["id"] for item in json.loads(text)] == ["lageze1929"]


def test_an_unknown_work_or_format_is_not_found(client, herz):
    assert client.get("/references/nobody.bib").status_code == 404
    assert client.get("/references/herz1945.docx/").status_code == 404


def test_a_chapters_works_are_those_it_cites_or_lists(client, herz):
    listed = ReferenceFactory(citekey="listed1950")
    ReferenceFactory(citekey="other1960")
    chapter = ChapterFactory(body=f"<p>x {cite('herz1945')}</p>", references=[listed])
    text = body(client.get(chapter.get_absolute_url() + "references.csl.json"))
    assert {item["id"] for item in json.loads(text)} == {"herz1945", "listed1950"}


def test_a_drafts_works_are_nobodys_business(client, herz):
    chapter = ChapterFactory(body=f"<p>x {cite('herz1945')}</p>", state="draft")
    assert client.get(chapter.get_absolute_url() + "references.bib").status_code == 404


def test_the_whole_sample_library_comes_out_readable(client):
    sample = (demo.FOLDER / "library.csl.json").read_text(encoding="utf-8")
    save_records(formats.parse(sample.encode()).records, formatted=False)
    for ending in ENDINGS:
        text = body(client.get(f"/references/export.{ending}"))
        assert text.count("Copeman") >= 6, ending
        if ending != "csv":
            parsed = formats.parse(text.encode())
            assert (len(parsed.records), parsed.refused) == (90, []), ending

    # CSL-JSON carries every field of every record, there and back.
    records = [
        record_of(each)
        for each in Reference.objects.prefetch_related("authorships__person", "tags").order_by("pk")
    ]
    back = formats.parse("".join(formats.write(records, "csl.json")).encode()).records
    for before, after in zip(records, back, strict=True):
        before.number = after.number
        before.tags, after.tags = sorted(before.tags), sorted(after.tags)
        assert after == before


def test_a_reference_is_cited_in_four_styles_to_copy(client, herz):
    html = client.get(herz.get_absolute_url()).content.decode()
    for style in ("Vancouver (NLM)", "AMA", "APA", "Harvard"):
        assert style in html
    assert "Herz, R. (1935)" in html
    assert "Herniation of &lt;i&gt;fat&lt;/i&gt; &amp; more" in html


def test_the_other_styles_are_made_once_and_kept_until_the_record_changes(
    client, herz, monkeypatch
):
    client.get(herz.get_absolute_url())
    herz.refresh_from_db()
    assert "en-US" in herz.kept_citations
    with monkeypatch.context() as patch:
        patch.setattr("references.csl.cite", lambda *args, **kwargs: pytest.fail("formatted again"))
        client.get(herz.get_absolute_url())
    herz.title = "Another title"
    herz.save()
    herz.refresh()
    assert "Another title" in client.get(herz.get_absolute_url()).content.decode()


def test_a_work_no_style_has_written_yet_shows_a_short_entry_and_reading_writes_nothing(
    client, herz
):
    Reference.objects.update(kept_citations={}, citations_due=True)
    for address in (herz.get_absolute_url(), reverse("references:styles", args=[herz.citekey])):
        with CaptureQueriesContext(connection) as queries:
            html = client.get(address).content.decode()
        assert "Short entry" in html
        assert "Herniation of" in html
        assert not [
            each["sql"]
            for each in queries
            if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
        ]


def test_no_list_and_no_chapter_formats_while_somebody_reads(client, herz, monkeypatch):
    chapter = ChapterFactory(body=f"<p>x {cite('herz1945')}</p>", references=[herz])
    post = PostFactory(body=f"<p>x {cite('herz1945')}</p>")
    monkeypatch.setattr(
        "references.csl.cite", lambda *args, **kwargs: pytest.fail("formatted while reading")
    )
    for address in (
        "/references/",
        chapter.get_absolute_url(),
        post.get_absolute_url(),
        "/review/",
        "/",
    ):
        assert client.get(address).status_code == 200


def test_a_chapter_says_how_to_cite_it_and_follows_the_author_and_the_address(client, settings):
    SiteSettings(name="Back mice", author_name="Anna Puig").save()
    chapter = ChapterFactory(title="Middle of the century")
    assert "Puig A" in client.get(chapter.get_absolute_url()).content.decode()
    site = SiteSettings.load()
    site.author_name = "Berta Roca"
    site.save()
    chapter.slug = "moved"
    chapter.save()
    html = client.get("/review/moved/").content.decode()
    assert "Roca B" in html
    assert f"{settings.SITE_URL}/review/moved/" in chapter.cited_as["vancouver"] or "moved" in html


def test_a_page_is_cited_by_its_days_under_the_address_of_now(client, settings):
    SiteSettings(name="Back mice", author_name="Anna Puig").save()
    chapter = ChapterFactory(title="Fat [and fascia 1937]", first_published=date(2019, 2, 12))
    chapter.save(updated=datetime(2026, 5, 3, 9, tzinfo=UTC))

    def cited():
        html = client.get(chapter.get_absolute_url()).content.decode()
        return html, html.partition('id="as-1"')[2].partition("</span>")[0].partition(">")[2]

    html, nlm = cited()
    today = own.nlm_date(timezone.localdate(), "en")
    assert nlm == (
        f"Puig A. Back mice [Internet]. 2019 [updated 2026 May 3; cited {today}]."
        f" Fat [and fascia 1937]. Available from: http://testserver{chapter.get_absolute_url()}"
    )
    assert '<meta name="citation_title" content="Fat [and fascia 1937]">' in html
    assert '<meta name="citation_author" content="Puig, Anna">' in html
    settings.SITE_URL = "https://elsewhere.example"
    html, nlm = cited()
    assert "https://elsewhere.example/review/" in nlm
    assert "testserver" not in html
    file = body(client.get(f"{chapter.get_absolute_url()}cite.csl.json"))
    assert '"chapter-number": "1"' in file


def test_citations_kept_with_an_address_are_written_again(db):
    chapter = ChapterFactory(title="Fat")
    ChapterFactory._meta.model.objects.update(cited_as={"apa": "At http://old.example/"})
    type(chapter).renew_old_citations()
    chapter.refresh_from_db()
    assert "{site}/review/fat/" in chapter.cited_as["apa"]


def test_spanish_and_catalan_forms_stand_at_an_address_of_their_own(client, herz):
    response = client.get(reverse("references:styles", args=["herz1945"]))
    assert response.status_code == 200
    assert response.content.decode().count("<dt>") == 12


def test_a_chapter_and_a_post_are_taken_away_as_works_themselves(client):
    SiteSettings(name="Mice", author_name="Anna Puig Soler").save()
    for page, kind in (
        (ChapterFactory(title="A chapter", summary="In short."), "webpage"),
        (PostFactory(), "post-weblog"),
    ):
        assert (
            f'href="{page.get_absolute_url()}cite.bib"'
            in client.get(page.get_absolute_url()).content.decode()
        )
        for ending in ENDINGS:
            assert page.get_absolute_url() in body(
                client.get(f"{page.get_absolute_url()}cite.{ending}")
            )
        (record,) = formats.parse(
            body(client.get(f"{page.get_absolute_url()}cite.csl.json")).encode()
        ).records
        assert (record.type, record.container, record.year) == (kind, "Mice", page.updated.year)
        assert record.names == [formats.Name("Puig Soler", "Anna")]
        assert record.url == settings.SITE_URL + page.get_absolute_url()
    draft = PostFactory(state="draft")
    assert client.get(f"{draft.get_absolute_url()}cite.bib").status_code == 404


# What Zotero's embedded-metadata translator does (its files “Embedded Metadata.js” and “RDF.js” of
# 2024), as far as a page of ours can set it off: the last tag that names a container says what the
# work is, else `z.itemType` does; `z.*` and Open Graph fill fields, `citation_*` fill them last. A
# page with COinS is not read so: those are offered instead.
# of ours can set it off: the last tag that names a container says what the work is, else
# `z.itemType` does; `z.*` and
# Open Graph fill fields, `citation_*` fill them last. A page with COinS is not read so: those are
# offered instead.
DECIDES = {
    "citation_journal_title": "journalArticle", "citation_technical_report_institution": "report",
    "citation_conference_title": "conferencePaper", "citation_inbook_title": "bookSection",
    "citation_dissertation_institution": "thesis",
}  # fmt: skip
MAPS = {
    "citation_title": "title", "citation_publication_date": "date",
    "citation_journal_title": "publicationTitle",
    "citation_journal_abbrev": "journalAbbreviation", "citation_inbook_title": "publicationTitle",
    "citation_volume": "volume", "citation_issue": "issue",
    "citation_conference_title": "conferenceName",
    "citation_dissertation_institution": "university",
    "citation_technical_report_institution": "institution",
    "citation_publisher": "publisher", "citation_isbn": "ISBN", "citation_issn": "ISSN",
    "citation_abstract": "abstractNote",
    "citation_doi": "DOI", "citation_public_url": "url", "citation_language": "language",
}  # fmt: skip


def zotero(client, address):
    html = client.get(address).content.decode()
    assert "Z3988" not in html
    head = [
        (tag.get("name") or tag.get("property"), tag.get("content"))
        for tag in lxml.html.document_fromstring(html).iter("meta")
    ]
    found = dict(reversed([row for row in head if row[0]]))
    item = {"publicationTitle": found.get("prism.publicationName") or found.get("og:site_name")}
    item["abstractNote"] = found.get("og:description")
    item |= {name[2:]: value for name, value in found.items() if name.startswith("z.")}
    item["itemType"] = next(
        (DECIDES[name] for name, _ in reversed(head) if name in DECIDES), item["itemType"]
    )
    item |= {field: found[name] for name, field in MAPS.items() if name in found}
    item["creators"] = [
        content for name, content in head if name in ("citation_author", "citation_editor")
    ]
    item["pages"] = "-".join(
        filter(None, [found.get("citation_firstpage"), found.get("citation_lastpage")])
    )
    return {
        name: value
        for name, value in item.items()
        if value and (isinstance(value, list) or value.strip())
    }


def test_zotero_reads_an_article_from_its_page(client, herz):
    Reference.objects.filter(pk=herz.pk).update(abstract="Six cases.")
    found = zotero(client, herz.get_absolute_url())
    wanted = {
        "itemType": "journalArticle", "title": herz.title, "creators": ["Herz, Ralph"],
        "pages": "833-837",
        "publicationTitle": herz.container, "journalAbbreviation": herz.container_short,
        "DOI": "10.1001/jama.1945.1",
        "abstractNote": "Six cases.", "language": herz.language,
    }  # fmt: skip
    assert {name: found.get(name) for name in wanted} == wanted
    assert '"@type":"ScholarlyArticle"' in client.get(herz.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"type": "article-journal"}, {"itemType": "journalArticle"}),
        ({"type": "book", "publisher": "Macmillan", "place": "London", "isbn": "9783319274829",
            "edition": "2nd",
          "number_of_pages": "540"},
         {"itemType": "book", "publisher": "Macmillan", "place": "London", "ISBN": "9783319274829",
             "edition": "2nd",
          "numPages": "540"}),
        ({"type": "chapter", "container": "Rheumatism"}, {"itemType": "bookSection",
            "publicationTitle": "Rheumatism"}),
        ({"type": "thesis", "publisher": "Lyon", "genre": "Thesis"},
         {"itemType": "thesis", "university": "Lyon", "thesisType": "Thesis"}),
        ({"type": "thesis"}, {"itemType": "thesis"}),
        ({"type": "report", "publisher": "WHO"}, {"itemType": "report", "institution": "WHO"}),
        ({"type": "paper-conference", "event": "Congress"}, {"itemType": "conferencePaper",
            "conferenceName": "Congress"}),
        ({"type": "paper-conference", "event": "Congress", "container": "Acts"},
         {"itemType": "conferencePaper", "conferenceName": "Congress", "publicationTitle": "Acts"}),
        ({"type": "article-magazine", "container": "Health"}, {"itemType": "magazineArticle",
            "publicationTitle": "Health"}),
        ({"type": "entry-encyclopedia", "container": "All"}, {"itemType": "encyclopediaArticle",
            "publicationTitle": "All"}),
        ({"type": "speech", "event": "Congress"}, {"itemType": "presentation",
            "meetingName": "Congress"}),
        ({"type": "webpage", "url": "https://example.org/a"}, {"itemType": "webpage",
            "url": "https://example.org/a"}),
        ({"type": "document"}, {"itemType": "document"}),
    ],
)  # fmt: skip
@pytest.mark.once("about the file")
def test_zotero_knows_the_kind_of_every_work_and_takes_nothing_of_the_site_for_it(
    client, fields, wanted
):
    bare = {
        "container": "",
        "container_short": "",
        "publisher": "",
        "volume": "",
        "issue": "",
        "pages": "",
        "doi": None,
    }
    found = zotero(client, ReferenceFactory(title="T", **bare | fields).get_absolute_url())
    of_every_work = {"title", "creators", "date", "language"}
    assert {name: value for name, value in found.items() if name not in of_every_work} == wanted


def test_zotero_reads_a_chapter_and_a_post_as_pages_of_the_author(client, herz):
    SiteSettings(name="Mice", author_name="Anna Puig Soler").save()
    chapter = ChapterFactory(
        title="A chapter", summary="In short.", references=[herz], language="es"
    )
    post = PostFactory(title="A post")
    for page, kind in ((chapter, "webpage"), (post, "blogPost")):
        found = zotero(client, page.get_absolute_url())
        assert (found["itemType"], found["title"], found["publicationTitle"]) == (
            kind,
            page.title,
            "Mice",
        )
        assert found["creators"] == ["Puig Soler, Anna"]
        assert found["date"] == f"{page.updated:%Y/%m/%d}"
        assert found["url"] == settings.SITE_URL + page.get_absolute_url()
    assert zotero(client, chapter.get_absolute_url())["abstractNote"] == "In short."


def test_machines_are_told_the_last_page_in_full():
    for pages, ends in (
        ("101-5", ("101", "105")), ("S101-5", ("S101", "S105")), ("iv-xii", ("iv", "xii")),
        ("183-93; quiz 193-4", ("183", "193")), ("e12345", ("e12345", "")), ("", ("", "")),
    ):  # fmt: skip
        assert coins.pages_of(Reference(pages=pages)) == ends


def test_a_list_carries_its_works_for_zotero(client, herz):
    html = client.get("/references/").content.decode()
    assert 'class="Z3988"' in html
    assert "rft_id=info%3Adoi%2F10.1001%2Fjama.1945.1" in html


def test_a_work_points_to_itself_and_to_its_files(client, herz):
    link = client.get(herz.get_absolute_url())["Link"]
    assert '<https://doi.org/10.1001/jama.1945.1>; rel="cite-as"' in link
    assert 'herz1945.bib>; rel="describedby"; type="application/x-bibtex"' in link


class TestStreaming:
    """A long list is sent while it is written: memory does not grow with it."""

    def works(self, number, words=400):
        made = [
            Reference(citekey=f"work{each}", title=f"Title {each}", type="article-journal",
                abstract="word " * words,
                      sample_size=12, year=1900 + each % 100)
            for each in range(Reference.objects.count(), number)
        ]  # fmt: skip
        Reference.objects.bulk_create(made, batch_size=200)

    def peak(self, client, address):
        """Kilobytes of memory held at most while it is sent, and the bytes sent."""
        pieces = iter(client.get(address).streaming_content)
        tracemalloc.start()
        try:
            sent = sum(len(piece) for piece in pieces)
            return tracemalloc.get_traced_memory()[1] / 1024, sent
        finally:
            tracemalloc.stop()

    @pytest.mark.parametrize(
        "address",
        [
            *(
                # One of them reads the rows from the database in pieces, as they all do.
                pytest.param(f"/references/export.{ending}", marks=[pytest.mark.once] * (at > 0))
                for at, ending in enumerate(ENDINGS)
            ),
            "/references/evidence.csv",
        ],
    )
    def test_four_times_as_much_needs_no_more_memory(self, client, address, monkeypatch):
        monkeypatch.setattr(files, "CHUNK", 5)
        self.works(3)
        self.peak(client, address)  # what is loaded once is loaded
        self.works(10, words=8000)
        few, sent_few = self.peak(client, address)
        self.works(40, words=8000)
        many, sent_many = self.peak(client, address)
        assert sent_many > sent_few * 3
        assert many < few * 1.5 + 200

    @pytest.mark.parametrize(
        "address", ["/references/export.bib", "/references/export.csv", "/references/evidence.csv"]
    )
    def test_it_is_compressed_on_its_way_and_the_same(self, client, address):
        self.works(40)
        plain = client.get(address)
        packed = client.get(address, headers={"accept-encoding": "gzip"})
        assert packed["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed["Vary"]
        sent = b"".join(packed.streaming_content)
        whole = b"".join(plain.streaming_content)
        assert gzip.decompress(sent) == whole
        assert len(sent) < len(whole) / 2
        assert not plain.has_header("ETag")

    def test_the_evidence_is_the_table_line_by_line(self, client):
        self.works(3)
        lines = body(client.get("/references/evidence.csv")).splitlines()
        assert lines[0].startswith("\ufeffcitekey,authors,year")
        assert [line.split(",")[0] for line in lines[1:]] == ["work0", "work1", "work2"]
