"""docs/faults.md: one line for each fault, of what was measured."""

from dataclasses import asdict, dataclass


class BrokenError(AssertionError):
    """The site did not keep a promise."""


def broken(words):
    raise BrokenError(words)


@dataclass(frozen=True)
class Row:
    fault: str
    reader: str
    author: str
    lost: str


HEAD = (
    "# What goes wrong, and what is seen of it\n\n"
    "Written by `make test-faults ROUNDS={rounds}` from what it measured on {when}: the site as it"
    " is shipped (gunicorn, two workers), with the sample site of release {release} brought up to"
    " date, on SQLite and on PostgreSQL {version}; {cores} cores, other work beside it. Each line"
    " is tried anew each time; a promise that is not kept ends the run. How: `tests/faults/`, why:"
    " [adr/0041](adr/0041-bad-days.md).\n"
)


def text(found, **facts):
    """The page; `found`: `{database: [Row]}`."""
    lines = [HEAD.format(**facts)]
    for database, rows in found.items():
        lines += [f"## {database}", "", "| fault | a reader saw | the author saw | lost |",
                  "|---|---|---|---|"]  # fmt: skip
        lines += ["| " + " | ".join(asdict(row).values()) + " |" for row in rows]
        lines.append("")
    return "\n".join(lines)
