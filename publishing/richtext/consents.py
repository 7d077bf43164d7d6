"""Letters and the consent to publish them: a letter names its consent, a page shows one public line of it."""

from babel.dates import format_date
from django.apps import apps
from django.utils.translation import get_language, gettext

from . import sanitise


def _names_record(value):
    return value.isdecimal() and len(value) < 10


def of(value):
    """The Consent a letter's `data-consent` names, or None."""
    return apps.get_model("publishing.Consent").objects.filter(pk=value).first() if _names_record(value) else None


def line(value):
    """What readers are told: from the record, or the author's own words where she wrote words."""
    consent = of(value)
    if consent is None:
        return "" if _names_record(value) else value
    language = get_language() or "en"
    day = format_date(consent.given, "long", locale={"en": "en_GB"}.get(language, language))
    return gettext("Published with the consent of %(who)s, given on %(date)s.") % {"who": consent.shown_as, "date": day}


def without_withdrawn(body):
    """The text without the letters whose consent was taken back."""
    if "data-consent" not in body:
        return body
    root = sanitise.parse(body)
    gone = [node for node in root.iter("div") if (consent := of(node.get("data-consent", ""))) and consent.withdrawn]
    for node in gone:
        node.drop_tree()
    return sanitise.serialise(root) if gone else body


def letters_without(body):
    """How many private letters in a text name no consent that is on record."""
    if 'class="letter"' not in body:
        return 0
    letters = (node for node in sanitise.parse(body).iter("div") if node.get("class") == "letter")
    return sum(not line(node.get("data-consent", "")) for node in letters)
