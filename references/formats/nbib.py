"""MEDLINE as PubMed gives it (NBIB): a tag in four columns, text that goes on in indented lines."""

import functools
import itertools
import re
import textwrap
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from publishing.languages import country_code

from . import dates, extras, kinds, names, notices, titles, unplaced
from .keywords import as_tags, heading, keyword, keywords
from .languages import to_three
from .records import Name, Notice, Record, Refused, attempt, note
from .source import Source, numbered_lines
from .text import excerpt, one_line, pages

_LINE = re.compile(r"\ufeff?([A-Z][A-Z0-9 ]{3}) ?- ?(.*)")
# Tags a record has once: seen again after an empty line, another record has begun without its PMID.
_ONCE = {"OWN", "STAT", "VI", "IP", "DP", "TI", "PG", "TA", "JT", "SO"}
_KNOWN = set(
    "PMID OWN STAT LR DCOM DA DEP CRDT EDAT MHDA PHST PST IS VI IP DP TI BTI CTI VTI TT PG LID "
    "AID FAU AU AUID AD FED ED CN FCN FIR IR IRAD LA PT PL TA JT JID SB MH OT OTO AB CI OAB OABL "
    "OCI SO PMC PMCR MID GR GN RN NM SI SFM COI CIN CON EIN EFR CRI CRF DRIN DRDI ECI ECF ORI "
    "PRIN PROF RIN ROF RPF RPI RRI RRF SPIN UIN UOF PS FPS RF JC ISBN EN CP PB CDAT CTDT ISSN "
    "LID SPAC OID PUBM EDAT MISC TRN OUID USI GS OP CDDT".split()
)  # fmt: skip
TYPES = {
    "books": "book", "book": "book", "book chapter": "chapter",
    "newspaper article": "article-newspaper", "preprint": "article", "dataset": "dataset",
    "technical report": "report", "government publication": "report",
    "academic dissertation": "thesis", "lecture": "speech", "address": "speech",
    "congress": "paper-conference", "meeting abstract": "paper-conference",
    "video-audio media": "motion_picture", "webcast": "motion_picture",
    "unpublished work": "manuscript", "journal articles": "article-journal",
    "web archive": "webpage", "blog": "post-weblog", "encyclopedia": "entry-encyclopedia",
    "patent": "patent",
}  # fmt: skip
_ARTICLE = "Journal Article"
_WRITTEN = {
    "article-journal": _ARTICLE, "article-newspaper": "Newspaper Article", "article": "Preprint",
    "book": "Book", "chapter": "Book Chapter", "dataset": "Dataset", "report": "Technical Report",
    "thesis": "Academic Dissertation", "speech": "Lecture", "paper-conference": "Meeting Abstract",
    "motion_picture": "Video-Audio Media", "manuscript": "Unpublished Work", "post-weblog": "Blog",
    "webpage": "Web Archive", "entry-encyclopedia": "Encyclopedia", "patent": "Patent",
}  # fmt: skip
DESIGNS = kinds.DESIGNS
_WRITTEN_DESIGNS = {design: kind.title() for kind, design in reversed(DESIGNS.items())} | {
    "case report": "Case Reports"
}
GENRES = kinds.GENRES
_GENRE_TYPES = {genre: genre for genre in GENRES.values()}
_IN_BOOK = {"chapter", "entry-encyclopedia"}
_SIMPLE = {"VI": "volume", "IP": "issue", "TA": "container_short", "JT": "container",
    "JID": "nlm_id", "EN": "edition",
           "PB": "publisher", "ISBN": "isbn", "AB": "abstract"}  # fmt: skip
_PACKED = (
    "citekey", "original_title", "number_of_pages", "chapter_number", "event", "url",
    "full_text_url", "country",
    "sample_size", "sample_unit", "record_note", "authors_incomplete", "tags",
)  # fmt: skip
_TRANSLATOR = "translator: "


# Reading


