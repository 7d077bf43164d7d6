"""Long work: put in a queue of the database, done by `manage.py run_worker`. See docs/adr/0013.

The queue is django-tasks', which Django 6 has built in; only here is it imported. A task is a
function with a name that outlives moves of code, and takes what JSON holds: keys, no words of
anybody's. It may be stopped at any moment and done again: it works in portions, each a transaction
that leaves nothing half-done, and goes on from what it finds.
"""

import logging
import time
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.module_loading import autodiscover_modules
from django_tasks import TaskResultStatus
from django_tasks import task as library_task
from django_tasks_db.models import DBTaskResult, get_date_max
from django_tasks_db.utils import exclusive_transaction

from .taskworkers import TaskWorker

log = logging.getLogger(__name__)

# What a task gives back that has had its turn and is not through yet.
MORE = object()
TURN = 10  # seconds; then others have theirs
INLINE = 1  # seconds somebody may have to wait where no worker is, for all tasks of a request
LONGEST_WAIT = timedelta(hours=1)
KEPT = timedelta(days=7)
# Longer than SQLite lets a writer who waits for the lock sleep between two looks.
PAUSE = 0.12

_known = {}
_current = ContextVar("task", default=None)
_turn = ContextVar("turn", default=TURN)
_patience = ContextVar("patience", default=None)


@dataclass(frozen=True)
class Known:
    function: Callable
    tries: int
    short: bool


@dataclass(frozen=True)
class Status:
    """How far a task is: "waiting", "running", "done" or "failed"; `done` of `total`, if it
    tells."""

    state: str
    done: int = 0
    total: int = 0
    error: str = ""


def task(name: str, *, tries: int = 5, short: bool = False):
    """Make a function a task of that name. A short one is done at once where no worker is."""

    def register(function):
        _known[name] = Known(function, tries, short)
        return function

    return register


def _find(name):
    """None where there is no such task. The apps' modules of that name are loaded for the first
    that is not known: who serves readers asks for few."""
    if name not in _known:
        autodiscover_modules("tasks")
    return _known.get(name)


@library_task
def perform(name, args):
    """All tasks are this one to the package, so that its rows name no module of ours."""
    function = _find(name).function
    while function(*args) is MORE:
        pass


def enqueue(name: str, *args) -> str:
    """Have a task done; gives its id. It is kept if, and only if, the transaction around it is.

    One that waits already with the same arguments is not asked for twice.
    """
    if not _is_queued():
        return _at_once(name, args)
    with transaction.atomic():
        # Locked, so that it is not begun before what is written in this transaction can be seen.
        waiting = DBTaskResult.objects.ready().filter(args_kwargs=_as_kept(name, args))
        row = waiting.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked
        ).first()
        pk = row.pk if row else perform.enqueue(name, list(args)).id
        if _find(name).short and not has_worker():
            transaction.on_commit(partial(_inline, pk))
    return str(pk)


def _as_kept(name, args):
    return {"args": [name, list(args)], "kwargs": {}}


def _is_queued():
    return settings.TASKS["default"]["BACKEND"].startswith("django_tasks_db.")


def _at_once(name, args):
    result = perform.enqueue(name, list(args))
    if result.errors:
        raise RuntimeError(result.errors[0].traceback)
    return str(result.id)


@dataclass
class Patience:
    """Seconds that whoever waits for an answer still has for short tasks; `until` while one is
    done."""

    left: float
    until: float | None = None


@contextmanager
def one_request():
    """All short tasks that are asked for within have INLINE seconds together, where no worker is;
    what is not begun by then stays in the queue."""
    token = _patience.set(Patience(INLINE))
    try:
        yield
    finally:
        _patience.reset(token)


def _inline(pk):
    """Do it in this process. It stays in the queue until it is done: a crash loses nothing."""
    patience, now = _patience.get() or Patience(INLINE), time.monotonic()
    outermost = patience.until is None
    left = patience.left if outermost else patience.until - now
    row = DBTaskResult.objects.ready().filter(pk=pk).first() if left > 0 else None
    if row is None:
        return
    if outermost:
        patience.until = now + left
    try:
        _do_inline(row, left)
    finally:
        if outermost:
            patience.left, patience.until = patience.until - time.monotonic(), None


def _do_inline(row, seconds):
    name, args = row.args_kwargs["args"]
    token = _turn.set(seconds)
    try:
        outcome = _find(name).function(*args)
    except Exception:
        log.exception("Task %s failed; it stays in the queue", name)
    else:
        if outcome is not MORE:
            _end(
                DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.READY),
                TaskResultStatus.SUCCESSFUL,
            )
    finally:
        _turn.reset(token)


def status(pk: str) -> Status | None:
    """None where nothing is known of it (any more)."""
    row = DBTaskResult.objects.filter(pk=pk).first() if _is_queued() and pk else None
    if row is None:
        return None
    words = {"READY": "waiting", "RUNNING": "running", "SUCCESSFUL": "done", "FAILED": "failed"}
    done, total = row.return_value or (0, 0)
    return Status(words[row.status], done, total, (row.traceback.strip().splitlines() or [""])[-1])


def latest(name: str, *args) -> str:
    """The id of what was last asked for under this name with these arguments; "" if nothing is
    known of it."""
    if not _is_queued():
        return ""
    rows = DBTaskResult.objects.filter(args_kwargs=_as_kept(name, args)).order_by("-enqueued_at")
    return str(rows.values_list("pk", flat=True).first() or "")


