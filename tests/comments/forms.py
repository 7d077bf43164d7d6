"""Filling in the reader's form as a browser would."""

from django.urls import reverse

from comments import captcha
from comments.forms import Stamp


def address(page, reply_to=None):
    asked = f"?reply_to={reply_to.pk}" if reply_to else ""
    return reverse("comments:new", args=[page._meta.label_lower, page.pk]) + asked


def filled(page, **changes):
    """What a careful reader sends; `changes` are what this one does differently."""
    stamp = Stamp(page, changes.get("stamp"))
    _key, value = captcha.ask(stamp.token)
    return {
        "stamp": stamp.value,
        "name": "Anna",
        "email": "anna@example.org",
        "kind": "question",
        "language": "en",
        "text": "Does it go away?",
        "consent": "on",
        "subject": "",
        "captcha_0": value,
        "captcha_1": answer_to(value),
        **changes,
    }


def answer_to(value):
    """The digits a reader sees beside the form that sends `value` back."""
    return captcha.digits(value.partition(":")[0])


def send(client, page, reply_to=None, **changes):
    return client.post(address(page, reply_to), filled(page, **changes))
