"""What the author fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..forms import PlainText, checked_text
from ..models import COMMENT_LANGUAGES, Comment
from ..text import html


class AnswerForm(forms.Form):
    text = PlainText(
        label=_("Your answer"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        help_text=_(
            "Plain text. Blank lines make paragraphs; addresses become links; [@citekey] cites the"
            " library."
        ),
        error_messages={"required": _("Nothing is written here yet.")},
    )
    language = forms.ChoiceField(label=_("Language you answer in"), choices=COMMENT_LANGUAGES)
    token = forms.RegexField(r"^[\w-]{20,40}$", widget=forms.HiddenInput)

    use_required_attribute = False

    def clean_text(self):
        return checked_text(self.fields["text"], self.cleaned_data["text"])


class WordsForm(forms.ModelForm):
    """The reader's words, for the author to put right."""

    class Meta:
        model = Comment
        fields = ("name", "kind", "language", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 8, "dir": "auto"})}

    use_required_attribute = False

    def clean_text(self):
        return html.normalise(self.cleaned_data["text"])


class GlossForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ("gloss", "gloss_language")
        widgets = {"gloss": forms.Textarea(attrs={"rows": 4, "dir": "auto"})}

    use_required_attribute = False

    def clean(self):
        values = super().clean()
        if values.get("gloss") and not values.get("gloss_language"):
            self.add_error("gloss_language", _("Say which language it is in."))
        return values
