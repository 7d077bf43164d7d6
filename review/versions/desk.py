"""The desk of a chapter's published versions: those there are, the next one, words taken out of
all."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from publishing.depositing import client as archive
from publishing.depositing import steps
from publishing.desk.again import asks_again
from publishing.desk.waiting import Duty
from publishing.models import KindOfChange, PublishedVersion, SiteSettings
from publishing.versions import differences, withdrawing
from publishing.versions.publish import mended

from ..models import Chapter
from . import freezing


class VersionForm(forms.ModelForm):
    """The next version, in her words."""

    unversioned = forms.BooleanField(
        label=gettext_lazy("Only wording: no version of its own"),
        required=False,
        help_text=gettext_lazy("The last version stays the newest. Nobody is told."),
    )
    use_required_attribute = False

    class Meta:
        model = PublishedVersion
        fields = ("kind", "what_changed", "what_to_do")
        widgets = {
            "kind": forms.RadioSelect,
            "what_changed": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
            "what_to_do": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        }

    def __init__(self, *args, first, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = KindOfChange.choices
        self.fields["what_changed"].required = False
        if first:
            del self.fields["unversioned"], self.fields["kind"]
            self.fields["what_changed"].label = _("What it holds")
            self.fields["what_changed"].help_text = _("In a sentence, for readers.")

    def clean(self):
        found = super().clean()
        if found.get("unversioned"):
            if found.get("kind") not in (None, KindOfChange.WORDING):
                self.add_error("unversioned", _("Any other change needs a version of its own."))
        elif not found.get("what_changed", "").strip():
            first = "kind" not in self.fields
            words = (
                _("Say in a sentence what it holds.")
                if first
                else (_("Say in a sentence what changed."))
            )
            self.add_error("what_changed", words)
        return found


class WithdrawForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Words to take out of every version of every chapter"),
        max_length=withdrawing.LONGEST_WORDS,
        help_text=gettext_lazy(
            "A name, a sentence. Where they stand, a notice with the day will stand. This cannot be"
            " undone; the chapter of now, its history and its drafts are yours to mend."
        ),
    )
    sure = forms.BooleanField(label=gettext_lazy("Yes, for good"))
    use_required_attribute = False


def versions(desk, request, pk):
    """The page of a chapter's versions at the desk; before a deposit the password is asked for."""
    return asks_again(_deposits)(partial(_versions, desk))(request, pk)


def _versions(desk, request, pk):
    chapter = desk.get_object(request, str(pk))
    if chapter is None or not desk.has_view_permission(request, chapter):
        raise PermissionDenied
    found = list(PublishedVersion.objects.of(chapter).listed().select_related("deposit"))
    may = desk.has_change_permission(request, chapter) and desk.has_publish_permission(request)
    if request.method == "POST" and not may:
        raise PermissionDenied
    if "deposit" in request.POST:
        return _deposited(desk, request, chapter, found)
    withdraws = "withdraw" in request.POST
    sent = request.POST if request.method == "POST" else None
    form = VersionForm(None if withdraws else sent, first=not found)
    out = WithdrawForm(sent if withdraws else None, prefix="out")
    if form.is_valid() and (said := _published(request, chapter, form)):
        desk.log_change(request, chapter, said)
        return redirect("admin:review_chapter_versions", chapter.pk)
    if out.is_valid():
        _taken_out(desk, request, chapter, out.cleaned_data["words"])
        return redirect("admin:review_chapter_versions", chapter.pk)
    context = {
        **desk.admin_site.each_context(request),
        "title": _("Published versions"),
        "opts": desk.opts,
        "chapter": chapter,
        "versions": found,
        "form": form,
        "out": out,
        "may": may,
        "archive": archive.is_set_up(),
        "sandbox": archive.is_sandbox(),
        "public": chapter.is_public(),
        "next": _next(chapter, found),
    }
    return TemplateResponse(request, "admin/review/chapter/versions.html", context)


