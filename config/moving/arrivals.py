"""An export given at the desk: read, decided on, brought in by the task worker turn by turn."""

import zipfile
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from publishing import tasks
from publishing.models import SiteImport
from publishing.storage import path_of, private

from .wordpress import bring, decisions, pictures, wxr
from .wordpress.report import Report
from .wordpress.run import Stopped

FOLDER = "moving"
State = SiteImport.State
KEPT = timedelta(days=30)


def leave(user, file, uploads, *, fetch):
    """Keep what was given, and have it read."""
    row = SiteImport(user=user, name=file.name[:200], progress={"fetch": fetch})
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
        run = _run(row)
    except (wxr.Unreadable, zipfile.BadZipFile, OSError) as error:
        row.state, row.found = State.FAILED, {"why": str(error)}
    else:
        row.decisions = decisions.proposed(run.survey)
        row.state, row.found = State.READY, asdict(run.report)
    row.save(update_fields=["state", "found", "decisions"])


def _run(row, **options):
    """The `Run` of what was given."""
    uploads = pictures.of(_path(row.pictures)) if row.pictures else None
    return bring.prepare(
        _path(row.file),
        given=row.decisions or None,
        media=uploads,
        fetch=bool(row.progress.get("fetch")),
        **options,
    )


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

    def tell(step, done, total):
        tasks.tell(done, total)
        row.progress |= {"step": step, "at": done, "total": total}
        if turn.is_over():
            raise Stopped

    run = _run(row, progress=tell)
    run.done = dict(row.progress.get("done", {}))
    if row.report:
        run.report = Report(**row.report)
    run.keep = lambda run: _keep(row, run)
    try:
        bring.bring(run)
    except Stopped:
        row.save(update_fields=["progress"])
        return True
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
