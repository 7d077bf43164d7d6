import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

pytestmark = pytest.mark.django_db


def test_everything_under_a_tag_is_together(client):
    ChapterFactory(title="Tagged chapter").tags.add("history")
    PostFactory(title="Tagged post", tags=["history"])
    ReferenceFactory(title="Tagged article", tags=["history"])
    PostFactory(title="Untagged")
    html = client.get("/tags/history/").content.decode()
    for title in ("Tagged chapter", "Tagged post", "Tagged article"):
        assert title in html
    assert "Untagged" not in html


@pytest.mark.parametrize("name", ["método", "疼痛", "ألم", "C++"])
def test_a_tag_may_be_in_any_script(client, name):
    post = PostFactory(title="Tagged post", tags=[name])
    slug = post.tags.get().slug
    response = client.get(f"/tags/{quote(slug)}/")
    assert "Tagged post" in response.content.decode()


def test_a_tag_of_drafts_alone_is_not_found(client):
    PostFactory(state="draft", tags=["secret"])
    ChapterFactory(publish_at=timezone.now() + timedelta(days=1)).tags.add("secret")
    assert client.get("/tags/secret/").status_code == 404


def test_drafts_are_left_out(client):
    PostFactory(title="Open post", tags=["pain"])
    PostFactory(title="Closed post", tags=["pain"], state="draft")
    html = client.get("/tags/pain/").content.decode()
    assert "Open post" in html
    assert "Closed post" not in html


def test_no_such_tag_is_not_found(client):
    assert client.get("/tags/nothing/").status_code == 404


def test_works_under_a_tag_stand_in_the_order_of_their_years(client):
    for year in (1990, 1950, 1970):
        ReferenceFactory(citekey=f"y{year}", year=year, tags=["pain", "heat"], people=[])
    ReferenceFactory(citekey="other", tags=["heat"], people=[])
    html = client.get("/tags/pain/").content.decode()
    assert re.findall(r'href="/references/(\w+)/"', html) == ["y1950", "y1970", "y1990"]


def test_many_references_come_in_pages(client):
    for _ in range(52):
        ReferenceFactory(tags=["pain"], people=[])
    for page, works in (("abc", 50), ("2", 2), ("77", 2)):
        html = client.get("/tags/pain/", {"page": page}).content.decode()
        assert html.count('<li class="work') == works, page
