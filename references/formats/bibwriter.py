"""Records as BibTeX: valid for LaTeX, and telling BibLaTeX and us what plain BibTeX has no word
for."""

import re
from collections.abc import Iterable, Iterator

from . import dates, latex, titles
from .bibwords import DOCTORAL, IN_BOOK, MASTERS, ROLES, WRITTEN
from .keywords import as_tags
from .records import NO_KEY, Record


def write(records: Iterable[Record]) -> Iterator[str]:
    """The records as BibTeX, piece by piece; letters as UTF-8, citekeys kept as far as BibTeX can
    have them."""
    used: set[str] = set()
    for number, record in enumerate(records, 1):
        kind, fields = _as_fields(record)
        body = ",\n".join(f"  {name:<12} = {value}" for name, value in fields if value)
        yield (
            ("" if number == 1 else "\n")
            + f"@{kind}{{{_free_key(record, number, used)},\n{body}\n}}\n"
        )


def _free_key(record, number, used):
    key = base = re.sub(r"[^\w:.+-]+", "-", record.citekey).strip("-") or f"{NO_KEY}{number}"
    repeated = 1
    while key.lower() in used:
        repeated += 1
        key = f"{base}-{repeated}"
    used.add(key.lower())
    return key


def _as_fields(record):
    kind, subtype = WRITTEN.get(record.type, WRITTEN["document"])
    genre = _braced(record.genre)
    if record.type == "thesis":
        if record.genre == MASTERS:
            kind = "mastersthesis"
        genre = genre or "{}" if record.genre not in (MASTERS, DOCTORAL) else ""
    title = titles.joined(record)
    in_book = record.type in IN_BOOK or not record.type.startswith(("article", "review"))
    publisher = {"thesis": "school", "report": "institution"}.get(record.type, "publisher")
    return kind, [
        *((role, _names_field(record, role)) for role in ROLES),
        ("title", title and f"{{{latex.protect(latex.encode(title))}}}"),
        ("translatedtitle", _braced(record.translated_title)),
        ("origtitle", _braced(record.original_title)),
        ("booktitle" if in_book else "journal", _braced(record.container)),
        ("shortjournal", _braced(record.container_short)),
        (publisher, _braced(record.publisher)),
        ("address", _braced(record.place)),
        ("year", record.year and f"{{{_year(record)}}}"),
        ("month", _month(record)),
        ("day", _braced(str(record.day or "")) if record.year and record.month else ""),
        (
            "date",
            f"{{{dates.edtf(dates.date_of(record))}}}" if record.until or record.season else "",
        ),
        ("volume", _braced(record.volume)),
        ("number", _braced(record.issue)),
        (
            "pages",
            (
                _braced(record.pages).replace("-", "--")
                if "{}" not in _braced(record.pages)
                else _braced(record.pages)
            ),
        ),
        ("pagetotal", _braced(record.number_of_pages)),
        ("edition", _braced(record.edition)),
        ("chapter", _braced(record.chapter_number)),
        ("type", genre),
        ("entrysubtype", _braced(subtype)),
        ("eventtitle", _braced(record.event)),
        ("doi", _address(record.doi)),
        ("pmid", _braced(record.pmid)),
        ("pmcid", _braced(record.pmcid)),
        ("nlmid", _braced(record.nlm_id)),
        ("isbn", _braced(record.isbn)),
        ("issn", _braced(record.issn)),
        ("url", _address(record.url)),
        ("fulltexturl", _address(record.full_text_url)),
        ("language", _braced(record.language)),
        ("country", _braced(record.country)),
        ("studydesign", _braced(record.study_design)),
        ("samplesize", _braced("" if record.sample_size is None else str(record.sample_size))),
        ("sampleunit", _braced(record.sample_unit)),
        ("keywords", _tags(list(dict.fromkeys([*record.tags, *as_tags(record.keywords)])))),
        ("tags", _tags(record.tags)),
        ("addendum", _braced(record.record_note)),
        ("abstract", _braced(record.abstract)),
    ]


def _braced(text):
    return f"{{{latex.encode(text)}}}" if text else ""


def _address(text):
    """Addresses stand verbatim; a brace in one would end the field."""
    return f"{{{text.replace('{', '%7B').replace('}', '%7D')}}}" if text else ""


def _year(record):
    """With the end of a span, which plain BibTeX knows from here alone: “1998--1999”."""
    end = dates.date_of(record).end
    year = f"{record.year}--{end[0]}" if end and end[0] > record.year else str(record.year)
    return f"c. {year}" if record.year_approximate else year


def _month(record):
    found = dates.date_of(record)
    if found.year is None:
        return ""
    last = found.end[1] if found.end and found.end[0] == found.year else 0
    if found.season:
        seasons = dict.fromkeys([found.season, last - dates.SEASON_MONTH if last else found.season])
        return f"{{{'--'.join(dates.SEASONS[number - 1] for number in seasons)}}}"
    return ' # "--" # '.join(
        dates.MONTHS[number - 1].lower() for number in dict.fromkeys([found.month, last]) if number
    )


def _tags(words):
    return f"{{{', '.join(map(_tag, words))}}}" if words else ""


def _tag(tag):
    encoded = latex.encode(tag)
    return f"{{{encoded}}}" if re.search(r"[,;]", tag) else encoded


def _names_field(record, role):
    people = [_written_name(name) for name in record.names if name.role == role]
    if role == "author" and record.authors_incomplete:
        people.append("others")
    return f"{{{' and '.join(people)}}}" if people else ""


def _written_name(name):
    if name.literal:
        return f"{{{latex.encode(name.family)}}}"
    family, given, suffix = map(_name_part, (name.family, name.given, name.suffix))
    if suffix:
        return f"{family}, {suffix}, {given}"
    if given:
        return f"{family}, {given}"
    return f"{family}," if " " in name.family or name.family.startswith("{") else family


def _name_part(text):
    """Part of a name; braces hold together what BibTeX would split."""
    encoded = latex.encode(text)
    return (
        f"{{{encoded}}}"
        if "," in text or re.search(r"(?:^|\s)(?:and|others)(?:\s|$)", text, re.I)
        else encoded
    )
