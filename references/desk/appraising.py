"""Appraisal at the desk: the author's forms, and a study judged by one."""

from itertools import count

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from publishing.desk.admin import EditorAdmin

from ..appraisal import forms as appraisal_forms
from ..appraisal import judging
from ..models import Appraisal, AppraisalForm, AppraisalQuestion, Reference
from ..models.appraisal import MOST_QUESTIONS, Judgement
from ..vocabulary import STUDY_DESIGNS
from .pages import library_page


class AppraisalFormForm(forms.ModelForm):
    design = forms.ChoiceField(
        label=_("For studies of this design"), required=False, help_text=_("Empty: for any."),
        choices=[("", ""), *STUDY_DESIGNS.items()],
    )  # fmt: skip

    source = forms.URLField(
        label=_("The tool it follows"), required=False, assume_scheme="https",
        help_text=_("Where the tool it follows is described, if any."),
    )  # fmt: skip

    class Meta:
        model = AppraisalForm
        fields = ("name", "design", "source")


class QuestionInline(admin.StackedInline):
    model = AppraisalQuestion
    fields = ("position", "domain", "text", "help", "answers")
    extra = 1
    max_num = MOST_QUESTIONS

    def formfield_for_dbfield(self, field, request, **kwargs):
        if field.name in ("help", "answers"):
            kwargs["widget"] = forms.Textarea({"rows": 3})
        return super().formfield_for_dbfield(field, request, **kwargs)


@admin.register(AppraisalForm)
class AppraisalFormAdmin(EditorAdmin):
    """Her own forms. What was judged by one keeps the questions as they were."""

    change_list_template = "admin/references/appraisalform/change_list.html"
    form = AppraisalFormForm
    list_display = ("name", "design", "version")
    search_fields = ("name",)
    inlines = (QuestionInline,)
    view_on_site = False

    def get_urls(self):
        own = self.admin_site.admin_view(require_POST(self.add_starter))
        return [path("starter/", own, name="references_appraisalform_starter"), *super().get_urls()]

    def add_starter(self, request):
        if not request.user.has_perm("references.add_appraisalform"):
            raise PermissionDenied
        added = appraisal_forms.add_starter()
        words = ngettext("%(count)s form added.", "%(count)s forms added.", added)
        messages.success(request, words % {"count": added})
        return redirect("admin:references_appraisalform_changelist")

    def changelist_view(self, request, extra_context=None):
        may = request.user.has_perm("references.add_appraisalform")
        return super().changelist_view(request, {"may_add": may, **(extra_context or {})})

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change and any(formset.has_changed() for formset in formsets):
            appraisal_forms.next_version(form.instance)


def appraise(request, pk):
    """One study by one form; without a form, the forms to choose from."""
    if not request.user.has_perm("references.change_reference"):
        raise PermissionDenied
    work = get_object_or_404(Reference, pk=pk)
    number = request.GET.get("form", "")
    form = None
    if number.isascii() and number.isdigit() and len(number) < 19:
        form = AppraisalForm.objects.prefetch_related("questions").filter(pk=int(number)).first()
    if form is None:
        rows = {each.form_id: each for each in work.appraisals.all()}
        found = [(each, rows.get(each.pk)) for each in appraisal_forms.fitting(work)]
        return _page(request, work, found=found)
    if request.method == "POST":
        _keep(request, work, form)
        address = reverse("admin:references_appraise", args=[work.pk])
        return redirect(f"{address}?form={form.pk}")
    appraisal = Appraisal.objects.filter(reference=work, form=form).first()
    context = {"form": form, "appraisal": appraisal, "domains": _domains(form, appraisal)}
    return _page(request, work, **context)


def _domains(form, appraisal):
    said, judged = judging.earlier(appraisal)
    number = count()
    return [
        {
            "at": at,
            "name": name,
            "said": judged.get(name, {}),
            "questions": [
                {"at": next(number), "row": each, "said": said.get((name, each.text), {})}
                for each in questions
            ],
        }
        for at, (name, questions) in enumerate(form.domains())
    ]


def _keep(request, work, form):
    data = request.POST
    numbers = {
        each["row"].pk: each["at"]
        for domain in _domains(form, None)
        for each in domain["questions"]
    }
    answers = [
        {
            name: data.get(f"{name}-{numbers[question.pk]}", "")
            for name in ("answer", "quote", "page")
        }
        for question in form.questions.all()[:MOST_QUESTIONS]
    ]
    domains = [
        {name: data.get(f"{name}-{at}", "") for name in ("judgement", "reason")}
        for at, _domain in enumerate(form.domains())
    ]
    judging.judge(
        work=work, form=form, answers=answers, domains=domains, user=request.user,
        overall=_one_of(data.get("overall"), Judgement.values),
        level=_one_of(data.get("level"), Appraisal.Level.values),
        remark=" ".join(data.get("remark", "").split())[:500],
        public=bool(data.get("public")),
    )  # fmt: skip
    messages.success(request, gettext("The appraisal is kept."))


def _one_of(value, known):
    return value if value in known else ""


def _page(request, work, **context):
    values = {"work": work, "judgements": Judgement.choices, "levels": Appraisal.Level.values}
    title = gettext("Appraisal: %(work)s") % {"work": work.label}
    return library_page(request, "appraise", title, **values, **context)
