"""Sessions, browsers that were here before, guessing, and the password asked for again."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from comments.models import Comment
from config.door import browsers
from tests.factories import PostFactory, comment

from .conftest import PASSWORD

LOG_IN = "/admin/login/"


def log_in(client, author, password=PASSWORD, **more):
    return client.post(LOG_IN, {"username": author.username, "password": password}, **more)


def is_in(client):
    return client.get("/admin/").status_code == 200


def test_a_crowd_of_guessers_is_held_up_and_the_owner_is_not(client, author, settings):
    log_in(client, author)
    client.post("/admin/logout/")
    settings.LIMITS = {"wrong passwords": [("account", 3, 3600)]}
    for number in range(3):
        log_in(Client(), author, "wrong", REMOTE_ADDR=f"198.51.100.{number}")
    answer = log_in(Client(), author, REMOTE_ADDR="203.0.113.9")
    assert "Somebody is guessing at this account." in answer.text
    assert log_in(client, author).status_code == 302


def test_another_password_makes_all_browsers_strangers(client, author, rf):
    log_in(client, author)
    request = rf.get("/")
    request.COOKIES[browsers.COOKIE] = client.cookies[browsers.COOKIE].value
    assert browsers.knows(request, author)
    author.set_password("quite another sentence")
    assert not browsers.knows(request, author)


def test_a_log_in_from_a_new_browser_is_told_once(client, author):
    log_in(client, author, HTTP_USER_AGENT="A browser <b>")
    mail = Email.objects.get()
    assert mail.to == ["author@example.org"]
    assert "A browser <b>" in mail.message
    assert "A browser &lt;b&gt;" in mail.html_message
    client.post("/admin/logout/")
    log_in(client, author)
    assert Email.objects.count() == 1


def test_one_sees_where_one_is_logged_in_and_ends_it(client, author):
    elsewhere, third = Client(), Client()
    for each, name in ((elsewhere, "Elsewhere"), (third, "Third"), (client, "Here")):
        log_in(each, author, HTTP_USER_AGENT=name)
    page = client.get(reverse("account")).text
    assert all(name in page for name in ("Elsewhere", "Third", "this browser"))
    ending = reverse("account-sessions")
    client.post(ending, {"which": UserSession.objects.get(user_agent="Elsewhere").pk})
    assert (is_in(elsewhere), is_in(third), is_in(client)) == (False, True, True)
    client.post(ending, {"which": "others"})
    assert (is_in(third), is_in(client)) == (False, True)
    client.post(ending, {"which": "all"})
    assert not is_in(client)
    assert not UserSession.objects.exists()


def test_nobody_ends_the_session_of_another(client, author, author_client):
    other = Client()
    helper = type(author).objects.create_user("helper", password=PASSWORD, is_staff=True)
    log_in(other, helper)
    row = UserSession.objects.get(user=helper)
    author_client.post(reverse("account-sessions"), {"which": row.pk})
    assert UserSession.objects.filter(pk=row.pk).exists()


def test_a_session_ends_hours_after_its_last_use(author_client, settings):
    session = author_client.session
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
    session["seen"] = int(time.time()) - 3600
    session.save()
    before = session.get_expiry_date()
    author_client.get("/admin/")
    assert author_client.session["seen"] > time.time() - 60
    assert author_client.session.get_expiry_date() > before


def test_rows_of_sessions_that_are_over_go_with_them(client, author):
    log_in(client, author)
    client.session.delete()
    assert browsers.forget() == 1


@pytest.fixture
def long_ago(author_client):
    """The author, who logged in hours ago."""
    session = author_client.session
    session["proved"] = int(time.time()) - 3 * 3600
    session.save()
    return author_client


def test_erasing_somebody_waits_for_the_password_and_then_goes_on(long_ago):
    comment(PostFactory(), email="anna@example.org", text="Hers")
    address = reverse("admin:comments_writer_changelist")
    asked = long_ago.post(address, {"email": "anna@example.org", "erase": "1"})
    assert "Your password, please" in asked.text
    assert 'name="email" value="anna@example.org"' in asked.text
    sent = {"email": "anna@example.org", "erase": "1"}
    assert (
        "That is not your password" in long_ago.post(address, {**sent, "again-password": "x"}).text
    )
    assert Comment.objects.exists()
    long_ago.post(address, {**sent, "again-password": PASSWORD})
    assert not Comment.objects.exists()
    assert "Find" in long_ago.post(address, {"email": "anna@example.org"}).text


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("admin:auth_user_changelist", {"action": "delete_selected"}),
        ("admin:auth_user_add", None),
        ("admin:auth_group_add", {"name": "x"}),
        ("account-app", None),
        ("account-passkey", None),
    ],
)
def test_accounts_roles_and_keys_ask_for_it(long_ago, name, sent):
    address = reverse(name)
    answer = long_ago.get(address) if sent is None else long_ago.post(address, sent)
    assert "Your password, please" in answer.text
    if sent is None:
        answer = long_ago.post(address, {"again-look": "1", "again-password": PASSWORD})
        assert answer["Location"] == address


def test_passwords_of_others_are_not_written_into_the_page_that_asks(long_ago):
    given = {"username": "helper", "password1": "a secret of hers", "password2": "x"}
    page = long_ago.post(reverse("admin:auth_user_add"), given).text
    assert "Your password, please" in page
    assert "a secret of hers" not in page
