"""What somebody fills in who misses a work; kept from machines as the form for comments is."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishing.text import nfc
from references.nominating.reading import LONGEST

from ..forms import GuardedForm, PlainText, Stamp, is_visible


class NominationStamp(Stamp):
    """Of the one form there is."""

    @staticmethod
    def salt_of(page):
        return "comments.nominating"


class NominationForm(GuardedForm):
    field_order = ("work", "why", "email", "captcha")
    work = PlainText(
        label=_("The work you miss"),
        max_length=LONGEST,
        help_text=_("Its DOI, its PMID, its title, or the address where you found it."),
        error_messages={"required": _("Say which work it is: its DOI, PMID, title or address.")},
    )
    why = PlainText(
        label=_("Why it belongs here"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("For the author alone; it is never published."),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_(
            "Never shown. It is used once, to tell you what was decided and why, and then deleted."
        ),
        error_messages={
            "invalid": _("This is not a complete e-mail address. You may also leave it empty.")
        },
        widget=forms.EmailInput(attrs={"class": "half", "autocomplete": "email"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stamp = NominationStamp(None, self.data.get("stamp") or self.initial.get("stamp"))

    def clean_work(self):
        work = " ".join(nfc(self.cleaned_data["work"]).split())
        if not is_visible(work):
            raise ValidationError(self.fields["work"].error_messages["required"])
        return work

    def clean_email(self):
        return super().clean_email().lower()

    def clean(self):
        super().clean()
        self.refuse_machines()
