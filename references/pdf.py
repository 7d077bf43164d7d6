"""The PDF of a work: kept apart from public files, and public only under a stated licence."""

import os
import secrets
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from publishing import storage

FOLDER = "pdf"


class PrivateStorage(FileSystemStorage):
    """A folder no address leads to, readable by the site alone."""

    @property
    def base_location(self):
        return settings.PRIVATE_ROOT

    @property
    def location(self):
        return os.path.abspath(self.base_location)


def private_storage():
    if settings.S3:
        return storage.private()
    return PrivateStorage(file_permissions_mode=0o600, directory_permissions_mode=0o700)


def place(instance, filename):
    """A name nobody can guess and no visitor's words are part of."""
    return f"{FOLDER}/{secrets.token_urlsafe(12)}.pdf"


def check(upload):
    """Refuse what is too large or, by what it contains, no PDF."""
    if upload.size > settings.PDF_MAX_BYTES:
        raise ValidationError(
            _("This file has %(size)s MB; the limit is %(limit)s MB.")
            % {"size": upload.size // 1_000_000 + 1, "limit": settings.PDF_MAX_BYTES // 1_000_000}
        )
    upload.seek(0)
    head = upload.read(1024)
    upload.seek(max(0, upload.size - 2048))
    tail = upload.read()
    upload.seek(0)
    if not head.startswith(b"%PDF-"):
        raise ValidationError(_("This file is not a PDF."))
    if b"%%EOF" not in tail:
        raise ValidationError(_("This PDF is damaged or incomplete: its end is missing."))


class PdfFile(models.fields.files.FieldFile):
    @property
    def url(self):
        """Where it is asked for; never its place on the disk."""
        self._require_file()
        return reverse("references:pdf", args=[self.instance.citekey])


class PdfField(models.FileField):
    attr_class = PdfFile

    def clean(self, value, model_instance):
        file = super().clean(value, model_instance)
        if file and not file._committed:
            check(file)
        return file


def forget(name):
    """Take a file away once the change that left it behind is certain."""
    if name:
        transaction.on_commit(partial(private_storage().delete, name))
