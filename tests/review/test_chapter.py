import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from publishing.models import Image, SiteSettings
from review.models import Placement
from tests.factories import ChapterFactory, ReferenceFactory, cite, comment

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("what it asks for, the tests of the tree and of the library ask for too"),
]


def page(client, chapter):
    return client.get(chapter.get_absolute_url()).content.decode()


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).replace("⁠", "").replace("&#8288;", "")


def test_a_chapter_shows_number_title_summary_and_text(client):
    chapter = ChapterFactory(title="Nodules", summary="What they are.", body="<p>Small lumps.</p>")
    html = page(client, chapter)
    assert '<span class="numeral">1 </span>Nodules' in html
    assert "What they are." in html
    assert "<p>Small lumps.</p>" in html


@pytest.mark.parametrize("state", ["published", "construction"])
def test_state_and_dates_stand_under_the_title(client, state):
    chapter = ChapterFactory(
        state=state, first_published=date(2019, 2, 12), reviewed=date(2026, 1, 20)
    )
    text = words(page(client, chapter))
    assert ("Under construction" in text) == (state == "construction")
    assert "First published 12 February 2019, last reviewed 20 January 2026" in text


def test_a_planned_chapter_says_so_and_lists_what_is_placed_there(client):
    chapter = ChapterFactory(
        state="planned", references=[ReferenceFactory(title="Lumbago and fibrositis")]
    )
    text = words(page(client, chapter))
    assert "planned and not written yet" in text
    assert "Lumbago and fibrositis" in text
    assert "First published" not in text
    assert "Cite this chapter" not in text
    assert "EPUB" not in text


def test_an_unfinished_chapter_without_text_says_so(client):
    assert "Nothing is written here yet." in page(client, ChapterFactory(state="construction"))


def test_contents_of_the_page_link_to_its_parts(client):
    html = page(client, ChapterFactory(body="<h2>First</h2><p>a</p><h2>Second</h2><p>b</p>"))
    assert 'href="#first"' in html
    assert 'id="first"' in html
    assert "Part 1" in html


def test_the_way_up_beside_below_and_on(client):
    one = ChapterFactory(title="One")
    sub = ChapterFactory(title="Sub", parent=one)
    twin = ChapterFactory(title="Twin", parent=one)
    deep = ChapterFactory(title="Deep", parent=sub)
    ChapterFactory(title="Hidden", parent=one, state="draft")
    html = page(client, sub)
    crumbs = html[html.index('class="crumbs"') : html.index("<h1>")]
    assert 'href="/review/one/"' in crumbs
    nearby = html[html.index("Nearby") : html.index("</aside>")]
    assert f'href="{twin.get_absolute_url()}"' in nearby
    assert 'aria-current="page"' in nearby
    below = html[html.index('class="subchapters"') :]
    assert f'href="{deep.get_absolute_url()}"' in below
    turn = html[html.index('class="turn"') :]
    assert re.search(r'href="/review/one/" rel="prev"', turn)
    assert re.search(r'href="/review/one/sub/deep/" rel="next"', turn)
    assert "Hidden" not in html


def test_placed_references_with_year_remark_and_marks(client):
    noted = ReferenceFactory(
        title="Subcutaneous nodes",
        year=1935,
        notes="<p>Read.</p>",
        full_text_url="https://example.org/a.pdf",
    )
    german = ReferenceFactory(
        title="Das Kreuzbein", translated_title="The sacrum", year=1935, language="de"
    )
    chapter = ChapterFactory(references=[noted, german])
    Placement.objects.filter(reference=noted).update(remark="The first to count.")
    html = page(client, chapter)
    text = words(html)
    assert "2 articles, 1935, notes written for 1" in text
    assert '<span class="remark" lang="en">The first to count.</span>' in html
    assert f'href="/references/{noted.citekey}/#notes"' in html
    assert 'href="https://example.org/a.pdf"' in html
    assert '<span lang="de">Das Kreuzbein</span>' in html
    assert "[The sacrum]" in text
    assert "German" in text
    assert html.count('class="work same"') == 1


def test_references_come_in_the_order_of_years_unless_placed_by_hand(client):
    late, early = (
        ReferenceFactory(title="Late work", year=1990),
        ReferenceFactory(title="Early work", year=1904),
    )
    chapter = ChapterFactory(references=[late, early])
    html = page(client, chapter)
    assert html.index("Early work") < html.index("Late work")
    Placement.objects.filter(reference=late).update(position=1)
    html = page(client, chapter)
    assert html.index("Late work") < html.index("Early work")


def test_a_citation_leads_to_its_note_and_the_list_leads_back(client):
    ReferenceFactory(citekey="ries1937")
    html = page(client, ChapterFactory(body=f"<p>A lipoma {cite('ries1937')}.</p>"))
    assert 'href="#n-1"' in html
    assert 'id="n-1"' in html
    assert "1 cited in the text" in words(html)
    assert 'href="#cite-1"' in html[html.index('class="refs"') :]


