"""A question answered well becomes a page of hers: her words, nothing of who asked."""

import json
import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from comments.commenters import retention
from comments.models import Comment, KeptAnswer
from tests.factories import AuthorUserFactory, ChapterFactory, ReferenceFactory, cite, comment

pytestmark = pytest.mark.django_db
ADD = "admin:comments_keptanswer_add"
ASKED = "My mother Rosa in Vic has had a lump since 1990, does it go away by itself?"


@pytest.fixture
def question():
    ReferenceFactory(citekey="ries1937")
    asked = comment(ChapterFactory(title="Fat"), kind="question", name="Anna", text=ASKED)
    comment(parent=asked, by_author=True, text="Nobody knows [@ries1937].\n\nAsk your doctor.")
    return asked


def kept(**fields):
    values = {"title": "Do lumps go away?", "body": "<p>Not known.</p>", "state": "published"}
    made = KeptAnswer(**values | fields)
    made.save()
    return made


def form_of(response, **changes):
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | changes).items() if value is not None}


def html_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_desk_offers_to_keep_a_question_that_is_answered(author_client, question):
    desk = f"{reverse('admin:comments_comment_desk')}?queue=all&at={question.pk}"
    assert f"{reverse(ADD)}?from={question.pk}" in html_of(author_client, desk)


def test_it_begins_with_her_answer_and_none_of_the_askers_words(author_client, question):
    response = author_client.get(f"{reverse(ADD)}?from={question.pk}")
    sent = form_of(response)
    assert sent.get("title", "") == ""
    assert cite("ries1937") in sent["body"]
    assert "Rosa" not in sent["body"]
    assert "Rosa" in response.content.decode()  # shown beside, to be said in other words
    sent |= {"title": "Do lumps go away?", "state": "published", "tags": ""}
    assert author_client.post(reverse(ADD), sent).status_code == 302
    made = KeptAnswer.objects.get()
    assert (made.page, made.made_from) == (question.page, question.pk)
    assert made.is_public()


def test_whoever_may_not_read_comments_does_not_read_them_here(client, question):
    editor = AuthorUserFactory(is_superuser=False)
    editor.user_permissions.set(Permission.objects.filter(codename__endswith="_keptanswer"))
    client.force_login(editor)
    assert "Rosa" not in html_of(client, f"{reverse(ADD)}?from={question.pk}")
    made = kept(made_from=question.pk, state="draft")
    change = reverse("admin:comments_keptanswer_change", args=[made.pk])
    assert "Rosa" not in html_of(client, change)


def test_words_of_the_askers_are_pointed_out(author_client, question):
    body = f"<p>{ASKED}</p>"
    made = kept(made_from=question.pk, body=body)
    address = reverse("admin:comments_keptanswer_change", args=[made.pk])
    sent = form_of(author_client.get(address), tags="")
    response = author_client.post(address, sent, follow=True)
    assert "These are the asker’s own words" in response.content.decode()


def test_erasing_the_question_leaves_the_answer_and_asks_her_to_look(author_client, question):
    made = kept(made_from=question.pk, page=question.page)
    assert not KeptAnswer.objects.to_look_at()
    retention.erase([question])
    assert list(KeptAnswer.objects.to_look_at()) == [made]
    assert "was erased: look whether" in html_of(author_client, "/admin/")
    assert "Rosa" not in html_of(author_client, made.get_absolute_url())
    address = reverse("admin:comments_keptanswer_change", args=[made.pk])
    sent = form_of(author_client.get(address), tags="")
    assert author_client.post(address, sent).status_code == 302
    assert not KeptAnswer.objects.to_look_at()
    assert KeptAnswer.objects.get().page == question.page


def test_a_whole_thread_that_is_erased_is_told_of_too(question):
    kept(made_from=question.pk)
    retention.erase(Comment.objects.all())
    assert KeptAnswer.objects.to_look_at().count() == 1


def test_it_is_shown_on_its_page_and_stands_first_in_the_search(client, question):
    made = kept(page=question.page, body="<p>Lumps and lumps.</p>")
    for number in range(3):
        ChapterFactory(title=f"Lumps lumps {number}", body="<p>Do lumps go away? Lumps.</p>")
    shown = html_of(client, question.page.get_absolute_url()).partition("Questions and answers")[2]
    assert f'href="{made.get_absolute_url()}"' in shown
    results = html_of(client, "/search/?q=lumps").partition('class="hits')[2]
    assert re.search(r'href="([^"]+)"', results)[1] == made.get_absolute_url()
    assert results.count(f'href="{made.get_absolute_url()}"') == 1
    for address in ("/questions/", "/sitemap-answers-0.xml", "/feed.atom"):
        assert made.get_absolute_url() in html_of(client, address)


def test_a_draft_is_nowhere(client, question):
    made = kept(page=question.page, state="draft")
    assert client.get(made.get_absolute_url()).status_code == 404
    for address in (question.page.get_absolute_url(), "/questions/", "/search/?q=lumps"):
        assert "Do lumps go away" not in html_of(client, address)


def test_machines_are_told_once_and_only_where_nobody_else_answers(client, question):
    """FAQPage is for answers by the site alone, QAPage for a question readers can answer."""
    made = kept(page=question.page)
    blocks = [
        json.loads(each)
        for each in re.findall(
            r'<script type="application/ld\+json">(.*?)</script>',
            html_of(client, made.get_absolute_url()),
        )
    ]
    faq = next(each for each in blocks if each["@type"] == "FAQPage")
    assert faq["mainEntity"][0]["name"] == "Do lumps go away?"
    assert faq["mainEntity"][0]["acceptedAnswer"]["text"] == "Not known."
    for address in (question.page.get_absolute_url(), "/questions/"):
        assert "FAQPage" not in html_of(client, address)


def test_addresses_of_the_site_itself_are_not_taken():
    assert kept(title="Ask").slug != "ask"


def test_a_page_that_is_not_there_is_said(author_client):
    sent = form_of(author_client.get(reverse(ADD)), title="Why?", tags="", shown_on="/nowhere/")
    response = author_client.post(reverse(ADD), sent)
    assert "There is no page of this site at this address." in response.content.decode()
