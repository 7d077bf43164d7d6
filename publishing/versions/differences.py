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
        text=diffing.compare(_text(older, old), _text(newer, new)),
        title=_pieces(older.title, newer.title),
        summary=_pieces(older.summary, newer.summary),
        came=[item for key, item in new.items() if key not in old],
        went=[item for key, item in old.items() if key not in new],
        cut=max(len(older.body_html), len(newer.body_html)) > MOST,
    )


def _pieces(before, after):
    return diffing.words(before, after) if before != after else []


def _label(item):
    first = (item.get("author") or [{}])[0]
    name = first.get("family") or first.get("literal") or item.get("title") or item["id"]
    parts = (item.get("issued") or {}).get("date-parts") or [[]]
    others = " …" if len(item.get("author") or ()) > 1 else ""
    return " ".join(filter(None, [name[:80] + others, *map(str, parts[0][:1])]))


def _text(version, works):
    """As the author wrote it, without numbers, notes in the margin and what is for the screen; a
    citation as readers know the work, by its first author and year."""
    html = version.body_html
    if len(html) > MOST:
        html = html[:MOST].rpartition("<")[0]
    if not html:
        return ""
    root = sanitise.parse(html)
    unrender.undo(root)
    for node in root.iter("span"):
        if item := works.get(node.get("data-cite")):
            label = _label(item)
            node.text = f"[{label}]"
            node.set("data-cite", label)
    return sanitise.serialise(root)