def test_a_work_that_is_cited_and_placed_stands_once_with_the_remark(client):
    cited = ReferenceFactory(citekey="ries1937", title="Episacroiliac lipoma", year=1937)
    other = ReferenceFactory(title="Subcutaneous nodes", year=1935)
    chapter = ChapterFactory(body=f"<p>A lipoma {cite('ries1937')}.</p>", references=[cited, other])
    Placement.objects.filter(reference=cited).update(remark="The first name.")
    html = page(client, chapter)
    after = html[html.index('id="references"') : html.index('class="about"')]
    assert "1 cited in the text, 1 more placed in this chapter" in words(after)
    assert after.count('href="/references/ries1937/"') == 1
    entry = after[after.index('id="ref-1"') :].partition("</li>")[0]
    assert "The first name." in entry
    assert "Subcutaneous nodes" in after[after.index('id="placed"') :]
    assert html.index('id="replies"') < html.index('class="about"'), "replies come before tools"


def test_one_reads_on_in_ones_own_language(client):
    one = ChapterFactory(title="One", body="<p>x</p>")
    ChapterFactory(title="Uno", body="<p>x</p>", language="es", translation_of=one)
    ChapterFactory(title="Two", body="<p>x</p>")
    turn = page(client, one).partition('class="turn"')[2]
    assert "Two" in turn
    assert "Uno" not in turn


def test_the_caption_of_a_figure_comes_before_its_picture(client):
    Image.objects.create(file="images/a.png", title="a", width=10, height=10)
    body = (
        '<figure class="figure"><img src="/media/images/a.png"'
        ' alt="Sacrum"><figcaption>Behind.</figcaption></figure>'
    )
    html = page(client, ChapterFactory(body=body))
    assert html.index("Behind.") < html.index("/media/images/a.png")
    assert "Figure 1" in html


def test_a_video_asks_no_other_site_before_it_is_wanted(client):
    link = '<a href="https://www.youtube.com/watch?v=abcdefghijk">Palpation</a>'
    html = page(client, ChapterFactory(body=f'<figure class="video">{link}</figure>'))
    assert "<iframe" not in html
    assert 'data-load="https://www.youtube-nocookie.com/embed/abcdefghijk"' in html


def test_approved_comments_stand_below_and_pending_ones_do_not(client):
    chapter = ChapterFactory()
    comment(chapter, text="I have this too.")
    comment(chapter, text="Buy pills.", status="pending")
    html = page(client, chapter)
    assert "I have this too." in html
    assert "Buy pills." not in html


def test_a_text_in_another_language_says_so_to_the_browser(client):
    html = page(client, ChapterFactory(title="Nódulos", language="es", body="<p>Bultos.</p>"))
    assert '<html lang="en">' in html
    assert '<div class="prose" lang="es"' in html


def test_links_in_the_text_keep_the_language_of_the_menus(client):
    ChapterFactory(title="Other")
    chapter = ChapterFactory(
        title="Here", body='<p><a href="/review/other/">there</a> <a href="/media/a.png">b</a></p>'
    )
    html = client.get("/ca" + chapter.get_absolute_url()).content.decode()
    assert 'href="/ca/review/other/"' in html
    assert 'href="/media/a.png"' in html


def test_the_project_page_is_marked_in_the_menu(client):
    ChapterFactory(title="The project", section="a-front")
    SiteSettings(project_page="/review/the-project/").save()
    html = client.get("/review/the-project/").content.decode()
    assert re.search(r'href="/review/the-project/" aria-current="true">The project', html)


@pytest.mark.parametrize(
    "fields", [{"state": "draft"}, {"publish_at": timezone.now() + timedelta(days=2)}]
)
def test_a_chapter_that_is_not_public_is_not_found(client, fields):
    chapter = ChapterFactory(**fields)
    assert client.get(chapter.get_absolute_url()).status_code == 404


def test_a_chapter_below_one_that_is_not_public_is_not_found(client):
    parent = ChapterFactory(publish_at=timezone.now() + timedelta(days=1))
    assert client.get(ChapterFactory(parent=parent).get_absolute_url()).status_code == 404


def test_an_address_in_arabic_works(client):
    chapter = ChapterFactory(title="آلام الظهر")
    assert "آلام الظهر" in page(client, chapter)


def test_a_full_chapter_takes_eight_queries_at_most(client, django_assert_max_num_queries):
    parent = ChapterFactory()
    references = [ReferenceFactory(notes="<p>Read.</p>") for _ in range(8)]
    body = "".join(f"<p>A {cite(reference.citekey)}</p>" for reference in references)
    cover = Image.objects.create(file="images/a.png", title="a", width=10, height=10)
    chapter = ChapterFactory(parent=parent, body=body, references=references, cover=cover)
    chapter.tags.add("pain", "nerves")
    for _ in range(3):
        ChapterFactory(parent=chapter)
    top = comment(chapter)
    for _ in range(10):
        top = comment(parent=top)
    client.get(chapter.get_absolute_url())
    with django_assert_max_num_queries(8):
        html = page(client, chapter)
    assert html.count('class="comment ') == 11
