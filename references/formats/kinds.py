"""What databases call a work: its kind is known by other means, but its design, genre and status
are told here."""

import re

from .records import Record, WorkNotice

DESIGNS = {
    "systematic review": "systematic review", "scoping review": "scoping review",
    "review": "review", "review article": "review", "literature review": "review",
    "randomized controlled trial": "randomised controlled trial",
    "controlled clinical trial": "controlled trial", "case reports": "case report",
    "case report": "case report",
}  # fmt: skip
GENRES = {
    "letter": "Letter",
    "editorial": "Editorial",
    "comment": "Comment",
    "news": "News",
    "poster": "Poster",
}
# Kind of notice, and whether the work is it, and not what it speaks of.
STATUS = {
    "retracted publication": ("retraction", False), "retracted": ("retraction", False),
    "retracted article": ("retraction", False), "retraction of publication": ("retraction", True),
    "retraction": ("retraction", True), "retraction notice": ("retraction", True),
    "published erratum": ("erratum", True), "erratum": ("erratum", True),
    "correction": ("erratum", True), "corrigendum": ("erratum", True),
    "expression of concern": ("concern", True),
    "corrected and republished article": ("republication", True),
    "translation": ("translation", True),
}  # fmt: skip
# Said of nearly everything; nobody wants it printed in a citation.
_PLAIN = set(
    "article|journal article|journal|research article|original article|original paper|original"
    " research|academic journal|peer reviewed journal|peer-reviewed journal|periodical|article in"
    " press|short survey|note|conference paper|proceedings paper|conference proceedings|book|book"
    " chapter|book section|chapter|edited book|web page|early access|article; early access|journal"
    " articles|scholarly journal|scholarly journals".split("|")
)
_SUPPORT = re.compile(
    r"(?:research support|evaluation stud|comparative stud|clinical trial|multicenter"
    r" stud|video-audio).*"
)


def read_genre(record: Record) -> None:
    """Take what `genre` says of design and status to their fields, and leave a genre only where one
    would be printed."""
    if record.type in ("thesis", "report"):
        return
    kept, known = [], False
    for part in re.split(r"\s*[;|]\s*", record.genre):
        low = part.casefold()
        if low in DESIGNS:
            record.study_design = record.study_design or DESIGNS[low]
        if low in STATUS:
            add_status(record, low)
        if low in GENRES:
            kept.append(GENRES[low])
        elif not (low in _PLAIN or low in DESIGNS or low in STATUS or _SUPPORT.fullmatch(low)):
            kept.append(part)
            continue
        known = True
    if known:
        record.genre = "; ".join(dict.fromkeys(filter(None, kept)))


def add_status(record: Record, kind: str) -> None:
    """“Retracted Publication” → retracted; what says nothing of the status is passed over."""
    status = STATUS.get(kind.casefold())
    known = {(notice.kind, notice.of_other) for notice in record.notices}
    if status and status not in known:
        record.notices.append(WorkNotice(*status))
