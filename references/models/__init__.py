from .citation import Citation, Citing, CitingPage
from .described import citekey_validator
from .evidence import StudyFacts
from .glossary import GlossaryTerm
from .journals import Journal
from .keywords import Keyword, Vocabulary
from .laywords import LayWord
from .lineage import Cites
from .names import Condition, Name, NameUse
from .notes import Notes
from .notices import WARNED_OF, Status, WorkNotice, status_of
from .pending import LookupAnswer, LookupTurn, PendingImport, PendingRecord, Verdict
from .people import Authorship, Person
from .personal import FurtherPdf, Highlight, ListPlace, PdfText, ReadingList
from .reference import IN_LISTS, RESERVED, Reference
from .sameness import MatchKey, Merge, Relation
from .sources import FigureSource

__all__ = [
    "IN_LISTS",
    "RESERVED",
    "WARNED_OF",
    "Authorship",
    "Citation",
    "Cites",
    "Citing",
    "CitingPage",
    "Condition",
    "FigureSource",
    "FurtherPdf",
    "GlossaryTerm",
    "Highlight",
    "Journal",
    "Keyword",
    "LayWord",
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
    "Status",
    "StudyFacts",
    "Verdict",
    "Vocabulary",
    "WorkNotice",
    "citekey_validator",
    "status_of",
]
