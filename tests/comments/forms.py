"""Filling in the reader's form as a browser would."""

from captcha.models import CaptchaStore
from django.urls import reverse

from comments.forms import Stamp


def address(page, reply_to=None):
    asked = f"?reply_to={reply_to.pk}" if reply_to else ""
    return reverse("comments:new", args=[page._meta.label_lower, page.pk]) + asked


def filled(page, **changes):
    """What a careful reader sends; `changes` are what this one does differently."""
    key = CaptchaStore.generate_key()
    return {
        "stamp": Stamp(page).value,
        "name": "Anna",
        "email": "anna@example.org",
        "kind": "question",
        "language": "en",
        "text": "Does it go away?",
        "consent": "on",
        "subject": "",
        "captcha_0": key,
        "captcha_1": CaptchaStore.objects.get(hashkey=key).response,
        **changes,
    }


def send(client, page, reply_to=None, **changes):
    return client.post(address(page, reply_to), filled(page, **changes))
