"""What became of everything in an export: counts that add up, and why what is not here was left."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext, gettext_lazy, gettext_noop

LISTED = 5000  # of each list; what is more is counted
FATES = ("new", "same", "updated", "kept", "left")


@dataclass
class Report:
    """`found`: `{"page, publish": number in the file}`. `fates`: `{"page": {"new": …}}`: brought
    in, here already and the same, changed there and here, changed here and left so, left out.
    `coming`: what a rehearsal says would come in or be changed."""

    found: dict = field(default_factory=dict)
    fates: dict = field(default_factory=dict)
    left: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    told: dict = field(default_factory=dict)
    unlisted: int = 0
    coming: list = field(default_factory=list)

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

    def come(self, kind, fate, title):
        self._list(self.coming, [kind, fate, title[:300]])

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


CHANGED = gettext_noop("it changed there too; yours stays")
DELETED = gettext_noop("it was deleted here")
WORDS = {
    "new": gettext_lazy("brought in"),
    "same": gettext_lazy("here already"),
    "updated": gettext_lazy("changed there, so here"),
    "kept": gettext_lazy("changed here, left so"),
    "left": gettext_lazy("left out"),
}
TOLD = {
    "shortcode": gettext_lazy("shortcode nobody here knows, kept as text"),
    "block": gettext_lazy("block nobody here knows, its words kept"),
    "style": gettext_lazy("words in a colour, now strong"),
    "picture": gettext_lazy("picture that did not come; a link stands in its place"),
    "embedded": gettext_lazy("embedded from another site; a link stands in its place"),
    "article": gettext_lazy("article listed in a chapter"),
    "number": gettext_lazy("two things of the same number; the first was taken"),
}


# WordPress's words, for people.
KINDS = {
    "page": gettext_lazy("page"),
    "post": gettext_lazy("post"),
    "attachment": gettext_lazy("picture or file"),
    "comment": gettext_lazy("comment"),
    "work": gettext_lazy("work"),
    "wp_block": gettext_lazy("block used in several texts"),
    "nav_menu_item": gettext_lazy("entry of a menu"),
}
STATES = {
    "publish": gettext_lazy("published"),
    "draft": gettext_lazy("draft"),
    "private": gettext_lazy("private"),
    "future": gettext_lazy("planned"),
    "pending": gettext_lazy("waiting to be reviewed"),
    "trash": gettext_lazy("in the trash"),
    "inherit": "",
    "1": gettext_lazy("approved"),
    "0": gettext_lazy("waiting"),
    "spam": gettext_lazy("spam"),
}


def named(name):
    """“comment, 1” → “comment, approved”; “page” → “page”."""
    kind, _comma, state = name.partition(", ")
    words, told = str(KINDS.get(kind, kind)), str(STATES.get(state, state))
    return f"{words}, {told}" if told else words


def lines(report):
    """The report as text, for the screen and for a file."""
    in_the_file, wrong, states = (
        gettext("in the file"),
        gettext("does not add up"),
        gettext("In the file, by state"),
    )
    yield f"{'':16}{in_the_file:>14}" + "".join(f"{WORDS[fate]:>24}" for fate in FATES)
    for kind, found, fates, right in report.totals():
        numbers = "".join(f"{fates[fate]:>24}" for fate in FATES)
        yield f"{named(kind):16}{found:>14}{numbers}" + ("" if right else f"  {wrong}")
    yield f"\n{states}:"
    for name, number in report.found.items():
        yield f"  {named(name)}: {number}"
    for title, rows in sections(report):
        yield f"\n{title}:"
        for row in rows:
            yield f"  {row}"


def sections(report):
    """`(title, [line])` of what is worth reading."""
    found = [
        (gettext("Left out"), [_row(kind, number, title, why, line) for
                               kind, number, line, title, why in report.left]),
        (gettext("Changed here, left so"), [_row(*row) for row in report.kept]),
        (gettext("Would come in"), _coming(report, "new")),
        (gettext("Would be changed"), _coming(report, "updated")),
        (gettext("In the texts: how often, and where first"),
         [_told(each) for each in report.told.items()]),
        (gettext("To know"), [_note(*row) for row in report.notes]),
    ]  # fmt: skip
    if report.unlisted:
        found.append((gettext("Not written out above"), [str(report.unlisted)]))
    return [(title, rows) for title, rows in found if rows]


def _coming(report, fate):
    return [title for _kind, how, title in report.coming if how == fate]


def _row(kind, number, title, why, line=0):
    name = f"{named(kind)} {number or ''}".strip()
    return f"{name}{f' “{title}”' if title else ''}: {gettext(why)}{_place(line)}"


def _note(what, title, line):
    return f"{gettext(what)}{': ' if title else ''}{title}{_place(line)}"


def _place(line):
    words = gettext("line %(line)s") % {"line": line}
    return f" ({words})" if line else ""


def _told(item):
    what, (number, where) = item
    kind, _space, name = what.partition(" ")
    words = f"{TOLD.get(kind, kind)}: {name}, {number}"
    return f"{words} ({where})" if where else words
