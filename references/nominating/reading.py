"""What somebody typed who misses a work: its DOI, its PMID, an address, or else its title. No ORM
here."""

import re

from .. import identifiers
from ..formats.records import Record

LONGEST = 500
_DOI = re.compile(r"10\.\d{4,9}/\S")
_PMID = re.compile(r"(?:pmid\b[:\s]*|https?://(?:www\.)?(?:pubmed\.)?ncbi\.\S*?)?(\d{1,9})/?", re.I)
_ADDRESS = re.compile(r"https?://\S+", re.I)


def record_of(text: str) -> Record:
    """A record that says no more than what was typed: its number, or else its title."""
    text = " ".join(text.split())[:LONGEST]
    record = Record(type="document")
    if found := _DOI.search(text):
        record.doi = _clean("doi", text) or _clean("doi", text[found.start() :].split()[0])
    elif found := _PMID.fullmatch(text):
        record.pmid = _clean("pmid", found[1])
    if _ADDRESS.fullmatch(text):
        record.url = text
    if not (record.doi or record.pmid):
        record.title = text
    return record


def _clean(kind, text):
    try:
        found = getattr(identifiers, kind)(text)
    except identifiers.BadIdentifier:
        return ""
    return found if len(found) <= 300 else ""
