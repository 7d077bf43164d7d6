"""BibTeX and BibLaTeX: what an entry and its fields mean."""

import functools
import re
from collections.abc import Iterator

from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from django.utils.translation import gettext as _

from publishing.languages import country_code

from . import dates, kinds, latex, names, notices, titles
from .bibentries import Entries, Found, is_one_group
from .bibwords import (
    ENTRY_GENRES,
    GENRES,
    HOW_GENRE,
    HOW_WEB,
    IN_BOOK,
    PRIVATE,
    ROLES,
    SUBTYPES,
    TEXT,
    TYPES,
    VERBATIM,
)
from .bibwriter import write
from .keywords import keywords
from .latexwords import named
from .records import Name, Notice, Record, Warned, attempt, note
from .source import Source
from .text import one_line, pages, unmarked

__all__ = ["read", "write"]


class _Fields(dict):
    """The fields of an entry, and the commands of LaTeX in them that nobody knows."""

    def __init__(self, fields):
        super().__init__(fields)
        self.unknown = set()


def read(text: str | Source) -> Iterator[Record | Notice]:
    """Give every entry as a `Record`, and what is wrong as `Refused` and `Warned`, in the order of
    the file."""
    for item in Entries(text):
        if not isinstance(item, Found):
            yield item
            continue
        fields = _Fields(item.fields)
        record = attempt(
            functools.partial(_record, item, fields), item.number, item.line, item.key, item.key
        )
        for name in sorted(fields.unknown):
            reason = _(
                "The LaTeX command “\\%(name)s” is not known; what it embraces was kept."
            ) % {"name": name}
            yield Warned(item.number, reason, item.key, item.line)
        yield record


def _record(entry, fields):
    kind = entry.kind
    record = Record(
        number=entry.number, line=entry.line, citekey=entry.key, type=_type(kind, fields)
    )
    for name, sources in TEXT.items():
        setattr(record, name, _text(fields, *sources))
    for name, sources in VERBATIM.items():
        setattr(record, name, _verbatim(fields, *sources))
    record.language = _text(fields, "language", "langid", "hyphenation")
    record.country = country_code(_text(fields, "country"))
    title = _with_subtitle(fields, "title", "subtitle")
    record.title, record.translated_title = titles.split(
        title, _language(record), _text(fields, "translatedtitle")
    )
    record.container = _container(record, fields)
    record.genre = _genre(kind, fields)
    _read_how_published(record, fields)
    _date(fields).put(record, _text(fields, "date") or _text(fields, "year"))
    record.pages = pages(_text(fields, "pages", "eid", "articleno", "art_number", "article-number"))
    size = _text(fields, "samplesize")
    record.sample_size = int(size) if size.isascii() and size.isdigit() and len(size) < 10 else None
    record.tags = _tags(fields.get("tags") or "")
    known = {tag.casefold() for tag in record.tags}
    words = [
        word
        for word in _tags(fields.get("keywords") or fields.get("keyword") or "")
        if word.casefold() not in known
    ]
    record.keywords = [
        *keywords(_tags(fields.get("author_keywords") or ""), "author"),
        *keywords(words),
    ]
    _read_notes(record, fields)
    for line in unmarked_lines(fields.get("notices", "")):
        notice = notices.unpacked(line)
        if notice:
            notices.add(record, notice)
    kinds.add_status(record, _text(fields, "pubstate"))
    for role in ROLES:
        found, more = _people(fields.get(role, ""), role)
        record.names += found
        record.authors_incomplete |= more and role == "author"
    _read_eprint(record, fields)
    return record


def _read_notes(record, fields):
    """Notes are private, whoever wrote them; identifiers that stand among them are not."""
    for name in PRIVATE:
        for line in unmarked_lines(fields.get(name, "")):
            found = re.fullmatch(r"(PMID|PMCID)\s*:\s*(?:PMC)?(\d{1,9})\.?", line, re.I)
            if found:
                kind = found[1].lower()
                setattr(record, kind, getattr(record, kind) or found[2])
            else:
                note(record, line)


def unmarked_lines(text: str) -> list[str]:
    """The lines of a field as plain text."""
    return [line for line in (unmarked(latex.decode(line)) for line in text.split("\n")) if line]


def _language(record):
    from_name = record.language.strip().lower()
    return (
        "en"
        if from_name in ("english", "british", "american", "usenglish", "ukenglish")
        else from_name[:2]
    )


def _text(fields, *names_):
    value = next((fields[name] for name in names_ if fields.get(name)), "")
    return one_line(latex.decode(value, unknown=getattr(fields, "unknown", None)))


def _verbatim(fields, *names_):
    """An address as it stands; only the backslashes other programs put before _ % # & ~ go, and
    signs spelt out."""
    value = next((fields[name] for name in names_ if fields.get(name)), "")
    value = re.sub(r"\{\\(text[a-z]{3,20})\s*\}|\\(text[a-z]{3,20})(?:\{\}|\s)", _spelt, value)
    value = re.sub(
        r"\{([~_%#&<>])\}|\$([<>])\$|\\(~)\{\}",
        lambda found: found[1] or found[2] or found[3],
        value,
    )
    value = re.sub(r"\{?\\([_%#&~$])\}?", r"\1", value)
    found = re.fullmatch(r"\s*\\url\s*\{(.*)\}\s*", value, re.S)
    return "".join((found[1] if found else value).strip("{} \t\n").split())