def read(text: str | Source) -> Iterator[Record | Notice]:
    """Give every record, and what is wrong, one after the other."""
    unknown: dict[str, int] = {}
    for number, (line, fields) in enumerate(_pieces(text), 1):
        if not any(_LINE.match(f"{tag:<4}- ") and tag in _KNOWN for tag, _value in fields):
            reason = _("These lines have no MEDLINE tags.")
            yield Refused(number, reason, line=line, excerpt=excerpt(fields[0][1]))
            continue
        for tag in {tag for tag, _value in fields} - _KNOWN:
            unknown[tag] = unknown.get(tag, 0) + 1
        about = " ".join(value for _tag, value in fields[:4])
        yield attempt(functools.partial(_record, fields, number, line), number, line, about)
    yield from unplaced.tags(unknown)


def _pieces(text):
    """`(line, [(tag, value)])` of every record. A PMID begins one; where there are none at all, an
    empty line does."""
    by_pmid = any(line.startswith("PMID-") for _number, line in numbered_lines(text))
    begin, fields, seen, gap = 0, [], set(), False
    for number, line in numbered_lines(text):
        if not line.strip():
            gap = bool(fields)
            continue
        found = _LINE.match(line)
        if not found:
            if fields:
                fields[-1][1].append(line)
            continue
        tag = found[1].strip()
        if fields and (tag == "PMID" or (gap and (not by_pmid or (tag in _ONCE and tag in seen)))):
            yield begin, _joined(fields)
            fields, seen = [], set()
        if not fields:
            begin = number
        fields.append((tag, [found[2]]))
        seen.add(tag)
        gap = False
    if fields:
        yield begin, _joined(fields)


def _joined(fields):
    return [(tag, one_line(" ".join(lines))) for tag, lines in fields]


def _record(fields, number, line):
    record = Record(number=number, line=line, type="article-journal")
    values = {}
    for tag, value in fields:
        if value:
            values.setdefault(tag, []).append(value)

    def first(tag):
        return values.get(tag, [""])[0]

    for tag, name in _SIMPLE.items():
        setattr(record, name, first(tag))
    record.pmid, record.pmcid = first("PMID"), first("PMC")
    numbers = dict(map(_issn, values.get("IS", ())))
    record.issn = " ".join(numbers)
    record.issn_kinds = " ".join(numbers.values()) if all(numbers.values()) else ""
    record.issn = record.issn or " ".join(
        value.removeprefix("ISSN-") for value in values.get("ISSN", ())
    )
    written = first("DP") or first("DEP")
    dates.parse(written).put(record, written)
    record.pages = pages(first("PG"))
    record.language = "; ".join(values.get("LA", ()))
    read_types(record, values.get("PT", ()))
    for tag, value in fields:
        notices.read_medline(record, tag, value)
    _read_titles(record, values)
    _read_people(record, fields, whole=first("OWN") != "ERIC")
    _read_article_ids(record, [*values.get("LID", ()), *values.get("AID", ())])
    if record.type != "article-journal":
        record.place = first("PL")
    if first("OWN") == "ERIC":
        _read_eric(record, values)
    note(record, *values.get("AD", ()))
    for value in values.get("GN", ()):
        if value.startswith(_TRANSLATOR):
            record.names += filter(
                None, [names.person(value.removeprefix(_TRANSLATOR), "translator")]
            )
        elif not extras.unpack(record, value):
            note(record, value)
    _read_keywords(record, values)
    record.country = country_code(record.country)
    return record


def _issn(value):
    """“1528-1159 (Electronic)” → the number and its kind in small letters."""
    number, _space, kind = value.partition(" ")
    kind = kind.strip("() ").casefold()
    return number, kind if kind in ("print", "electronic", "linking") else ""


