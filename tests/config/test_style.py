import pytest

from references.models import Reference
from tests.factories import ChapterFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db


def test_the_style_page_is_for_those_who_carry_on(client, author_client):
    client.logout()
    assert client.get("/admin/style/").status_code == 302


def test_it_shows_the_tokens_and_every_voice_with_or_without_content(author_client):
    html = author_client.get("/admin/style/").content.decode()
    for piece in (
        "--madder",
        "What the source says",
        "From private correspondence",
        "One being written",
        "Footnotes",
    ):
        assert piece in html
    assert "nobody wrote these studies" in html
    assert "19 of 24" in html
    assert 'class="descent"' in html
    assert not Reference.objects.exists(), "nothing made up is stored"
    chapter = ChapterFactory(body="<p>x</p>", references=[ReferenceFactory()])
    comment(parent=comment(chapter, text="A question of mine."), by_author=True)
    assert "A question of mine." in author_client.get("/admin/style/").content.decode()
