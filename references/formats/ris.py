"""RIS. The lines are cut into records here, so that one without its end cannot eat the next; rispy
reads each."""

import re
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from rispy import RisParser

from publishing.languages import country_code

from . import dates, extras, names, titles, unplaced
from .keywords import keywords
from .records import Notice, Record, Refused, Warned, attempt, note
from .riswriter import WHOLE, write
from .source import Source, numbered_lines
from .text import excerpt, one_line, pages, unmarked

__all__ = ["TYPES", "fill", "read", "write"]

TYPES = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "INPR": "article-journal",
    "JFULL": "book", "ABST": "article-journal", "MGZN": "article-magazine",
    "NEWS": "article-newspaper", "UNPB": "article", "UNPD": "article", "PREP": "article",
    "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "SER": "book", "PAMP": "book",
    "CLSWK": "book", "CHAP": "chapter", "ECHAP": "chapter", "ENCYC": "entry-encyclopedia",
    "DICT": "entry-encyclopedia", "CPAPER": "paper-conference", "CONF": "paper-conference",
    "THES": "thesis", "RPRT": "report", "GOVDOC": "report", "STAND": "report", "SLIDE": "speech",
    "HEAR": "document", "ELEC": "webpage", "WEB": "webpage", "ICOMM": "webpage",
    "BLOG": "post-weblog", "DATA": "dataset", "DBASE": "dataset", "AGGR": "dataset",
    "VIDEO": "motion_picture", "MPCT": "motion_picture", "MULTI": "motion_picture", "PAT": "patent",
    "MANSCPT": "manuscript", "ANCIENT": "manuscript", "PCOMM": "personal_communication",
    "GEN": "document",
}  # fmt: skip
_OTHER_TYPES = set(
    "ADVS ART BILL CASE CHART COMP CTLG EQUA FIGURE GRANT LEGAL MAP MUSIC SOUND STAT UNBILL GENERIC"
    " MISC BLUE".split()
)
# What A2 and A3 are depends on the kind of work, as EndNote and Zotero have it.
_BOOKS = {"BOOK", "EBOOK", "SER", "CLSWK", "PAMP", "RPRT", "GOVDOC"}
_IN_BOOKS = {"CHAP", "ECHAP", "ENCYC", "DICT", "CONF", "CPAPER"}
_SERIES, _ADVISOR = "Series editor", "Advisor"
# One value, the first tag that has one.
_SIMPLE = {
    "citekey": ("ID",), "volume": ("VL", "VO"), "issue": ("IS", "CP"), "edition": ("ET",),
    "publisher": ("PB",), "place": ("CY", "PP"), "chapter_number": ("SE",),
    "translated_title": ("TT",),
}  # fmt: skip
_READ = set(
    "TY ER ID AU A1 A2 A3 A4 ED TI T1 CT BT T2 JF JO JA J1 J2 C3 PY Y1 DA VL IS CP SP EP C7 ET "
    "PB CY PP DO M3 AN C2 SN UR L2 LK AB N2 N1 KW LA SE TT U1 NP PT VO AD C5 M1 C1 RN".split()
)
# Book-keeping of databases and of other programs, and private notes.
_PASSED_OVER = set(
    "AV BF BI C4 C6 C8 CA CL CN CR DB DP FN H1 H2 JN L1 L3 L4 LB M2 N0 NL NV OP RI RP SF SI SO "
    "ST SV T3 TA U2 U3 U4 U5 Y2".split()
)
_TAGS = sorted(_READ | _PASSED_OVER)
_JOINED = {"AB", "N2", "TI", "T1", "T2", "JF", "JO", "TT"}
_OVID_MEDLINE = re.compile(r"ovid\S*[?&]d=(?:med|prem|ppez|pmnm)", re.I)
_OVID_EMBASE = re.compile(r"ovid\S*[?&]d=(?:emed|emex|oemez)", re.I)
_LINE = re.compile(r"[ \ufeff]{0,3}([A-Z][A-Z0-9]) {1,2}-(?: (.*)|\s*$)")


# Reading


