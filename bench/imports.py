"""`make bench`: how fast a long file comes into the library and out of it, and what memory it
takes, on PostgreSQL.

A RIS file of 20,000 records of the usual length (six authors, an abstract), read and saved with a
plain entry each; then the same file again, when every record is one we have; then the citations and
search rows the import left to the task worker, of which a part is measured. Fails if the first
takes more than 60 s of CPU or 250 MB, or the whole more than 500 MB.
"""

import resource
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from django.db import connection, transaction

from bench.search import own_database

RECORDS = 20_000
FORMATTED = 1_000
MOST_SECONDS = 60  # of CPU, for 20,000
MOST_OF_IMPORT, MOST_MEMORY = 250, 500
FORMAT = "ris"


def main(count=RECORDS):
    with own_database(), tempfile.TemporaryDirectory() as folder:
        # The settings come first.
        files, formats = import_module("bench.formats"), import_module("references.formats")
        library, exports = (
            import_module("references.importing.save"),
            import_module("references.exporting.files"),
        )
        models = import_module("references.models")
        path = Path(folder) / "library.ris"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(files.pieces(FORMAT, count))
        busy = measure("import", count, lambda: bring(path, library, formats, new=count))
        first = peak_of_memory()
        assert models.Reference.objects.count() == count
        measure("the same again", count, lambda: bring(path, library, formats, same=count))
        some = min(count, FORMATTED)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        measure("citations, search", some, lambda: library.format_pending(limit=some))
        for ending in exports.LABELS:
            with transaction.atomic():
                measure(
                    f"export {ending}",
                    count,
                    lambda ending=ending: take_out(ending, exports, formats, models),
                )
        peak = peak_of_memory()
        print(f"{'peak of memory':<20} {first:>8.0f} MB of the import, {peak:.0f} MB of all")
    allowed = MOST_SECONDS * count / RECORDS
    if busy > allowed or first > MOST_OF_IMPORT or peak > MOST_MEMORY:
        sys.exit(f"Allowed are {allowed:.0f} s and {MOST_OF_IMPORT} MB, {MOST_MEMORY} MB of all.")


def peak_of_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bring(path, library, formats, **expected):
    with path.open("rb") as file:
        parsed = (item for item in formats.read(file) if isinstance(item, formats.Record))
        outcome = library.save_records(parsed, formatted=False)
    for name, number in expected.items():
        assert getattr(outcome, name) == number, outcome


def take_out(ending, exports, formats, models):
    written = sum(
        map(len, formats.write(exports.records(models.Reference.objects.order_by("pk")), ending))
    )
    assert written


def measure(name, count, run):
    started, busy = time.perf_counter(), time.process_time()
    run()
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    print(
        f"{name:<20} {count:>8,} records {seconds:8.1f} s {count / seconds:>8,.0f}/s, of it"
        f" {busy:6.1f} s here, not waiting",
        flush=True,
    )
    return busy


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
