"""An export brought into an empty site: all of it, compared, or nothing."""

import json
import shutil
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from config import copying
from config.backup import since
from publishing import search
from publishing.desk import revisions
from publishing.models import rich_page_models
from publishing.search.backends import backend
from publishing.search.tables import IndexEntry

from . import FORMAT, VERSION, tables

FIRST = "Brought in from an export"
BATCH = 500


class Refused(Exception):
    """Why nothing was brought in; in words."""


def read(folder, tell=lambda words: None, erased=()):
    """Bring everything in, and erase again what was erased since: `erased` are rows of
    `since.erasures()`. Gives the manifest, and how many comments were erased. Raises `Refused`."""
    manifest = _manifest(folder)
    found = tables.tables()
    if set(manifest["tables"]) != set(found):
        odd = ", ".join(sorted(set(manifest["tables"]) ^ set(found)))
        raise Refused(f"It holds other tables than this version of the site: {odd}.")
    tell("files")
    for source, target in (
        (folder / "public/media", settings.MEDIA_ROOT),
        (folder / "private/files", settings.PRIVATE_ROOT),
    ):
        _copied(source, Path(target))
    tell("tables")
    try:
        with transaction.atomic():
            _refuse_if_filled(found)
            for label, table in found.items():
                _bring(folder, label, table)
            _counters(found)
            _compare(manifest, found)
            entries = IndexEntry.objects.all()
            backend().erase(entries)
            entries.delete()
            again = since.repeat({"erasures": erased})["comments erased"]
            tell("search")
            search.rebuild()
            for model in rich_page_models():
                revisions.keep_first(model._base_manager.order_by("pk"), FIRST)
    except (DatabaseError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"Nothing was brought in: {' '.join(str(error).split())[:500]}") from None
    return manifest, again


def _manifest(folder):
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT or manifest["version"] != VERSION:
            raise Refused(f"It is of the format {manifest['format']}, {manifest['version']}.")
        manifest["tables"].keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"{folder} is no export of a site: {error}") from None
    return manifest


def _copied(source, target):
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        there = target / path.relative_to(source)
        if path.is_file() and not path.is_symlink():
            there.parent.mkdir(parents=True, exist_ok=True)
            unfinished = there.with_name(f"{there.name}.unfinished")
            shutil.copy2(path, unfinished)
            unfinished.replace(there)


# `migrate` makes these of an empty site; they give way.
MADE = {"publishing.sitesettings", "comments.desksettings", "comments.wordlist"}


def _refuse_if_filled(found):
    for label, table in found.items():
        rows = table.model._base_manager.order_by()
        if label in MADE:
            rows._raw_delete(rows.db)
        elif rows.exists():
            raise Refused(f"This site is not empty: there are rows in {label}.")


def _bring(folder, label, table):
    rows = []
    with (folder / "private/tables" / f"{label}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            rows.append(tables.row_of(line, table, connection))
            if len(rows) == BATCH:
                copying.write(table, connection, rows)
                rows = []
    copying.write(table, connection, rows)


def _counters(found):
    """No number that is there is given out again."""
    for table in found.values():
        key = table.model._meta.pk
        if not isinstance(key, models.AutoField):
            continue
        last = table.model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
        copying.set_counter(connection, table, last)


def _compare(manifest, found):
    for label, table in found.items():
        count, summed = tables.digest(tables.lines(table, connection))
        said = manifest["tables"][label]
        if (count, summed) != (said["rows"], said["sha256"]):
            raise Refused(f"{label} is not what the manifest says: the export was changed or cut.")
