"""A text is read once when it is saved, and what has not changed is left alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from publishing import search
from publishing.richtext import plain, sanitise, tree
from references.models import Citation
from review.models import Chapter
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite
from tests.made_once import made_once
from tests.parses import counted

from .test_sanitise import BROKEN, HTML, often

WORDS = "Some words of a paragraph that is neither long nor short, as there are many. "


@pytest.fixture
@made_once
def chapter(db):
    """About 12 kB with 44 citations of 11 works, a link, a heading and a personal note."""
    works = [ReferenceFactory() for _ in range(11)]
    target = ChapterFactory(title="Target")
    paragraphs = [
        f"<p>{WORDS * 2}{cite(works[number % 11].citekey)} {WORDS}</p>" for number in range(44)
    ]
    link = f'<p><a href="{target.get_absolute_url()}">There</a></p>'
    own = '<div class="own"><p>I doubt it.</p></div>'
    page = ChapterFactory(title="Source", body="".join(["<h2>One</h2>", link, own, *paragraphs]))
    return Chapter.objects.get(pk=page.pk)


def test_saving_an_unchanged_text_reads_html_a_few_times(chapter):
    before = (chapter.body, chapter.body_html, chapter.references_html, chapter.contents)
    with counted() as readings:
        chapter.save()
    assert "nh3.clean" in readings
    assert len(readings) <= 6
    chapter.refresh_from_db()
    assert (chapter.body, chapter.body_html, chapter.references_html, chapter.contents) == before


def test_saving_a_changed_text_reads_html_hardly_more_often(chapter):
    chapter.body = (
        chapter.body.replace("Some", "Any").replace("<p>", "<p class=x>").replace("<h2>", "<h1>")
    )
    with counted() as readings:
        chapter.save()
    assert len(readings) <= 10
    assert "Any words" in chapter.body_html


def test_saving_an_unchanged_text_writes_neither_citations_nor_the_search_row(chapter):
    kept = set(Citation.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as queries:
        chapter.save()
    assert set(Citation.objects.values_list("pk", flat=True)) == kept
    written = [each["sql"] for each in queries if not each["sql"].startswith("SELECT")]
    assert not any("publishing_indexentry" in sql or "publishing_fts" in sql for sql in written)


def test_a_search_row_that_is_gone_comes_back_with_the_next_save(chapter):
    search.remove(chapter)
    assert not search.run("doubt").total
    chapter.save()
    assert search.run("doubt").total == 1


def test_a_summary_is_found_as_soon_as_it_is_saved(chapter):
    chapter.summary = "Lipomatosis."
    chapter.save()
    assert search.run("lipomatosis").total == 1


def test_a_citation_that_moves_is_recorded_where_it_stands_now(chapter):
    first = chapter.body.partition('data-cite="')[2].partition('"')[0]
    chapter.body += f"<p>{cite(first)}</p>"
    chapter.save()
    assert (
        Citation.objects.get(page_id=chapter.pk, reference__citekey=first).places[-1] == "cite-45"
    )


def test_a_page_is_cited_under_its_new_title_and_address(db):
    post = PostFactory(title="Old name", slug="old")
    post.title, post.slug = "New name", "new"
    post.save()
    assert "New name" in post.cited_as["apa"]
    assert "/blog/new/" in post.cited_as["apa"]


def test_a_text_once_judged_is_not_judged_again_and_a_changed_one_is():
    kept = sanitise.clean("<p>a</p>")
    with counted() as readings:
        assert sanitise.clean(kept) is kept
    assert readings == []
    changed = kept + "<script>alert(1)</script>"
    assert type(changed) is str
    assert sanitise.clean(changed) == "<p>a</p>"


@often
@given(st.one_of(HTML, BROKEN))
def test_nh3_has_the_last_word_on_what_is_kept(html):
    kept = sanitise.clean(html)
    assert sanitise._nh3(kept).strip("\n") == kept


@often
@given(st.one_of(HTML, BROKEN))
def test_both_readers_read_the_same(html):
    judged = sanitise.strip_control(sanitise._nh3(html))
    assert tree.serialise(tree.parse(judged)) == tree.serialise(tree._read(judged))


@often
@given(st.one_of(HTML, BROKEN))
def test_plain_text_is_read_from_a_tree_that_stays_as_it_is(html):
    root = sanitise.clean_tree(html)[1]
    before, shown = tree.serialise(root), root.text_content()
    lines = plain.lines_of_tree(root)
    assert tree.serialise(root) == before
    assert lines.split() == plain.text_of_tree(root).split()
    if "data-cite" not in before and 'class="fn"' not in before:
        assert "".join(lines.split()) == "".join(shown.split())


@pytest.mark.parametrize(
    "html",
    ["<p>a<br>b</p>", '<img src="/a" alt="<br>">', "<p>unclosed", "a & b", "&copy; 1904",
        "<br></br>x", "<P>a</P>",
     '<img src="/a>b" alt="&quot;">', "<p>a&nbsp;b</p>", "<p>]]&gt;</p>", "&#1;"],
)  # fmt: skip
def test_html_that_is_no_xml_is_read_as_well(html):
    html = sanitise.strip_control(html)
    assert tree.parse(html).text_content() == tree._read(html).text_content()
