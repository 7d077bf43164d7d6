"""Words of a text are explained where they stand, by the glossary and the register of names."""

import pytest

from publishing.richtext import render, sanitise
from references import explaining
from references.models import Condition, GlossaryTerm, Name
from review.models import Chapter
from tests.factories import ChapterFactory, PostFactory

pytestmark = pytest.mark.django_db


def term(title="Fascia", **fields):
    return GlossaryTerm.objects.create(title=title, **{"meaning": "A sheet.", **fields})


def marked(page):
    page.refresh_from_db()
    links = sanitise.parse(page.body_html).iter("a")
    return [(link.text, link.get("href")) for link in links if link.get("class") == "term"]


def test_the_first_place_of_a_word_leads_to_what_it_means():
    term(forms="Fasciae")
    page = ChapterFactory(body="<h2>Fascia</h2><p>Under <b>the</b> fasciae, a fascia.</p>")
    assert marked(page) == [("fasciae", "/glossary/fascia/")]


def test_names_of_the_register_are_explained_too_the_longest_first():
    mice = Condition.objects.create(title="Back mice", slug="mice", note="Lumps of fat.")
    Name.objects.create(condition=mice, title="Back mouse", forms="Back mice", note="Short.")
    term("Mouse")
    page = PostFactory(body="<p>Of back-mouse and mouse: Back\xa0mice.</p>")
    assert marked(page) == [("back-mouse", "/names/back-mouse/"), ("mouse", "/glossary/mouse/")]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Fasciation</p>",
        '<p>See <a href="https://example.org/">the fascia</a>.</p>',
        "<table><thead><tr><th>Fascia</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
        '<p>Said <span lang="es">fascia</span></p>',
    ],
)
def test_what_is_no_word_of_running_text_stays_as_it_is(body):
    term()
    assert marked(ChapterFactory(body=body)) == []


def test_a_text_is_explained_in_its_own_language():
    term("Fascia", language="es")
    assert marked(ChapterFactory(body="<p>The fascia.</p>")) == []


def test_texts_follow_what_becomes_of_a_word(django_capture_on_commit_callbacks):
    page = ChapterFactory(body="<p>The fascia.</p>")
    with django_capture_on_commit_callbacks(execute=True):
        word = term()
    assert marked(page) == [("fascia", "/glossary/fascia/")]
    word.slug, word.meaning = "sheet", "Another."
    with django_capture_on_commit_callbacks(execute=True):
        word.save()
    assert marked(page) == [("fascia", "/glossary/sheet/")]
    with django_capture_on_commit_callbacks(execute=True):
        word.delete()
    assert marked(page) == []


def test_texts_are_rendered_once_for_all_words_that_come_together(
    django_capture_on_commit_callbacks, monkeypatch
):
    rendered = []
    rerender = Chapter.rerender
    monkeypatch.setattr(
        Chapter, "rerender", lambda page: (rendered.append(page.pk), rerender(page))
    )
    both = ChapterFactory(body="<p>The fascia and the sacrum.</p>")
    other = ChapterFactory(body="<p>La fascia.</p>", language="es")
    with django_capture_on_commit_callbacks(execute=True), explaining.together():
        term()
        term("Sacrum")
        term("Hueso", language="es")
    assert marked(both) == [("fascia", "/glossary/fascia/"), ("sacrum", "/glossary/sacrum/")]
    assert marked(other) == []
    assert rendered == [both.pk]


def test_on_a_site_that_was_upgraded_old_texts_are_marked(django_capture_on_commit_callbacks):
    page = ChapterFactory(body="<p>The fascia.</p>")
    term()
    type(page).objects.update(body_html="<p>The fascia.</p>")
    with django_capture_on_commit_callbacks(execute=True):
        explaining.mark_old_texts()
    assert marked(page) == [("fascia", "/glossary/fascia/")]


def test_feeds_and_paper_have_the_words_alone():
    term()
    root = sanitise.parse(ChapterFactory(body="<p>The fascia.</p>").body_html)
    render.for_elsewhere(root)
    assert sanitise.serialise(root) == "<p>The fascia.</p>"


def test_the_glossary_is_in_the_readers_language_first_and_leads_to_the_others(client):
    term("Fascia")
    term("Nódulo", language="es")
    assert "Fascia" in client.get("/glossary/").text
    spanish = client.get("/es/glossary/").text
    assert "Nódulo" in spanish
    assert "?language=en" in spanish
    assert "Fascia" in client.get("/es/glossary/?language=en").text
    assert client.get("/ca/glossary/?language=xx").status_code == 200


def test_a_word_has_its_own_page_with_the_texts_that_use_it(client):
    term()
    ChapterFactory(title="Layers", body="<p>The fascia.</p>")
    ChapterFactory(title="Hidden", body="<p>The fascia.</p>", state="draft")
    text = client.get("/glossary/fascia/").text
    assert "data-explained" in text
    assert "A sheet." in text
    assert "Layers" in text
    assert "Hidden" not in text
    assert "This text is in" not in text
    catalan = client.get("/ca/glossary/fascia/").text
    assert "Aquest text és en anglès." in catalan
    assert 'href="/ca/glossary/">' in catalan
    assert client.get("/glossary/nothing/").status_code == 404
