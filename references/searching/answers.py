"""What every source gives: how many there are and how it understood the strategy; then pages of
plain records."""

from dataclasses import dataclass, field

from ..formats.records import Record


@dataclass
class Counted:
    """`cursor` is where the first page begins; empty where there is nothing to fetch."""

    count: int
    translation: str = ""
    warnings: list[str] = field(default_factory=list)
    cursor: str = ""


@dataclass
class Page:
    """`(key, record)` of each; the next `cursor`, empty at the end."""

    records: list[tuple[str, Record]]
    cursor: str = ""
    warnings: list[str] = field(default_factory=list)
