from datetime import date

import pytest

from publishing.models import Image, SiteSettings
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("what it asks for, the lists of each app ask for too"),
]


def test_an_empty_site_has_a_first_page(client):
    response = client.get("/")
    assert response.status_code == 200
    assert "Back mice" in response.content.decode()


def test_the_first_page_says_what_this_is_and_what_is_new(client):
    SiteSettings(name="Nodules", tagline="a review", introduction="Small lumps of fat.").save()
    ChapterFactory(title="Chapter one", state="construction")
    PostFactory(title="A new post", first_published=date(2026, 4, 19))
    ReferenceFactory(year=1904)
    ReferenceFactory(year=2024)
    html = client.get("/").content.decode()
    assert "<title>Nodules: a review</title>" in html
    for words in (
        "Small lumps of fat.",
        "Chapter one",
        "Under construction",
        "A new post",
        "19 April 2026",
        "1904 to 2024",
    ):
        assert words in html


def test_drafts_stay_off_the_first_page(client):
    ChapterFactory(title="Secret chapter", state="draft")
    PostFactory(title="Secret post", state="draft")
    assert "Secret" not in client.get("/").content.decode()


def test_the_latest_answer_is_shown_with_its_question(client):
    question = comment(ChapterFactory(), kind="question", text="Is it dangerous?")
    comment(parent=question, by_author=True, text="The articles say no.")
    comment(ChapterFactory(), kind="question", text="Unanswered so far?")
    html = client.get("/").content.decode()
    assert "Is it dangerous?" in html
    assert "The articles say no." in html
    assert "Unanswered so far?" not in html


def test_what_readers_and_settings_say_is_never_markup(client):
    SiteSettings(introduction="<script>alert(1)</script>").save()
    question = comment(ChapterFactory(), kind="question", name="<b>x</b>", text="<i>why</i>?")
    comment(parent=question, by_author=True, text="<u>so</u>")
    html = client.get("/").content.decode()
    for markup in ("<script>alert", "<b>x", "<i>why", "<u>so"):
        assert markup not in html


def test_asking_leads_to_the_form_of_the_project_page(client):
    chapter = ChapterFactory(title="The project", section="a-front")
    SiteSettings(project_page="/review/the-project/").save()
    assert 'href="/questions/ask/"' in client.get("/").content.decode()
    form = f"/comments/new/review.chapter/{chapter.pk}/?kind=question"
    assert client.get("/questions/ask/").url == form


def test_the_front_figure_has_its_size_and_description(client):
    figure = Image.objects.create(
        file="images/a.png", title="a", alt="The sacrum", width=800, height=600, widths=[480]
    )
    SiteSettings(front_figure=figure).save()
    html = client.get("/").content.decode()
    assert 'alt="The sacrum"' in html
    assert 'srcset="/media/images/a-480.png 480w, /media/images/a.png 800w"' in html


def test_the_front_figure_speaks_the_language_of_the_menus(client):
    words = {"alt": "A back.", "caption": "From behind."}
    theirs = {"alt_es": "Una espalda.", "caption_es": "Por detrás."}
    figure = Image.objects.create(file="images/a.png", width=8, height=6, **words, **theirs)
    SiteSettings(front_figure=figure).save()
    spanish, catalan = (
        " ".join(client.get(address).content.decode().split()) for address in ("/es/", "/ca/")
    )
    assert 'alt="Una espalda."' in spanish
    assert 'lang="es">Por detrás.' in spanish
    assert 'alt="A back."' in catalan
    assert 'lang="en">From behind.' in catalan


def test_the_first_page_asks_the_same_however_much_there_is(client, django_assert_max_num_queries):
    def fill(times):
        for _ in range(times):
            chapter = ChapterFactory(references=[ReferenceFactory()])
            comment(parent=comment(chapter, kind="question"), by_author=True)
            comment(PostFactory())

    fill(2)
    client.get("/")
    fill(6)
    with django_assert_max_num_queries(10):
        client.get("/")


def test_an_answer_is_cut_between_two_words_and_its_page_read_in_its_language(client):
    work = ReferenceFactory(title="Das Kreuzbein", language="de")
    asked = comment(work, kind="question", text="Why?")
    comment(parent=asked, by_author=True, text="nothing " * 29 + "possible, and more of it")
    html = client.get("/").text
    assert "nothing nothing…</p>" in html
    assert f'<span lang="de">{work}</span></a>' in html
