"""A chapter's published versions: frozen, cited, compared, and what is withdrawn is withdrawn there
too."""

import json
import re
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from PIL import Image as Pillow

from config.backup import since
from publishing import pictures
from publishing.desk import trash
from publishing.models import Consent, PublishedVersion, SiteSettings
from publishing.versions import withdrawing
from publishing.versions.publish import mended
from review.models import Chapter
from review.versions.freezing import publish_chapter
from tests.factories import ChapterFactory, ReferenceFactory, cite
from tests.made_once import made_once
from tests.review.paper import picture

pytestmark = pytest.mark.django_db
LETTER = '<div class="letter" data-consent="{pk}"><p>Dear doctor, it went away.</p></div>'


@pytest.fixture
@made_once
def chapter():
    """Version 1 of it is out; it cites one work, lists another."""
    first = ReferenceFactory(citekey="herz1945", title="Herniation of fat")
    other = ReferenceFactory(citekey="copeman1944", title="Nodules in lumbago")
    chapter = ChapterFactory(
        title="Fat and fascia",
        summary="What is known.",
        body=f"<h2>Fat</h2><p>Fat herniates in some people {cite('herz1945')}.</p>",
        references=[other],
        evidence_table=True,
    )
    publish_chapter(chapter=chapter, kind="studies", what_changed="The first version.")
    return Chapter.objects.get(pk=chapter.pk) if first else None


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def next_version(chapter, body, **told):
    chapter.body = body
    chapter.save()
    values = {"kind": "conclusions", "what_changed": "Less sure than before."} | told
    return publish_chapter(chapter=chapter, **values)


def test_a_version_stays_as_it_was_whatever_becomes_of_its_chapter_and_its_works(client, chapter):
    work = chapter.references.get()
    work.title = "Another title"
    work.save()
    new = ReferenceFactory(citekey="new2020", title="A newer study")
    next_version(chapter, f"<h2>Fat</h2><p>Fat seldom herniates {cite('new2020')}.</p>",
                 what_to_do="No: go on as you do.")  # fmt: skip
    assert new.pk
    was = text(client.get("/review/fat-and-fascia/v/1/"))
    assert "Fat herniates in some people" in was
    assert "Nodules in lumbago" in was
    assert "Another title" not in was
    assert "Fat seldom herniates" not in was
    assert "It is not the newest: that is version 2" in was
    now = text(client.get("/review/fat-and-fascia/"))
    assert "Version 2 of" in now
    history = text(client.get("/es/review/fat-and-fascia/v/"))
    assert "The first version." in history
    assert "No: go on as you do." in history
    assert client.get("/review/fat-and-fascia/v/3/").status_code == 404


def test_it_is_cited_as_printed_with_its_own_address(client, chapter, settings):
    page = client.get("/review/fat-and-fascia/v/1/").content.decode()
    assert "Fat and fascia (version 1)" in page
    assert f"{settings.SITE_URL}/review/fat-and-fascia/v/1/" in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}/review/fat-and-fascia/">' in page
    bib = client.get("/review/fat-and-fascia/v/1/cite.bib").getvalue().decode()
    assert "v/1/" in bib
    Chapter.objects.get().references.clear()
    works = json.loads(client.get("/review/fat-and-fascia/v/1/references.csl.json").getvalue())
    assert {work["title"] for work in works} == {"Herniation of fat", "Nodules in lumbago"}


def test_what_is_frozen_names_no_address_of_the_site(chapter, settings):
    version = PublishedVersion.objects.get()
    for name in (*withdrawing.HTML, "cited_as"):
        assert settings.SITE_URL not in str(getattr(version, name)), name
        assert "/es/" not in str(getattr(version, name))
    assert "compare" not in version.evidence_html


def test_machines_are_told_where_it_stands_among_the_others(client, chapter, settings):
    next_version(chapter, "<p>Shorter.</p>")
    here = f"{settings.SITE_URL}/review/fat-and-fascia/"
    header = client.get("/review/fat-and-fascia/v/2/")["Link"]
    for rel, address in (
        ("cite-as", f"{here}v/2/"), ("latest-version", f"{here}v/2/"),
        ("predecessor-version", f"{here}v/1/"), ("version-history", f"{here}v/"),
        ("linkset", f"{here}v/2/linkset.json"),
    ):  # fmt: skip
        assert f'<{address}>; rel="{rel}"' in header
    assert f'<{here}v/2/>; rel="latest-version"' in client.get("/review/fat-and-fascia/")["Link"]
    response = client.get("/review/fat-and-fascia/v/1/linkset.json")
    assert response["Content-Type"] == "application/linkset+json"
    [found] = response.json()["linkset"]
    assert found["anchor"] == f"{here}v/1/"
    assert found["successor-version"] == [{"href": f"{here}v/2/"}]
    datacite = client.get("/review/fat-and-fascia/v/1/datacite.json").json()
    assert datacite["version"] == "1"
    assert datacite["titles"][0]["title"] == "Fat and fascia"
    [block] = re.findall(
        r'<script type="application/ld\+json">(.+?)</script>',
        client.get("/review/fat-and-fascia/v/1/").content.decode(),
    )
    assert json.loads(block)["version"] == "1"


