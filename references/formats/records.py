"""What every parser gives and every writer takes: plain records that know no database."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

# What a writer begins the citekey with where a format must have one and the record has none.
NO_KEY = "no-key-"
# What stands for the title of a work that came in without one.
NO_TITLE = "[No title]"


@dataclass(frozen=True)
class Name:
    """A person in a role. A literal name (an organisation) stands whole in `family`."""

    family: str
    given: str = ""
    suffix: str = ""
    literal: bool = False
    role: str = "author"
    # Whether the order of its words was a guess, until somebody was told of it.
    doubtful: bool = field(default=False, compare=False)

    @property
    def person(self) -> tuple[str, str, str, bool]:
        """What makes two names the same person."""
        return self.family, self.given, self.suffix, self.literal


@dataclass(frozen=True)
class Keyword:
    """A word a work is catalogued under: in “mesh”, “emtree”, “eric”, the “author”'s own, or ""
    where nobody says.

    `major` is what the work is mainly about; `starred` are the qualifiers it is so under.
    """

    term: str
    vocabulary: str = ""
    qualifiers: tuple[str, ...] = ()
    major: bool = False
    starred: tuple[str, ...] = ()


@dataclass(frozen=True)
class WorkNotice:
    """What another publication says of the work, or (`of_other`) what the work itself is to
    another: its retraction, an erratum, a comment, a translation."""

    kind: str
    of_other: bool = False
    date: str = ""  # 2010, 2010-02 or 2010-02-06
    doi: str = ""
    pmid: str = ""
    text: str = ""
    source: str = ""  # who says so: “PubMed”, “publisher”, “retraction-watch”

    @property
    def key(self) -> tuple[str, bool, str, str]:
        return self.kind, self.of_other, self.doi, self.pmid


_STATUS = {
    ("retraction", False): "retracted", ("partial", False): "partly retracted",
    ("concern", False): "concern", ("erratum", False): "corrected",
    ("republication", False): "corrected", ("retraction", True): "retraction",
    ("concern", True): "expression of concern", ("erratum", True): "erratum",
    ("republication", True): "republication", ("translation", True): "translation",
}  # fmt: skip


@dataclass
class Record:
    """One work as a file describes it. Field names are those of `references.models.Reference`."""

    citekey: str = ""
    type: str = "document"
    title: str = ""
    original_title: str = ""
    translated_title: str = ""
    container: str = ""
    container_short: str = ""
    year: int | None = None
    month: int | None = None
    day: int | None = None
    year_approximate: bool = False
    season: int | None = None
    until: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    number_of_pages: str = ""
    edition: str = ""
    chapter_number: str = ""
    genre: str = ""
    event: str = ""
    publisher: str = ""
    place: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    nlm_id: str = ""
    isbn: str = ""
    issn: str = ""
    # What kind each of these is, in their order: “electronic linking”.
    issn_kinds: str = ""
    url: str = ""
    full_text_url: str = ""
    language: str = ""
    country: str = ""
    abstract: str = ""
    study_design: str = ""
    sample_size: int | None = None
    sample_unit: str = ""
    record_note: str = ""
    # What other programs and databases noted beside the work; never public, never written out.
    private_note: str = ""
    names: list[Name] = field(default_factory=list)
    # Whether the list of authors ends in "and others"; the library has no field for it.
    authors_incomplete: bool = False
    # The author's own subjects; what databases and journals say it is about stands in `keywords`.
    tags: list[str] = field(default_factory=list)
    keywords: list[Keyword] = field(default_factory=list)
    notices: list[WorkNotice] = field(default_factory=list)
    # Where in its file it stands, record and line counted from 1: what a message calls it.
    number: int = 0
    line: int = field(default=0, compare=False)
    # What it says of its date, where no year could be read in it.
    unread_date: str = field(default="", compare=False)

    @property
    def status(self) -> list[str]:
        """“retracted”, “retraction” (the notice), “erratum”, “concern”, “corrected” …"""
        words = (_STATUS.get((notice.kind, notice.of_other)) for notice in self.notices)
        return list(dict.fromkeys(filter(None, words)))


def from_dict(data: dict) -> Record:
    """The record of `asdict(record)`, also after it was JSON, which has no tuples."""
    values = {name: value for name, value in data.items() if name in Record.__dataclass_fields__}
    words = [
        {**word, **{name: tuple(word.get(name, ())) for name in ("qualifiers", "starred")}}
        for word in data.get("keywords", ())
    ]
    rows = {
        "names": [Name(**name) for name in data["names"]],
        "keywords": [Keyword(**word) for word in words],
        "notices": [WorkNotice(**notice) for notice in data.get("notices", ())],
    }
    return Record(**values | rows)


# What describes the work itself and is stored as it is; people and tags are rows of their own.
NOT_STORED = ("names", "authors_incomplete", "tags", "keywords", "notices", "number", "line",
              "unread_date")  # fmt: skip
FIELDS = [name for name in Record.__dataclass_fields__ if name not in NOT_STORED]


@dataclass
class Notice:
    """Something to tell about one place of a file: the record by number, the line, and how it reads
    there."""

    number: int
    reason: str
    citekey: str = ""
    line: int = 0
    excerpt: str = ""


class Refused(Notice):
    """A record that could not be taken, and why, in plain words."""


class Warned(Notice):
    """What a record lost on the way in, or may have wrong; the record itself came in."""


def attempt(
    make: Callable[[], Record], number: int, line: int, about: str = "", citekey: str = ""
) -> Record | Refused:
    """The record `make` gives; whatever fails in it refuses this record alone."""
    try:
        return make()
    except Exception:
        logger.exception("Record %d of a file cannot be read", number)
        reason = _("The record cannot be read; something in it is not as its format has it.")
        return Refused(number, reason, citekey, line, " ".join(about[:400].split())[:90])


def note(record: Record, *texts: str) -> None:
    """Add lines to the private note, each once."""
    lines = [*record.private_note.split("\n"), *(" ".join(text.split()) for text in texts)]
    record.private_note = "\n".join(dict.fromkeys(filter(None, lines)))


@dataclass
class Parsed:
    records: list[Record] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    def add(self, item: Record | Notice) -> None:
        """Sort one thing a reader gave into its list."""
        if isinstance(item, Record):
            self.records.append(item)
        elif isinstance(item, Refused):
            self.refused.append(item)
        elif isinstance(item, Warned):
            self.warnings.append(item)
