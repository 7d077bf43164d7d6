"""What became of everything in an export: counts that add up, and why what is not here was left."""

from collections import Counter
from dataclasses import asdict, dataclass, field

LISTED = 5000  # of each list; what is more is counted
FATES = ("new", "same", "updated", "kept", "left")


@dataclass
class Report:
    """`found`: `{"page, publish": number in the file}`. `fates`: `{"page": {"new": …}}`: brought in,
    here already and the same, changed there and here, changed here and left so, left out."""

    found: dict = field(default_factory=dict)
    fates: dict = field(default_factory=dict)
    left: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    told: dict = field(default_factory=dict)
    unlisted: int = 0

    def count(self, kind, fate, number=1):
        fates = self.fates.setdefault(kind, dict.fromkeys(FATES, 0))
        fates[fate] += number

    def leave(self, kind, why, *, number=0, line=0, title=""):
        self.count(kind, "left")
        self._list(self.left, [kind, number, line, title[:120], why])

    def keep(self, kind, why, *, number=0, title=""):
        self.count(kind, "kept")
        self._list(self.kept, [kind, number, title[:120], why])

    def note(self, what, title="", line=0):
        self._list(self.notes, [what, title[:300], line])

    def tell(self, told, title):
        for what, number in told.items():
            each = self.told.setdefault(what, [0, ""])
            each[0] += number
            each[1] = each[1] or title[:120]

    def _list(self, rows, row):
        if len(rows) < LISTED:
            rows.append(row)
        else:
            self.unlisted += 1

    def totals(self):
        """`[(kind, in the file, {fate: number}, whether it adds up)]`."""
        found = Counter()
        for name, number in self.found.items():
            found[name.partition(",")[0]] += number
        kinds = dict.fromkeys([*found, *self.fates])
        empty = dict.fromkeys(FATES, 0)
        return [
            (kind, found[kind], fates, found[kind] == sum(fates.values()))
            for kind in kinds
            for fates in [self.fates.get(kind, empty)]
        ]

    def adds_up(self):
        return all(right for *_rest, right in self.totals())

    def as_json(self):
        return asdict(self)


WORDS = {
    "new": "brought in",
    "same": "here already",
    "updated": "changed there, changed here",
    "kept": "changed here, left so",
    "left": "left out",
}


def lines(report):
    """The report as text, for the screen and for a file."""
    yield f"{'':24}{'in the file':>12}" + "".join(f"{WORDS[fate]:>29}" for fate in FATES)
    for kind, found, fates, right in report.totals():
        numbers = "".join(f"{fates[fate]:>29}" for fate in FATES)
        yield f"{kind:24}{found:>12}{numbers}" + ("" if right else "   does not add up")
    yield ""
    yield "In the file, by state:"
    for name, number in report.found.items():
        yield f"  {name}: {number}"
    for title, rows in (("Left out:", report.left), ("Changed here, left so:", report.kept)):
        if rows:
            yield f"\n{title}"
        for row in rows:
            yield "  " + _row(row)
    if report.told:
        yield "\nIn the texts (how often, and where first):"
    for what, (number, where) in report.told.items():
        yield f"  {what}: {number} ({where})"
    if report.notes:
        yield "\nTo know:"
    for what, title, line in report.notes:
        place = f" (line {line})" if line else ""
        yield f"  {what}{': ' if title else ''}{title}{place}"
    if report.unlisted:
        yield f"\n{report.unlisted} more of the lists above are not written out."


def _row(row):
    kind, number, *line, title, why = row
    place = f", line {line[0]}" if line and line[0] else ""
    number = f" {number}" if number else ""
    return f"{kind}{number}{place}{f' “{title}”' if title else ''}: {why}"
