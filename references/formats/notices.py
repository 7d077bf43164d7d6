"""What is said of a work after it came out, as MEDLINE, PubMed XML, Crossref and titles tell it:
retracted, corrected, commented on, or that it is itself such a notice."""

import re
from collections.abc import Iterator
from dataclasses import replace

from . import dates
from .records import Record, WorkNotice

# `{(kind, whether the work is the notice): (tag of MEDLINE, RefType of PubMed XML)}`
_NAMES = {
    ("retraction", False): ("RIN", "RetractionIn"), ("retraction", True): ("ROF", "RetractionOf"),
    ("partial", False): ("PRIN", "PartialRetractionIn"),
    ("partial", True): ("PROF", "PartialRetractionOf"),
    ("concern", False): ("ECI", "ExpressionOfConcernIn"),
    ("concern", True): ("ECF", "ExpressionOfConcernFor"),
    ("erratum", False): ("EIN", "ErratumIn"), ("erratum", True): ("EFR", "ErratumFor"),
    ("republication", False): ("CRI", "CorrectedandRepublishedIn"),
    ("republication", True): ("CRF", "CorrectedandRepublishedFrom"),
    ("reprint", False): ("RPI", "RepublishedIn"), ("reprint", True): ("RPF", "RepublishedFrom"),
    ("update", False): ("UIN", "UpdateIn"), ("update", True): ("UOF", "UpdateOf"),
    ("comment", False): ("CIN", "CommentIn"), ("comment", True): ("CON", "CommentOn"),
}  # fmt: skip
_MEDLINE = {tag: said for said, (tag, _name) in _NAMES.items()}
_MEDLINE |= {"RRI": ("retraction", False), "RRF": ("republication", True)}
_PUBMED = {name.casefold(): said for said, (_tag, name) in _NAMES.items()}
_PUBMED |= {
    "retractedandrepublishedin": ("retraction", False),
    "retractedandrepublishedfrom": ("republication", True),
}
# One heading that says two things.
_AS_WELL = dict.fromkeys(("RRI", "retractedandrepublishedin"), (("republication", False),))
_TYPES = {
    ("retraction", False): "Retracted Publication",
    ("retraction", True): "Retraction of Publication",
    ("erratum", True): "Published Erratum", ("concern", True): "Expression of Concern",
    ("republication", True): "Corrected and Republished Article",
    ("translation", True): "Translation",
}  # fmt: skip
# Crossref's types of updates, and its relations.
_UPDATES = {
    "retraction": "retraction", "withdrawal": "retraction", "removal": "retraction",
    "partial_retraction": "partial", "expression_of_concern": "concern", "erratum": "erratum",
    "correction": "erratum", "corrigendum": "erratum", "addendum": "update",
    "clarification": "update", "new_edition": "update", "new_version": "update",
}  # fmt: skip
_RELATIONS = {
    "is-preprint-of": ("preprint", True), "has-preprint": ("preprint", False),
    "is-translation-of": ("translation", True), "has-translation": ("translation", False),
    "is-comment-on": ("comment", True), "has-comment": ("comment", False),
}  # fmt: skip
_PMID = re.compile(r"\bPMID:?\s*([1-9]\d{0,8})\b")
_DOI = re.compile(r"\bdoi:?\s*(10\.\d{4,9}/\S+)", re.I)
_DATE = re.compile(
    r"(?:^|[.\s])(1[89]\d\d|20\d\d)(?: ([A-Z][a-z]{2})[a-z]*(?: (\d{1,2}))?)?\s*(?=[;:.,]|$)"
)
# What publishers and databases write before and behind the title itself.
_BEFORE = re.compile(
    r"[\[(]?(?:RETRACTED|Retracted|WITHDRAWN|Withdrawn)"
    r"(?: (?:ARTICLE|Article|article|PAPER|Paper|paper|CHAPTER))?\s*(?:[:\])]|:\s*\])\s*(?=\S)"
)
_BEHIND = re.compile(r"\s*[\[(]\s*(?:RETRACTED|Retracted)\b([^()\[\]]{0,200})[\])]\.?$")
# Whether readers are warned of the work, the gravest first.
GRAVE = ("retraction", "partial", "concern", "erratum", "republication")
MOST = 200


def add(record: Record, notice: WorkNotice) -> None:
    """Each once; one that says whose it is takes the place of one that only says the kind."""
    bare = replace(notice, date="", doi="", pmid="", text="", source="")
    named = any((notice.doi, notice.pmid, notice.text))
    if named and bare in record.notices:
        record.notices.remove(bare)
    same = {(each.kind, each.of_other) for each in record.notices}
    known = {each.key for each in record.notices if each.doi or each.pmid}
    if (named and notice.key not in known and notice not in record.notices) or (
        not named and (notice.kind, notice.of_other) not in same
    ):
        record.notices.append(notice)
    del record.notices[MOST:]


def read_medline(record: Record, tag: str, value: str) -> None:
    """“RIN - Lancet. 2010 Feb 6;375(9713):445. doi: 10.1016/… PMID: 20137807”"""
    if tag in _MEDLINE and value:
        for said in (_MEDLINE[tag], *_AS_WELL.get(tag, ())):
            add(record, _cited(said, value))


def read_pubmed(record: Record, kind: str, text: str, pmid: str) -> None:
    kind = kind.casefold()
    if kind in _PUBMED:
        for said in (_PUBMED[kind], *_AS_WELL.get(kind, ())):
            notice = _cited(said, text)
            add(record, replace(notice, pmid=pmid or notice.pmid))


