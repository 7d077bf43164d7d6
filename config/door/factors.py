"""Second factors: who has to have one, who has which, whether a code or a passkey is right."""

import json
from importlib import import_module
from ipaddress import ip_address
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import SimpleLazyObject

# Its cryptography weighs 10 MB, which a process that only shows pages can do without.
webauthn = SimpleLazyObject(lambda: import_module("allauth.mfa.webauthn.internal.auth"))
Type = Authenticator.Type
# Whoever can do one of these could put words in the author's mouth, or sees who wrote to her.
WEIGHTY = (
    "publishing.publish_pages", "publishing.view_consent", "comments.view_comment",
    "comments.view_writer", "post_office.view_email",
)  # fmt: skip
REMEMBERED_CODES = 4  # longer than one code is good for


def is_required_of(user):
    return settings.SECOND_FACTOR_REQUIRED and (
        user.is_superuser or any(map(user.has_perm, WEIGHTY))
    )


def of(user):
    """What somebody can prove a second time who they are with; recovery codes alone do not
    count."""
    return Authenticator.objects.filter(user=user).exclude(type=Type.RECOVERY_CODES).order_by("pk")


def is_missing(user):
    return user.is_authenticated and is_required_of(user) and not of(user).exists()


def has_passkey(user):
    return Authenticator.objects.filter(user=user, type=Type.WEBAUTHN).exists()


def passkeys_possible():
    """Browsers make none for a site that is only a number."""
    try:
        ip_address(urlsplit(settings.SITE_URL).hostname)
    except ValueError:
        return True
    return False


@transaction.atomic
def is_right_code(user, code):
    """Whether this is a code of the app, or a recovery code nobody has used; either is good
    once."""
    code = "".join(code.split())
    for found in (
        Authenticator.objects.select_for_update().filter(user=user).exclude(type=Type.WEBAUTHN)
    ):
        used = found.data.get("used", [])
        if code in used or not found.wrap().validate_code(code):
            continue
        found.refresh_from_db()
        if found.type == Type.TOTP:
            found.data["used"] = [*used, code][-REMEMBERED_CODES:]
            found.save()
        found.record_usage()
        return True
    return False


def options_for(user=None):
    """What the browser has to know to ask for a passkey, as JSON; kept in the session until it
    answers."""
    return as_json(webauthn.begin_authentication(user))


def options_for_new(user):
    return as_json(webauthn.begin_registration(user, passwordless=True))


def as_json(options):
    return json.dumps(options)


def opened_by(credential, user=None):
    """The account a browser's answer is good for, or None. Without `user` the passkey says
    whose it is."""
    try:
        answer = webauthn.parse_authentication_response(credential)
        asked_for = user or webauthn.extract_user_from_response(credential)
        found = webauthn.complete_authentication(asked_for, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if user is None and not answer.response.authenticator_data.is_user_verified():
        return None
    found.record_usage()
    return asked_for


def add_passkey(user, name, credential):
    """The new `Authenticator`, or None where the browser's answer is not to what it was asked."""
    try:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return webauthn.WebAuthn.add(user, name, credential).instance


def codes_left(user):
    found = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).first()
    return found.wrap().get_unused_codes() if found else []


@transaction.atomic
def new_codes(user):
    """Ten recovery codes in place of those there were."""
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user).get_unused_codes()


@transaction.atomic
def remove(factor):
    """Recovery codes go with the last factor they stand in for."""
    factor.delete()
    if not of(factor.user).exists():
        remove_all(factor.user)


def remove_all(user):
    return Authenticator.objects.filter(user=user).delete()[0]
