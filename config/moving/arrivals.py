"""What was given at the desk to be brought in: read, decided on, brought in by the task worker turn
by turn."""

import zipfile
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from publishing import tasks
from publishing.models import SiteImport
from publishing.storage import path_of, private

from . import trees
from .markdown import bring as markdown
from .wordpress import bring, decisions, pictures, wxr
from .wordpress.report import Report
from .wordpress.run import Stopped
from .zotero import bring as zotero
from .zotero import library

FOLDER = "moving"
State = SiteImport.State
KEPT = timedelta(days=30)


def leave(user, file, uploads=None, *, source="wordpress", fetch=False):
    """Keep what was given, and have it read."""
    row = SiteImport(user=user, name=file.name[:200], progress={"fetch": fetch, "from": source})
    row.file = private().save(f"{FOLDER}/export", file)
    row.pictures = private().save(f"{FOLDER}/uploads.zip", uploads) if uploads else ""
    with transaction.atomic():
        row.save()
        row.task = tasks.enqueue("moving.read", row.pk)
        row.save(update_fields=["task"])
    return row


@tasks.task("moving.read")
def read(pk):
    """Look through an export, so that the author can decide."""
    row = SiteImport.objects.filter(pk=pk, state=State.READING).first()
    if row is None:
        return
    try:
        with SOURCES[row.source](row, dry=True) as run:
            if isinstance(run, bring.Run):
                row.decisions = decisions.proposed(run.survey)
            else:
                run.bring()
    except UNREADABLE as error:
        row.state, row.found = State.FAILED, {"why": str(error)}
    else:
        row.state, row.found = State.READY, asdict(run.report)
    row.save(update_fields=["state", "found", "decisions"])


@contextmanager
def _wordpress(row, *, dry=False, progress=None):
    """The `Run` of what was given; it is the same read or brought in."""
    uploads = pictures.of(_path(row.pictures)) if row.pictures else None
    yield bring.prepare(
        _path(row.file),
        given=row.decisions or None,
        media=uploads,
        fetch=bool(row.progress.get("fetch")),
        progress=progress,
    )


@contextmanager
def _markdown(row, **options):
    with trees.opened(_path(row.file), row.name) as tree:
        run = markdown.Run(tree, **options)
        if not run.names:
            raise trees.Unreadable(gettext_noop("There is no file of Markdown (.md) in this zip."))
        yield run


@contextmanager
def _zotero(row, **options):
    with library.opened_zip(_path(row.file), row.name) as found:
        yield zotero.Run(found, **options)


SOURCES = {"wordpress": _wordpress, "markdown": _markdown, "zotero": _zotero}
UNREADABLE = (wxr.Unreadable, trees.Unreadable, zipfile.BadZipFile, OSError)


def _path(name):
    return Path(path_of(private(), name))


def confirm(row):
    """She has given her word."""
    with transaction.atomic():
        row.state = State.RUNNING
        row.save(update_fields=["state", "decisions"])
        row.task = tasks.enqueue("moving.bring", row.pk)
        row.save(update_fields=["task"])


@tasks.task("moving.bring")
def bring_in(pk):
    """As much of it as a turn holds."""
    return tasks.MORE if portion(pk, tasks.Turn()) else None


def portion(pk, turn):
    """Bring in what a turn holds; whether there is more."""
    row = SiteImport.objects.filter(pk=pk, state=State.RUNNING).first()
    if row is None:
        return False

    began = row.progress.get("done")

    def tell(step, done, total):
        tasks.tell(done, total)
        row.progress |= {"step": step, "at": done, "total": total}
        # Reading a large file may take a turn by itself: something has to be done in each.
        is_further = row.progress.get("done") != began or (step == "links" and done)
        if turn.is_over() and is_further:
            raise Stopped

    try:
        with SOURCES[row.source](row, progress=tell) as run:
            run.done = dict(row.progress.get("done", {}))
            if row.report:
                run.report = Report(**row.report)
            run.keep = lambda run: _keep(row, run)
            if isinstance(run, bring.Run):
                bring.bring(run)
            else:
                run.bring()
    except Stopped:
        row.save(update_fields=["progress"])
        return True
    except trees.Unreadable as error:  # in its middle; what came in stays
        row.state, row.found = State.FAILED, {"why": str(error)}
        row.save(update_fields=["state", "found"])
        return False
    row.state = State.DONE
    _keep(row, run)
    forget_files(row)
    return False


def _keep(row, run):
    """In the transaction that wrote what it counts."""
    row.progress |= {"done": dict(run.done)}
    row.report = asdict(run.report)
    row.save(update_fields=["progress", "report", "state"])


def forget_files(row):
    """The export holds mailboxes: it goes once it is in, and with what nobody decided on."""
    for name in filter(None, (row.file, row.pictures)):
        private().delete(name)
    row.file = row.pictures = ""
    row.save(update_fields=["file", "pictures"])


def forget_old():
    """What nobody decided on for a month; gives how many."""
    old = SiteImport.objects.exclude(file="").filter(created__lt=timezone.now() - KEPT)
    old = list(old.exclude(state=State.RUNNING))
    for row in old:
        forget_files(row)
        row.delete()
    return len(old)
