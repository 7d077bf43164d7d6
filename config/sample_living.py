"""The sample of a living review: a few studies judged, and a chapter published as a version. Each
says of itself that it is a sample; what is quoted are words of the works' titles."""

from publishing.models import PublishedVersion
from references.appraisal import forms, judging
from references.models import Appraisal, AppraisalForm, Reference
from review.models import Chapter
from review.versions.freezing import publish_chapter


def appraisals(items):
    """Gives how many were made."""
    if Appraisal.objects.exists():
        return 0
    forms.add_starter()
    rows = AppraisalForm.objects.prefetch_related("questions")
    known = {form.name: form for form in rows}
    works = Reference.objects.in_bulk([each["work"] for each in items], field_name="citekey")
    return sum(
        _judged(works[each["work"]], known[each["form"]], each)
        for each in items
        if each["work"] in works and each["form"] in known
    )


def _judged(work, form, said):
    unclear = {"answer": "unclear"}
    judging.judge(
        work=work,
        form=form,
        answers=[said["answers"].get(each.text, unclear) for each in form.questions.all()],
        domains=[
            said["domains"].get(name, {"judgement": "unclear"}) for name, _q in form.domains()
        ],
        overall=said["overall"],
        level=said["level"],
        remark=said["remark"],
        public=True,
    )
    return 1


def version(told):
    """The first published version of a chapter; gives how many were made."""
    chapter = Chapter.objects.filter(slug=told["chapter"]).exclude(body="").first()
    if chapter is None or PublishedVersion.objects.exists():
        return 0
    words = {name: told[name] for name in ("kind", "what_changed", "what_to_do")}
    publish_chapter(chapter=chapter, **words)
    return 1
