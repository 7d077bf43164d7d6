import json

import pytest
from django.urls import reverse

from config import demo
from publishing.models import SiteSettings
from references import formats
from references.describe import record_of
from references.models import Reference
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db
ENDINGS = ["bib", "ris", "nbib", "csl.json", "csv"]


def body(response):
    return b"".join(response.streaming_content).decode()


@pytest.fixture
def herz():
    person = PersonFactory(family="Herz", given="Ralph")
    return ReferenceFactory(
        citekey="herz1945", people=[person], doi="10.1001/jama.1945.1", title="Herniation of <i>fat</i> & more"
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
    demo.load()
    for ending in ENDINGS:
        text = body(client.get(f"/references/export.{ending}"))
        assert text.count("Copeman") >= 6, ending
        if ending != "csv":
            parsed = formats.parse(text.encode())
            assert (len(parsed.records), parsed.refused) == (90, []), ending

    # CSL-JSON carries every field of every record, there and back.
    records = [record_of(each) for each in Reference.objects.prefetch_related("authorships__person", "tags").order_by("pk")]
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


def test_the_other_styles_are_made_once_and_kept_until_the_record_changes(client, herz, monkeypatch):
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


def test_no_list_and_no_chapter_formats_while_somebody_reads(client, herz, monkeypatch):
    chapter = ChapterFactory(body=f"<p>x {cite('herz1945')}</p>", references=[herz])
    post = PostFactory(body=f"<p>x {cite('herz1945')}</p>")
    monkeypatch.setattr("references.csl.cite", lambda *args, **kwargs: pytest.fail("formatted while reading"))
    for address in ("/references/", chapter.get_absolute_url(), post.get_absolute_url(), "/review/", "/"):
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


def test_spanish_and_catalan_forms_stand_at_an_address_of_their_own(client, herz):
    response = client.get(reverse("references:styles", args=["herz1945"]))
    assert response.status_code == 200
    assert response.content.decode().count("<dt>") == 12


def test_zotero_reads_the_work_from_its_page(client, herz):
    html = client.get(herz.get_absolute_url()).content.decode()
    assert '<meta name="citation_author" content="Herz, Ralph">' in html
    assert '<meta name="citation_doi" content="10.1001/jama.1945.1">' in html
    assert '<meta name="citation_firstpage" content="833">' in html
    assert '"@type":"ScholarlyArticle"' in html


def test_a_list_carries_its_works_for_zotero(client, herz):
    html = client.get("/references/").content.decode()
    assert 'class="Z3988"' in html
    assert "rft_id=info%3Adoi%2F10.1001%2Fjama.1945.1" in html


def test_a_work_points_to_itself_and_to_its_files(client, herz):
    link = client.get(herz.get_absolute_url())["Link"]
    assert '<https://doi.org/10.1001/jama.1945.1>; rel="cite-as"' in link
    assert 'herz1945.bib>; rel="describedby"; type="application/x-bibtex"' in link
