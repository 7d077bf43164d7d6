"""What readers fill in, and how a form tells people from machines without hurting people.

Nothing typed is ever lost: a form that is refused comes back with all of it.
"""

import secrets
import time
import unicodedata
from datetime import timedelta

from captcha.fields import CaptchaField
from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from publishing import tasks
from publishing.models import SiteSettings
from publishing.richtext.sanitise import strip_control
from publishing.text import nfc

from . import captcha, captcha_sound
from .commenters import consent, links, subscriptions
from .mailing import digest
from .models import COMMENT_LANGUAGES, Comment, Kind, Role, Status, Writer
from .moderation import actions
from .text import html, lookalikes
from .text import language as text_language
from .threads import targets

STAMP_LASTS = timedelta(days=1)
LONGEST_QUOTE = 600


class PlainText(forms.CharField):
    """Takes away what no database holds before anything looks at it; a pasted null byte is nobody's
    fault."""

    def to_python(self, value):
        return super().to_python(strip_control(value) if isinstance(value, str) else value)


class Stamp:
    """When a form was opened and which one it is, signed, so that each makes one comment and none
    in no time."""

    def __init__(self, page, value=None):
        self.signer = TimestampSigner(salt=self.salt_of(page))
        self.token = self._read(value or "")
        self.valid = bool(self.token)
        if not self.valid:
            self.token = secrets.token_urlsafe(24)
        self.value = value if self.valid else self.signer.sign(self.token)

    @staticmethod
    def salt_of(page):
        return f"comments.form:{page._meta.label_lower}/{page.pk}"

    def _read(self, value):
        try:
            return self.signer.unsign(strip_control(value), max_age=STAMP_LASTS)
        except BadSignature:
            return None

    @property
    def too_fast(self):
        try:
            self.signer.unsign(self.value, max_age=settings.COMMENT_MIN_SECONDS)
        except BadSignature:
            return False
        return settings.COMMENT_MIN_SECONDS > 0

    @property
    def seconds(self):
        """How long the form has been open."""
        return time.time() - signing.b62_decode(self.value.split(":")[-2])