def read(text: str | Source) -> Iterator[Record | Notice]:
    """Give every record, and what is wrong, one after the other."""
    unknown: dict[str, int] = {}
    number = 0
    for line, lines, ended in _pieces(text):
        number += 1
        if not lines[0].startswith("TY"):
            yield Refused(
                number,
                _("The record does not begin with TY."),
                line=line,
                excerpt=excerpt(lines[0]),
            )
            continue
        yield from _one(lines, number, line, ended, unknown)
    yield from unplaced.tags(unknown)


def _one(lines, number, line, ended, unknown):
    """One record with what is to be said about it."""
    told = []

    def made():
        tags = _tags(lines)
        record = Record(number=number, line=line)
        told.extend(_told(record, tags, ended))
        told.extend(fill(record, tags))
        for tag in tags:
            if tag not in _READ and tag not in _PASSED_OVER:
                unknown[tag] = unknown.get(tag, 0) + 1
        return record

    record = attempt(made, number, line, " ".join(lines[:3]))
    yield from told
    yield record


def _pieces(text):
    """`(line, lines, whether it was ended)` of every record; its lines brought to “TY  - JOUR”."""
    begin, lines, stray, last = 0, [], False, ""
    for number, line in numbered_lines(text):
        found = _LINE.match(line)
        tag = found[1] if found else ""
        if tag == "A1":
            tag = "AU"  # one list, in the order of the file
        elif not tag and last == "KW" and line.strip():
            found, tag = [line, "KW", line.strip()], "KW"  # EndNote: a word a line
        last = tag or last
        if tag == "TY":
            if lines:
                yield begin, lines, False
            begin, lines, stray = number, [f"TY  - {found[2] or ''}"], False
        elif tag == "ER":
            if lines:
                yield begin, lines, not stray
            lines, stray = [], False
        elif lines:
            lines.append(f"{tag}  - {found[2] or ''}" if tag else line)
        elif tag and found[2]:
            begin, lines, stray = number, [f"{tag}  - {found[2] or ''}"], True
    if lines:
        yield begin, lines, False


def _tags(lines):
    """`{tag: [values]}` of one record; a long text that runs over several lines is one value."""
    mapping = {tag: tag for tag in _TAGS} | {"UK": "UK"}
    parser = RisParser(mapping=mapping, list_tags=_TAGS, delimiter_tags_mapping={})
    (record,) = parser.parse_lines(iter([*(line for line in lines if line.strip()), "ER  - "]))
    record["TY"] = [record["TY"]]
    for tag, values in (record.pop("UK", None) or {}).items():
        if tag:
            record[tag] = values
    for tag, values in record.items():
        values = [value for value in map(one_line, values) if value]
        record[tag] = [" ".join(values)] if tag in _JOINED and len(values) > 1 else values
    return record


def _told(record, tags, ended):
    def warned(reason, about):
        return Warned(record.number, reason, _first(tags, "ID"), record.line, excerpt(about))

    title = _first(tags, "TI", "T1", "CT", "BT")
    if not ended:
        yield warned(_("The record has no ER at its end; perhaps the file is cut off here."), title)
    kind = _first(tags, "TY").upper()
    if kind not in TYPES and kind not in _OTHER_TYPES:
        yield warned(
            _("“%(kind)s” is no kind of work RIS knows; it came in as another document.")
            % {"kind": kind},
            title,
        )


def _first(tags, *wanted):
    return next((tags[tag][0] for tag in wanted if tags.get(tag)), "")


def fill(record: Record, tags: dict[str, list[str]]) -> list[Warned]:
    """Put the values of RIS tags into a record; gives what is to be told."""
    record.type = TYPES.get(_first(tags, "TY").upper(), "document")
    for name, sources in _SIMPLE.items():
        setattr(record, name, _first(tags, *sources))
    record.language = "; ".join(tags.get("LA", ()))
    if record.type == "article-journal":
        record.edition = ""  # there ET is the day it came out online
    record.genre = "; ".join((tags.get("M3") or []) + (tags.get("PT") or []))
    record.abstract = _first(tags, "AB", "N2")
    for line in tags.get("U1", ()):
        extras.unpack(record, line)
    record.country = country_code(record.country)
    record.title, record.translated_title = titles.split(
        _first(tags, "TI", "T1", "CT", "BT"), record.language.lower()[:2], record.translated_title
    )
    _read_container(record, tags)
    _read_date(record, tags)
    _read_pages(record, tags)
    told = _read_people(record, tags)
    _read_identifiers(record, tags)
    _read_notes(record, tags)
    known = {tag.casefold() for tag in record.tags}
    others = [value for value in tags.get("KW", ()) if value.casefold() not in known]
    words = [word for value in others for word in re.split(r"\s*;\s+", value)]
    record.keywords = keywords(words, _vocabulary(tags))
    if "bvsalud.org" in _first(tags, "UR"):  # MeSH's headings in Portuguese and Spanish
        record.keywords = [replace(word, vocabulary="") for word in keywords(words, "mesh")]
    return [
        Warned(record.number, reason, record.citekey, record.line, excerpt(record.title))
        for reason in told
    ]


