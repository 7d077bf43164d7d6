"""The desk of kept answers: begun from a question that was answered well."""

import re

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing.desk import waiting
from publishing.desk.publishable import PublishableAdmin
from publishing.languages import PAGE_LANGUAGES
from publishing.models import State
from publishing.richtext import links
from publishing.search.words import tokens

from ..models import Comment, KeptAnswer
from ..threads import targets
from . import views

# So many words in a row are not hers by chance.
RUN = 8
_CITE = re.compile(r"\[@(\w[\w:.+-]*)\]")


class KeptAnswerForm(forms.ModelForm):
    shown_on = forms.CharField(
        label=_("Shown on"),
        required=False,
        max_length=1200,
        help_text=_("The address of the page it belongs to, such as /review/nerves/."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    from_comment = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )

    # Whether who fills it in may read what readers sent.
    reads_comments = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        page = self.instance.page if self.instance.pk else None
        if page is not None:
            self.initial["shown_on"] = links.canonical_url(page)
        asked = self._asked()
        if asked is not None and "title" in self.fields:
            said = gettext("It was asked in these words: “%(words)s”") % {
                "words": asked.text[:1000]
            }
            self.fields["title"].help_text = f"{self.fields['title'].help_text} {escape(said)}"

    def _asked(self):
        if not self.reads_comments:
            return None
        if self.instance.pk:
            return self.instance.asked_in
        pk = str(self["from_comment"].value() or "")
        known = pk.isascii() and pk.isdigit() and len(pk) < 19
        return Comment.objects.filter(pk=pk, erased=None).first() if known else None

    def clean_shown_on(self):
        address = self.cleaned_data["shown_on"].strip()
        page = links.page_at(address) if address else None
        if address and (page is None or not targets.carries_comments(type(page))):
            raise ValidationError(_("There is no page of this site at this address."))
        self.instance.page = page
        return address


@admin.register(KeptAnswer)
class KeptAnswerAdmin(PublishableAdmin):
    form = KeptAnswerForm
    states = (State.DRAFT, State.PUBLISHED)
    text_fields = ("title", "body", "summary", "shown_on", "from_comment")
    # Fields of the form alone; named here, they are not left out.
    shown_on = from_comment = None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.reads_comments = request.user.has_perm("comments.view_comment")
        return form

    def preview_response(self, request, preview):
        return views.preview(request, preview.page, preview.tags)

    def get_changeform_initial_data(self, request):
        """With `?from=`, her answer to that question; the question she writes anew."""
        initial = super().get_changeform_initial_data(request)
        initial.pop("from_comment", None)
        pk = request.GET.get("from", "")
        known = pk.isascii() and pk.isdigit() and len(pk) < 19
        asked = Comment.objects.filter(pk=pk, erased=None).first() if known else None
        if asked is not None and request.user.has_perm("comments.view_comment"):
            initial |= _begun(asked)
        return initial

    def save_model(self, request, obj, form, change):
        if not change:
            obj.made_from = form.cleaned_data.get("from_comment")
        elif obj.made_from and obj.asked_in is None:
            obj.made_from = None  # she has looked
        super().save_model(request, obj, form, change)

    def duties(self):
        yield waiting.Duty(
            "erased",
            _("asked in words that were erased since"),
            lambda n: (
                ngettext(
                    "%(count)s made from a question that was erased: look whether words of it are"
                    " left",
                    "%(count)s made from questions that were erased: look whether words of them"
                    " are left",
                    n,
                )
                % {"count": n}
            ),
            lambda kept: kept.to_look_at(),
        )
        yield from super().duties()

    def tell(self, request, obj):
        super().tell(request, obj)
        asked = obj.asked_in if request.user.has_perm("comments.view_comment") else None
        run = shared_run(f"{obj.title} {obj.public_text}", asked.text) if asked else ""
        if run:
            words = gettext("These are the asker’s own words; say it in yours: “%(words)s”")
            messages.warning(request, words % {"words": run})

    def translated_fields(self, page, language):
        return {"page_type": page.page_type, "page_id": page.page_id}


def _begun(asked):
    answer = asked.replies.approved().filter(by_author=True).order_by("-created", "-pk").first()
    language = (answer or asked).language
    return {
        "from_comment": asked.pk,
        "body": _as_rich(answer.text) if answer else "",
        "language": language if language in dict(PAGE_LANGUAGES) else "en",
        "shown_on": links.canonical_url(asked.page) if asked.page else "",
    }


def _as_rich(text):
    """An answer's plain text in paragraphs, its citations as those of a page."""
    parts = (escape(part.strip()) for part in text.split("\n\n") if part.strip())
    html = "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts)
    return _CITE.sub(r'<span class="cite" data-cite="\1">[\1]</span>', html)


def shared_run(text: str, other: str) -> str:
    """The first words in a row, `RUN` of them, that two texts have in common; "" for none."""
    one, two = (tokens(each[:40_000]) for each in (text, other))
    runs = {tuple(two[start : start + RUN]) for start in range(len(two) - RUN + 1)}
    for start in range(len(one) - RUN + 1):
        if (found := tuple(one[start : start + RUN])) in runs:
            return " ".join(found)
    return ""
