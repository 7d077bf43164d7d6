"""What every parser gives and every writer takes: plain records that know no database."""

from dataclasses import dataclass, field


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
    tags: list[str] = field(default_factory=list)
    # Where in its file it stands, counted from 1: what a message calls it.
    number: int = 0


# What describes the work itself and is stored as it is; people and tags are rows of their own.
FIELDS = [name for name in Record.__dataclass_fields__ if name not in ("names", "tags", "number")]


@dataclass
class Refused:
    """A record that could not be taken, and why, in plain words."""

    number: int
    reason: str
    citekey: str = ""


@dataclass
class Parsed:
    records: list[Record] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
