"""Moving a WordPress site in from the desk: given, decided on, brought in, reported."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from blog.models import Post
from publishing.models import Redirect, SiteImport
from publishing.storage import private
from references.models import Notes
from tests.factories import AuthorUserFactory, PostFactory

DATA = Path(__file__).parent / "data"
pytestmark = [pytest.mark.django_db, pytest.mark.once("about pages of the desk")]
GIVE = "admin:publishing_siteimport_add"


def give(client, data, name="site.xml"):
    file = io.BytesIO(data)
    file.name = name
    return client.post(reverse(GIVE), {"file": file}, follow=True)


def test_a_site_is_shown_first_and_comes_in_as_she_decides(client):
    client.force_login(AuthorUserFactory())
    page = give(client, (DATA / "wordpress-6.1.xml").read_bytes())
    row = SiteImport.objects.get()
    words = page.content.decode()
    assert "page, published: 6" in words
    assert "Notes on a work? Copeman WSC" in words
    assert not Post.objects.exists()
    page = client.post(page.request["PATH_INFO"], {"as-12": "notes", "as-10": "leave"}, follow=True)
    words = page.content.decode()
    assert "What became of everything" in words
    assert "does not add up" not in words
    assert "you decided so" in words
    assert (Post.objects.count(), Notes.objects.count()) == (7, 1)
    row.refresh_from_db()
    assert (row.state, row.file) == ("done", "")
    assert private().listdir("moving")[1] == []
    text = client.get(f"{page.request['PATH_INFO']}?report").content.decode()
    assert "comment" in text
    assert "reader@example.org" not in text


def test_what_is_no_export_is_said_in_words(client):
    client.force_login(AuthorUserFactory())
    assert "This is not an export of WordPress." in give(client, b"<html></html>").content.decode()
    page = client.post(reverse(GIVE), {})
    assert "This field is required." in page.content.decode()


def test_it_is_for_who_may_do_everything(client):
    client.force_login(AuthorUserFactory(is_superuser=False))
    assert client.get(reverse(GIVE)).status_code == 403


def test_a_list_of_old_addresses_is_walked(tmp_path):
    post = PostFactory(slug="new")
    Redirect.objects.record({"/old/": post})
    Redirect.objects.create(path="/twice/", address="/old/")
    path, out = tmp_path / "access.log", io.StringIO()
    path.write_text('1.2.3.4 - - [x] "GET /old/ HTTP/1.1" 200\n<loc>https://a.org/gone/</loc>\n')
    with pytest.raises(SystemExit):
        call_command("check_redirects", path, stdout=out)
    assert out.getvalue().splitlines() == [
        "404: /gone/", "2 addresses, 1 of them lead to their page.",
    ]  # fmt: skip
    path.write_text("/twice/\n")
    with pytest.raises(SystemExit):
        call_command("check_redirects", path, stdout=io.StringIO())
