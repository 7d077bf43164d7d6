"""A picture is replaced, or withdrawn, on every page at once; both can be taken back.

Texts hold the name of its file. A name that was replaced goes on meaning the picture, so no text is
touched: pages are written anew, old versions show what is shown now. Files that must not be served
lie in the private folder.
"""

import secrets
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from . import images, tasks
from .http import purging
from .machines import cards
from .models import Image, ImageFile
from .storage import private

FOLDER = "figures"
FIELDS = ("width", "height", "widths", "modern")


def replace(*, image, picture, user=None) -> ImageFile:
    """Show another file on every page that shows `image`; `picture` is what `images.check` gave.
    Gives what is kept of the one before."""
    name, width, height, widths = images.store(picture, smaller=False)
    new = {"width": width, "height": height, "widths": widths, "modern": None}
    try:
        with transaction.atomic():
            image = Image.objects.select_for_update().get(pk=image.pk)
            past = _step_back(image, user)
            _take(image, name, new)
            tasks.enqueue("publishing.image_widths", image.pk)
    except Exception:
        default_storage.delete(name)
        raise
    return past


@transaction.atomic
def undo(*, past, user=None) -> ImageFile:
    """Show a file of before again; the one shown now becomes one of before."""
    image = Image.objects.select_for_update().get(pk=past.image_id)
    past = ImageFile.objects.select_for_update().get(pk=past.pk)
    _move(private(), past.kept, default_storage)
    values = {name: getattr(past, name) for name in FIELDS}
    back, name, kept = _step_back(image, user), past.name, past.kept
    past.delete()
    _take(image, name, values)
    transaction.on_commit(partial(_delete, private(), kept.values()))
    return back


def _step_back(image, user):
    kept = _put_away(images.names(image)) if not image.withdrawn else image.put_away
    past = ImageFile.objects.create(
        image=image,
        name=image.file.name,
        kept=kept,
        user=user,
        **{name: getattr(image, name) for name in FIELDS},
    )
    image.put_away = {}
    return past


def _take(image, name, values):
    """The record has another file; what is withdrawn stays so until it is put back."""
    image.file.name = name
    for field, value in values.items():
        setattr(image, field, value)
    if image.withdrawn:
        image.put_away = _put_away(images.names(image))
    _save(image)


def _save(image):
    # Past the file field, which would open the file to measure it.
    names = ("file", "put_away", "withdrawn", *FIELDS)
    Image.objects.filter(pk=image.pk).update(
        **{name: getattr(image, name) if name != "file" else image.file.name for name in names}
    )
    image.show_again()
    transaction.on_commit(forget_what_was_made)


@transaction.atomic
def withdraw(*, image, day=None):
    """No page shows it any more, and its file is not served: a notice stands in its place."""
    image = Image.objects.select_for_update().get(pk=image.pk)
    if image.withdrawn:
        return image
    image.put_away = _put_away(images.names(image))
    image.withdrawn = day or timezone.localdate()
    _save(image)
    purging.soon()
    return image


@transaction.atomic
def put_back(*, image):
    """Every page shows it again."""
    image = Image.objects.select_for_update().get(pk=image.pk)
    if not image.withdrawn:
        return image
    kept, image.put_away, image.withdrawn = image.put_away, {}, None
    _move(private(), kept, default_storage)
    _save(image)
    if image.modern is None:
        tasks.enqueue("publishing.image_widths", image.pk)
    transaction.on_commit(partial(_delete, private(), kept.values()))
    return image


def withdraw_under(consent):
    """The pictures of a patient whose consent was taken back."""
    for image in Image.objects.filter(consent=consent, withdrawn=None):
        withdraw(image=image, day=consent.withdrawn)


def purge(now=None) -> int:
    """Delete files that were replaced TRASH_DAYS ago; their names go on meaning the picture. Gives
    how many."""
    before = (now or timezone.now()) - timedelta(days=settings.TRASH_DAYS)
    old = [row for row in ImageFile.objects.filter(at__lt=before) if row.kept]
    for row in old:
        names = list(row.kept.values())
        ImageFile.objects.filter(pk=row.pk).update(kept={})
        _delete(private(), names)
    return len(old)


def forget_what_was_made():
    """Cards and books made before may hold the picture; they are made anew when asked for."""
    for kind in ("pdf", "epub"):
        for book in Path(settings.BOOKS_ROOT).glob(f"*.{kind}"):
            book.unlink(missing_ok=True)
    with suppress(FileNotFoundError):
        for name in default_storage.listdir(cards.FOLDER)[1]:
            default_storage.delete(f"{cards.FOLDER}/{name}")


# Files


def _put_away(names):
    """Copy files into the private folder and take them away once that is settled; gives where each
    is."""
    folder = f"{FOLDER}/{secrets.token_urlsafe(9)}"
    kept = {name: f"{folder}/{number}" for number, name in enumerate(names)}
    kept = {name: to for name, to in kept.items() if default_storage.exists(name)}
    for name, to in kept.items():
        with default_storage.open(name) as file:
            private().save(to, file)
    transaction.on_commit(partial(_delete, default_storage, kept))
    return kept


def _move(source, kept, target):
    for name, lies in kept.items():
        if source.exists(lies) and not target.exists(name):
            with source.open(lies) as file:
                target.save(name, file)


def _delete(storage, names):
    for name in list(names):
        storage.delete(name)