def _read_eric(record, values):
    """ERIC has MEDLINE's tags in ways of its own: PT in its own words, the address where MEDLINE
    has numbers."""
    links = [value for tag in ("LID", "AID") for value in values.get(tag, ()) if "://" in value]
    record.url = next((link for link in links if "doi.org" not in link), "")
    record.doi = record.doi or next((link for link in links if "doi.org" in link), "")
    kinds_ = [kind.casefold() for kind in values.get("PT", ())]
    if not record.container and any(kind.startswith("report") for kind in kinds_):
        record.type = "report"
    if record.type == "report" and record.pages.isdigit():
        record.number_of_pages, record.pages = record.pages, ""


def _read_keywords(record, values):
    known = {tag.casefold() for tag in record.tags}
    own = "eric" if "ERIC" in values.get("OWN", ()) else "author"
    others = [
        keyword(value.lstrip("*"), own)
        for value in values.get("OT", ())
        if value.casefold() not in known
    ]
    record.keywords = list(
        dict.fromkeys([*keywords(values.get("MH", []), "mesh"), *filter(None, others)])
    )


def _read_titles(record, values):
    """TI is English, in brackets if translated; TT is the title in its own language; BTI the
    book's."""
    book = titles.without_stop(next(iter(values.get("BTI", ())), ""))
    title, translated, language = titles.medline(
        next(iter(values.get("TI", ())), "") or ("" if values.get("CTI") else book)
    )
    own = titles.without_stop(next(iter(values.get("TT", ())), ""))
    record.language = record.language or language
    if own:
        record.title, record.translated_title = own, translated or title
    else:
        record.title, record.translated_title = title, translated
    if book and values.get("TI"):
        record.container = book
        record.type = "chapter" if record.type in ("article-journal", "book") else record.type
    elif book:
        record.type = "book"


def read_types(record: Record, types: Iterable[str]) -> None:
    for kind in types:
        low = kind.lower()
        record.type = (
            TYPES.get(low, record.type) if record.type == "article-journal" else record.type
        )
        record.study_design = record.study_design or DESIGNS.get(low, "")
        record.genre = record.genre or GENRES.get(low, "")
        kinds.add_status(record, low)


def _read_people(record, fields, whole):
    """FAU is the full name of the AU that follows it; an AU without one is all we have, with
    `whole` by initials."""
    paired = {"AU": False, "ED": False}
    for tag, value in fields:
        role = "editor" if tag in ("FED", "ED") else "author"
        name = None
        if tag in ("FAU", "FED"):
            paired[tag[1:]] = True
            name = _full_name(value, role)
        elif tag in ("AU", "ED"):
            name = None if paired[tag] else names.person(value, role, shortened=whole)
            paired[tag] = False
        elif tag in ("CN", "FCN") and not any(known.family == value for known in record.names):
            name = Name(value, literal=True) if value else None
        if name:
            record.names.append(name)
        elif value and names.OTHERS.fullmatch(value):
            record.authors_incomplete = True


def _full_name(value, role):
    """“Smith, John A Jr” → Smith, John A, Jr. Without a comma it is a family name alone."""
    if names.OTHERS.fullmatch(value):
        return None
    if "," not in value:
        return Name(value, role=role) if value else None
    return names.person(value, role)


def _read_article_ids(record, ids):
    for value in ids:
        text, _space, kind = value.rpartition(" ")
        if kind == "[doi]" and not record.doi:
            record.doi = text
        elif kind == "[pii]" and not record.pages and re.fullmatch(r"[A-Za-z]?\d{1,8}", text):
            record.pages = text


# Writing


def write(records: Iterable[Record]) -> Iterator[str]:
    """The records as MEDLINE, one by one; one without a PMID begins with an empty one, as a record
    must."""
    for record in records:
        lines = [
            _wrapped("PMID", record.pmid),
            *(_wrapped(tag, value) for tag, value in _lines(record) if value),
        ]
        yield "\n".join([*lines, "", ""])


