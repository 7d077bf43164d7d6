from .citation import Citation, Citing, CitingPage
from .evidence import StudyFacts
from .lineage import Cites
from .names import Condition, Name, NameUse
from .notes import Notes
from .pending import LookupAnswer, LookupTurn, PendingImport, PendingRecord, Verdict
from .people import Authorship, Person
from .personal import FurtherPdf, Highlight, ListPlace, PdfText, ReadingList
from .reference import RESERVED, Reference, citekey_validator
from .sameness import MatchKey, Merge, Relation

__all__ = [
    "RESERVED",
    "Authorship",
    "Citation",
    "Cites",
    "Citing",
    "CitingPage",
    "Condition",
    "FurtherPdf",
    "Highlight",
    "ListPlace",
    "LookupAnswer",
    "LookupTurn",
    "MatchKey",
    "Merge",
    "Name",
    "NameUse",
    "Notes",
    "PdfText",
    "PendingImport",
    "PendingRecord",
    "Person",
    "ReadingList",
    "Reference",
    "Relation",
    "StudyFacts",
    "Verdict",
    "citekey_validator",
]
