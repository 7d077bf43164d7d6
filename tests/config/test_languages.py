"""The menus speak three languages, the texts the one they are written in: every page says so."""

import re

import pytest

from publishing.models import SiteSettings
from tests.factories import ChapterFactory, PostFactory

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
    assert 'href="/ca/review/#spoken"' in alone
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
        introduction="Lumps.", introduction_es="Bultos.", disclaimer="Ask.", disclaimer_ca="Demaneu."
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