def _spelt(found):
    return named(found[1] or found[2]) or ""


def _type(kind, fields):
    subtype = _text(fields, "entrysubtype").lower()
    if subtype in SUBTYPES:
        return SUBTYPES[subtype]
    if kind in TYPES:
        return TYPES[kind]
    how = _text(fields, "howpublished")
    if re.search(r"poster|conference", how, re.I):
        return "paper-conference"
    if _text(fields, "archiveprefix", "eprinttype").lower() == "arxiv":
        return "article"
    return (
        "webpage"
        if fields.get("url") or "\\url" in fields.get("howpublished", "") or HOW_WEB.fullmatch(how)
        else "document"
    )


def _with_subtitle(fields, title, subtitle):
    main, sub = _text(fields, title), _text(fields, subtitle)
    return (
        f"{main}{' ' if main.endswith(('?', '!', ':', '.')) else ': '}{sub}"
        if main and sub
        else main or sub
    )


def _container(record, fields):
    journal = _with_subtitle(
        fields, "journaltitle" if fields.get("journaltitle") else "journal", "journalsubtitle"
    )
    book = _with_subtitle(fields, "booktitle", "booksubtitle")
    return book or journal if record.type in IN_BOOK else journal or book


def _genre(kind, fields):
    if "type" in fields:
        genre = _text(fields, "type")
        return GENRES.get(genre.lower(), genre)
    return ENTRY_GENRES.get(kind, "")


def _read_how_published(record, fields):
    """`howpublished` says anything: an address, a kind (“Poster”), “Web site”, where a page
    appeared, who published."""
    raw = fields.get("howpublished", "")
    how = _text(fields, "howpublished")
    address = re.search(r"https?://[^\s{}]+", _verbatim({"h": raw}, "h") if "\\url" in raw else how)
    if address:
        record.url = record.url or address[0]
    elif not how or HOW_WEB.fullmatch(how):
        return
    elif HOW_GENRE.fullmatch(how):
        record.genre = record.genre or how
    elif record.type in ("webpage", "post-weblog"):
        record.container = record.container or how
    else:
        record.publisher = record.publisher or how


def _read_eprint(record, fields):
    if _text(fields, "eprinttype", "archiveprefix").lower() in ("pubmed", "pmid", "medline"):
        record.pmid = record.pmid or _text(fields, "eprint")


def _date(fields):
    """`date` of BibLaTeX, or `year` with what `month` and `day` add to it."""
    whole = one_line(fields.get("date", "").strip("{}"))  # its “~” means about, and is no LaTeX
    if whole:
        return dates.from_edtf(whole) or dates.parse(whole)
    found = dates.parse(_text(fields, "year"))
    written = _text(fields, "month")
    if found.year and not found.month and not found.until and re.search(r"[^\W\d_]{3}", written):
        found = dates.parse(f"{found.year} {written}")._replace(approximate=found.approximate)
    month = found.month or dates.month(written)
    day = found.day or _text(fields, "day")
    day = int(day) if re.fullmatch(r"[0-9]{1,2}", str(day)) else None
    season = found.season or dates.season(written)
    return dates.checked(found.year, month, day, found.approximate, season, found.until)


def _tags(value):
    """Keywords between commas or semicolons, or one a line; one in braces may have these signs
    itself."""
    if not re.search(r"[,;]", value):
        value = value.replace("\n", ";")
    signs = ";" if ";" in value and value.count(";") >= value.count(",") else ",;"
    tags, depth, current = [], 0, []
    for part in re.split(r"((?<!\\)[{},;])", value):
        depth += (part == "{") - (part == "}")
        if part and part in signs and depth <= 0:
            tags.append("".join(current))
            current = []
        else:
            current.append(part)
    tags.append("".join(current))
    return list(dict.fromkeys(filter(None, (one_line(latex.decode(tag)) for tag in tags))))


# Names


def _people(value, role):
    """`(names, whether “and others” follows)`."""
    found, more = [], False
    for text in split_multiple_persons_names(
        latex.decode(" ".join(value.split()), keep_braces=True)
    ):
        if names.OTHERS.fullmatch(text):
            more = True
            continue
        name = _name(text, role)
        if name:
            found.append(name)
    return found, more


def _name(text, role):
    if is_one_group(text):
        whole = one_line(latex.plain(text))
        return Name(whole, literal=True, role=role) if whole else None
    if "{" not in text:
        return _simple_name(one_line(latex.plain(text)), role)
    parts = parse_single_name_into_parts(text, strict=False)
    family, given, suffix = (
        one_line(latex.plain(" ".join(words).replace("~", " ")))
        for words in (parts.von + parts.last, parts.first, parts.jr)
    )
    if given and family and "," not in text and text[:1].islower():
        family, given = f"{given} {family}", ""
    if names.is_suffix(given) and not suffix and "," in text:
        given, suffix = "", given
    return (
        Name(family or given, given if family else "", suffix, role=role)
        if family or given
        else None
    )


def _simple_name(text, role):
    """A name without groups. Where only a family name of several words is known, a comma ends
    it."""
    if text.endswith(",") and text.count(",") == 1:
        name = names.person(text.rstrip(", "), role)
        return name if name and name.literal else Name(text.rstrip(", "), role=role)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 3 and not names.is_suffix(parts[2]):
        text = ", ".join((parts[0], parts[2], parts[1]))  # BibTeX has the suffix in the middle
    return names.person(text, role)