def _vocabulary(tags):
    """Whose words KW has, as far as the file says where it comes from."""
    where = " ".join(tags.get("DB", ())).casefold()
    address = " ".join(_first(tags, tag) for tag in ("UR", "L2", "LK")).casefold()
    medline = re.search("medline|pubmed|nlm", where) or _OVID_MEDLINE.search(address)
    by_embase = "embase.com" in address or _OVID_EMBASE.search(address)
    if by_embase or ("embase" in where and (_first(tags, "U2").startswith("L") or not medline)):
        return "emtree"
    return "mesh" if medline else ""


def _read_notes(record, tags):
    """What others noted, and addresses of people, are nobody's but the author's."""
    note(record, *(unmarked(value) for tag in ("N1", "RN", "AD") for value in tags.get(tag, ())))
    note(record, *(value for tag in ("M1", "C1") for value in tags.get(tag, ()) if len(value) > 20))


def _read_container(record, tags):
    """T2, JF, JO and JA mean the journal in full or in short, as each program likes."""
    if record.type in ("book", "thesis", "report"):
        return
    second = _first(tags, "T2") or (_first(tags, "C3") if record.type == "paper-conference" else "")
    if record.type == "paper-conference" and tags.get("C3") and tags.get("T2"):
        record.event, record.container = second, _first(tags, "C3")
        return
    full = second or _first(tags, "JF", "BT" if _first(tags, "TI", "T1", "CT") else "")
    shorts = [value for tag in ("J2", "JA", "J1", "JO") for value in tags.get(tag, ())]
    if not full:
        full = max(shorts, key=len, default="")
        shorts = [value for value in shorts if value != full]
    short = next(
        (value for value in shorts if value != full),
        full if tags.get("J2") and full in tags["J2"] else "",
    )
    if _shortens(full, short):
        full, short = short, full
    record.container = record.container or full
    record.container_short = record.container_short or short


def _shortens(one, other):
    """Whether “J Lumbar Stud” is short for “Journal of Lumbar Studies”; “Spine” for “Spine (Phila
    Pa 1976)” is not."""
    words, longer = one.casefold().replace(".", "").split(), iter(other.casefold().split())
    matched = [next((each for each in longer if each.startswith(word)), "") for word in words]
    return len(one) < len(other) and all(matched) and matched != words


def _read_date(record, tags):
    """PY or Y1, and DA for the month and the day: “1998/05/12/”, “1998///Spring”, “1998 May 12”."""
    found = dates.Date()
    online = (
        tags.get("ET", ())
        if record.type == "article-journal" and not (tags.get("PY") or tags.get("Y1"))
        else ()
    )
    for value in (*tags.get("PY", ()), *tags.get("Y1", ()), *tags.get("DA", ()), *online):
        given = _date(value)
        if given.year is None and found.year:
            given = dates.parse(f"{found.year} {value}")
        more = (
            given.year == found.year
            and not found.month
            and (given.month or given.season or given.until)
        )
        if found.year is None or more:
            found = given._replace(
                approximate=given.approximate or found.approximate, until=given.until or found.until
            )
        elif given.year == found.year and given.approximate:
            found = found._replace(approximate=True)
    found.put(record, next(iter((*tags.get("PY", ()), *tags.get("Y1", ()))), ""))


def _date(value):
    parts = [part.strip() for part in value.split("/")]
    if len(parts) < 3 or not parts[0]:
        return dates.parse(value)
    other = "/".join(parts[3:])
    said = dates.parse(other if re.search(r"\d{4}", other) else f"{parts[0]} {other}")
    year = dates.parse(parts[0])
    month = dates.month(parts[1]) or (None if parts[1] else said.month)
    day = int(parts[2]) if re.fullmatch(r"[0-9]{1,2}", parts[2]) else None
    about = year.approximate or said.approximate
    until = said.until if said.year == year.year else ""
    return dates.checked(
        year.year, month, day, about, dates.season(parts[1]) or said.season, until or year.until
    )


