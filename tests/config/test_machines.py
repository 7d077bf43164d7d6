"""What machines ask for: sitemap, robots, security.txt, health."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from publishing.models import SiteSettings
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

pytestmark = pytest.mark.django_db


def sitemap(client):
    """What its parts say, one after the other."""
    parts = re.findall(
        "<loc>http://testserver(.*?)</loc>", client.get("/sitemap.xml").content.decode()
    )
    return "".join(client.get(part).content.decode() for part in parts)


def test_the_sitemap_has_every_public_page_once(client):
    ChapterFactory(title="One")
    ChapterFactory(title="Planned", state="planned")
    PostFactory(slug="a-post")
    ReferenceFactory(citekey="ries1937")
    addresses = re.findall("<loc>(.*?)</loc>", sitemap(client))
    for path in (
        "/",
        "/review/one/",
        "/review/planned/",
        "/blog/a-post/",
        "/references/ries1937/",
        "/questions/",
    ):
        assert f"http://testserver{path}" in addresses
    assert len(addresses) == len(set(addresses))


def test_the_sitemap_hides_what_is_hidden(client):
    later = timezone.now() + timedelta(days=1)
    parent = ChapterFactory(slug="secret-parent", publish_at=later)
    ChapterFactory(slug="secret-child", parent=parent)
    ChapterFactory(slug="secret-draft", state="draft")
    PostFactory(slug="secret-post", state="planned")
    PostFactory(slug="secret-future", publish_at=later)
    assert "secret" not in sitemap(client)


def test_the_sitemap_names_our_site_whatever_host_was_asked(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert (
        "evil.example"
        not in client.get("/sitemap.xml", headers={"host": "evil.example"}).content.decode()
    )


def test_robots_are_kept_from_forms_and_shown_the_sitemap(client):
    text = client.get("/robots.txt").content.decode()
    for address in ("/admin/", "/search/", "/ca/search/", "/es/comments/new/"):
        assert f"Disallow: {address}\n" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_security_txt_has_a_contact_and_has_not_expired(client):
    SiteSettings(contact="author@example.org").save()
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:author@example.org" in text
    assert re.search(r"Expires: (\S+)", text)[1] > timezone.now().isoformat()


def test_security_txt_without_an_address_names_the_site(client):
    assert "Contact: http://testserver/" in client.get("/.well-known/security.txt").content.decode()


def test_security_txt_names_whom_the_host_wants(client, settings):
    settings.SECURITY_CONTACTS = ["mailto:security@example.org", "https://example.org/tell"]
    settings.SECURITY_POLICY = "https://example.org/policy"
    text = client.get("/.well-known/security.txt").content.decode()
    assert text.startswith(
        "Contact: mailto:security@example.org\nContact: https://example.org/tell\n"
        "Policy: https://example.org/policy\nExpires: "
    )


def test_health_is_ok_and_never_stored(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("address", "kind", "size"),
    [
        ("/favicon.ico", "image/x-icon", (48, 48)),
        ("/apple-touch-icon.png", "image/png", (180, 180)),
    ],
)
def test_browsers_find_the_icon_where_they_look_for_it(client, address, kind, size):
    response = client.get(address)
    assert response["Content-Type"] == kind
    assert Image.open(io.BytesIO(response.getvalue())).size == size