def is_on_its_way(name: str, *args) -> bool:
    """Whether the latest task of these arguments waits or is worked at."""
    found = status(latest(name, *args))
    return found is not None and found.state in ("waiting", "running")


def tell(done: int, total: int):
    """Say how far the task is that calls this."""
    if _current.get():
        DBTaskResult.objects.filter(pk=_current.get()).update(return_value=[done, total])


class Turn:
    """A task's share of the worker's time: `while work: …; if turn.is_over(): return MORE`."""

    def __init__(self, seconds: float | None = None):
        self.end = time.monotonic() + (seconds or _turn.get())

    def is_over(self) -> bool:
        breathe()
        return time.monotonic() >= self.end


def breathe():
    """Between two portions: on SQLite who waits for the lock is not woken, but must find it
    free."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(PAUSE)


def has_worker() -> bool:
    """Whether somebody stands by the queue; where tasks are done at once, nobody need."""
    return not _is_queued() or TaskWorker.objects.alive().filter(stays=True).exists()


def claim(worker: str):
    """The next task to do, now `worker`'s; None if there is none."""
    if not DBTaskResult.objects.ready().exists():
        return None  # without asking for the lock of the database every second
    with exclusive_transaction():
        row = DBTaskResult.objects.ready().get_locked()
        if row:
            row.claim(worker)
    return row


def do(row) -> None:
    """Do a claimed task.

    One that fails is put off, up to the number of its tries; one that is stopped waits again.
    """
    name, args = row.args_kwargs["args"]
    known = _find(name)
    token = _current.set(row.pk)
    try:
        if known is None:
            raise LookupError(f"There is no task of the name {name}.")
        outcome = known.function(*args)
    except Exception as error:
        log.exception("Task %s failed", name)
        _mend_connection()
        _put_off(row, f"{type(error).__name__}: {error}")
    except BaseException:
        _mend_connection(whatever=True)
        _put_back(row)
        raise
    else:
        if outcome is MORE:
            _put_back(row)
        else:
            _end(_held(row), TaskResultStatus.SUCCESSFUL)
    finally:
        _current.reset(token)


def _mend_connection(whatever=False):
    """A new one if the last may be broken; `whatever` it was in the middle of."""
    if connection.in_atomic_block:
        return
    connection.close() if whatever else connection.close_if_unusable_or_obsolete()


def _held(row):
    """The row, unless it was given to another worker meanwhile."""
    return DBTaskResult.objects.filter(
        pk=row.pk, status=TaskResultStatus.RUNNING, started_at=row.started_at
    )


def _end(rows, how, error=""):
    return rows.update(
        status=how, finished_at=timezone.now(), exception_class_path="", traceback=error[:2000]
    )


def _put_back(row):
    """It waits again, behind the others; this was no failed try."""
    _held(row).update(
        status=TaskResultStatus.READY,
        run_after=get_date_max(),
        enqueued_at=timezone.now(),
        worker_ids=row.worker_ids[:-1],
    )


def _put_off(row, error, wait=None):
    """It waits ever longer, or as long as told; or it is given up."""
    name, tried = row.args_kwargs["args"][0], len(row.worker_ids)
    known = _find(name)
    if known is None or tried >= known.tries:
        _end(_held(row), TaskResultStatus.FAILED, error)
        return
    wait = min(timedelta(seconds=15 * 2**tried), LONGEST_WAIT) if wait is None else wait
    _held(row).update(
        status=TaskResultStatus.READY, run_after=timezone.now() + wait, traceback=error[:2000]
    )


def take_back() -> int:
    """Give what a dead worker left half-done to the next, and what a clock that ran ahead put off.

    Gives the number of them.
    """
    now = timezone.now()
    alive = set(TaskWorker.objects.alive().values_list("key", flat=True))
    left = [
        row
        for row in DBTaskResult.objects.running()
        if not row.worker_ids or row.worker_ids[-1] not in alive
    ]
    for row in left:
        _put_off(row, "It was stopped half-way.", timedelta())
    due = Q(run_after__gt=now + LONGEST_WAIT) & ~Q(run_after=get_date_max())
    early = DBTaskResult.objects.filter(due, status=TaskResultStatus.READY).update(run_after=now)
    TaskWorker.objects.exclude(key__in=alive).delete()
    return len(left) + early


def forget() -> int:
    """Delete what was done or given up long enough ago; the number of them."""
    before = timezone.now() - KEPT
    return DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()[0]


def try_again() -> int:
    """Put what was given up back in the queue."""
    return DBTaskResult.objects.failed().update(
        status=TaskResultStatus.READY, run_after=get_date_max(), finished_at=None, worker_ids=[]
    )


@dataclass(frozen=True)
class Queue:
    """What the desk says: how many wait, how many were given up and why the last, who works."""

    waiting: int
    failed: int
    reason: str
    has_worker: bool


def queue() -> Queue:
    if not _is_queued():
        return Queue(0, 0, "", True)
    failed = DBTaskResult.objects.failed()
    last = failed.filter(finished_at=failed.aggregate(last=Max("finished_at"))["last"]).first()
    return Queue(
        DBTaskResult.objects.ready().count(),
        failed.count(),
        last.traceback if last else "",
        has_worker(),
    )
