"""What imports of a folder share: they come in chunk by chunk, each one transaction, which keeps
how far they are as well. So they may be stopped at any moment and begun again."""

from contextlib import contextmanager, nullcontext

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max

from publishing import advisory, tasks
from publishing.models import ImportedItem

from .wordpress.report import Report

CHUNK = 10


class Portions:
    """One import. `known`: what came in before, by kind and number; `done`: `{step: how far}`,
    where the last turn stopped; `keep(run)` is called in the transaction that wrote what the
    report counts; `progress(step, done, total)` may raise `Stopped`. With `dry` nothing is
    written."""

    def __init__(self, site, dry=False, progress=None):
        self.site, self.dry, self.progress = site[:300], dry, progress
        self.report, self.done, self.keep = Report(), {}, None
        self.learn()

    def learn(self):
        rows = list(ImportedItem.objects.filter(site=self.site))
        self.known = {(row.kind, row.number): row for row in rows}
        self.newest = max((row.pk for row in rows), default=0)

    def through(self, step, things, prepare, take):
        """`take(prepare(thing))` for each thing that is not done yet. What is prepared is prepared
        before others have to wait."""
        for at in range(self.done.get(step, 0), len(things), CHUNK):
            self.tell(step, at, len(things))
            chunk = [prepare(thing) for thing in things[at : at + CHUNK]]
            with self.writing():
                for each in chunk:
                    take(each)
                self.advance(step, at + len(chunk))
            tasks.breathe()
        self.tell(step, len(things), len(things))

    def tell(self, step, done, total):
        if self.progress:
            self.progress(step, done, total)

    def advance(self, step, at):
        self.done[step] = at
        if self.keep:
            self.keep(self)

    def writing(self):
        return nullcontext() if self.dry else self._writing()

    @contextmanager
    def _writing(self):
        """A transaction in which nobody else brings anything in; what another run of the same
        brought in meanwhile is known from here on."""
        with transaction.atomic():
            advisory.hold("moving")
            newest = ImportedItem.objects.filter(site=self.site).aggregate(pk=Max("pk"))["pk"]
            if (newest or 0) > self.newest:
                self.learn()
            yield

    def record(self, kind, number, page, theirs, ours, *, unsettled=False):
        """Keep what a thing became; `page` is None for a file below MEDIA."""
        row, _new = ImportedItem.objects.update_or_create(
            site=self.site, kind=kind, number=number,
            defaults={
                "theirs": theirs, "ours": ours, "unsettled": unsettled,
                "page_type": page and ContentType.objects.get_for_model(page),
                "page_id": page and page.pk,
            },
        )  # fmt: skip
        self.known[kind, number] = row
        self.newest = max(self.newest, row.pk)

    def came(self, kind, fate, title):
        """Counted, and in a rehearsal listed."""
        self.report.count(kind, fate)
        if self.dry and fate in ("new", "updated"):
            self.report.come(kind, fate, title)
