"""What somebody fills in who misses a work; kept from machines as the form for comments is."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishing.richtext.sanitise import strip_control
from publishing.text import nfc
from references.nominating.reading import LONGEST

from ..forms import ChallengeField, CommentForm, PlainText, Stamp, is_visible
from ..mailing import digest


class NominationStamp(Stamp):
    """Of the one form there is."""

    @staticmethod
    def salt_of(page):
        return "comments.nominating"


class NominationForm(forms.Form):
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
    captcha = ChallengeField(
        label=_("Copy these three digits"),
        help_text=_("It keeps machines out."),
        error_messages={
            "required": _("Copy the three digits, for example 407."),
            "invalid": _("Those were not the digits, or they had grown too old. Here are others."),
        },
    )
    # Nobody sees it; machines fill in whatever they find.
    subject = forms.CharField(required=False, label=_("Leave this empty"))
    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stamp = NominationStamp(None, self.data.get("stamp") or self.initial.get("stamp"))

    @property
    def error_count(self):
        return sum(len(errors) for errors in self.errors.values())

    def clean_work(self):
        work = " ".join(nfc(self.cleaned_data["work"]).split())
        if not is_visible(work):
            raise ValidationError(self.fields["work"].error_messages["required"])
        return work

    def clean_email(self):
        email = strip_control(self.cleaned_data["email"]).strip().lower()
        if email and digest.is_hers(email):
            raise ValidationError(
                _("This is the address of the site's author. Please give your own, or none.")
            )
        return email

    clean_captcha = CommentForm.clean_captcha
    challenge = CommentForm.challenge

    def clean(self):
        super().clean()
        if not self.stamp.valid:
            self.add_error(
                None,
                _(
                    "The form had been open for more than a day. Your words are all here: please"
                    " send it again."
                ),
            )
        elif self.stamp.too_fast and not self.errors:
            self.add_error(None, _("That was very quick. Please look it over and send it again."))
        if self.cleaned_data.get("subject"):
            self.add_error(
                None,
                _(
                    "A hidden field had been filled in, as machines do. It is empty again: please"
                    " send once more."
                ),
            )
