"""In short: one page in plain words, first for who is in pain, and one sheet for the doctor."""

import pytest
from django.conf import settings
from django.urls import reverse

from config import demo
from publishing import search
from publishing.models import SiteSettings
from publishing.richtext import sanitise
from review.models import InShort
from review.short import sections
from tests.factories import ChapterFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db

LANGUAGE_OF = {"back-mice": "en", "ratones-de-la-espalda": "es", "ratolins-de-l-esquena": "ca"}


def short(**fields):
    values = {"title": "Lumps in the back", "state": "published", "body": "<p>It is fat.</p>"}
    page = InShort(**values | fields)
    page.save()
    return page


def html_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_reader_finds_it_where_she_looks(client):
    ReferenceFactory(citekey="ries1937")
    page = short(body=f"<h2>What it is</h2><p>It is fat {cite('ries1937')}.</p>")
    html = html_of(client, page.get_absolute_url())
    assert 'class="cite"' in html
    assert "Where each sentence comes from" in html
    for address in ("/in-short/", "/search/?q=lumps", "/feed.atom", "/in-short/feed.atom"):
        assert page.get_absolute_url() in html_of(client, address)
    assert page.get_absolute_url() in html_of(client, "/sitemap-in-short-0.xml")
    assert f"/in-short/{page.slug}/" in html_of(client, "/references/ries1937/")


def test_it_stands_first_for_who_is_in_pain_and_before_the_picture(client):
    short()
    doors = html_of(client, "/").partition('id="pain"')[2]
    assert doors.index("Lumps in the back") < doors.index("Questions readers asked")


def test_who_reads_in_another_language_is_offered_the_page_in_it(client):
    page = short()
    short(title="Bultos en la espalda", language="es", translation_of=page)
    english, spanish = html_of(client, "/"), html_of(client, "/es/")
    assert "Lumps in the back" in english
    assert "Bultos" not in english
    assert "Bultos en la espalda" in spanish
    assert "Lumps" not in spanish
    assert 'lang="en">Lumps in the back' in html_of(client, "/ca/")
    assert 'hreflang="es"' in html_of(client, page.get_absolute_url())


@pytest.mark.parametrize("state", ["draft", "planned", "construction"])
def test_what_is_half_done_is_not_shown(client, state):
    page = short(state=state)
    assert client.get(f"/in-short/{page.slug}/").status_code == 404
    assert client.get(f"/in-short/{page.slug}/sheet/").status_code == 404
    assert "Lumps" not in html_of(client, "/")


def test_the_sheet_is_one_press_away_from_home_page_and_chapter(client):
    page, chapter = short(), ChapterFactory()
    planned = ChapterFactory(state="planned", body="")
    sheet = f'href="/in-short/{page.slug}/sheet/"'
    for address in ("/", *(each.get_absolute_url() for each in (page, chapter, planned))):
        assert sheet in html_of(client, address)
    html = html_of(client, f"/in-short/{page.slug}/sheet/")
    assert "It is fat." in html
    assert "My questions" in html
    assert f'rel="canonical" href="{settings.SITE_URL}{page.get_absolute_url()}"' in html


def test_headings_follow_the_language_of_the_page():
    page = short(body=sections.skeleton("en"), language="ca")
    assert [each["text"] for each in page.contents] == sections.HEADINGS["ca"]
    assert sections.UNWRITTEN["ca"] in page.body
    assert page.lacks_red_flags


def test_a_section_of_hers_stays_as_she_wrote_it():
    page = short(body="<h2>What I think</h2><p>What it is</p>", language="es")
    assert "<h2>What I think</h2>" in page.body


def test_it_is_found_in_the_search_of_its_kind():
    short()
    assert search.find("lumps", "inshort")[1] == {"inshort": 1}


def test_the_form_begins_with_the_sections(author_client):
    html = html_of(author_client, reverse("admin:review_inshort_add"))
    for heading in sections.HEADINGS["en"]:
        assert heading in html


def test_the_desk_says_how_it_reads_and_what_has_no_source(author_client):
    body = f"<h2>What it is</h2><p>It is fat {cite('ries1937')}. It hurts.</p>"
    sent = {"body": body + f"<p>{sections.UNWRITTEN['en']}</p>", "language": "en"}
    html = author_client.post(reverse("admin:review_inshort_hints"), sent).content.decode()
    assert "Flesch Reading Ease" in html
    bare = html.partition("Sentences without a source")[2]
    assert "It hurts." in bare
    assert "It is fat" not in bare
    assert sections.UNWRITTEN["en"] not in bare
    assert "What is not known" in html.partition("Sections that are missing")[2]
    spanish = author_client.post(
        reverse("admin:review_inshort_hints"), {"body": "<p>Es grasa.</p>", "language": "es"}
    )
    assert "INFLESZ" in spanish.content.decode()


def test_a_chapter_is_not_measured(author_client):
    sent = {"body": "<p>It hurts.</p>", "language": "en"}
    html = author_client.post(reverse("admin:review_chapter_hints"), sent).content.decode()
    assert "Flesch" not in html


def test_the_first_day_reminds_her_of_what_only_a_doctor_can_write(author_client):
    SiteSettings.load().save()
    assert "one page in plain words" in html_of(author_client, "/admin/")
    page = short(title="Lumps", body=sections.skeleton("en"))
    words = "Write “See a doctor at once if…” in “Lumps”"
    assert words in html_of(author_client, "/admin/")
    page.body = "<h2>See a doctor at once if…</h2><p>Her words.</p>"
    page.save()
    assert words not in html_of(author_client, "/admin/")


def test_every_sentence_of_the_sample_has_a_source():
    for name in ("back-mice", "ratones-de-la-espalda", "ratolins-de-l-esquena"):
        page = InShort(body=demo._text(f"short/{name}.html"), language=LANGUAGE_OF[name])
        found = {title: lines for title, _help, lines in page.look_again(sanitise.parse(page.body))}
        assert set(found) == {"To be written by you"}
        assert "easy" in page.reading_level(sanitise.parse(page.body))
