"""Ovid's own tagged files (“Citavi”, “Reprint/Medline”): “<1. >”, then two letters a field, text
that goes on in indented lines."""

import functools
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from . import ris, unplaced
from .keywords import keywords
from .records import Notice, Record, Refused, Warned, attempt
from .source import Source, numbered_lines
from .text import excerpt, one_line

_BEGIN = re.compile(r"<\d{1,6}\.? ?>\s*")
_LINE = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*)|\s*$)")
# The same things by their names in RIS.
_TAGS = {
    "TI": "TI", "BT": "BT", "AB": "AB", "LG": "LA", "PT": "M3", "NJ": "T2", "JN": "T2", "IO": "J2",
    "JA": "J2", "VO": "VL", "VI": "VL", "IP": "IS", "PG": "SP", "DO": "DO", "YR": "PY", "DP": "DA",
    "IS": "SN", "ES": "SN", "IB": "SN", "PU": "PB", "PB": "PB", "IN": "AD", "CM": "AD", "XL": "UR",
}  # fmt: skip
_READ = {*_TAGS, "AU", "FA", "ED", "SO", "UI", "PM", "ID", "JC", "DB", "MH", "SH", "KW", "KF", "ET"}
_PASSED_OVER = set(
    "VN AN RO AS MY PI SB CP AI CI IL EP DC ED RD UP PP PS RN NM GI GS OV LM DE DV CC CY CL PC PN"
    " PA DG JL DD SL PH MA CQ PE IT FO PO LO MD RF AG TC CO TG PV CR CD NT RA RC DA EZ DT TJ OT CN"
    " FE SU UR IR IM LT MV PX JX TD TR TM TN TP YE SG ST OS NU OD EN EM EU ES SD SR AD".split()
)
# “Journal of Backs. 44(6):330-7, 2019 Mar 15.”, “Annals. 7 (pp 12-13), 2018. Date of …”
_SOURCE = re.compile(
    r"(?P<journal>.{2,300}?)\. (?P<volume>[\w ]{1,20}?) ?(?:\((?P<issue>[^()p]{1,20})\))?"
    r"(?::(?P<pages>[^,\s]{1,30})| ?\((?:no pagination|pp (?P<pp>[^()]{1,30}))\))?"
    r", (?P<date>(?:\w+ )?\d{4}[^.]{0,20})\."
)
_PUBLISHED = re.compile(r"Date of Publication: ([^.]{4,30})")
_KINDS = [
    ("dissertation", "THES"), ("chapter", "CHAP"), ("edited book", "EDBOOK"), ("book", "BOOK"),
    ("conference", "CPAPER"), ("patent", "PAT"),
]  # fmt: skip


def read(text: str | Source) -> Iterator[Record | Notice]:
    """Give every record, and what is wrong, one after the other."""
    unknown: dict[str, int] = {}
    for number, (line, fields) in enumerate(_pieces(text), 1):
        about = next((" ".join(lines) for tag, lines in fields if tag == "TI"), "")
        if not fields:
            reason = _("The record has no field.")
            yield Refused(number, reason, line=line, excerpt=excerpt(about))
            continue
        told: list[Warned] = []
        yield attempt(functools.partial(_record, fields, number, line, told), number, line, about)
        yield from told
        for tag in {tag for tag, _lines in fields} - _READ - _PASSED_OVER:
            unknown[tag] = unknown.get(tag, 0) + 1
    yield from unplaced.tags(unknown)


def _pieces(text):
    """`(line, [(tag, [lines])])` of every record; its number begins one, or VN."""
    begin, fields, open_ = 0, [], False
    for number, line in numbered_lines(text):
        found = _LINE.match(line)
        numbered = _BEGIN.fullmatch(line)
        if numbered or (found and found[1] == "VN" and fields):
            if open_:
                yield begin, fields
            begin, fields, open_ = number, [], True
        if found:
            begin, open_ = (begin if open_ else number), True
            fields.append((found[1], [found[2] or ""]))
        elif fields and line.strip() and not numbered:
            fields[-1][1].append(line)
    if open_:
        yield begin, fields


def _record(fields, number, line, told):
    record, values = Record(number=number, line=line), {}
    for tag, lines in fields:
        if text := one_line(" ".join(lines)):
            values.setdefault(tag, []).append(text)
    tags = {}
    for mine, theirs in _TAGS.items():
        tags.setdefault(theirs, []).extend(values.get(mine, ()))
    tags["SP"] = [pages for pages in tags["SP"] if "pagination" not in pages.casefold()]
    tags["LA"] = [re.sub(r",\s*", "; ", value) for value in tags["LA"]]
    tags["DO"] = tags["DO"] or [value.removesuffix(" [doi]") for value in values.get("ID", ())
                                if value.endswith("[doi]")]  # fmt: skip
    said = " ".join(values.get("PT", ())).casefold()
    tags["TY"] = [next((kind for word, kind in _KINDS if word in said), "JOUR")]
    _read_source(values, tags)
    _read_people(values, tags)
    told += ris.fill(record, tags)
    database = " ".join(values.get("DB", ())).casefold()
    record.pmid = " ".join(values.get("PM", ())[:1]).split(" ")[0]
    if "medline" in database and re.fullmatch(r"[1-9]\d{0,7}", " ".join(values.get("UI", ()))):
        record.pmid = values["UI"][0]
    record.nlm_id = " ".join(values.get("JC", ())[:1])
    record.keywords = _keywords(values, database)
    return record


def _read_source(values, tags):
    """The journal, its volume and pages out of one line, where they have none of their own."""
    source = " ".join(values.get("SO", ())[:1])[:600]
    found = _SOURCE.match(source)
    if not found:
        return
    published = _PUBLISHED.search(source)
    for tag, value in (
        ("T2", found["journal"]), ("VL", found["volume"]), ("IS", found["issue"]),
        ("SP", found["pages"] or found["pp"]), ("DA", published[1] if published else found["date"]),
    ):  # fmt: skip
        if value and not tags.get(tag):
            tags[tag] = [value.strip()]


def _read_people(values, tags):
    """FA has the full names, in the same order; a word in brackets says who edited."""
    full, short = values.get("FA", []), values.get("AU", [])
    authors = full if len(full) >= len(short) else short
    editors = [name for name in authors if re.search(r"\[(?:Ed|Editor)\b", name)]
    tags["AU"] = [_bare(name) for name in authors if name not in editors]
    tags["ED"] = [_bare(name) for name in editors]


def _bare(name):
    return re.sub(r"\s*\[[^\]]{0,60}\]\s*$", "", name)


def _keywords(values, database):
    medline, emtree = "medline" in database, "embase" in database
    headings = "mesh" if medline else "emtree" if emtree else ""
    own = [word.replace("*", "") for tag in ("KW", "KF") for word in values.get(tag, ())]
    listed = [word for tag in ("MH", "SH") for word in values.get(tag, ())]
    return [*keywords(listed, headings), *keywords(_apart(own), "author")]


def _apart(words):
    return [part for word in words for part in re.split(r"\s*;\s*", word) if part]
