"""A work is retracted: what rests on it is listed, the author answers, readers see it there."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from comments.models import DeskSettings
from config import notices as telling
from references.models import StudyFacts, WorkNotice
from references.notices import answering, resting
from tests.factories import ChapterFactory, ReferenceFactory

pytestmark = pytest.mark.django_db
CITE = '<span class="cite" data-cite="herz1945">[herz1945]</span>'
BODY = (
    f"<p>Fat may herniate. Relief was seen in all six {CITE}. Nobody repeated it.</p>"
    f"<ul><li>So did others, e.g. with <em>heat</em> {CITE}!</li></ul>"
)


@pytest.fixture
def retracted():
    work = ReferenceFactory(citekey="herz1945", doi="10.1000/h")
    StudyFacts.objects.create(reference=work, relief="6 of 6", funding="")
    chapter = ChapterFactory(title="Fat and fascia", body=BODY)
    notice = WorkNotice.objects.create(
        reference=work, kind="retraction", date="2026-11-03", doi="10.1000/r", source="publisher",
        first_seen=timezone.now(),
    )  # fmt: skip
    work.refresh()
    return work, chapter, notice


def test_every_sentence_fact_and_picture_is_listed(retracted):
    found, gone = resting.on(retracted[2])
    assert [each.text for each in found] == [
        "Relief was seen in all six.", "So did others, e.g. with heat!", "relief: 6 of 6",
    ]  # fmt: skip
    assert gone == []


def test_she_answers_and_readers_see_it_at_the_place(retracted, admin_client, client):
    _work, chapter, notice = retracted
    address = reverse("admin:references_notice", args=[notice.pk])
    front = admin_client.get(reverse("admin:index")).text
    assert "1 new notice about a work" in front
    text = admin_client.get(address).text
    names = re.findall(r'name="(answer-[^"]+)"', text)
    names = list(dict.fromkeys(names))
    assert len(names) == 3
    note = names[0].replace("answer", "note")
    data = {names[0]: "review", note: "A second study says the same.", names[1]: "stands"}
    admin_client.post(address, data)
    page = client.get(chapter.get_absolute_url()).text
    for part in (  # each note with the answer it was given to
        "Retraction, 3 November 2026. What rests on it here is under review (",
        "): A second study says the same. What rests on it here stands (",
    ):
        assert part in page
    assert "What rests on it here is under review (" in page
    assert "A second study says the same." in page
    assert "1 new notice" in admin_client.get(reverse("admin:index")).text
    data |= dict.fromkeys(names, "stands")
    response = admin_client.post(address, data, follow=True)
    assert "Every place has its answer" in response.text
    assert "What rests on it here stands (" in client.get(chapter.get_absolute_url()).text
    assert "1 new notice" not in admin_client.get(reverse("admin:index")).text
    admin_client.post(address, dict.fromkeys(names, ""))
    assert "rests on it here" not in client.get(chapter.get_absolute_url()).text


def test_a_sentence_that_was_rewritten_keeps_its_answer_on_record(retracted, admin_client):
    _work, chapter, notice = retracted
    found, _gone = resting.on(notice)
    answering.answer(notice=notice, answers={each.key: ("rewritten", "") for each in found})
    chapter.body = BODY.replace("Relief was seen in all six", "Six were said to be relieved")
    chapter.save()
    found, gone = resting.on(notice)
    assert [each.answer is None for each in found] == [True, False, False]
    assert [each.sentence for each in gone] == ["Relief was seen in all six."]


def test_she_is_mailed_once(retracted, settings):
    DeskSettings.objects.update_or_create(pk=1, defaults={"address": "author@example.org"})
    assert telling.tell() == 1
    assert telling.tell() == 0
    sent = Email.objects.get()
    assert sent.to == ["author@example.org"]
    assert "etraction" in sent.subject
    assert reverse("admin:references_notice", args=[retracted[2].pk]) in sent.message
    assert mail.outbox == []


def test_nobody_without_the_permission_reads_or_answers(retracted, client):
    for name, args in (("references_notices", []), ("references_notice", [retracted[2].pk])):
        assert client.get(reverse(f"admin:{name}", args=args)).status_code == 302
