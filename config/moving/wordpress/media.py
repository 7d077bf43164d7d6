"""Attachments become figures, or files beside them: from a copy of the uploads, or fetched."""

import re
import secrets
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.utils.translation import gettext_noop

from publishing import images
from publishing.models import Image

from . import fetching, pictures
from .run import digest

FOLDER = "files"
PICTURES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".jpe"}
# What may lie beside the pictures: nothing a browser would run.
FILES = {".pdf", ".mp3", ".m4a", ".ogg", ".oga", ".wav", ".mp4", ".m4v", ".webm", ".ogv", ".doc",
         ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp", ".rtf", ".txt",
         ".csv", ".zip", ".epub"}  # fmt: skip
_UPLOADS = re.compile(r"/(?:wp-content/uploads|files)/(.+)$")


def bring(run):
    """Every attachment that is not here yet."""
    entries = run.survey.of("attachment")
    for chunk in run.chunks("pictures", entries):
        for entry in chunk:
            with run.writing([entry.number]):
                _bring(run, entry)
                run.advance("pictures", 1)


def _bring(run, entry):
    theirs = digest(entry.file, entry.title, entry.alt, entry.caption)
    row = run.known.get(("attachment", entry.number))
    if row is not None:
        if row.theirs == theirs:
            run.report.count("attachment", "same")
        else:
            run.report.keep(
                "attachment",
                gettext_noop("it changed there; the figure here stays as it is"),
                number=entry.number,
                title=entry.title,
            )
        return
    try:
        name, data = _data(run, entry)
        made = _figure(entry, name, data) if _is_picture(name) else store(name, data)
    except Left as why:
        _leave(run, entry, str(why))
        return
    except ValidationError as error:
        _leave(run, entry, " ".join(error.messages))
        return
    page = made if isinstance(made, Image) else None
    run.record("attachment", entry.number, page=page, theirs=theirs, ours=(page and "") or made)
    run.report.count("attachment", "new")


def _leave(run, entry, why):
    title = entry.file or entry.title
    run.report.leave("attachment", why, number=entry.number, line=entry.line, title=title)


class Left(Exception):
    """Why a file stays out."""


def _is_picture(name):
    return Path(name).suffix.lower() in PICTURES


def stored_path(entry):
    """“2012/03/nodule.jpg”: where the file lies below the uploads folder."""
    if entry.stored and not entry.stored.startswith(("http:", "https:", "/")):
        return entry.stored
    found = _UPLOADS.search(unquote(urlsplit(entry.file).path))
    return found[1] if found else ""


def _data(run, entry):
    path = stored_path(entry)
    name = Path(path or unquote(urlsplit(entry.file).path)).name
    if Path(name).suffix.lower() not in PICTURES | FILES:
        raise Left(gettext_noop("files of this kind are not taken"))
    try:
        data = run.media.read(path) if run.media and path else None
    except pictures.TooLarge:
        raise Left(gettext_noop("it is larger than 100 MB")) from None
    if data is not None:
        return name, data
    if run.fetch and entry.file:
        try:
            return name, fetching.fetch(entry.file, pictures.LARGEST)
        except fetching.Failed as error:
            raise Left(gettext_noop("it could not be fetched")) from error
    missing = gettext_noop("it is not among the pictures")
    raise Left(missing if run.media else gettext_noop("no pictures were given"))


def _figure(entry, name, data):
    upload = InMemoryUploadedFile(BytesIO(data), "file", name, None, len(data), None)
    image = images.add(upload, title=entry.title, alt=entry.alt)
    if entry.caption:
        image.caption = entry.caption
        image.save(update_fields=["caption"])
    return image


def store(name, data):
    """Its name below MEDIA."""
    stem, dot, ending = name.rpartition(".")
    stem = re.sub(r"[^\w-]+", "-", stem)[:80].strip("-") or "file"
    stored = f"{FOLDER}/{stem}-{secrets.token_hex(5)}{dot}{ending.lower()}"
    return default_storage.save(stored, ContentFile(data))
