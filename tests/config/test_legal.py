"""The pages about privacy and about who answers for the site, made from the settings."""

import re

import pytest

from comments.commenters import consent
from publishing.models import SiteSettings

pytestmark = pytest.mark.django_db


def words(client, address):
    html = client.get(address).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def told():
    SiteSettings(
        author_name="Anna Puig",
        author_credentials="MD",
        orcid="0000-0002-1825-0097",
        contact="anna@example.org",
        responsible="Anna Puig Soler",
        tax_number="12345678Z",
        postal_address="Carrer Major 1\n08500 Vic",
        registration="Col·legi de Metges, 1234",
        interests="Nobody pays.",
        editorial_policy="Every work is read.",
        editorial_policy_es="Cada obra se lee.",
    ).save()


def test_who_is_responsible_and_how_to_reach_them(client, told):
    for address in ("/privacy/", "/legal/"):
        said = words(client, address)
        for each in ("Anna Puig Soler, 12345678Z", "08500 Vic", "Metges, 1234", "anna@example.org"):
            assert each in said


def test_privacy_names_ground_health_rights_and_where_to_complain(client, told):
    said = words(client, "/privacy/")
    assert "article 9.2.a" in said
    assert "article 6.1.f" in said
    assert "have it corrected, erased or handed to you as a file" in said
    assert "Agencia Española de Protección de Datos" in said
    assert "text size" in said
    assert "health" in str(consent.TEXTS[consent.VERSION])


def test_the_legal_notice_says_who_writes_who_pays_and_how_mistakes_are_reported(client, told):
    said = words(client, "/legal/")
    for each in ("Anna Puig, MD", "0000-0002-1825-0097", "Nobody pays.", "Every work is read."):
        assert each in said
    assert "How to report a mistake" in said
    assert "Cada obra se lee." in words(client, "/es/legal/")
    assert "Aviso legal" in words(client, "/es/legal/")


def test_without_settings_nothing_is_made_up(client):
    said = words(client, "/legal/")
    assert "The author" in said
    assert "Editorial policy" not in said
    assert "Write a comment under any page" in said


def test_both_stand_in_the_foot_of_every_page(client):
    html = client.get("/ca/blog/").content.decode()
    assert 'href="/ca/privacy/">Privacitat</a>' in html
    assert 'href="/ca/legal/">Avís legal</a>' in html
