"""Who follows a chapter hears of it at once when a notice touches what it concludes, and once."""

from datetime import timedelta

import pytest
from django.utils import timezone
from post_office.models import Email

from publishing.models import Follower
from references.formats import WorkNotice as Said
from references.models import StudyFacts, WorkNotice
from references.notices import answering, followers, resting, watching
from tests.factories import ChapterFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=11)
RETRACTED = Said("retraction", False, "2026-11-03", "10.1000/x", "", "", "Crossref")


@pytest.fixture
def work(db):
    return ReferenceFactory(citekey="sutro1935", title="Subcutaneous nodules", doi="10.1000/s")


@pytest.fixture
def chapter(work):
    return ChapterFactory(title="Fat", body=f"<p>It helps {cite('sutro1935')}. It stays.</p>")


def follower(topic, email="anna@example.org", **fields):
    ago = timezone.now() - timedelta(days=3)
    values = {"language": "es", "wording": "Yes.", "confirmed": ago, "at_once": True} | fields
    return Follower.objects.create(email=email, topic=topic, **values)


def answer(notice, chosen, note=""):
    found, _gone = resting.on(notice)
    answering.answer(notice=notice, answers={each.key: (chosen, note) for each in found})


def later(times=1):
    return followers.tell(timezone.now() + times * LATER)


def test_an_answer_that_touches_the_text_is_told_once_in_the_readers_language(work, chapter):
    key = f"review.chapter/{chapter.pk}"
    follower(key)
    follower("review")
    follower("review", "eva@example.org", language="en")
    follower("review", "old@example.org", at_once=False)
    follower("blog", "blog@example.org")
    follower(key, "asked@example.org", confirmed=None)
    (notice,) = watching.take({work.pk: [RETRACTED]}, "crossref")
    assert later() == 0
    answer(notice, "review", "I read it again")
    assert followers.tell() == 0
    assert later() == 2
    assert later(2) == 0
    spanish = Email.objects.get(to="anna@example.org")
    assert "Lo que aquí se apoya en ella está en revisión" in spanish.message
    assert "I read it again" in spanish.message
    assert "(3 de noviembre de 2026)" in spanish.message
    assert f"{chapter.get_absolute_url()}" in spanish.message
    assert spanish.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    english = Email.objects.get(to="eva@example.org")
    assert "Subcutaneous nodules" in english.message
    assert "Retraction (3 November 2026)" in english.html_message.replace("</strong>", "")
    answer(notice, "rewritten")
    assert later(3) == 0


def test_an_answer_thought_better_of_and_one_that_all_stands_tell_nobody(work, chapter):
    follower("review")
    (notice,) = watching.take({work.pk: [RETRACTED]}, "crossref")
    answer(notice, "review")
    notice.refresh_from_db()
    answer(notice, "stands")
    assert later() == 0


def test_a_study_of_the_evidence_is_told_as_it_arrives(work, chapter):
    StudyFacts.objects.create(reference=work, relief="31 of 37")
    ChapterFactory(title="Draft", state="draft", body=f"<p>So {cite('sutro1935')}.</p>")
    follower("review", language="en")
    watching.take({work.pk: [RETRACTED]}, "crossref")
    assert later() == 1
    message = Email.objects.get().message
    assert "The author has not said yet what it changes here." in message
    assert "Draft" not in message
    WorkNotice.objects.update(withdrawn=timezone.now())
    follower("review", "late@example.org")
    assert later(2) == 0
