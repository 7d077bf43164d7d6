"""What can be said of a comment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.languages import PAGE_LANGUAGES

# What readers write in; `comments.text.language` tells these apart.
COMMENT_LANGUAGES = [
    *PAGE_LANGUAGES,
    ("fr", _("French")),
    ("pt", _("Portuguese")),
    ("it", _("Italian")),
    ("de", _("German")),
]


class Kind(models.TextChoices):
    COMMENT = "comment", _("Comment")
    QUESTION = "question", _("Question")
    EXPERIENCE = "experience", _("Experience")
    CORRECTION = "correction", _("Correction")


class Role(models.TextChoices):
    """What somebody says of themselves; nobody checks it."""

    PATIENT = "patient", _("Patient")
    RELATIVE = "relative", _("Relative")
    CLINICIAN = "clinician", _("Clinician")
    RESEARCHER = "researcher", _("Researcher")


class Status(models.TextChoices):
    PENDING = "pending", _("Waiting")
    APPROVED = "approved", _("Approved")
    SPAM = "spam", _("Spam")
    TRASH = "trash", _("Trash")


SUSPECT = 5  # points of `spam` from which it may be some
