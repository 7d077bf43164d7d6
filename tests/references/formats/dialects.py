"""Files in the dialects of databases and programs, and the records they should give:
data/dialects/."""

import json
from pathlib import Path

from references import formats
from references.formats import Name, Record

FOLDER = Path(__file__).parent.parent / "data" / "dialects"
# Written before the readers and not looked at while those were made.
UNSEEN = {
    "proquest",
    "ieee-bib",
    "ieee-ris",
    "citavi-ris",
    "citavi-bib",
    "psycinfo",
    "scielo",
    "lilacs",
}
FILES = {path.stem: path for path in sorted(FOLDER.iterdir()) if path.suffix != ".json"}
TITLES = {
    "citavi-bib": "Citavi", "citavi-ris": "Citavi", "dialnet": "Dialnet", "ebsco": "EBSCO",
    "embase": "Embase",
    "endnote-bib": "EndNote", "endnote-ris": "EndNote", "endnote-xml": "EndNote", "eric": "ERIC",
    "ieee-bib": "IEEE Xplore",
    "ieee-ris": "IEEE Xplore", "jabref": "JabRef", "lilacs": "LILACS", "mendeley": "Mendeley",
    "ovid": "Ovid", "ovid-tagged": "Ovid",
    "scopus-csv": "Scopus", "wos-tab": "Web of Science", "wos-csv": "Web of Science",
    "embase-csv": "Embase", "embase-rows": "Embase", "pubmed-csv": "PubMed",
    "zotero-csv": "Zotero", "ieee-csv": "IEEE Xplore", "ebsco-csv": "EBSCO",
    "scholar-csv": "Google Scholar", "hand": "by hand",
    "proquest": "ProQuest", "psycinfo": "PsycINFO", "pubmed": "PubMed",
    "scholar-bib": "Google Scholar",
    "scholar-enw": "Google Scholar", "scholar-ris": "Google Scholar", "scielo": "SciELO",
    "scopus-bib": "Scopus",
    "scopus-ris": "Scopus", "wos-ris": "Web of Science", "wos-tagged": "Web of Science",
    "zotero-bib": "Zotero",
    "zotero-csl": "Zotero", "zotero-ris": "Zotero",
}  # fmt: skip
FORMATS = {".bib": "BibTeX", ".ris": "RIS", ".nbib": "NBIB", ".xml": "EndNote XML",
    ".csljson": "CSL-JSON",
           ".enw": "Refer", ".txt": "ISI tagged", ".csv": "CSV", ".tsv": "tab-delimited",
           ".ovd": "Ovid tagged"}  # fmt: skip
# What is told of a file beside its records, and what is the author's alone.
_ASIDE = ("number", "line", "private_note", "tags", "notices")


def expected(stem):
    """The records a file should give, as `{field: value}`; what is not named is empty."""
    return json.loads((FOLDER / f"{stem}.json").read_text())


def parse(stem):
    return formats.parse(FILES[stem].read_bytes())


def shown(record):
    """A record as the expectations are written: only what has a value."""
    found = {
        name: getattr(record, name) for name in Record.__dataclass_fields__ if name not in _ASIDE
    }
    found["names"] = [_name(name) for name in record.names]
    found["status"] = record.status
    found["keywords"] = [_keyword(word) for word in getattr(record, "keywords", ())]
    return {
        name: value for name, value in found.items() if value or (value == 0 and value is not False)
    }


def _name(name):
    whole = (
        f"{{{name.family}}}"
        if name.literal
        else " | ".join(filter(None, (name.family, name.given, name.suffix)))
    )
    return whole if name.role == Name.role else f"{name.role}: {whole}"


def _keyword(word):
    return (
        f"{word.vocabulary}: {'*' if word.major else ''}{' / '.join([word.term, *word.qualifiers])}"
    )


def differences(stem):
    """For each expected record the fields that are not right, as `{field: (expected, found)}`."""
    wanted = [{name: value for name, value in record.items() if value} for record in expected(stem)]
    records = [shown(record) for record in parse(stem).records]
    records += [{}] * (len(wanted) - len(records))
    return [
        {
            name: (one.get(name), other.get(name))
            for name in one | other
            if one.get(name) != other.get(name)
        }
        for one, other in zip(wanted, records, strict=False)
    ]
