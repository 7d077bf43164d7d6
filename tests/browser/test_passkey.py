"""A passkey, kept by chromium's own pretended authenticator."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from config.door import factors
from tests.factories import PostFactory

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_made_opens_the_desk_and_saves_what_was_typed_too_late(page, author):
    author.set_password("a-long-password")
    author.save()
    post = PostFactory(title="A post", body="<p>First words.</p>")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    page.goto(reverse("account-passkey"))
    page.get_by_label("Username").fill(author.username)
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert factors.has_passkey(author)

    page.get_by_role("button", name="Log out").click()
    page.goto("/admin/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url("**/admin/")

    page.goto(reverse("admin:blog_post_change", args=[post.pk]))
    page.locator("html[data-editing=ready]").wait_for()
    Session.objects.all().delete()
    page.fill("#id_title", "Typed too late")
    page.keyboard.press("Control+s")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Log in and save").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.locator("[data-state=saved]").wait_for()
    post.refresh_from_db()
    assert post.title == "Typed too late"
