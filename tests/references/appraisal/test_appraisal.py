"""A study judged by a form of the author's: with the words it rests on, and readers see shapes and
words."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from references import merging
from references.appraisal import forms
from references.models import Appraisal, AppraisalForm, AppraisalQuestion
from tests.factories import ReferenceFactory

pytestmark = pytest.mark.django_db
TABLE = "/references/evidence/appraisal/"


@pytest.fixture
def form():
    made = AppraisalForm.objects.create(name="Short form", design="case series")
    for at, (domain, text) in enumerate(
        [("Patients", "Is it said who?"), ("Outcome", "Was it measured?"), ("Patients", "All?")]
    ):
        AppraisalQuestion.objects.create(form=made, position=at, domain=domain, text=text)
    return made


@pytest.fixture
def work():
    return ReferenceFactory(citekey="herz1945", study_design="case series")


def desk(work, form=None):
    address = reverse("admin:references_appraise", args=[work.pk])
    return f"{address}?form={form.pk}" if form else address


ANSWERS = {
    "answer-0": "yes", "quote-0": "six <b>patients</b>", "page-0": "834", "answer-1": "no",
    "answer-2": "unclear", "judgement-0": "low", "reason-0": "Named one by one.",
    "judgement-1": "high", "overall": "some", "level": "4", "remark": "Small.", "public": "1",
}  # fmt: skip


def test_she_judges_and_readers_see_shapes_words_and_reasons(admin_client, client, work, form):
    assert form.name in admin_client.get(desk(work)).text
    admin_client.post(desk(work, form), ANSWERS)
    kept = Appraisal.objects.get()
    assert [each["answer"] for each in kept.asked] == ["yes", "unclear", "no"]
    assert [(each["name"], each["judgement"]) for each in kept.domains] == [
        ("Patients", "low"), ("Outcome", "high"),
    ]  # fmt: skip
    again = admin_client.get(desk(work, form)).text
    assert 'value="yes" checked' in again
    assert "six &lt;b&gt;patients&lt;/b&gt;" in again
    text = client.get(TABLE).text
    for said in ("Short form", "low risk", "high risk", "some concerns", 'class="shape"'):
        assert said in text, said
    assert "/references/herz1945/appraisal/" in text
    page = client.get("/references/herz1945/appraisal/").text
    for said in ("six &lt;b&gt;patients", "p. 834", "Named one by one.", "level 4", "Small."):
        assert said in page, said
    lines = list(
        csv.DictReader(
            io.StringIO(client.get(f"{TABLE}{form.pk}.csv").getvalue().decode("utf-8-sig"))
        )
    )
    assert [line["judgement"] for line in lines] == ["", "", "", "low", "high", "some"]


def test_a_form_that_changes_leaves_what_was_judged_as_it_was(admin_client, client, work, form):
    admin_client.post(desk(work, form), ANSWERS)
    AppraisalQuestion.objects.filter(text="All?").update(text="Were all taken in?")
    forms.next_version(form)
    assert "All?" in client.get("/references/herz1945/appraisal/").text
    text = admin_client.get(desk(work, form)).text
    assert "Appraised by version 1" in text
    assert "Were all taken in?" in text


def test_what_is_not_for_readers_is_nowhere(admin_client, client, work, form):
    admin_client.post(desk(work, form), {**ANSWERS, "public": ""})
    assert "No study has been appraised yet" in client.get(TABLE).text
    assert client.get("/references/herz1945/appraisal/").status_code == 404
    assert client.get(f"{TABLE}{form.pk}.csv").status_code == 404


def test_the_forms_the_site_brings_come_once(admin_client):
    address = reverse("admin:references_appraisalform_starter")
    admin_client.post(address)
    count = AppraisalForm.objects.count()
    assert count >= 5
    admin_client.post(address)
    assert AppraisalForm.objects.count() == count
    assert all(form.domains() for form in AppraisalForm.objects.all())


def test_nonsense_is_kept_as_nothing(admin_client, work, form):
    admin_client.post(desk(work, form), {"judgement-0": "x" * 999, "overall": "\0", "level": "9"})
    kept = Appraisal.objects.get()
    assert (kept.overall, kept.level, kept.domains[0]["judgement"]) == ("", "", "")
    assert admin_client.get(desk(work) + "?form=99999999999999999999").status_code == 200


def test_two_works_made_one_keep_their_appraisals(admin_client, work, form):
    other = ReferenceFactory(citekey="herz1945b")
    second = AppraisalForm.objects.create(name="Another form")
    admin_client.post(desk(other, form), ANSWERS)
    admin_client.post(desk(other, second), {"public": "1"})
    done = merging.merge(kept=work, gone=other)
    assert work.appraisals.count() == 2
    merging.undo(done)
    assert Appraisal.objects.filter(reference__citekey="herz1945b").count() == 2


def test_the_table_asks_the_same_for_one_form_or_five(client, form, django_assert_max_num_queries):
    for number in range(5):
        Appraisal.objects.create(
            reference=ReferenceFactory(), version=1, public=True, changed=timezone.now(),
            form=AppraisalForm.objects.create(name=f"Form {number}"),
        )  # fmt: skip
    client.get(TABLE)
    with django_assert_max_num_queries(2):
        assert client.get(TABLE).text.count('class="picture"') == 5
