"""What databases call a work: its kind is known by other means, but its design, genre and status
are told here."""

import re

from .records import Record

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
STATUS = {
    "retracted publication": "retracted", "retracted": "retracted",
    "retracted article": "retracted", "retraction of publication": "retraction",
    "retraction": "retraction", "published erratum": "erratum", "erratum": "erratum",
    "correction": "erratum", "corrigendum": "erratum", "expression of concern": "concern",
    "corrected and republished article": "corrected", "translation": "translation",
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
    status = STATUS.get(kind.casefold(), "")
    if status and status not in record.status:
        record.status.append(status)
