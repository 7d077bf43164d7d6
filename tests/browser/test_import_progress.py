"""A long import, watched while the task worker brings it in."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from publishing import clock, tasks
from publishing.models import TaskWorker
from references import formats
from references.importing import pending
from references.importing.pending import hold
from tests.factories import AuthorUserFactory

pytestmark = pytest.mark.django_db(transaction=True)
WORKS = "\n".join(f"@article{{work{n}, title={{Work {n}}}, year={{19{n}}}}}" for n in range(10, 16))


@pytest.fixture
def held(settings, monkeypatch, client):
    """Six records the author has confirmed; a worker is there, and has not begun."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    monkeypatch.setattr(pending, "PORTION", 2)
    TaskWorker.objects.create(key="here", until=timezone.now() + clock.LEASE)
    author = AuthorUserFactory()
    client.force_login(author)
    held = hold(author, "works.bib", formats.read(WORKS.encode()))
    pending.confirm(held)
    pending.hand_over(held)
    return held


def open_progress(page, client, live_server, held):
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"/admin/references/reference/import/{held.pk}/")


def test_it_counts_by_itself_and_ends_with_the_report(page, client, live_server, held):
    open_progress(page, client, live_server, held)
    expect(page.locator("#progress [role=status]")).to_contain_text("0 of 6 records")
    pending.bring_portion(held.pk)
    expect(page.locator("#progress [role=status]")).to_contain_text("2 of 6 records")
    tasks.do(tasks.claim("here"))
    page.get_by_role("heading", name="New in the library").wait_for()


def test_without_scripts_a_link_looks_again(new_page, client, live_server, held):
    page = new_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    open_progress(page, client, live_server, held)
    pending.bring_portion(held.pk)
    page.get_by_role("link", name="How far is it?").click()
    expect(page.locator("#progress [role=status]")).to_contain_text("2 of 6 records")
