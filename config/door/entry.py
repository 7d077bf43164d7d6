"""What is asked of somebody who wants to come in: name and password, then the second factor.

The same questions stand on the page of the log-in, in the dialog over an open form and on the page
that keeps a form that was sent too late.
"""

from django import forms
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import LoginForm
from publishing import limits

from . import browsers, factors

SALT = "config.door.proof"
PROOF_LASTS = 600  # seconds between the password and the second factor


def entry(request, data=None, prefix=None):
    """`(user, form)`: somebody once all that is asked for was given, or None and what to ask
    next."""
    proof_name = f"{prefix}-proof" if prefix else "proof"
    if data and proof_name in data:
        user = _proved(data[proof_name])
        if user is not None:
            form = SecondStep(request, user, data, prefix=prefix)
            return (user if form.is_valid() else None), form
        data = None
    form = LoginForm(request, data=data, prefix=prefix)
    if not form.is_bound or not form.is_valid():
        return None, form
    user = form.get_user()
    if not factors.of(user).exists():
        return user, form
    return None, SecondStep(request, user, prefix=prefix)


def _proof(user):
    return signing.dumps([user.pk, user.get_session_auth_hash()[:16]], salt=SALT)


def _proved(text):
    """Whose password was given a moment ago."""
    try:
        pk, mark = signing.loads(text, salt=SALT, max_age=PROOF_LASTS)
    except (signing.BadSignature, ValueError):
        return None
    user = get_user_model().objects.filter(pk=pk, is_active=True, is_staff=True).first()
    return user if user and user.get_session_auth_hash()[:16] == mark else None


class CredentialField(forms.JSONField):
    """What a browser says for a passkey: an object of some two thousand characters."""

    widget = forms.HiddenInput
    most = 20_000

    def to_python(self, value):
        if isinstance(value, str) and len(value) > self.most:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            found = super().to_python(value)
        except RecursionError:
            found = []
        if found is not None and not isinstance(found, dict):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class SecondStep(forms.Form):
    """A code of the app, a recovery code, or what a passkey answered."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        required=False,
        help_text=_("From the app on your telephone, or one of your recovery codes."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )
    credential = CredentialField(required=False)
    proof = forms.CharField(widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, request, user, data=None, **options):
        super().__init__(data, initial={"proof": _proof(user)}, **options)
        self.request, self.user = request, user

    @cached_property
    def passkey(self):
        """For the button: what the browser has to know; "" where there is no passkey."""
        has = factors.passkeys_possible() and factors.has_passkey(self.user)
        return factors.options_for(self.user) if has else ""

    def clean(self):
        given = self.cleaned_data
        whose = f"{self.user.pk}:{browsers.knows(self.request, self.user)}"
        refusal = limits.reached("wrong codes", self.request, account=whose)
        if refusal:
            raise ValidationError(str(refusal))
        if given.get("credential"):
            good = factors.opened_by(given["credential"], self.user)
        else:
            good = given.get("code") and factors.is_right_code(self.user, given["code"])
        if not good:
            limits.hit("wrong codes", self.request, account=whose)
            if given.get("credential"):
                raise ValidationError(gettext("This passkey does not open this account."))
            self.add_error("code", gettext("That is not the code. Each is good once."))
        return given
