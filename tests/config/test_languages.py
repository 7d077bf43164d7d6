"""The menus speak three languages, the texts the one they are written in: every page says so."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import gettext, override

from comments.commenters import links
from comments.models import Writer
from config import borrowed
from publishing.models import SiteSettings
from publishing.templatetags import richtext
from references.models import StudyFacts
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db


def page(client, address):
    """The HTML with every run of blanks as one, and none between tags."""
    html = re.sub(r"\s+", " ", client.get(address).content.decode())
    return html.replace("> <", "><")


@pytest.fixture
def chapters():
    original = ChapterFactory(title="Fat", body="<p>Fat.</p>")
    ChapterFactory(title="Grasa", language="es", translation_of=original, body="<p>Grasa.</p>")
    ChapterFactory(title="Nerves", body="<p>Nerves.</p>")


def test_an_english_text_under_spanish_menus_says_so_and_offers_what_is_translated(
    client, chapters
):
    html = page(client, "/es/review/fat/")
    assert "Este texto está en inglés." in html
    assert 'href="/es/review/grasa/" lang="es">Léalo en español' in html
    alone = page(client, "/ca/review/nerves/")
    assert "Aquest text és en anglès." in alone
    assert 'href="/ca/review/">El que hi ha en català' in alone
    assert "This text is in" not in page(client, "/review/fat/")


@pytest.mark.parametrize("address", ["/es/", "/es/review/"])
def test_lists_offer_first_what_is_in_the_language_of_the_menus(client, chapters, address):
    html = page(client, address)
    assert "la mayoría de los textos todavía no" in html
    first = html[html.index('id="spoken"') :].partition("</aside>")[0]
    assert "/es/review/grasa/" in first
    # Each text once: the translation where there is one.
    assert "/es/review/fat/" not in html
    assert "/es/review/nerves/" in html


def test_menus_and_texts_of_one_language_need_no_word_about_it(client, chapters):
    html = page(client, "/review/")
    assert 'id="spoken"' not in html
    assert "Grasa" not in html


def test_the_first_page_lists_the_posts_in_its_language(client, chapters):
    PostFactory(title="Una entrada", slug="una", language="es")
    html = page(client, "/es/")
    assert "/es/blog/una/" in html[html.index('id="spoken"') :].partition("</aside>")[0]


def test_the_introduction_and_the_disclaimer_are_hers_in_each_language(client):
    SiteSettings(
        introduction="Lumps.",
        introduction_es="Bultos.",
        disclaimer="Ask.",
        disclaimer_ca="Demaneu.",
    ).save()
    assert '<div class="lede" lang="es"><p>Bultos.' in page(client, "/es/")
    assert '<div class="lede" lang="en"><p>Lumps.' in page(client, "/ca/")
    assert "Demaneu." in page(client, "/ca/blog/")
    assert "Ask." in page(client, "/es/blog/")


def test_a_first_page_with_words_of_its_own_is_a_page_of_its_own_to_machines(client):
    SiteSettings(introduction="Lumps.", introduction_es="Bultos.").save()
    spanish, catalan = page(client, "/es/"), page(client, "/ca/")
    assert '<link rel="canonical" href="http://testserver/es/">' in spanish
    assert '<link rel="canonical" href="http://testserver/">' in catalan
    for html in (spanish, page(client, "/")):
        assert 'hreflang="es" href="http://testserver/es/"' in html
        assert 'hreflang="en" href="http://testserver/"' in html
        assert 'hreflang="x-default" href="http://testserver/"' in html
        assert 'hreflang="ca" href' not in html


def test_states_and_dates_are_whole_sentences(client):
    ChapterFactory(title="Fat", first_published=date(2019, 2, 12), reviewed=date(2026, 5, 3))
    list_es, list_ca = (page(client, f"/{code}/review/") for code in ("es", "ca"))
    day = '<time datetime="2026-05-03">3 de %s 2026</time>'
    assert f"Publicado; revisado el {day % 'mayo de'}" in list_es
    assert f"Publicat; revisat el dia {day % 'maig del'}" in list_ca
    html = page(client, "/es/review/fat/")
    assert "Publicado por primera vez el <time" in html
    assert f"revisado por última vez el {day % 'mayo de'}" in html
    assert "<strong>Publicado</strong>; últimos cambios, el <time" in html


def test_the_owners_page_says_by_which_clock_and_names_the_month(client):
    moment = datetime(2026, 11, 27, 9, 0, tzinfo=ZoneInfo("Europe/Madrid"))
    assert richtext.zone(moment) == "Central European Standard Time"
    writer = Writer.objects.create()
    mine = comment(ChapterFactory(), status="pending", writer=writer)
    with override("es"):
        client.post(links.link(writer))
        html = page(client, "/es/comments/mine/")
        until = richtext.moment(links.correct_until(mine))
    assert f"Puede corregirse hasta el {until} (hora" in html
    assert re.match(r"\d+ de [a-z]+", until)


def test_what_records_say_is_said_in_the_readers_language(client):
    work = ReferenceFactory(
        citekey="lageze1929", type="thesis", genre="Thesis", container="", container_short="",
        volume="", pages="", sample_size=30, sample_unit="operated patients",
    )  # fmt: skip
    StudyFacts.objects.create(reference=work, intervention="Surgery", outcome="Slept again")
    html = page(client, "/es/references/lageze1929/")
    assert "(Tesis)" in html
    assert "30 pacientes operados" in html
    assert "<dd>Cirugía</dd>" in html
    assert '<dd><span lang="en">Slept again</span></dd>' in html  # nobody translated it
    assert ">Tesis.</span>" in page(client, "/es/references/")
    cells = page(client, "/ca/references/evidence/")
    assert ">pacients operats<" in cells
    assert ">Cirurgia</a>" in cells


@pytest.mark.parametrize("language", ["es", "ca"])
def test_what_django_leaves_in_english_is_said_in_the_language_of_the_desk(author_client, language):
    with override(language):
        assert [word for word in borrowed.WORDS if gettext(word) == word] == []
        assert "too short" not in str(borrowed.TOO_SHORT % 12)
    PersonFactory()
    people = page(author_client, f"/{language}/admin/references/person/")
    for word in ("Skip to main", "Show counts", "Select all objects", "Select this object"):
        assert word not in people
    answer = author_client.post(
        f"/{language}/admin/password_change/", {"new_password1": "ab", "new_password2": "ab"}
    )
    with override(language):
        assert str(borrowed.TOO_SHORT % 12) in answer.content.decode()
