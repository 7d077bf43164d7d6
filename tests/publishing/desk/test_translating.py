"""A page in another language: one press, everything the original holds, the original one press
away."""

import pytest
from django.urls import reverse

from blog.models import Post
from review.models import Chapter, Placement
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db


def translate(client, page, language="es"):
    name = f"admin:{page._meta.app_label}_{page._meta.model_name}_translate"
    return client.post(reverse(name, args=[page.pk]), {"language": language})


def form_of(client, page):
    name = f"admin:{page._meta.app_label}_{page._meta.model_name}_change"
    return client.get(reverse(name, args=[page.pk])).content.decode()


@pytest.fixture
def chapter():
    work = ReferenceFactory(citekey="ries1937")
    body = f"<h2>Part</h2>\n<p>Nodes {cite('ries1937')}.</p>"
    chapter = ChapterFactory(title="Fat", body=body, summary="On fat.", evidence_table=True)
    chapter.tags.add("lumps")
    Placement.objects.create(chapter=chapter, reference=work, remark="Read it.", position=3)
    return chapter


def test_one_press_makes_a_linked_draft_with_everything(author_client, chapter):
    answer = translate(author_client, chapter)
    made = Chapter.objects.get(language="es")
    assert answer["Location"] == reverse("admin:review_chapter_change", args=[made.pk])
    assert (made.state, made.translation_of, made.body) == ("draft", chapter, chapter.body)
    assert (made.summary, made.evidence_table, made.number) == ("On fat.", True, "1")
    assert [tag.name for tag in made.tags.all()] == ["lumps"]
    row = made.placements.get()
    assert (row.reference.citekey, row.remark, row.position) == ("ries1937", "Read it.", 3)
    assert "ries1937" in made.body
    assert made.body_html.count("<h2") == 1


def test_pressed_twice_it_leads_to_the_one_that_is_there(author_client, chapter):
    assert (
        translate(author_client, chapter)["Location"]
        == (translate(author_client, chapter)["Location"])
    )
    assert Chapter.objects.filter(language="es").count() == 1


def test_a_translation_of_a_translation_belongs_to_the_original(author_client, chapter):
    translate(author_client, chapter)
    translate(author_client, Chapter.objects.get(language="es"), "ca")
    assert Chapter.objects.get(language="ca").translation_of == chapter


def test_a_part_goes_into_the_translation_of_its_chapter(author_client, chapter):
    inside = ChapterFactory(title="Inside", parent=chapter)
    translate(author_client, chapter)
    translate(author_client, inside)
    made = Chapter.objects.get(translation_of=inside)
    assert made.parent == Chapter.objects.get(translation_of=chapter)
    assert made.number == "1.1"


def test_its_form_has_the_original_one_press_away(author_client, chapter):
    translate(author_client, chapter)
    page = form_of(author_client, Chapter.objects.get(language="es"))
    assert f'href="/admin/review/chapter/{chapter.pk}/preview/" target="preview"' in page
    assert f'<a href="/admin/review/chapter/{chapter.pk}/change/">In English</a>' in page
    assert "Translate into Catalan" in page
    assert "Translate into Spanish" not in page


def test_a_post_too(author_client):
    post = PostFactory(title="One", body="<p>Words.</p>")
    translate(author_client, post, "ca")
    made = Post.objects.get(language="ca")
    assert (made.body, made.slug != post.slug) == (post.body, True)


def test_a_language_there_is_none_of_is_refused(author_client, chapter):
    translate(author_client, chapter, "xx")
    assert Chapter.objects.count() == 1


def test_the_original_is_found_by_the_words_of_its_title_and_its_number(author_client):
    ChapterFactory(title="Nerves", body="<p>Fascia, fascia, fascia.</p>")
    wanted = ChapterFactory(title="Grasa y fáscia")
    query = {"app_label": "review", "model_name": "chapter", "field_name": "translation_of"}
    for term in ("fascia", "gra fas", "2"):
        found = author_client.get(reverse("admin:autocomplete"), {**query, "term": term}).json()
        assert [each["id"] for each in found["results"]] == [str(wanted.pk)]


class TestHints:
    def test_the_form_says_how_much_it_is_and_what_wants_a_look(self, author_client, chapter):
        body = (
            f"<p>In 37 % of them {cite('ries1937')}. A study found more {cite('nobody1900')}.</p>"
            '<p>In 12 %. <a href="/review/never/">Never</a></p>'
        )
        chapter.body = body
        chapter.save()
        page = form_of(author_client, chapter)
        assert "In 12 %." in page.partition("Numbers and findings without a citation")[2]
        assert "<li>nobody1900</li>" in page
        assert "“Never”" in page

    def test_they_are_asked_for_while_writing_and_nothing_is_written(
        self, author_client, chapter, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(6):
            answer = author_client.post(
                reverse("admin:review_chapter_hints"), {"body": "<p>It was 12 %.</p>"}
            )
        assert "It was 12 %." in answer.content.decode()
        assert "4 words" in answer.content.decode()