class WordsForm(forms.Form):
    """What somebody says and as whom: the part of the form that can also be corrected later."""

    name = PlainText(
        label=_("Name, or how you would like to be called"),
        max_length=80,
        help_text=_("Shown with your comment. It need not be your real name."),
        error_messages={"required": _("Write a name, or any word you would like to be called by.")},
        widget=forms.TextInput(attrs={"class": "half", "autocomplete": "nickname"}),
    )
    role = forms.ChoiceField(
        label=_("You write as"),
        required=False,
        choices=[("", _("I would rather not say")), *Role.choices],
        help_text=_("Shown beside your name."),
        widget=forms.Select(attrs={"class": "half"}),
    )
    kind = forms.ChoiceField(
        label=_("What is it?"), required=False, choices=Kind.choices, widget=forms.RadioSelect
    )
    text = PlainText(
        label=_("Your words"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_(
            "Plain text. Blank lines make paragraphs, > begins a quotation, addresses become links."
        ),
        error_messages={"required": _("Nothing is written here yet.")},
    )
    language = forms.ChoiceField(
        label=_("Language you write in"),
        required=False,
        choices=[("", _("As the words show")), *COMMENT_LANGUAGES],
        widget=forms.Select(attrs={"class": "half"}),
    )

    use_required_attribute = False
    language_is_guessed = False

    def __init__(self, *args, page, by_author=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.page, self.by_author = page, by_author

    @property
    def error_count(self):
        return sum(len(errors) for errors in self.errors.values())

    def clean_name(self):
        name = " ".join(nfc(self.cleaned_data["name"]).split())
        if not is_visible(name):
            raise ValidationError(self.fields["name"].error_messages["required"])
        if not self.by_author and lookalikes.passes_for(name, SiteSettings.load().author_name):
            raise ValidationError(
                _("This is the name of the site's author. Please choose another one.")
            )
        return lookalikes.TURNING.sub("", name)

    def clean_kind(self):
        return self.cleaned_data["kind"] or Kind.COMMENT

    def settle_language(self, comment):
        """Have it told by all the words, if it is only guessed."""
        if self.language_is_guessed:
            tasks.enqueue("comments.language", comment.pk, comment.language)

    def clean_text(self):
        return checked_text(self.fields["text"], self.cleaned_data["text"])

    def clean(self):
        """The language the writer chose; else a guess, which the task worker settles."""
        if not self.cleaned_data.get("language"):
            self.cleaned_data["language"] = (
                text_language.guess(self.cleaned_data.get("text", "")) or self.likely_language
            )
            self.language_is_guessed = True

    @property
    def likely_language(self):
        """A reader who chose a language for the menus writes in it; else she writes in that of the
        page."""
        chosen = get_language()
        likely = chosen if chosen != settings.LANGUAGE_CODE else targets.language_of(self.page)
        return likely if likely in dict(COMMENT_LANGUAGES) else settings.LANGUAGE_CODE


class ChallengeField(CaptchaField):
    """The library's field; whether the answer is right, only the form knows to which the challenge
    was given."""

    def compress(self, data_list):
        return data_list

    def clean(self, value):
        return super(CaptchaField, self).clean(value)


class GuardedForm(forms.Form):
    """Kept from machines: a stamp, digits to copy, a field that nobody sees. `clean()` ends with
    `refuse_machines()`."""

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
    by_author = False
    stamp: Stamp

    @property
    def error_count(self):
        return sum(len(errors) for errors in self.errors.values())

    def clean_email(self):
        email = self.cleaned_data["email"]
        if email and digest.is_hers(email):
            raise ValidationError(
                _("This is the address of the site's author. Please give your own, or none.")
            )
        return email

    def clean_captcha(self):
        value, answer = self.cleaned_data["captcha"]
        # A form that is too old is refused anyhow, and its challenge with it.
        if self.stamp.valid and not captcha.is_right(self.stamp.token, value, answer):
            raise ValidationError(self.fields["captcha"].error_messages["invalid"])
        return value

    def challenge(self):
        """Digits to copy: their picture and, where the server can speak, their sound.

        Who has copied them is not asked for others when something else is missing.
        """
        sent = self.data or self.initial
        before = "" if "another" in sent else sent.get("captcha_0", "")
        key, value = captcha.ask(self.stamp.token, before)
        spoken = captcha_sound.language_for(get_language())
        return {
            "value": value,
            "answer": sent.get("captcha_1", "") if value == before else "",
            "image": reverse("captcha-image", args=[key]),
            "audio": reverse("captcha-audio", args=[spoken, key]) if spoken else None,
            "spoken": spoken,
        }

    def refuse_machines(self):
        if not self.stamp.valid:
            self.add_error(
                None,
                _(
                    "The form had been open for more than a day. Your words are all here: please"
                    " send it again."
                ),
            )
        # A sending that is refused for something else is no longer a quick one.
        elif self.stamp.too_fast and not self.by_author and not self.errors:
            self.add_error(None, _("That was very quick. Please look it over and send it again."))
        if self.cleaned_data.get("subject"):
            self.add_error(
                None,
                _(
                    "A hidden field had been filled in, as machines do. It is empty again: please"
                    " send once more."
                ),
            )


class CommentForm(GuardedForm, WordsForm):
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_(
            "Never shown. It brings you the link to your own page, where you can correct or erase"
            " what you wrote."
        ),
        error_messages={
            "invalid": _("This is not a complete e-mail address. You may also leave it empty.")
        },
        widget=forms.EmailInput(attrs={"class": "half", "autocomplete": "email"}),
    )
    replies = forms.BooleanField(
        label=_("Mail me when somebody answers. (You will get one mail first, to confirm.)"),
        required=False,
    )
    consent = forms.BooleanField(
        label=consent.TEXTS[consent.VERSION],
        error_messages={"required": _("Your words can be published only if you agree to it.")},
    )
    quote = PlainText(
        label=_("The sentence"),
        required=False,
        max_length=LONGEST_QUOTE,
        help_text=_("Begin to type it, or copy it from the page."),
        widget=forms.TextInput(attrs={"list": "sentences", "autocomplete": "off"}),
    )
    field_order = (
        "name", "email", "replies", "role", "kind", "quote", "text", "language", "consent",
    )  # fmt: skip

    def __init__(self, *args, page, by_author=False, **kwargs):
        super().__init__(*args, page=page, by_author=by_author, **kwargs)
        self.stamp = Stamp(page, self.data.get("stamp") or self.initial.get("stamp"))
        self.writer = links.opened(
            strip_control(self.data.get("writer") or self.initial.get("writer") or "")
        )
        if by_author:
            for name in ("captcha", "consent", "subject", "email", "replies", "role"):
                del self.fields[name]

    @property
    def writer_signed(self):
        return links.signed(self.writer) if self.writer else ""

    @property
    def asks(self):
        """What it was opened for, or has become since: a value of `Kind`."""
        return self["kind"].value() or Kind.COMMENT

    def clean_text(self):
        """With the sentence it is about quoted on top."""
        words = super().clean_text()
        quote = self.cleaned_data.get("quote", "")
        return checked_text(self.fields["text"], html.quoting(quote, words)) if quote else words

    def sent(self):
        """The comment this very form made already, or None."""
        return Comment.objects.filter(form_token=self.stamp.token).select_related("writer").first()

    def clean(self):
        super().clean()
        if (
            self.cleaned_data.get("replies")
            and not self.cleaned_data.get("email")
            and "email" not in self.errors
        ):
            self.add_error("email", _("To hear of replies, give your e-mail address here."))
        self.refuse_machines()

    @transaction.atomic
    def save(self, parent, facts=None):
        """The comment at its place in the thread; the author's own is published at once, all others
        wait, and no page is made anew for them."""
        with connection.unseen():
            comment = self._save(parent, facts)
        if comment.status == Status.APPROVED:
            connection.seen()
        return comment

    def _save(self, parent, facts):
        data = self.cleaned_data
        now = timezone.now()
        agreed = data.get("consent")
        comment = Comment(
            page=self.page,
            parent=parent,
            form_token=self.stamp.token,
            consent_at=now if agreed else None,
            consent_version=consent.VERSION if agreed else "",
            **{
                name: data[name]
                for name in ("name", "email", "kind", "role", "language", "text")
                if name in data
            },
        )
        if self.by_author and lookalikes.bare(data["name"]) == lookalikes.bare(
            SiteSettings.load().author_name
        ):
            comment.by_author, comment.status, comment.decided = True, Status.APPROVED, now
        else:
            comment.writer = self.writer or Writer.objects.create()
        comment = actions.receive(comment=comment, facts=facts)
        if "captcha" in data:
            captcha.spend(self.stamp.token, data["captcha"])
        self.settle_language(comment)
        subscriptions.welcome(comment, replies=data.get("replies", False))
        return comment


def checked_text(field, words):
    """Text as it is kept; refused when there is nothing to see in it, or more than a comment may
    have."""
    most = settings.COMMENT_MAX_LENGTH
    # Of a text far too long nothing is worked on; one that is nearly right may shrink to what a
    # comment may have.
    words = html.normalise(words) if len(words) <= 4 * most else words
    if len(words) > most:
        message = _(
            "This is %(length)d characters long; the most is %(most)d. Please shorten it, or send"
            " it in parts."
        )
        raise ValidationError(message, params={"length": len(words), "most": most})
    if not is_visible(words):
        raise ValidationError(field.error_messages["required"])
    return words


def is_visible(words):
    """Whether anything of it would be seen."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in words)
