"""One study, judged by one form."""

from django.db import transaction
from django.utils import timezone

from ..models import Appraisal
from ..models.appraisal import MOST_QUESTIONS, Judgement

LONGEST = {"answer": 100, "quote": 1000, "page": 40, "reason": 500}


@transaction.atomic
def judge(*, work, form, answers, domains, user=None, **overall):
    """Keep `answers` (a dict of answer, quote and page for each question, in the form's order) and
    `domains` (a dict of judgement and reason for each), with the questions as they are now.

    `overall`: the values of `overall`, `level`, `remark` and `public`.
    """
    asked = [
        {"domain": question.domain, "text": question.text, **_cut(said, "answer", "quote", "page")}
        for question, said in zip(list(form.questions.all())[:MOST_QUESTIONS], answers, strict=True)
    ]
    judged = [
        {
            "name": name,
            "judgement": said["judgement"] if said["judgement"] in Judgement.values else "",
            **_cut(said, "reason"),
        }
        for (name, _questions), said in zip(form.domains(), domains, strict=True)
    ]
    values = {"version": form.version, "asked": asked, "domains": judged, "user": user}
    appraisal, _new = Appraisal.objects.update_or_create(
        reference=work, form=form, defaults={**values, **overall, "changed": timezone.now()}
    )
    return appraisal


def _cut(said, *names):
    return {name: " ".join(str(said.get(name, "")).split())[: LONGEST[name]] for name in names}


def earlier(appraisal):
    """`({(domain, question): what was said}, {domain: what was judged})` of an appraisal, whichever
    version of the form it was made by."""
    if appraisal is None:
        return {}, {}
    return (
        {(each["domain"], each["text"]): each for each in appraisal.asked},
        {each["name"]: each for each in appraisal.domains},
    )
