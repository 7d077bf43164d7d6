"""A text with every kind of citation, as readers get it, to the letter.

What it should be is in `whole/`: marks, notes in the margin, the list. Who changes it on purpose
reads the difference and writes it there.
"""

from pathlib import Path

import pytest

from publishing.richtext import sanitise
from references.citing.rendering import citekeys, unknown
from references.models import Reference
from tests.factories import ChapterFactory, PersonFactory, ReferenceFactory
from tests.made_once import made_once

WHOLE = Path(__file__).parent / "whole"
pytestmark = [pytest.mark.django_db, pytest.mark.once("about HTML")]


def cited(key, place=""):
    return f'<span class="cite" data-cite="{key}" data-locator="{place}">x</span>'


BODY = (
    f"<p>First {cited('full', 'p. 5')}{cited('full', '7')} {cited('old')}.</p>"
    f"<p>{cited('old', '3')} <em>Then</em> {cited('old')}, {cited('none')}, {cited('bare')}"
    f" {cited('none', '3')}; {cited('full')}<b>b</b> {cited('bare', 'Fig. 2.')} "
    f"{cited('full')}  and {cited('full', '7')} end</p>"
)


@pytest.fixture
@made_once
def works(db):
    """One with all there is to say of a work, one that was retracted, one with next to nothing."""
    who = [PersonFactory(family=name, given="Ann") for name in ("Herz", "Ries", "Copeman")]
    ReferenceFactory(
        citekey="full",
        title="A & B",
        people=who[:1],
        doi="10.1000/a(b)-2",
        pmid="123",
        pmcid="PMC9",
        full_text_url="https://example.org/a?b=1&c=2",
        notes="<p>Words.</p>",
    )
    ReferenceFactory(citekey="old", title="Old", people=who[1:2])
    ReferenceFactory(citekey="bare", title="Bare", people=who[2:], volume="", pages="", year=None)
    Reference.objects.filter(citekey="old").update(status="retracted")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_text_with_every_kind_of_citation(works, language):
    page = ChapterFactory(body=BODY, language=language)
    written = f"{page.body_html}\n\n{page.references_html}"
    assert written.splitlines() == (WHOLE / f"{language}.html").read_text("utf-8").splitlines()


def test_what_a_text_cites_is_told_in_order_and_what_is_not_there_is_named(works):
    assert citekeys(BODY) == ["full", "old", "none", "bare"]
    assert unknown(BODY) == ["none"]
    assert citekeys("<p>Nobody.</p>") == []
    assert citekeys('<p>A <span data-cite="">x</span>, data-cite.</p>') == []


def test_a_text_that_cites_nothing_stays_as_it_is(works):
    page = ChapterFactory(body="<p>Words [1] end.</p>")
    assert page.body_html.strip() == "<p>Words [1] end.</p>"
    assert page.references_html == ""


@pytest.mark.parametrize(
    ("before", "kept"),
    [("A ", "A\xa0"), ("A", "A"), ("<b>A</b> ", "A\xa0"), ("<b>A</b>", "A")],
)
def test_a_mark_never_begins_a_line(works, before, kept):
    page = ChapterFactory(body=f"<p>{before}{cited('bare')}</p>")
    said = sanitise.parse(page.body_html).text_content()
    assert said.startswith(f"{kept}[1]")


def test_a_place_keeps_its_letters_and_another_span_is_no_citation(works):
    latin = '<span lang="la">nodus</span>'
    page = ChapterFactory(body=f"<p>A {latin} {cited('bare', 'párr. 2')}{latin}.</p>")
    assert 'data-cites=\'[["bare","párr. 2"]]\'' in page.body_html
    assert page.body_html.count(latin) == 2
    assert page.body_html.count('class="cite') == 1