def _published(request, chapter, form):
    """What was done, in words; nothing where it could not be."""
    told = {"kind": KindOfChange.STUDIES, **form.cleaned_data}
    if told.pop("unversioned", False):
        mended(page=chapter)
        said = _("Only the wording was mended: it makes no version.")
        messages.success(request, said)
        return said
    try:
        made = freezing.publish_chapter(chapter=chapter, user=request.user, **told)
    except ValidationError as error:
        form.add_error(None, error)
        return ""
    said = _("Version %(number)s is published.") % {"number": made.number}
    address = freezing.address(chapter, made.number)
    messages.success(
        request, format_html('{} <a href="{}">{}</a>', said, address, _("View on site"))
    )
    return said


def _deposits(request):
    return request.method == "POST" and "deposit" in request.POST


def _deposited(desk, request, chapter, found):
    """A version is laid down in the archive, from which nothing comes back."""
    number = request.POST["deposit"]
    version = next((each for each in found if str(each.number) == number), None)
    if version is None or not archive.is_set_up():
        raise PermissionDenied
    if not SiteSettings.load().author_is_named:
        said = _("Write your name into the site settings first: in the archive it stands for good.")
        messages.error(request, said)
        return redirect("admin:review_chapter_versions", chapter.pk)
    steps.begin(version=PublishedVersion.objects.get(pk=version.pk), user=request.user)
    said = _("The deposit of version %(number)s has begun.") % {"number": number}
    desk.log_change(request, chapter, said)
    messages.success(request, said)
    return redirect("admin:review_chapter_versions", chapter.pk)


def _taken_out(desk, request, chapter, words):
    count = withdrawing.withdraw_words(words=words)
    text = ngettext(
        "Taken out of %(count)s version.", "Taken out of %(count)s versions.", count
    ) % {"count": count}  # fmt: skip
    messages.success(request, text if count else _("These words stand in no version."))
    if count:  # the words themselves are kept nowhere
        desk.log_change(request, chapter, _("Words were withdrawn from published versions."))


def _next(chapter, found):
    """What the next version would change: `Differences`; None for the first."""
    if not found or not chapter.is_public():
        return None
    try:
        frozen = vars(freezing.freeze(chapter))
    except ValidationError:
        return None
    last = PublishedVersion.objects.get(pk=found[0].pk)
    now = PublishedVersion(**{name: each for name, each in frozen.items() if name != "labels"})
    return differences.between(last, now)


def _last_moment(name):
    rows = PublishedVersion.objects.filter(page_id=OuterRef("pk"), page_type__app_label="review",
                                           page_type__model="chapter")  # fmt: skip
    return Subquery(rows.order_by("-number").values(name)[:1])


def changed_since(chapters):
    """Those that have versions and were worked on since the last one, or since the last wording
    mended without one."""
    told = chapters.annotate(
        version_of=_last_moment("published"), version_mended=_last_moment("reworded")
    )
    known = Coalesce("version_mended", "version_of")
    newer = Q(updated__gt=F("version_of")) & Q(updated__gt=known)
    return told.filter(newer, pk__in=Chapter.objects.published().values("pk"))


def duty():
    return Duty(
        "unversioned",
        gettext_lazy("changed since their last version"),
        lambda n: (
            ngettext(
                "%(count)s changed since its last version",
                "%(count)s changed since their last version",
                n,
            )
            % {"count": n}
        ),
        changed_since,
    )


def tell(request, chapter):
    """After a chapter with versions was saved: the way to the next one."""
    if changed_since(Chapter.objects.filter(pk=chapter.pk)).exists():
        link = format_html(
            '<a href="{}">{}</a>',
            reverse("admin:review_chapter_versions", args=[chapter.pk]),
            _("Publish it as the next version"),
        )
        text = _("It has changed since its last version.")
        messages.info(request, format_html("{} {}", text, link))