def _read_pages(record, tags):
    start, end = _first(tags, "SP"), _first(tags, "EP")
    if record.type in WHOLE and start.isdigit() and not end and not record.number_of_pages:
        record.number_of_pages = start
        return
    record.number_of_pages = record.number_of_pages or _first(tags, "NP")
    if start and end and end != start and not pages(start).endswith("-" + end):
        record.pages = pages(f"{start}-{end}")
    else:
        record.pages = pages(start or end or _first(tags, "C7"))


def _read_people(record, tags):
    """Fill in the names; gives what is to be told of those the library has no role for."""
    kind, told, aside = _first(tags, "TY").upper(), [], []
    for tag, role in (
        ("AU", "author"),
        ("A2", ""),
        ("A3", ""),
        ("ED", "editor"),
        ("A4", "translator"),
    ):
        role = role or _role(tag, kind, tags)
        if tag == "AU" and kind == "EDBOOK":
            role = "editor"
        for value in tags.get(tag, ()):
            found, more = names.people(value, role)
            record.authors_incomplete |= more and role == "author"
            if role in ("author", "editor", "translator"):
                record.names += found
            else:
                aside.append(f"{role}: {value}")
                reason = _(
                    "“%(name)s” (%(tag)s) has no role in the library; it stands in the private"
                    " note."
                )
                told.append(reason % {"name": excerpt(value, 60), "tag": f"{tag}, {role}"})
    note(record, *aside)
    order = ["author", "editor", "translator"]
    record.names.sort(key=lambda name: order.index(name.role))
    return told


def _role(tag, kind, tags):
    """Of whole books A2 edits the series and A3 the book; of parts of books it is the other way
    round."""
    if kind == "THES":
        return _ADVISOR
    if kind in _BOOKS or kind == "EDBOOK":
        alone = not any(tags.get(other) for other in ("AU", "A3", "ED", "T2", "T3"))
        return "editor" if tag == "A3" or alone else _SERIES
    if kind in _IN_BOOKS:
        return "editor" if tag == "A2" else _SERIES
    return "editor"


def _read_identifiers(record, tags):
    record.doi = _first(tags, "DO")
    if re.match(r"(?:doi:\s*)?10\.\d{4,9}/", record.genre):
        record.doi, record.genre = record.doi or record.genre, ""
    accession = re.fullmatch(r"(PMID:?\s*)?([1-9]\d{0,7})", _first(tags, "AN"), re.I)
    database = " ".join(tags.get("DB", []) + tags.get("DP", [])).lower()
    if accession and (
        accession[1] or not database or re.search("medline|pubmed|nlm|national library", database)
    ):
        record.pmid = accession[2]
    database += " " + _first(tags, "UR").lower()
    numbers = {
        "scopus": _first(tags, "C2"),
        "embase": _first(tags, "C5"),
        "ovid": _first(tags, "ID"),
    }
    for name, number in numbers.items():
        wanted = _OVID_MEDLINE.search(database) if name == "ovid" else name in database
        if wanted and re.fullmatch(r"[1-9]\d{5,7}", number):
            record.pmid = record.pmid or number
    record.pmcid = next(
        (value for value in tags.get("C2", ()) if re.fullmatch(r"PMC\d+", value, re.I)), ""
    )
    numbers = re.split(r"[;,]\s*|\s+(?=\d)", " ".join(tags.get("SN", ())))
    issns = [number for number in numbers if re.match(r"\d{4}-?\d{3}[\dXx]\b(?!-)", number)]
    record.issn = " ".join(issns)
    record.isbn = next((number for number in numbers if number and number not in issns), "")
    links = [link for value in tags.get("UR", ()) for link in re.split(r";\s*(?=https?://)", value)]
    record.url = next(iter(links), "") or _first(tags, "LK")
    link = _first(tags, "L2")
    if not record.doi and re.search(r"doi\.org/10\.", link):
        record.doi = link
    elif link and not record.url and link != record.full_text_url:
        record.url = link
