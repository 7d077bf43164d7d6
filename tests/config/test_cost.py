"""What pages cost beside the least that Django can answer, in CPU of this process: the smallest of
several, so that whatever else the machine does is left out.

The budgets are three times what was measured on a quiet machine: they stop what makes a page dear,
not what makes it slower by a little. `make bench` has the figures.
"""

import time

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from publishing.http import parts
from publishing.models import SiteSettings
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, comment

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.once("CPU of this process, not of the database"),
]
ROUNDS, TIMES = 5, 4
urlpatterns = [path("hello/", lambda request: HttpResponse("hello"))]


def cpu(address):
    """Seconds of one answer."""
    client, spent = Client(), []
    assert client.get(address).status_code == 200
    for _round in range(ROUNDS):
        began = time.process_time()
        for _time in range(TIMES):
            client.get(address)
        spent.append((time.process_time() - began) / TIMES)
    return min(spent)


@pytest.fixture
def hello():
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
        return cpu("/hello/")


def test_pages_are_made_within_their_budgets(hello):
    SiteSettings().save()
    chapter, work = ChapterFactory(), ReferenceFactory()
    post = PostFactory()
    for number in range(13):
        asked = comment(post, text=f"Question {number}", kind="question")
        comment(post, parent=asked, by_author=True)
    most = {
        "/legal/": 35, "/": 50, "/references/": 50, chapter.get_absolute_url(): 60,
        post.get_absolute_url(): 90, work.get_absolute_url(): 110,
        "/search/?q=title": 110,
    }  # fmt: skip
    parts.forget()
    found = {address: round(cpu(address) / hello) for address in most}
    assert {address for address in most if found[address] > most[address]} == set(), found


def test_a_comment_more_costs_little(hello):
    """A hundred comments more are a few of the cheapest answers, not hundreds."""
    few, many = PostFactory(), PostFactory()
    for page, count in ((few, 4), (many, 40)):
        for number in range(count):
            comment(page, text=f"Words {number}")
    more = (cpu(many.get_absolute_url()) - cpu(few.get_absolute_url())) / 36
    assert more < 2 * hello
