"""An ORCID in any form somebody pastes, brought to one. No ORM here."""

import re

from django.utils.translation import gettext as _

_FORM = re.compile(
    r"(?:orcid(?:\s*id)?[\s:]*)?(?:(?:https?://)?(?:www\.)?orcid\.org/(?:my-orcid\?orcid=)?)?"
    r"(\d{4})[\s\u2010-\u2015-]*(\d{4})[\s\u2010-\u2015-]*(\d{4})[\s\u2010-\u2015-]*(\d{3}[\dX])/?(?:[?#&]\S*)?\.?",
    re.IGNORECASE | re.ASCII,
)
LONGEST = 200


def clean(text: str) -> str:
    """“https://orcid.org/0000000218250097” → “0000-0002-1825-0097”; “” stays “”.

    ValueError, in words for whoever typed it, when it is none or its check digit is wrong.
    """
    value = text.strip()
    if not value:
        return ""
    found = _FORM.fullmatch(value[:LONGEST])
    if not found:
        raise ValueError(
            _("“%(value)s” is no ORCID: it looks like 0000-0002-1825-0097.") % {"value": value}
        )
    number = "-".join(found.groups()).upper()
    digits = number.replace("-", "")
    if _check_digit(digits[:-1]) != digits[-1]:
        raise ValueError(
            _("A digit of “%(value)s” is wrong: no ORCID has this number.") % {"value": number}
        )
    return number


def address(number: str) -> str:
    """Where the person is found, or “” for what is no ORCID."""
    try:
        number = clean(number)
    except ValueError:
        return ""
    return number and f"https://orcid.org/{number}"


def _check_digit(digits):
    """ISO 7064 mod 11-2."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)