def _cited(said, text):
    pmid, doi, day = _PMID.search(text), _DOI.search(text), _DATE.search(text)
    plain = _DOI.sub("", _PMID.sub("", text)).strip(" .;,")
    found = dates.parse(" ".join(filter(None, day.groups()))) if day else dates.Date()
    return WorkNotice(
        *said,
        date=dates.numbers(found.year, found.month, found.day) if found.year else "",
        doi=doi[1].rstrip(".,;)").lower() if doi else "",
        pmid=pmid[1] if pmid else "",
        text=plain[:400],
        source="PubMed",
    )


def medline_lines(record: Record) -> Iterator[tuple[str, str]]:
    """`(tag, value)` of what MEDLINE has a tag for; what it has none for under ours, GN."""
    for notice in record.notices:
        said = notice.kind, notice.of_other
        named = [
            notice.text and notice.text + ".",
            notice.doi and f"doi: {notice.doi}.",
            notice.pmid and f"PMID: {notice.pmid}",
        ]
        if said in _NAMES and any(named):
            day = dates.from_edtf(notice.date) if notice.date and not notice.text else None
            yield _NAMES[said][0], " ".join(filter(None, [day and dates.words(day) + ".", *named]))
        elif said not in _TYPES or any(named):
            yield "GN", f"notice: {packed(notice)}"


def medline_types(record: Record) -> list[str]:
    """The publication types that say the same."""
    found = (_TYPES.get((notice.kind, notice.of_other)) for notice in record.notices)
    return list(dict.fromkeys(filter(None, found)))


def read_crossref(record: Record, item: dict) -> None:
    """`updated-by`, `update-to` and `relation` of Crossref; what it has of other kinds is kept as
    an update, with its name."""
    for key, of_other in (("updated-by", False), ("update-to", True)):
        for each in _dicts(item.get(key)):
            kind = re.sub(r"\W+", "_", _word(each.get("type"))).casefold()
            add(record, _updated(each, kind, of_other))
    found = item.get("relation")
    relations = found if isinstance(found, dict) else {}
    for name, said in _RELATIONS.items():
        for each in _dicts(relations.get(name)):
            if _word(each.get("id-type")).casefold() == "doi":
                add(record, WorkNotice(*said, doi=_doi(each.get("id")), source="Crossref"))


def _updated(each, kind, of_other):
    parts = each.get("updated") if isinstance(each.get("updated"), dict) else {}
    parts = parts.get("date-parts")
    day = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    day = [part for part in day[:3] if isinstance(part, int) and not isinstance(part, bool)]
    found = dates.checked(*(day + [None] * 3)[:3])
    return WorkNotice(
        _UPDATES.get(kind, "update"),
        of_other,
        date=dates.numbers(found.year, found.month, found.day) if found.year else "",
        doi=_doi(each.get("DOI")),
        text="" if kind in _UPDATES else (_word(each.get("label")) or kind)[:100],
        source=_word(each.get("source")) or "Crossref",
    )


def _dicts(value):
    return (
        [each for each in value if isinstance(each, dict)][:MOST] if isinstance(value, list) else []
    )


def _word(value):
    return " ".join(value.split())[:200] if isinstance(value, str) else ""


def _doi(value):
    found = re.search(r"10\.\d{4,9}/\S+", _word(value))
    return found[0].lower() if found else ""


def read_title(record: Record) -> None:
    """“RETRACTED: Back mice”, “Back mice (Retracted article. See vol. 5, 2010)” → the title itself,
    and that it is retracted."""
    for name in ("title", "translated_title"):
        text = getattr(record, name)
        before, behind = _BEFORE.match(text), _BEHIND.search(text[-220:])
        if before or (behind and len(behind[0]) < len(text)):
            end = len(behind[0]) if behind and not before else 0
            text = _BEFORE.sub("", text, count=1) if before else text[:-end]
            setattr(record, name, text)
            said = behind[1].strip(" .") if behind and not before else ""
            said = said if re.search(r"\d", said) else ""
            add(record, WorkNotice("retraction", text=re.sub(r"^article\W*", "", said)))


def title_mark(record: Record) -> str:
    """What a file says before the title of a retracted work, as publishers do; read again by
    `read_title`."""
    retracted = any(each.kind == "retraction" and not each.of_other for each in record.notices)
    return "RETRACTED: " if retracted else ""


def marked(record: Record, title: str) -> str:
    return title and title_mark(record) + title


def packed(notice: WorkNotice) -> str:
    """One line: “retraction; 2010-02-06; doi 10.1016/…; PMID 20137807; Lancet …”."""
    parts = [
        f"{notice.kind} {'of' if notice.of_other else 'in'}", notice.date,
        notice.doi and f"doi {notice.doi}", notice.pmid and f"PMID {notice.pmid}",
        notice.source and f"source {notice.source}", notice.text and f"text {notice.text}",
    ]  # fmt: skip
    return "; ".join(filter(None, parts))


_PACKED = re.compile(
    r"([a-z]{3,20}) (in|of)(?:; (\d{4}(?:-\d\d){0,2}))?(?:; doi (\S+?))?(?:; PMID (\d{1,9}))?"
    r"(?:; source ([^;]*))?(?:; text (.*))?"
)


def unpacked(text: str) -> WorkNotice | None:
    """The notice of a packed line; None if it is none."""
    found = _PACKED.fullmatch(text)
    if not found:
        return None
    kind, side, date, doi, pmid, source, said = (part or "" for part in found.groups())
    return WorkNotice(kind, side == "of", date, doi, pmid, said, source)
