"""Who is speaking, on the page and away from it; footnotes, headings, videos."""

import re
from datetime import date

import pytest
from django.db.models import ProtectedError

from publishing.machines import feeds
from publishing.models import Consent, Image
from publishing.richtext import render as richtext_render
from publishing.richtext import sanitise, videos
from references.citing.rendering import CitationPass
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite

pytestmark = [pytest.mark.django_db, pytest.mark.once("about HTML")]
LETTER = (
    '<div class="letter" data-consent="{}"><p class="source">To the author, 2 March</p><p>Dear'
    " colleague.</p></div>"
)


def render(body, language="en", **options):
    return richtext_render.render(sanitise.clean(body), language=language, **options).html


@pytest.fixture
def consent():
    return Consent.objects.create(
        who="Ana Real Name", shown_as="a colleague", given=date(2025, 3, 4), scope="The letter."
    )


def test_every_voice_says_in_words_who_speaks():
    html = render(
        '<div class="claim"><p>It heals.</p><p class="source">Ries, 1937</p></div>'
        '<blockquote lang="de"><p>Wort</p></blockquote><blockquote><p>Word</p></blockquote>'
        '<div class="own" data-date="2026-05-03"><p>I doubt it.</p></div>' + LETTER.format("")
    )
    assert "What the source says" in html
    assert '<footer class="source">Ries, 1937</footer>' in html
    assert "Word for word, in German" in html
    assert '<p class="kind">Word for word</p>' in html
    assert "The author’s personal note, 3 May 2026." in html
    assert "From private correspondence" in html


def test_the_words_are_in_the_language_of_the_page():
    html = render('<div class="own" data-date="2026-05-03"><p>Ho dubto.</p></div>', language="ca")
    assert "3 de maig del 2026" in html


def test_the_voices_are_told_apart_in_a_feed_too():
    post = PostFactory(
        body='<div class="own"><p>I doubt it.</p></div><div class="claim"><p>It heals.</p></div>'
    )
    html = feeds.portable(post.body_html, "http://testserver/blog/x/")
    assert "The author’s personal note" in html
    assert "What the source says" in html


def test_a_personal_note_is_dated_when_it_is_first_saved_and_keeps_its_date():
    chapter = ChapterFactory(body='<div class="own"><p>I think so.</p></div>')
    assert 'data-date="2' in chapter.body
    chapter.body = chapter.body.replace("think so", "still think so")
    chapter.body = chapter.body.replace(chapter.body.partition('data-date="')[2][:10], "2020-01-02")
    chapter.save()
    assert "The author’s personal note, 2 January 2020." in chapter.body_html


def test_a_letter_tells_its_consent_and_nothing_more_of_it(consent):
    chapter = ChapterFactory(body=LETTER.format(consent.pk))
    assert "Published with the consent of a colleague, given on 4 March 2025." in chapter.body_html
    assert "Real Name" not in chapter.body_html
    assert "data-consent" not in chapter.body_html


def test_the_author_may_write_the_line_herself():
    assert "Published with her consent" in render(LETTER.format("Published with her consent"))


def test_a_letter_is_gone_once_consent_is_taken_back(client, consent):
    chapter = ChapterFactory(body="<p>Before.</p>" + LETTER.format(consent.pk))
    consent.withdrawn = date(2026, 1, 1)
    consent.save()
    html = client.get(chapter.get_absolute_url()).content.decode()
    assert "Before." in html
    assert "Dear colleague" not in html
    assert "Dear colleague" not in client.get("/review/feed.atom").content.decode()
    assert "Dear" not in client.get("/search/?q=colleague").content.decode()
    chapter.refresh_from_db()
    assert "Dear colleague" in chapter.body


def test_a_consent_a_letter_stands_under_is_not_deleted(consent):
    ChapterFactory(body=LETTER.format(consent.pk))
    with pytest.raises(ProtectedError):
        consent.delete()


def test_the_author_hears_of_a_letter_without_consent(author_client):
    chapter = ChapterFactory(body=LETTER.format(""))
    form = (
        author_client.get(f"/admin/review/chapter/{chapter.pk}/change/").context["adminform"].form
    )
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    values = {name: value for name, value in values.items() if value is not None} | {
        "tags": "",
        "summary": "Now.",
    }
    values |= {"placements-TOTAL_FORMS": 0, "placements-INITIAL_FORMS": 0}
    page = author_client.post(
        f"/admin/review/chapter/{chapter.pk}/change/", values, follow=True
    ).content.decode()
    assert "names no consent on record" in page


