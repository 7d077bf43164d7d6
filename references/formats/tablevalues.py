"""The values of one row of a table, brought into a record by what its columns mean."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from . import citation, columns, dates, kinds, names, ris
from .keywords import keywords
from .records import Record
from .text import one_line

# What spreadsheets make of pages and issues: “5-Mar” out of “3-5”.
_TURNED_INTO_DATE = re.compile(r"\d{1,2}[-. ][A-Za-zÀ-ÿ]{3}\.?|[A-Za-zÀ-ÿ]{3}\.?[- ]\d{2}")
# “J Lumbar Stud. 2019 Mar;44(6):330-337. doi: …”
_CITATION = re.compile(
    r"^(?:(?P<journal>[^\d.][^.]{1,200})\. )?(?P<date>(?:1[5-9]|20)\d\d[^;:]{0,25})"
    r"(?:;(?P<volume>[^():;.]{0,30})(?:\((?P<issue>[^()]{1,30})\))?(?::(?P<pages>[^;. ]{1,40}))?)?"
)
_LISTS = {"KW", "SN", "N1"}
# “Northtown (UK): Quayside Books; 2012.”
_IMPRINT = re.compile(r"(?P<place>[^:;.]{2,60}): (?P<publisher>[^:;]{2,120}); (?P<year>\d{4})\b.*")
_NUMBERED_DATE = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
# Zotero's “Extra” has identifiers a line.
_IN_EXTRA = re.compile(r"\s*(PMID|PMCID)\s*:\s*((?:PMC)?\d{1,9})\s*", re.I)
# Read here, each in its own way; all other tags are those of RIS.
_OURS = {"AU", "A2", "A4", "SN", "N1", "LA", "DA", "M3"}
_PLACE = {"VL": "volume", "IS": "issue", "DA": "date"}
_PRINTED = {*kinds.DESIGNS, *kinds.GENRES, *kinds.STATUS, "conference abstract", "meeting abstract"}


def fill(record: Record, found: dict[str, list[str]], told: list[str]) -> None:
    """Put values by the meaning of their columns (`columns.MEANINGS`) into a record; what is to be
    told goes into `told`."""
    tags = {
        tag: [one_line(value) for value in values]
        for tag, values in found.items()
        if len(tag) == 2 and tag not in _OURS
    }
    tags["DA"] = [_date(one_line(value), told) for value in found.get("DA", ())]
    tags["SN"] = [one_line(value) for value in found.get("SN", ())]
    tags["LA"] = [one_line(value).replace(",", ";") for value in found.get("LA", ())]
    tags["J2"] = sorted(tags.get("J2", ()), key=lambda short: "." not in short)
    if found.get("original"):
        tags["TT"], tags["TI"] = tags.get("TI", []), [one_line(found["original"][0])]
    _read_notes(record, found, tags)
    _read_source(found, tags)
    _read_kind(found, tags)
    told += [each.reason for each in ris.fill(record, tags)]
    _read_people(record, found)
    for name in ("pmid", "pmcid", "event", "number_of_pages"):
        values = found.get(f"={name}", ())
        setattr(record, name, one_line(" ".join(values[:1])) or getattr(record, name))
    record.month = record.month or dates.month(" ".join(found.get("=month", ())[:1]))
    record.keywords = _keywords(found)
    for name in ("pages", "issue", "volume"):
        if _TURNED_INTO_DATE.fullmatch(getattr(record, name)):
            reason = _("“%(value)s” looks as if a spreadsheet had made a date of it; please check.")
            told.append(reason % {"value": getattr(record, name)})


def _date(value, told):
    """“3/15/2019” in the order that is possible; of “3/4/2019” the year alone is certain."""
    numbers = _NUMBERED_DATE.match(value)
    if not numbers:
        return value
    one, other = int(numbers[1]), int(numbers[2])
    if one <= 12 and other <= 12 and one != other:
        reason = _("“%(value)s” can be read in two ways; the year alone was taken.")
        told.append(reason % {"value": value[:40]})
        return numbers[3]
    day, month = (one, other) if other <= 12 else (other, one)
    return f"{numbers[3]}-{month:02d}-{day:02d}"


def _read_notes(record, found, tags):
    tags["N1"] = []
    for value in found.get("N1", ()):
        lines = value.split("\n")
        for kind, number in (match.groups() for match in map(_IN_EXTRA.fullmatch, lines) if match):
            found.setdefault(f"={kind.lower()}", []).append(number)
        rest = [line for line in lines if not _IN_EXTRA.fullmatch(line)]
        tags["N1"].append(one_line(" ".join(rest))[:4000])


def _read_kind(found, tags):
    said = [one_line(value) for value in found.get("M3", ())]
    known = [columns.KINDS.get(columns.plain(value)) for value in said]
    tags["TY"] = [next(filter(None, known), _likely_kind(tags))]
    tags["M3"] = [
        value
        for value, kind in zip(said, known, strict=True)
        if not kind or value.casefold() in _PRINTED or (kind == "THES" and " " in value)
    ]


def _likely_kind(tags):
    """Of a row that does not say what it is."""
    if any(re.match(r"97[89]", value) for value in tags["SN"]):
        return "CHAP" if tags.get("T2") else "BOOK"
    return "BOOK" if tags.get("PB") and not (tags.get("T2") or tags.get("J2")) else "JOUR"


def _read_source(found, tags):
    """PubMed has volume, issue and pages in its citation alone; “Source” of other tables is the
    journal, of Scopus the database."""
    pages = found.get("pages", [])
    text = one_line(" ".join(found.get("citation") or found.get("source") or [])[:600])
    if match := _CITATION.match(text):
        for tag, name in _PLACE.items():
            if match[name] and not tags.get(tag):
                tags[tag] = [match[name].strip()]
        pages = pages or [match["pages"] or ""]
    elif imprint := _IMPRINT.fullmatch(text):
        found.setdefault("M3", ["book"])
        tags["CY"], tags["PB"] = [imprint["place"]], [imprint["publisher"]]
    elif text not in ("", "Scopus") and found.get("source") and len(text) < 300:
        tags.setdefault("T2", [text])
    if match and match["journal"]:
        tags.setdefault("T2", [match["journal"]])
    if pages and not tags.get("SP"):
        tags["SP"] = [one_line(pages[0])]


def _read_people(record, found):
    """In full where as many are named in full as in short: “Smith, John A. (57000000001)”."""
    record.names = []
    for meaning, role in (("AU", "author"), ("A2", "editor"), ("A4", "translator")):
        people, more = _people(" ; ".join(found.get(meaning, ())), role)
        if meaning == "AU" and found.get("full names"):
            whole = re.sub(r"\s*\(\d[\d, ]*\)", "", " ; ".join(found["full names"]))
            full, _more = _people(whole, role)
            people = full if len(full) >= len(people) else people
        record.names += people
        record.authors_incomplete |= more and role == "author"


def _people(text, role):
    """Names of one cell and whether “et al.” ends them: between semicolons, line breaks or commas,
    as each table likes."""
    text = re.sub(r"\s*\n\s*", "; ", text.strip()) if "\n" in text else text.strip()
    if re.search(r"\s[A-Z]{1,3}\.$", text) or re.search(r"[^\W\d_]{4}\.$", text):
        text = text.removesuffix(".")
    pieces = [piece.strip() for piece in re.split(r",\s*(?:and\s|&\s)?|\s(?:and|&)\s", text)]
    if ";" in text or len(pieces) == 1 or any(map(names.is_suffix, pieces)):
        return names.people(text.strip("; "), role)
    if any(map(names.ends_in_initials, pieces)) and all(map(_is_whole, pieces)):
        lists = [names.people(piece, role) for piece in pieces]
        return [name for some, _more in lists for name in some], any(more for _s, more in lists)
    long = all(" " in piece for piece in pieces)  # “John Smith, Mary Doe and Ana Puig”
    if len(pieces) > 2 and not long:
        found, sure, more = citation.read_people(text, role)
    elif len(pieces) > 2:
        found, sure, more = [names.person(piece, role) for piece in pieces], False, False
    else:  # “García López, Ana María”, or two people
        (found, more), sure = names.people(text, role), not long
    return [name if sure else replace(name, doubtful=True) for name in found if name], more


def _is_whole(piece):
    """Whether a piece between commas names somebody by itself."""
    name = names.person(piece)
    return names.ends_in_initials(piece) or name is None or name.literal


def _keywords(found):
    listed = []
    for meaning, values in found.items():
        how, _blank, vocabulary = meaning.partition(" ")
        for value in values if how in ("KW", "KW*") else ():
            several = r"\s*[;|\n]\s*" if re.search(r"[;|\n]", value) else r",\s+"
            words = [one_line(word) for word in re.split(several, value) if word.strip()]
            listed += keywords([f"*{word}" if how == "KW*" else word for word in words], vocabulary)
    kept = {}
    for word in listed:
        known = kept.setdefault((word.term, word.vocabulary), word)
        if word.major and not known.major:
            kept[word.term, word.vocabulary] = word
    return list(kept.values())