def test_what_it_says_to_machines_is_the_same_in_every_form(client, chapter, settings):
    """Late in the evening in UTC it is the next day for her."""
    late = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
    PublishedVersion.objects.update(published=late, doi="10.5072/zenodo.1")
    SiteSettings.objects.update_or_create(pk=1, defaults={"author_name": "Anna Puig"})
    page = client.get("/review/fat-and-fascia/v/1/")
    html = page.content.decode()
    [block] = re.findall(r'<script type="application/ld\+json">(.+?)</script>', html)
    ld, site = json.loads(block), SiteSettings.load()
    datacite = client.get("/review/fat-and-fascia/v/1/datacite.json").json()
    csl = client.get("/review/fat-and-fascia/v/1/cite.csl.json")
    [csl] = json.loads(b"".join(csl.streaming_content) if csl.streaming else csl.content)
    [links] = client.get("/review/fat-and-fascia/v/1/linkset.json").json()["linkset"]
    meta = dict(re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', html))
    here = f"{settings.SITE_URL}/review/fat-and-fascia/v/1/"
    doi = "https://doi.org/10.5072/zenodo.1"
    assert {ld["identifier"], links["cite-as"][0]["href"]} == {doi}
    assert {datacite["identifiers"][0]["identifier"], csl["DOI"], meta["citation_doi"]} == {
        "10.5072/zenodo.1"
    }
    assert {
        ld["url"],
        datacite["url"],
        csl["URL"],
        meta["citation_public_url"],
        links["anchor"],
    } == {here}
    assert {ld["name"], datacite["titles"][0]["title"]} == {"Fat and fascia"}
    assert {csl["title"], meta["citation_title"]} == {"Fat and fascia (version 1)"}
    assert {ld["inLanguage"], datacite["language"], csl["language"]} == {"en"}
    assert {ld["datePublished"][:10], datacite["dates"][0]["date"]} == {"2026-11-29"}
    assert csl["issued"]["date-parts"] == [[2026, 11, 29]]
    assert meta["citation_publication_date"] == "2026/11/29"
    assert "29 November 2026" in text(page)
    assert {ld["author"]["name"], datacite["creators"][0]["name"]} == {"Anna Puig"}
    assert (csl["author"][0]["family"], meta["citation_author"]) == ("Puig", "Puig, Anna")
    assert {ld["publisher"]["name"], datacite["publisher"]["name"], csl["container-title"]} == {
        site.name
    }
    assert {ld["license"], datacite["rightsList"][0]["rightsUri"], links["license"][0]["href"]} == {
        ld["license"]
    }
    assert "10.5072/zenodo.1" in text(page)


def test_what_changed_says_so_in_words_and_word_by_word(client, chapter):
    new = ReferenceFactory(citekey="new2020", title="A newer study", year=2020)
    author = new.people.get().family
    next_version(chapter, f"<h2>Lumps</h2><p>Fat herniates in few people {cite('new2020')}.</p>")
    page = client.get("/review/fat-and-fascia/v/1-2/")
    html = page.content.decode()
    assert "Less sure than before." in text(page)
    assert re.search(r"<del><span[^>]*>taken out: </span>some<", html)
    assert re.search(r"<ins><span[^>]*>added: </span>few<", html)
    assert "Changed paragraph" in html
    assert "<ins>A newer study</ins>" in html
    assert "new2020" not in html
    assert f"{author} 2020" in text(page)  # as readers know it
    assert "added: </span>Lumps</ins>" in html
    assert "<del>Herniation of fat</del>" in html
    for wrong in ("2-1", "1-1", "1-9"):
        assert client.get(f"/review/fat-and-fascia/v/{wrong}/").status_code == 404


def test_pressed_twice_it_is_one_version_and_mended_words_need_none(chapter):
    first = next_version(chapter, "<p>Other words.</p>")
    again = publish_chapter(
        chapter=chapter, kind="conclusions", what_changed="Less sure than before."
    )
    assert (first.number, again.pk) == (2, first.pk)
    assert mended(page=chapter)
    assert PublishedVersion.objects.of(chapter).first().reworded
    assert not mended(page=ChapterFactory())


def test_only_what_readers_see_is_published_and_seen(client, chapter):
    chapter.state = "draft"
    chapter.save()
    with pytest.raises(ValidationError):
        publish_chapter(chapter=chapter, kind="wording", what_changed="x")
    for address in ("v/", "v/1/", "v/1/linkset.json", "v/1/cite.bib"):
        assert client.get(f"/review/fat-and-fascia/{address}").status_code == 404


def test_an_old_address_leads_to_the_version(client, chapter):
    chapter.slug = "lumps"
    chapter.save()
    response = client.get("/es/review/fat-and-fascia/v/1/")
    assert (response.status_code, response["Location"]) == (301, "/es/review/lumps/v/1/")


def test_a_version_comes_back_with_its_chapter_from_the_trash(client, chapter, author):
    kept = trash.put(chapter, user=author)
    assert not PublishedVersion.objects.exists()
    withdrawing.withdraw_words(words="in some people")
    kept.refresh_from_db()
    trash.restore(kept)
    page = text(client.get("/review/fat-and-fascia/v/1/"))
    assert "Fat herniates" in page
    assert "in some people" not in page


# What is withdrawn


def shown(chapter):
    return PublishedVersion.objects.of(chapter).first()


def test_a_picture_withdrawn_later_is_a_notice_in_every_version(chapter):
    image = picture()
    figure = (f'<figure class="figure"><img src="{image.file.url}" alt="Her back">'
              "<figcaption>A patient of mine</figcaption></figure>")  # fmt: skip
    for words in ("one", "two"):
        next_version(chapter, f"<p>Look {words}:</p>{figure}<p>There.</p>")
    before = shown(chapter).body_html
    pictures.withdraw(image=image, day=date(2026, 5, 3))
    for version in PublishedVersion.objects.of(chapter)[:2]:
        assert image.file.name not in version.body_html
        assert "A patient of mine" not in version.body_html
        assert "This picture was withdrawn on 3 May 2026." in version.body_html
    # One that is made now has the notice from the first.
    pictures.put_back(image=image)
    assert shown(chapter).body_html == before
    assert shown(chapter).set_aside == {}


def test_a_picture_deleted_is_gone_from_versions_for_good(chapter):
    image = picture()
    next_version(chapter, f'<p>Look: <img src="{image.file.url}" alt="Her back"></p>')
    chapter.body = "<p>Without it.</p>"
    chapter.save()
    name = image.file.name
    image.delete()
    version = shown(chapter)
    assert "This picture was withdrawn" in version.body_html
    assert name not in f"{version.body_html} {version.set_aside}"


def test_another_picture_in_its_place_says_so(chapter):
    image = picture()
    next_version(chapter, f'<figure class="figure"><img src="{image.file.url}" alt="A"></figure>')
    before, other = image.file.name, Pillow.new("RGB", (40, 30), "white")
    other.format = "PNG"
    pictures.replace(image=image, picture=other)
    image.refresh_from_db()
    html = shown(chapter).body_html
    assert image.file.name in html
    assert before not in html
    assert "This picture was replaced" in html


def test_a_letter_whose_consent_is_taken_back_is_a_notice(chapter):
    consent = Consent.objects.create(who="A", shown_as="the writer", given="2026-01-01", scope="x")
    next_version(chapter, "<p>So:</p>" + LETTER.format(pk=consent.pk))
    assert "it went away" in shown(chapter).body_html
    consent.withdrawn = date(2026, 5, 3)
    consent.save()
    assert "it went away" not in shown(chapter).body_html
    assert "This letter was withdrawn on 3 May 2026." in shown(chapter).body_html
    consent.withdrawn = None
    consent.save()
    assert "it went away" in shown(chapter).body_html
    consent.withdrawn = date(2026, 5, 3)
    consent.save()
    chapter.body = "<p>Without.</p>"
    chapter.save()
    consent.delete()
    assert "went away" not in f"{shown(chapter).body_html} {shown(chapter).set_aside}"


def test_words_taken_out_are_out_of_every_version(client, chapter):
    next_version(
        chapter,
        "<p>Anna Puig of Vic wrote.</p><p>Then <em>Anna</em> Puig came.</p><p>Others too.</p>",
        what_changed="Anna Puig added.",
    )
    assert withdrawing.withdraw_words(words="anna  puig", day=date(2026, 5, 3)) == 1
    for address in ("v/", "v/2/", "v/1-2/"):
        page = client.get(f"/review/fat-and-fascia/{address}").content.decode()
        assert "Puig" not in page, address
        assert "Words withdrawn on 3 May 2026." in page
    assert "of Vic wrote" in shown(chapter).body_html
    assert "Others too." in shown(chapter).body_html
    assert withdrawing.withdraw_words(words="  ") == 0


def test_words_taken_out_stay_out_when_an_older_backup_comes_back():
    chapter = ChapterFactory(title="Fat", body="<p>Fat herniates in Anna Puig.</p>")
    publish_chapter(chapter=chapter, kind="studies", what_changed="The first.")
    older = PublishedVersion.objects.values(*withdrawing.FIELDS).get()
    withdrawing.withdraw_words(words="Anna Puig")
    told = json.loads(json.dumps(since.gather()))
    PublishedVersion.objects.update(**older)  # the backup of before
    assert since.repeat(told)["words taken out of versions"] == 1
    assert "Anna Puig" not in PublishedVersion.objects.get().body_html
    assert since.repeat(told)["words taken out of versions"] == 0
