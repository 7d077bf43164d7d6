"""What readers agree to before they send, in every version there has been. A changed text is a new
version, added below."""

from django.utils.translation import gettext_lazy as _

TEXTS = {
    "2026-11": _(
        "I agree that my name and my words are published here once the author has read them, and"
        " that what I send is kept as the privacy page says. I can take my words back at any time."
    ),
    # What one says of one's health may be published only where one agrees to that in so many words.
    "2026-12": _(
        "I agree that my name and my words, also what they say of my health, are published here"
        " once the author has read them, and that what I send is kept as the privacy page says. I"
        " can take my words back at any time."
    ),
}
VERSION = list(TEXTS)[-1]
