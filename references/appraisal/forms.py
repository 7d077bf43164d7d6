"""Forms of appraisal: their versions, and the ones the site brings."""

import json
from pathlib import Path

from django.db import transaction
from django.db.models import F

from ..models import AppraisalForm, AppraisalQuestion

STARTER = Path(__file__).with_name("starter.json")


@transaction.atomic
def add_starter():
    """Add the forms the site brings, in words of its own; gives how many were not there."""
    count = 0
    for each in json.loads(STARTER.read_text(encoding="utf-8")):
        form, new = AppraisalForm.objects.get_or_create(
            name=each["name"], defaults={"design": each["design"], "source": each["source"]}
        )
        if new:
            rows = [
                (domain, text, help_text)
                for domain, questions in each["domains"].items()
                for text, help_text in questions
            ]
            AppraisalQuestion.objects.bulk_create(
                AppraisalQuestion(form=form, position=at, domain=domain, text=text, help=help_text)
                for at, (domain, text, help_text) in enumerate(rows, 1)
            )
            count += 1
    return count


def next_version(form):
    """Its questions changed: what was judged by it says by which version."""
    AppraisalForm.objects.filter(pk=form.pk).update(version=F("version") + 1)


def fitting(work):
    """The forms for a study, those for its design first."""
    forms = AppraisalForm.objects.prefetch_related("questions")
    return sorted(forms, key=lambda form: (form.design != work.study_design, bool(form.design)))
