from .appraisal import Appraisal, AppraisalForm, AppraisalQuestion
from .chasing import Candidate, CandidateKey, CitationFound
from .citation import Citation, Citing, CitingPage
from .described import citekey_validator
from .evidence import StudyFacts
from .glossary import GlossaryTerm
from .journals import Journal
from .keywords import Keyword, Vocabulary
from .laywords import LayWord
from .lineage import Cites
from .names import Condition, Name, NameUse
from .nominations import Nomination
from .notes import Notes
from .notices import WARNED_OF, Status, WorkNotice, status_of, warned
from .pending import LookupAnswer, LookupTurn, PendingImport, PendingRecord, Verdict
from .people import Authorship, Person
from .personal import FurtherPdf, Highlight, ListPlace, PdfText, ReadingList
from .reference import IN_LISTS, RESERVED, Reference
from .sameness import MatchKey, Merge, Relation
from .screening import Decision, ExclusionReason, Methods
from .searching import (
    DATABASES,
    MOST_HITS,
    READERS,
    CitationIndex,
    Hit,
    HitKey,
    HitTurn,
    Method,
    SavedSearch,
    SearchRun,
    Source,
    Study,
    label_of_source,
)
from .sources import FigureSource
from .watching import NoticeAnswer, NoticeWatch

__all__ = [
    "DATABASES",
    "IN_LISTS",
    "MOST_HITS",
    "READERS",
    "RESERVED",
    "WARNED_OF",
    "Appraisal",
    "AppraisalForm",
    "AppraisalQuestion",
    "Authorship",
    "Candidate",
    "CandidateKey",
    "Citation",
    "CitationFound",
    "CitationIndex",
    "Cites",
    "Citing",
    "CitingPage",
    "Condition",
    "Decision",
    "ExclusionReason",
    "FigureSource",
    "FurtherPdf",
    "GlossaryTerm",
    "Highlight",
    "Hit",
    "HitKey",
    "HitTurn",
    "Journal",
    "Keyword",
    "LayWord",
    "ListPlace",
    "LookupAnswer",
    "LookupTurn",
    "MatchKey",
    "Merge",
    "Method",
    "Methods",
    "Name",
    "NameUse",
    "Nomination",
    "Notes",
    "NoticeAnswer",
    "NoticeWatch",
    "PdfText",
    "PendingImport",
    "PendingRecord",
    "Person",
    "ReadingList",
    "Reference",
    "Relation",
    "SavedSearch",
    "SearchRun",
    "Source",
    "Status",
    "Study",
    "StudyFacts",
    "Verdict",
    "Vocabulary",
    "WorkNotice",
    "citekey_validator",
    "label_of_source",
    "status_of",
    "warned",
]
