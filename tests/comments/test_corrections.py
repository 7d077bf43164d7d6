"""“Report a mistake”: a comment of its own kind with the sentence quoted, thanked and dated."""

import pytest
from django.urls import reverse

from comments.commenters import retention
from comments.models import Comment, Decision
from comments.moderation import actions
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

from .forms import address, send

pytestmark = pytest.mark.django_db
SENTENCE = "In 1937 a hundred people were looked at."


@pytest.fixture
def page():
    return ChapterFactory(body=f"<h2>What it is</h2><p>It is fat. {SENTENCE} It hurts.</p>")


def report(page, **fields):
    text = f"> {SENTENCE}\n\nIt was 1938."
    return comment(page, kind="correction", name="Anna", text=text, **fields)


def html_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("make", [ChapterFactory, PostFactory, ReferenceFactory])
def test_every_page_that_takes_words_takes_reports_without_a_script(client, make):
    page = make()
    form = f"{address(page)}?kind=correction"
    assert f'href="{form}"' in html_of(client, page.get_absolute_url())
    html = " ".join(html_of(client, form).split())
    assert "<h1> Report a mistake</h1>" in html or "<h1>Report a mistake</h1>" in html


def test_the_form_offers_the_sentences_of_the_page(client, page):
    html = html_of(client, f"{address(page)}?kind=correction")
    for sentence in ("It is fat.", SENTENCE, "It hurts."):
        assert f'<option value="{sentence}">' in html


def test_it_arrives_as_a_correction_with_the_sentence_quoted(client, page):
    form = client.get(address(page), {"kind": "correction", "quote": f"  {SENTENCE}\n"})
    assert form.context["form"]["quote"].value() == SENTENCE
    response = send(client, page, kind="correction", quote=SENTENCE, text="It was 1938.")
    assert response.status_code == 302
    sent = Comment.objects.get()
    assert (sent.kind, sent.status) == ("correction", "pending")
    assert sent.text == f"> {SENTENCE}\n\nIt was 1938."
    assert f"<blockquote><p>{SENTENCE}</p></blockquote>" in sent.html


def test_what_is_refused_comes_back_with_the_sentence(client, page):
    html = send(client, page, kind="correction", quote=SENTENCE, text="").content.decode()
    assert SENTENCE in html.partition('name="quote"')[2][:200]
    assert Comment.objects.count() == 0


def test_the_sentence_counts_for_the_length(client, page, settings):
    settings.COMMENT_MAX_LENGTH = 60
    response = send(client, page, kind="correction", quote=SENTENCE, text="x" * 50)
    assert "the most is 60" in response.content.decode()


def test_it_has_the_limits_of_comments(client, page, settings):
    settings.LIMITS = {"comments": [("address", 1, 60)]}
    first = send(client, page, kind="correction", quote=SENTENCE)
    assert first.status_code == 302
    assert send(client, page, kind="correction", quote=SENTENCE).status_code == 429


def test_put_right_it_is_thanked_for_and_dated_on_the_page(author_client, client, page):
    sent = report(page, status="pending")
    act = reverse("admin:comments_comment_desk_act", args=[sent.pk])
    author_client.post(act, {"do": "put right"})
    sent.refresh_from_db()
    assert (sent.status, sent.settled) == ("approved", True)
    html = html_of(client, page.get_absolute_url()).partition("Mistakes put right")[2]
    assert "<bdi>Anna</bdi>" in html
    assert f'datetime="{sent.put_right:%Y}' in html
    actions.undo(batch=Decision.objects.filter(action="put right").get().batch)
    sent.refresh_from_db()
    assert (sent.status, sent.put_right, sent.settled) == ("pending", None, False)


def test_only_a_correction_can_be_put_right(author_client, page):
    other = comment(page, text="Words.")
    act = reverse("admin:comments_comment_desk_act", args=[other.pk])
    author_client.post(act, {"do": "put right"})
    other.refresh_from_db()
    assert other.put_right is None


def test_who_is_erased_is_not_thanked_by_name(client, page):
    sent = report(page)
    actions.put_right(comment=sent)
    comment(parent=sent, by_author=True, text="Thank you.")
    retention.erase([sent])
    assert "Mistakes put right" not in html_of(client, page.get_absolute_url())


def test_what_is_not_shown_thanks_nobody(client, page):
    sent = report(page)
    actions.put_right(comment=sent)
    actions.trash(comments=[sent])
    assert "Mistakes put right" not in html_of(client, page.get_absolute_url())