def _wrapped(tag, value):
    line = f"{tag:<4}- {value}"
    if len(line) <= 88:
        return line
    return textwrap.fill(
        value,
        88,
        initial_indent=f"{tag:<4}- ",
        subsequent_indent=" " * 6,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _lines(record):
    in_book = record.type in _IN_BOOK and record.container
    packed = set(_PACKED)
    kinds_ = record.issn_kinds.split()
    for number, kind in itertools.zip_longest(record.issn.split(), kinds_, fillvalue=""):
        yield "IS", f"{number} ({kind.title()})" if kind else number
    yield from (("VI", record.volume), ("IP", record.issue), ("DP", _written_date(record)))
    yield from _written_titles(record, in_book)
    yield from (
        ("PG", record.pages),
        ("LID", record.doi and f"{record.doi} [doi]"),
        ("AB", record.abstract),
    )
    for name in record.names:
        yield from _written_name(name)
    if record.authors_incomplete:
        packed.discard("authors_incomplete")
        yield "AU", "et al"
    yield "LA", to_three(record.language)
    yield from (("PT", kind) for kind in _written_kinds(record))
    if _WRITTEN.get(record.type, _ARTICLE) == _ARTICLE:
        packed.add("place")
    else:
        yield "PL", record.place
    yield from (("PB", record.publisher), ("EN", record.edition), ("TA", record.container_short))
    yield from (
        ("JT", "" if in_book else record.container),
        ("JID", record.nlm_id),
        ("ISBN", record.isbn),
    )
    yield from (("MH", heading(word)) for word in record.keywords if word.vocabulary == "mesh")
    others = as_tags([word for word in record.keywords if word.vocabulary != "mesh"])
    yield from (("OT", word) for word in dict.fromkeys([*record.tags, *others]))
    yield from notices.medline_lines(record)
    yield from (("PMC", record.pmcid), ("AID", record.doi and f"{record.doi} [doi]"))
    packed |= {"genre"} if record.genre and record.genre not in _GENRE_TYPES else set()
    packed |= (
        {"study_design"}
        if record.study_design and record.study_design not in _WRITTEN_DESIGNS
        else set()
    )
    packed |= (
        {"type"}
        if record.type not in _WRITTEN or (record.type == "chapter" and not in_book)
        else set()
    )
    yield from (
        ("GN", line) for line in extras.pack(record, sorted(packed, key=list(extras.LABELS).index))
    )
    yield "SO", _source(record)


def _written_titles(record, in_book):
    own = record.title or record.original_title
    translated = f"[{record.translated_title}]." if record.translated_title else ""
    yield "TI", translated or _with_stop(own)
    if in_book:
        yield "BTI", _with_stop(record.container)
    yield "TT", _with_stop(own) if translated else ""


def _with_stop(title):
    return title if not title or title.endswith(("?", "!")) else title + "."


def _written_name(name):
    if name.role == "translator":
        yield "GN", _TRANSLATOR + names.comma_form(name)
        return
    tag = "ED" if name.role == "editor" else "AU"
    if name.literal and tag == "AU":
        yield "CN", name.family
        return
    suffix = name.suffix
    full = names.comma_form(name)
    if suffix and names.is_suffix(suffix) and name.given:
        full = f"{name.family}, {name.given} {suffix}"
    yield "F" + tag, full
    yield tag, " ".join(filter(None, (name.family, names.initials(name.given), suffix)))


def _written_kinds(record):
    kinds = [_WRITTEN_DESIGNS.get(record.study_design), _GENRE_TYPES.get(record.genre)]
    kinds += notices.medline_types(record)
    return list(filter(None, [_WRITTEN.get(record.type, _ARTICLE), *kinds]))


def _written_date(record):
    return "" if record.year is None else dates.words(dates.date_of(record))


def _source(record):
    """“Am J Surg. 1948 Nov;76(5):605-609.”, the line people read."""
    numbers = record.volume + (f"({record.issue})" if record.issue else "")
    numbers += f":{record.pages}" if record.pages else ""
    when = ";".join(filter(None, (_written_date(record), numbers)))
    return " ".join(
        f"{part}." for part in (record.container_short or record.container, when) if part
    )