def test_the_editor_offers_the_consents_that_stand(author_client, consent):
    Consent.objects.create(
        who="Gone", shown_as="x", given=date(2024, 1, 1), scope="x", withdrawn=date(2024, 2, 1)
    )
    rows = author_client.get("/admin/publishing/consent/pick/").json()["consents"]
    assert [row["id"] for row in rows] == [consent.pk]


def test_a_footnote_is_a_letter_a_note_beside_it_and_a_line_at_the_end():
    html = render(
        '<p>Some<span class="fn">Seen <em>twice</em>.</span>, more<span'
        ' class="fn">Again.</span>.</p>'
    )
    assert '<a class="cite fn" id="fnref-a" href="#fn-a" aria-label="Footnote a" data-fn=' in html
    assert 'id="fn-a" role="note"' in html
    assert '<li id="fnote-b">' in html
    assert html.count("Seen <em>twice</em>.") == 2


def test_notes_follow_their_paragraph_and_stand_in_no_sentence():
    html = PostFactory(body='<p>Some<span class="fn">Seen.</span> words.</p><p>More.</p>').body_html
    paragraph = html.partition("</p>")[0]
    assert re.sub(r"<span class=\"note.*", "", paragraph).endswith("</a> words.")
    assert paragraph.endswith("</span>")
    assert 'class="note"' in paragraph


def test_a_footnote_may_cite_without_a_note_in_the_note():
    ReferenceFactory(citekey="ries1937")
    body = sanitise.clean(f'<p>Some<span class="fn">See {cite("ries1937")}.</span></p>')
    html = richtext_render.render(body, language="en", passes=(CitationPass("en"),)).html
    assert html.count('href="#ref-1"') == 2
    assert html.count('id="cite-1"') == 1
    assert html.count('class="note"') == 1


def test_away_from_the_page_a_footnote_leads_to_the_list():
    post = PostFactory(body='<p>Some<span class="fn">Seen.</span></p>')
    html = feeds.portable(post.body_html, "http://x/")
    assert 'href="http://x/#fnote-a"' in html
    assert html.count("Seen.") == 1


def test_a_footnote_is_searched_as_words_apart():
    assert sanitise.text_of('<p>Fat<span class="fn">Seen.</span>, more</p>') == "Fat (Seen.), more"


def test_an_empty_footnote_is_none():
    assert "fn" not in render('<p>Some <span class="fn"> </span> text</p>')


def test_a_heading_is_the_link_to_its_own_address():
    html = render("<h2>One <em>a</em></h2><p>x</p><h2>Two</h2>", numbered_parts=True)
    assert '<span class="part">Part 1</span> <a class="here" href="#one-a"' in html
    assert "One <em>a</em></a></h2>" in html


def test_a_heading_with_a_link_gets_a_sign_at_its_end():
    html = render('<h2>See <a href="https://x.org">there</a></h2>')
    assert 'aria-label="Link to this place">¶</a></h2>' in html
    assert html.count("<a ") == 2


def test_a_video_has_a_picture_of_ours_and_a_transcript():
    Image.objects.create(file="images/a.png", title="a", width=10, height=10)
    link = '<a href="https://youtu.be/abcdefghijk">Film</a>'
    html = render(
        f'<figure class="video"><img src="/media/images/a.png" alt="A back">{link}</figure>'
        '<div class="transcript"><p>Hello.</p></div>'
    )
    assert 'class="still"' in html
    assert (
        '<details class="transcript"><summary>Transcript of the'
        " video</summary><p>Hello.</p></details>" in html
    )
    assert "youtube-nocookie.com/embed/abcdefghijk" in html


def test_a_video_may_come_from_a_peertube_server_of_ours_and_no_other(settings):
    body = (
        '<figure class="video"><a'
        ' href="https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv">Film</a></figure>'
    )
    assert "<figure" not in sanitise.clean(body)
    settings.PEERTUBE_HOSTS = ["tube.example"]
    assert 'data-load="https://tube.example/videos/embed/kkGMgK9ZtnKfYAgnEtQxbv"' in render(body)
    assert videos.embed("https://tube.example/about") is None
