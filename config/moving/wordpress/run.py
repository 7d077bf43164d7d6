"""What all steps of one import share: the file surveyed, what came in before, what is decided."""

import hashlib
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from publishing import advisory
from publishing.languages import PAGE_LANGUAGES
from publishing.models import ImportedItem

from .decisions import Decisions
from .report import Report
from .survey import Survey

CHUNK = 20
LANGUAGES = {code for code, _name in PAGE_LANGUAGES}


class Stopped(Exception):
    """The turn is over; what is left comes in the next one."""


@dataclass
class Run:
    path: Path
    survey: Survey
    decisions: Decisions
    report: Report
    zone: str = settings.TIME_ZONE
    media: object = None
    fetch: bool = False
    progress: object = None
    known: dict = field(default_factory=dict)
    # Where the last turn stopped: `{step: how many of it are done}`.
    done: dict = field(default_factory=dict)
    keep: object = None
    slugs: set | None = None
    subjects: dict = field(default_factory=dict)

    def __post_init__(self):
        self.site = self.survey.site.address[:300] or "wordpress"
        parts = urlsplit(self.survey.site.address)
        self.host, self.base = parts.netloc.removeprefix("www."), unquote(parts.path).rstrip("/")
        rows = ImportedItem.objects.filter(site=self.site).exclude(kind="comment")
        self.known = {(row.kind, row.number): row for row in rows}
        code = self.survey.site.language[:2].lower()
        self.language = code if code in LANGUAGES else settings.LANGUAGE_CODE
        authors = self.survey.creators.most_common(1)
        self.owner = authors[0][0] if authors else ""
        self.names = {each.login: each.name for each in self.survey.site.authors}

    def target(self, number):
        """`(label, pk)` of what an item became, None where it has not come in."""
        for kind in ("page", "post", "attachment"):
            row = self.known.get((kind, number))
            if row is not None and row.page_id:
                model = ContentType.objects.get_for_id(row.page_type_id)
                return f"{model.app_label}.{model.model}", row.page_id
        return None

    @contextmanager
    def writing(self, numbers=()):
        """A transaction in which nobody else brings anything in; what another run brought in
        meanwhile is known from here on."""
        with transaction.atomic():
            advisory.hold("moving")
            rows = ImportedItem.objects.filter(site=self.site, number__in=numbers)
            for row in rows.exclude(kind="comment"):
                self.known[row.kind, row.number] = row
            yield

    def record_new(self, rows):
        """Keep what several items became: `[(item, page, theirs, ours, unsettled)]`."""
        made = ImportedItem.objects.bulk_create(
            ImportedItem(
                site=self.site,
                kind=item.kind,
                number=item.number,
                page_type=ContentType.objects.get_for_model(page),
                page_id=page.pk,
                theirs=theirs,
                ours=ours,
                unsettled=unsettled,
            )
            for item, page, theirs, ours, unsettled in rows
        )
        self.known |= {(row.kind, row.number): row for row in made}

    def record(self, kind, number, *, page=None, theirs="", ours="", unsettled=False):
        """Keep what an item became."""
        values = {"theirs": theirs, "ours": ours, "unsettled": unsettled}
        if page is not None:
            values["page_type"] = ContentType.objects.get_for_model(page)
            values["page_id"] = page.pk
        row, _new = ImportedItem.objects.update_or_create(
            site=self.site, kind=kind, number=number, defaults=values
        )
        self.known[kind, number] = row

    def tell(self, step, done, total):
        if self.progress:
            self.progress(step, done, total)

    def chunks(self, step, things):
        """The things of a step by the chunk, from where the last turn stopped. After each,
        `advance` is called within the transaction that wrote it."""
        start = self.done.get(step, 0)
        self.tell(step, start, len(things))
        for at in range(start, len(things), CHUNK):
            yield things[at : at + CHUNK]
            self.tell(step, min(at + CHUNK, len(things)), len(things))

    def advance(self, step, number):
        self.done[step] = self.done.get(step, 0) + number
        if self.keep:
            self.keep(self)


def digest(*values):
    words = json.dumps(values, ensure_ascii=False, default=str)
    return hashlib.sha256(words.encode()).hexdigest()
