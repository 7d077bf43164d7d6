"""A password has twelve characters and is not her name twice."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from config.accounts import random_password
from publishing.models import SiteSettings
from tests.factories import AuthorUserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    SiteSettings(author_name="Núria Güell Soler", name="Back mice").save()
    return AuthorUserFactory(
        username="nuria.guell", first_name="Núria", last_name="Güell", email="docguell@example.org"
    )


@pytest.mark.parametrize(
    "password",
    ["elevenchars", "nuriaguellnuriaguell", "NúriaGüell1999", "Nuria.Guell-2026!",
        "backmicebackmice", "docguelldocguell",
     "password1234", "guellguellguell", "", "123456789012"],
)  # fmt: skip
def test_it_is_refused(author, password):
    with pytest.raises(ValidationError):
        validate_password(password, author)


@pytest.mark.parametrize(
    "password",
    ["una tarda de pluja", "correct horse battery", "güell i tres coses rares", "k7-%Qz.9wPm2"],
)
def test_it_is_taken(author, password):
    validate_password(password, author)


def test_the_first_password_the_site_makes_follows_its_own_rule(author):
    validate_password(random_password(), author)


def test_the_form_says_the_rule_and_what_is_wrong(client, author):
    client.force_login(author)
    address = reverse("admin:password_change")
    assert "at least 12 characters" in client.get(address).content.decode()
    words = {
        "old_password": "x",
        "new_password1": "nuriaguellnuriaguell",
        "new_password2": "nuriaguellnuriaguell",
    }
    assert "little more than names" in client.post(address, words).content.decode()


@pytest.mark.parametrize("length", [151, 256, 5_000])
def test_a_name_longer_than_any_is_a_wrong_one(client, length):
    answer = client.post("/admin/login/", {"username": "a" * length, "password": "wrong"})
    assert answer.status_code == 200
    assert "do not open the desk" in answer.text
    assert not AccessAttempt.objects.exists()


def test_a_wrong_password_leaves_the_name_and_puts_the_cursor_where_it_is_typed_again(
    client, author
):
    answer = client.post("/admin/login/", {"username": author.username, "password": "wrong"})
    page = answer.content.decode()
    assert "do not open the desk" in page
    assert f'value="{author.username}"' in page
    field = {each.name: str(each) for each in answer.context["form"]}
    assert "autofocus" in field["password"]
    assert "autofocus" not in field["username"]


def test_the_log_in_says_what_to_do_without_the_password(client, db):
    assert (
        "Password forgotten? Whoever runs the site" in client.get("/admin/login/").content.decode()
    )
