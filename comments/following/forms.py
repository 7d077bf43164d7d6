"""The form by which somebody follows, kept from machines as the form for comments is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..forms import GuardedForm, Stamp


class TopicStamp(Stamp):
    """Of the form for one topic."""

    @staticmethod
    def salt_of(topic):
        return f"comments.following:{topic}"


class FollowForm(GuardedForm):
    field_order = ("email", "consent", "captcha")
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

    def clean_email(self):
        return super().clean_email().lower()

    def clean(self):
        super().clean()
        self.refuse_machines()
