"""Everything the site has, asked for at the desk: one file, which lies in the private folder for a
day."""

import shutil
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from comments.commenters import access
from comments.models import Comment, Erasure
from publishing import tasks
from publishing.models import RichPage
from references.models import Reference

from .whole import writing

FOLDER = "leaving"
KEPT = timedelta(days=1)
FEW = 500  # pages, comments and works: written while somebody waits, where no worker is
LIGHT = 20 * 1024 * 1024  # bytes of files
PACKED = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".pdf", ".mp3", ".mp4", ".zip"}
TASK = "moving.leave"


@dataclass(frozen=True)
class Made:
    """A file that lies ready; `size` in bytes."""

    path: Path
    size: int
    at: datetime

    @property
    def until(self):
        return self.at + KEPT

    @property
    def name(self):
        return f"site-{timezone.localdate(self.at)}.zip"


def ready(user) -> Made | None:
    """What was made for somebody, while it is kept."""
    path = _folder() / f"{user.pk}.zip"
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    made = Made(path, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))
    return made if made.until > timezone.now() and not _is_before_erasure(made.at) else None


def ask(user):
    """Have it made; a small site without a task worker at once."""
    forget(user)
    if not tasks.has_worker() and _is_small():
        make(user.pk)
    else:
        tasks.enqueue(TASK, user.pk)


def state(user) -> tasks.Status | None:
    return tasks.status(tasks.latest(TASK, user.pk))


def forget(user):
    (_folder() / f"{user.pk}.zip").unlink(missing_ok=True)


@tasks.task(TASK, tries=2)
def make(user_pk):
    """Write and pack everything; who has it from now on is in the log of each reader's comments
    before the file is there. Stopped half-way it is begun anew."""
    user = get_user_model().objects.filter(pk=user_pk, is_superuser=True, is_active=True).first()
    if user is None:
        return
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole, part = folder / str(user_pk), folder / f"{user_pk}.part"
    shutil.rmtree(whole, ignore_errors=True)
    try:
        writing.write(whole)
        _pack(whole, part)
        access.note(access.What.EXPORTED, Comment.objects.filter(by_author=False).only("pk"), user)
        part.replace(folder / f"{user_pk}.zip")
    finally:
        for left in (whole, whole.with_name(f"{whole.name}.unfinished")):
            shutil.rmtree(left, ignore_errors=True)
        part.unlink(missing_ok=True)


def _pack(folder, path):
    path.touch(mode=0o600)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as file:
        for each in sorted(folder.rglob("*")):
            if each.is_file():
                kind = zipfile.ZIP_STORED if each.suffix.lower() in PACKED else None
                file.write(each, each.relative_to(folder), kind)


def _folder():
    return Path(settings.PRIVATE_ROOT) / FOLDER


def _is_small():
    models = (Comment, Reference, *RichPage.__subclasses__())
    rows = sum(model._base_manager.count() for model in models if not model._meta.abstract)
    return rows <= FEW and _weight() <= LIGHT


def _weight():
    """Bytes of the files that come along, as far as it matters."""
    total = 0
    for root in (settings.MEDIA_ROOT, settings.PRIVATE_ROOT):
        for path in Path(root).rglob("*"):
            total += path.stat().st_size if path.is_file() else 0
            if total > LIGHT:
                return total
    return total


def _is_before_erasure(moment):
    """Whether it may hold what somebody has had erased since."""
    return Erasure.objects.filter(at__gte=moment).exists()


def forget_erased():
    """Files made before the last erasure; gives how many."""
    count = 0
    for path in _folder().glob("*.zip"):
        with suppress(FileNotFoundError):
            if _is_before_erasure(datetime.fromtimestamp(path.stat().st_mtime, UTC)):
                path.unlink()
                count += 1
    return count


def forget_old():
    """Files older than a day, and what a killed worker left; gives how many."""
    before = (timezone.now() - KEPT).timestamp()
    folder, count = _folder(), 0
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < before:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            count += 1
    return count
