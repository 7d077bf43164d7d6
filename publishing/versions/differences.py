"""What differs between two published versions: the words of the text, and the works."""

from dataclasses import dataclass, field

from .. import diffing
from ..richtext import sanitise, unrender

# Of a text: longer ones are compared by their beginnings.
MOST = 400_000  # characters


@dataclass
class Differences:
    """`text`: a `diffing.Difference`; `title` and `summary`: pieces, empty where nothing differs;
    `came`, `went`: CSL-JSON items; `cut`: whether a text was too long to be compared whole."""

    text: diffing.Difference
    title: list = field(default_factory=list)
    summary: list = field(default_factory=list)
    came: list = field(default_factory=list)
    went: list = field(default_factory=list)
    cut: bool = False

    @property
    def any(self):
        return bool(self.text.any or self.title or self.summary or self.came or self.went)

    @property
    def changed(self):
        """How many paragraphs are not as they were."""
        return sum(block.op != diffing.SAME for block in self.text.blocks)


def between(older, newer) -> Differences:
    """Of two `PublishedVersion`s of one page."""
    old = {item["id"]: item for item in older.works}
    new = {item["id"]: item for item in newer.works}
    return Differences(
        text=diffing.compare(_text(older), _text(newer)),
        title=_pieces(older.title, newer.title),
        summary=_pieces(older.summary, newer.summary),
        came=[item for key, item in new.items() if key not in old],
        went=[item for key, item in old.items() if key not in new],
        cut=max(len(older.body_html), len(newer.body_html)) > MOST,
    )


def _pieces(before, after):
    return diffing.words(before, after) if before != after else []


def _text(version):
    """As the author wrote it, without numbers, notes in the margin and what is for the screen."""
    html = version.body_html
    if len(html) > MOST:
        html = html[:MOST].rpartition("<")[0]
    if not html:
        return ""
    root = sanitise.parse(html)
    unrender.undo(root)
    return sanitise.serialise(root)
