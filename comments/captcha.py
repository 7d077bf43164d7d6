"""Three digits to copy, the same for ear and eye: where they come from, and how an answer to them
is spent.

Showing them writes nothing. They lie in a pool of django-simple-captcha's rows that is filled in
the background; when it is empty they are computed from their key. Which form was given which key is
signed: one key may stand in several forms, and each form may try it once.
"""

import hashlib
import secrets
from datetime import timedelta

from captcha.models import CaptchaStore
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone
from django.utils.crypto import salted_hmac

from publishing.richtext.sanitise import strip_control

from .models import SpentChallenge

OUTCOMES = 1000
COMPUTED = "t"  # how keys begin that have no row; those of the pool are hexadecimal


def three_digits():
    """`(challenge, response)` for django-simple-captcha: a thousand of them, each as likely as the
    others."""
    return (f"{secrets.randbelow(OUTCOMES):03}",) * 2


def lasts():
    """How long whoever is given a challenge has for it: as long as her form is good."""
    return timedelta(minutes=settings.CAPTCHA_GET_FROM_POOL_TIMEOUT)


def ask(form, value=""):
    """`(key, value)` for the form with this token.

    `value` is what the form sends back; it stays the same for as long as it can be answered.
    """
    key = _key(form, value)
    if key and not _is_spent(form, key):
        return key, value
    key = _pooled() or COMPUTED + secrets.token_hex(12)
    return key, _signer(form).sign(key)


def is_right(form, value, answer):
    """Whether this is the answer; a wrong one was the only try."""
    key = _key(form, value)
    if not key or _is_spent(form, key):
        return False
    right = digits(key)
    if right and _plain(answer) == right:
        return True
    spend(form, value)
    return False


def spend(form, value):
    """No other sending of this form can use it, and the pool gives it to no other form.

    Readers who have it before them already may still answer.
    """
    key = _key(form, value)
    if key:
        SpentChallenge.objects.bulk_create(
            [SpentChallenge(pair=_pair(form, key))], ignore_conflicts=True
        )
        _in_pool().filter(hashkey=key).update(expiration=timezone.now() + lasts())


def digits(key):
    """What is to be copied, or None when there is no such key (any more)."""
    if key.startswith(COMPUTED):
        digest = salted_hmac("comments.captcha", key, algorithm="sha256").hexdigest()
        return f"{int(digest, 16) % OUTCOMES:03}"
    return (
        CaptchaStore.objects.filter(hashkey=key, expiration__gt=timezone.now())
        .values_list("challenge", flat=True)
        .first()
    )


def top_up():
    """Fill the pool; the number of challenges made."""
    missing = settings.CAPTCHA_POOL - _in_pool().count()
    expiration = timezone.now() + timedelta(minutes=settings.CAPTCHA_TIMEOUT)
    rows = []
    for _number in range(missing):
        challenge, response = three_digits()
        key = secrets.token_hex(20)
        rows.append(
            CaptchaStore(challenge=challenge, response=response, hashkey=key, expiration=expiration)
        )
    CaptchaStore.objects.bulk_create(rows)
    return len(rows)


def _in_pool():
    return CaptchaStore.objects.filter(expiration__gt=timezone.now() + lasts())


def _pooled():
    """The library's `pick` would write a row when the pool is empty."""
    return _in_pool().order_by("?").values_list("hashkey", flat=True).first()


def _signer(form):
    return TimestampSigner(salt=f"comments.captcha:{form}")


def _key(form, value):
    try:
        return _signer(form).unsign(strip_control(value), max_age=lasts())
    except BadSignature:
        return None


def _pair(form, key):
    return hashlib.sha256(f"{form}:{key}".encode()).hexdigest()


def _is_spent(form, key):
    return SpentChallenge.objects.filter(pair=_pair(form, key)).exists()


def _plain(answer):
    """The digits of an answer, in whatever script and however spaced."""
    return "".join(str(int(char)) for char in answer[:40] if char.isdecimal())
