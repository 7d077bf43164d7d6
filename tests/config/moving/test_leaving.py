"""Everything as one file from the desk: after the password again, noted, gone after a day."""

import os
import time
import zipfile
from io import BytesIO

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import timezone

from comments.commenters import retention
from comments.models import Access
from config.moving import leaving
from publishing.storage import private
from tests.factories import AuthorUserFactory, PostFactory, comment

LEAVE = "admin:publishing_siteimport_leave"
pytestmark = [pytest.mark.django_db, pytest.mark.once("a page of the desk")]


@pytest.fixture
def owner(client):
    user = AuthorUserFactory()
    client.force_login(user)
    return user


def test_everything_is_one_file_that_is_noted_and_ends(client, owner):
    asked = comment(PostFactory(slug="a-post"), email="anna@example.org", text="Hers")
    private().save("moving/export", BytesIO(b"of another import"))
    page = client.post(reverse(LEAVE), {"make": "1"}, follow=True).content.decode()
    assert "give it to" in page
    assert "Download" in page
    noted = Access.objects.get()
    assert (noted.what, noted.comment_number, noted.by) == ("exported", asked.pk, owner)
    answer = client.post(reverse(LEAVE), {"file": "1"})
    data = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(data)
    assert f'filename="site-{timezone.localdate()}.zip"' in answer["Content-Disposition"]
    with zipfile.ZipFile(BytesIO(data)) as file:
        assert {"manifest.json", "public/pages/blog/a-post.html"} <= set(file.namelist())
        assert b"anna@example.org" in file.read("private/tables/comments.comment.jsonl")
        assert not [name for name in file.namelist() if name.startswith("private/files/")]
    said = LogEntry.objects.order_by("pk").values_list("change_message", flat=True)
    assert list(said) == ["The whole site was asked for.", "The whole site was downloaded."]
    assert leaving.forget_erased() == 0
    retention.erase([asked])
    assert leaving.ready(owner) is None
    assert leaving.forget_erased() == 1
    client.post(reverse(LEAVE), {"make": "1"})
    old = time.time() - 25 * 3600
    os.utime(leaving.ready(owner).path, (old, old))
    assert "Download" not in client.get(reverse(LEAVE)).content.decode()
    assert leaving.forget_old() == 1


def test_the_password_is_asked_for_again_and_only_the_owner_is(client, owner):
    session = client.session
    session["proved"] = int(time.time()) - 3 * 3600
    session.save()
    assert "Your password, please" in client.post(reverse(LEAVE), {"make": "1"}).content.decode()
    assert leaving.ready(owner) is None
    client.force_login(AuthorUserFactory(is_superuser=False))
    assert client.get(reverse(LEAVE)).status_code == 403


def test_one_that_was_killed_leaves_nothing_half_made(owner, monkeypatch):
    def killed(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(leaving, "_pack", killed)
        with pytest.raises(KeyboardInterrupt):
            leaving.make(owner.pk)
    assert private().listdir("leaving") == ([], [])
    leaving.make(owner.pk)
    assert private().listdir("leaving") == ([], [f"{owner.pk}.zip"])
