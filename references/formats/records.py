"""What every parser gives and every writer takes: plain records that know no database."""

from dataclasses import dataclass, field

# What a writer begins the citekey with where a format must have one and the record has none.
NO_KEY = "no-key-"


@dataclass(frozen=True)
class Name:
    """A person in a role. A literal name (an organisation) stands whole in `family`."""

    family: str
    given: str = ""
    suffix: str = ""
    literal: bool = False
    role: str = "author"

    @property
    def person(self):
        """What makes two names the same person."""
        return self.family, self.given, self.suffix, self.literal


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
    url: str = ""
    full_text_url: str = ""
    language: str = ""
    country: str = ""
    abstract: str = ""
    study_design: str = ""
    sample_size: int | None = None
    sample_unit: str = ""
    record_note: str = ""
    names: list[Name] = field(default_factory=list)
    # Whether the list of authors ends in "and others"; the library has no field for it.
    authors_incomplete: bool = False
    tags: list[str] = field(default_factory=list)
    # Where in its file it stands, record and line counted from 1: what a message calls it.
    number: int = 0
    line: int = field(default=0, compare=False)


# What describes the work itself and is stored as it is; people and tags are rows of their own.
NOT_STORED = ("names", "authors_incomplete", "tags", "number", "line")
FIELDS = [name for name in Record.__dataclass_fields__ if name not in NOT_STORED]


@dataclass
class Notice:
    """Something to tell about one place of a file: the record by number, the line, and how it reads there."""

    number: int
    reason: str
    citekey: str = ""
    line: int = 0
    excerpt: str = ""


class Refused(Notice):
    """A record that could not be taken, and why, in plain words."""


class Warned(Notice):
    """What a record lost on the way in, or may have wrong; the record itself came in."""


@dataclass
class Parsed:
    records: list[Record] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)

    def add(self, item):
        """Sort one thing a reader gave into its list."""
        kinds = {Refused: self.refused, Warned: self.warnings}
        kinds.get(type(item), self.records).append(item)
