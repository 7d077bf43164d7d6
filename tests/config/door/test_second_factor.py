"""Getting in with a second factor, and what asks for it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.urls import reverse

from config.door import factors
from tests.factories import AuthorUserFactory

from .conftest import PASSWORD

LOG_IN = "/admin/login/"


def code_of(secret, ago=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 - ago))


@pytest.fixture
def secret(author):
    """The key of the author's app."""
    secret = generate_totp_secret()
    TOTP.activate(author, secret)
    return secret


def password(author, **more):
    return {"username": author.username, "password": PASSWORD, **more}


def proof_in(page):
    return re.search(r'name="(?:again-)?proof" value="([^"]+)"', page)[1]


def test_the_password_alone_leads_to_a_second_step_and_no_further(client, author, secret):
    page = client.post(LOG_IN, password(author)).text
    assert "Second step" in page
    assert client.get("/admin/").status_code == 302
    answer = client.post(LOG_IN, {"proof": proof_in(page), "code": "000000"})
    assert "That is not the code." in answer.text
    assert client.get("/admin/").status_code == 302
    answer = client.post(LOG_IN, {"proof": proof_in(page), "code": f" {code_of(secret)} "})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_code_is_good_once_and_a_recovery_code_too(client, author, secret):
    once = factors.new_codes(author)[0]
    proof = proof_in(client.post(LOG_IN, password(author)).text)
    for code in (code_of(secret), once):
        assert client.post(LOG_IN, {"proof": proof, "code": code}).status_code == 302
        client.post("/admin/logout/")
        assert "Each is good once." in client.post(LOG_IN, {"proof": proof, "code": code}).text


def test_a_proof_is_of_this_password_and_of_these_minutes(client, author, secret):
    proof = proof_in(client.post(LOG_IN, password(author)).text)
    assert "Password" in client.post(LOG_IN, {"proof": proof + "x", "code": "1"}).text
    author.set_password("another long sentence")
    author.save()
    answer = client.post(LOG_IN, {"proof": proof, "code": code_of(secret)})
    assert 'name="password"' in answer.text
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/admin/", "/blog/", "/admin/logout/", "/\\e"]
)
def test_the_log_in_leads_to_our_own_desk_alone(client, author, wanted):
    assert client.post(LOG_IN, password(author, next=wanted))["Location"] == "/admin/"


def test_the_log_in_leads_to_where_one_wanted_at_the_desk(client, author):
    wanted = "/es/admin/blog/post/?q=a"
    assert client.post(LOG_IN, password(author, next=wanted))["Location"] == wanted


def test_in_production_whoever_can_publish_or_see_e_mails_needs_one(client, author, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client.force_login(author)
    answer = client.get("/admin/blog/post/", follow=True)
    assert answer.redirect_chain[-1][0] == "/admin/account/"
    assert "Before you go on, set up a second factor here." in answer.text
    TOTP.activate(author, generate_totp_secret())
    assert client.get("/admin/blog/post/").status_code == 200
    helper = User.objects.create_user("helper", is_staff=True)
    assert not factors.is_missing(helper)
    for name in ("publish_pages", "view_comment"):
        helper.user_permissions.set(Permission.objects.filter(codename=name))
        assert factors.is_missing(User.objects.get(pk=helper.pk)), name


def test_an_app_is_set_up_with_codes_for_the_day_it_is_lost(author_client, author):
    address = reverse("account-app")
    secret = author_client.get(address).context["secret"]
    drawn = author_client.get(reverse("account-qr"))
    assert drawn["Content-Type"] == "image/svg+xml"
    assert "wrong" not in author_client.post(address, {"code": "1"}).headers
    answer = author_client.post(address, {"code": code_of(secret)}, follow=True)
    left = factors.codes_left(author)
    assert len(left) == 10
    assert all(code in answer.text for code in left)
    kept = Authenticator.objects.get(type="totp")
    assert secret not in str(kept.data)
    page = author_client.get(reverse("account")).text
    assert "An app that shows codes" in page
    assert "10 left" in page
    author_client.post(reverse("account-remove", args=[kept.pk]))
    assert not Authenticator.objects.exists()


def test_nobody_takes_away_the_factor_of_another(author_client):
    other = AuthorUserFactory(username="other")
    theirs = TOTP.activate(other, generate_totp_secret()).instance
    assert author_client.post(reverse("account-remove", args=[theirs.pk])).status_code == 404


def test_words_sent_too_late_wait_for_both_steps(client, author, secret):
    address = reverse("admin:blog_post_add")
    sent = {"title": "Kept words", "again-username": author.username, "again-password": PASSWORD}
    page = client.post(address, sent)
    assert page.status_code == 401
    assert 'value="Kept words"' in page.text
    sent = {"title": "Kept words", "again-proof": proof_in(page.text)}
    answer = client.post(address, {**sent, "again-code": code_of(secret)})
    assert answer.status_code == 200
    assert "Kept words" in answer.text
    assert "again-proof" not in answer.text


def test_the_dialog_asks_for_the_second_factor_too(client, author, secret):
    whose = {"whose": author.pk}
    answer = client.post(
        reverse("again"),
        {**whose, "again-username": author.username, "again-password": PASSWORD},
    ).json()
    assert answer["in"] is False
    assert "One more step" in answer["form"]
    given = {"again-proof": proof_in(answer["form"]), "again-code": code_of(secret)}
    assert client.post(reverse("again"), {**whose, **given}).json()["in"] is True


def test_the_command_lets_somebody_in_again(client, author, secret, capsys):
    client.force_login(author)
    call_command("recover_account", author.username)
    new = capsys.readouterr().out.rpartition(": ")[2].strip()
    assert client.get("/admin/").status_code == 302
    given = {"username": author.username, "password": new}
    assert client.post(LOG_IN, given)["Location"] == "/admin/"
