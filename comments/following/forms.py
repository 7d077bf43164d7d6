"""The form by which somebody follows, kept from machines as the form for comments is."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishing.richtext.sanitise import strip_control

from ..forms import ChallengeField, CommentForm, Stamp
from ..mailing import digest


class TopicStamp(Stamp):
    """Of the form for one topic."""

    @staticmethod
    def salt_of(topic):
        return f"comments.following:{topic}"


class FollowForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Never shown. You get one mail first, to confirm."),
        error_messages={
            "required": _("Without an e-mail address nothing can be sent."),
            "invalid": _("This is not a complete e-mail address."),
        },
        widget=forms.EmailInput(attrs={"class": "half", "autocomplete": "email"}),
    )
    consent = forms.BooleanField(
        error_messages={"required": _("You can be mailed only if you agree to it.")}
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

    def __init__(self, *args, topic, **kwargs):
        super().__init__(*args, **kwargs)
        self.topic = topic
        self.stamp = TopicStamp(topic.key, self.data.get("stamp") or self.initial.get("stamp"))
        self.fields["consent"].label = self.wording

    @property
    def wording(self):
        """What is agreed to, in the language of the page."""
        words = _(
            "I agree that my e-mail address is kept to tell me by mail what is new in “%(what)s”,"
            " once a month at most, and at once if something it rests on is retracted. Every mail"
            " has a link that ends it."
        )
        return words % {"what": self.topic.name}

    @property
    def error_count(self):
        return sum(len(errors) for errors in self.errors.values())

    def clean_email(self):
        email = strip_control(self.cleaned_data["email"]).strip().lower()
        if digest.is_hers(email):
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
                None, _("The form had been open for more than a day: please send it again.")
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
