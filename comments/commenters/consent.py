"""What readers agree to before they send, in every version there has been. A changed text is a new
version, added below."""

from django.utils.translation import gettext_lazy as _

TEXTS = {
    "2026-11": _(
        "I agree that my name and my words are published here once the author has read them, and"
        " that what I send is kept as the privacy page says. I can take my words back at any time."
    ),
}
VERSION = list(TEXTS)[-1]
