"""The numbers behind each picture, as lines of CSV. Its heads are English, like the table's."""

from ..browsing.evidence import csv_line
from .studies import OUTCOMES


def _file(head, rows):
    yield "\ufeff" + csv_line(head)
    for row in rows:
        yield csv_line(row)


def forest(found):
    head = [
        "design", "citekey", "study", "events", "total", "share", "low", "high", "definition",
        "follow-up",
    ]  # fmt: skip
    return _file(
        head,
        (
            [
                design, share.work.citekey, share.work.label, share.events, share.total,
                f"{share.share:.4f}", f"{share.low:.4f}", f"{share.high:.4f}", share.defined,
                "not reported" if share.follow_up == "" else share.follow_up,
            ]
            for design, shares in found.shares
            for share in shares
        ),
    )  # fmt: skip


def outcome_map(found):
    return _file(
        ["design", "outcome", "reported", "not reported", "not yet extracted"],
        (
            [design, name, cell.given, cell.silent, cell.open]
            for design, cells in found.map
            for name, cell in zip(OUTCOMES, cells, strict=True)
        ),
    )


def years(found):
    return _file(
        ["design", "year", "citekey", "study"],
        (
            [line.design, work.year, work.citekey, work.label]
            for line in found.lines
            for work in line.works
        ),
    )
