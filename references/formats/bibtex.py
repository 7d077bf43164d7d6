"""BibTeX and BibLaTeX. The file is split by bibtexparser, some entries at a time; what the values mean is read here."""

import logging
import re
from collections import Counter

from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ImplicitComment,
    ParsingFailedBlock,
    String,
)
from bibtexparser.splitter import Splitter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publishing.languages import country_code

from . import dates, latex, names, titles
from .records import NO_KEY, Name, Record, Refused, Warned
from .text import excerpt, one_line, pages

# The splitter also logs what it could not read; here that is told in the report.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)

CHUNK = 100
ROLES = ("author", "editor", "translator")
MASTERS, DOCTORAL = "Master's thesis", "PhD thesis"

_START = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t\n]*[{(][ \t\n]*([^\s,{}()=\"]*)", re.M)
_PARENT = re.compile(r"\b(?:crossref|xdata)\s*=\s*[{\"]?\s*([^{}\"\n]+)", re.I)
_MACROS = {name.casefold(): number for number, name in enumerate(dates.MONTHS, 1)}

TYPES = {
    "article": "article-journal", "book": "book", "mvbook": "book", "booklet": "book", "collection": "book",
    "mvcollection": "book", "proceedings": "book", "mvproceedings": "book", "reference": "book", "periodical": "book",
    "inbook": "chapter", "incollection": "chapter", "bookinbook": "chapter", "suppbook": "chapter",
    "suppcollection": "chapter", "inreference": "entry-encyclopedia", "inproceedings": "paper-conference",
    "conference": "paper-conference", "suppperiodical": "article-journal", "phdthesis": "thesis",
    "mastersthesis": "thesis", "mathesis": "thesis", "bathesis": "thesis", "thesis": "thesis", "techreport": "report",
    "report": "report", "manual": "report", "unpublished": "manuscript", "online": "webpage", "electronic": "webpage",
    "www": "webpage", "webpage": "webpage", "patent": "patent", "dataset": "dataset", "review": "review",
    "movie": "motion_picture", "video": "motion_picture", "letter": "personal_communication", "preprint": "article",
}  # fmt: skip
# What @misc and @article may say of themselves in `entrysubtype`; the writer says it there too.
_SUBTYPES = {
    "magazine": "article-magazine", "newspaper": "article-newspaper", "preprint": "article", "blog": "post-weblog",
    "review": "review", "lecture": "speech", "film": "motion_picture", "letter": "personal_communication",
    "document": "document", "encyclopedia": "entry-encyclopedia",
}  # fmt: skip
_WRITTEN = {
    "article-journal": ("article", ""), "article-magazine": ("article", "magazine"),
    "article-newspaper": ("article", "newspaper"), "article": ("misc", "preprint"), "book": ("book", ""),
    "chapter": ("incollection", ""), "entry-encyclopedia": ("incollection", "encyclopedia"),
    "paper-conference": ("inproceedings", ""), "thesis": ("phdthesis", ""), "report": ("techreport", ""),
    "review": ("article", "review"), "speech": ("misc", "lecture"), "webpage": ("online", ""),
    "post-weblog": ("online", "blog"), "dataset": ("dataset", ""), "motion_picture": ("misc", "film"),
    "patent": ("patent", ""), "manuscript": ("unpublished", ""), "personal_communication": ("misc", "letter"),
    "document": ("misc", "document"),
}  # fmt: skip
_IN_BOOK = {"chapter", "paper-conference", "entry-encyclopedia"}
_GENRES = {
    "mathesis": MASTERS, "phdthesis": DOCTORAL, "bathesis": "Bachelor's thesis", "candthesis": "Candidate thesis",
    "techreport": "Technical report", "resreport": "Research report",
}  # fmt: skip
_ENTRY_GENRES = {"phdthesis": DOCTORAL, "mastersthesis": MASTERS, "mathesis": MASTERS, "bathesis": "Bachelor's thesis"}
_HOW_GENRE = re.compile(r"poster|abstract|conference (?:paper|poster)|lecture|letter|editorial|leaflet|pamphlet", re.I)
_HOW_WEB = re.compile(r"web ?(?:site|page)|on ?line|internet|available (?:at|from|on).*|accessed.*", re.I)

# Text fields by the names they may have, the first that is there wins.
TEXT = {
    "volume": ("volume",), "issue": ("number", "issue"), "number_of_pages": ("pagetotal", "numpages"),
    "edition": ("edition",), "chapter_number": ("chapter",), "event": ("eventtitle", "conference"),
    "publisher": ("publisher", "school", "institution", "organization"), "place": ("address", "location", "venue"),
    "pmid": ("pmid",), "pmcid": ("pmcid", "pmc"), "nlm_id": ("nlmid", "nlmuniqueid"), "isbn": ("isbn",),
    "issn": ("issn",), "abstract": ("abstract",), "study_design": ("studydesign",), "sample_unit": ("sampleunit",),
    "original_title": ("origtitle",), "record_note": ("note",),
    "container_short": ("shortjournal", "journal-abbr", "journalabbr", "abbrjournal"),
}  # fmt: skip
VERBATIM = {"doi": ("doi",), "url": ("url",), "full_text_url": ("fulltexturl",)}
_OTHERS_READ = (
    "title subtitle titleaddon journal journaltitle journalsubtitle booktitle booksubtitle year date month day pages eid "
    "articleno type entrysubtype howpublished keywords keyword language langid hyphenation country samplesize "
    "translatedtitle author editor translator crossref xdata xref eprint eprinttype archiveprefix"
).split()
# Book-keeping of other programs, and private notes: nobody misses it in the library.
_PASSED_OVER = set(
    "key keyname owner timestamp file pdf groups bibsource biburl date-added date-modified added-at interhash intrahash "
    "annote annotation review comment ids options sortkey sortname sortyear presort shorthand label langidopts urldate "
    "lastchecked lastvisited issn-l copyright rights annotator primaryclass da ty numericprints creationdate "
    "modificationdate priority readstatus ranking qualityassured mendeley-tags mendeley-groups abstractnote "
    "bookauthor editortype dateadded datemodified _notstored".split()
)
_TAKEN = {name for group in (*TEXT.values(), *VERBATIM.values()) for name in group} | set(_OTHERS_READ) | _PASSED_OVER
# What a work does not inherit from the one it is part of.
_OWN = set(
    "title subtitle titleaddon doi url pages pagetotal abstract pmid pmcid keywords note eprint chapter ids key label "
    "shorthand entrysubtype crossref xdata type translatedtitle origtitle fulltexturl studydesign samplesize "
    "sampleunit annote annotation file language_".split()
)


# Reading


def read(text):
    """Give every entry as a `Record`, and what is wrong as `Refused` and `Warned`, in the order of the file."""
    file = _File(text)
    number = 0
    for line, chunk in file.chunks():
        for at, block in _blocks(chunk, line):
            found = list(file.items(block, at, number + 1))
            number += any(not isinstance(item, Warned) for item in found)
            yield from found
    yield from file.left_out()


class _File:
    """One file while it is read: where its entries begin, its @string definitions, the parents of its crossrefs."""

    def __init__(self, text):
        self.text = text
        self.starts = [(found.start(), found[1].lower(), found[2].lower()) for found in _START.finditer(text)]
        self.strings = {name: dates.MONTHS[number - 1] for name, number in _MACROS.items()}
        self.parents, self.keys, self.unknown = {}, set(), Counter()
        wanted = {key.strip().lower() for found in _PARENT.finditer(text) for key in found[1].split(",")}
        for index, (_start, kind, key) in enumerate(self.starts):
            if kind == "string":
                self._define(self._piece(index))
            elif key in wanted:
                self.parents[key] = index
        self._read_parents()

    def _piece(self, index, count=1):
        end = self.starts[index + count][0] if index + count < len(self.starts) else len(self.text)
        return self.text[self.starts[index][0] : end]

    def _define(self, piece):
        for _line, block in _blocks(piece, 1):
            if isinstance(block, String):
                self.strings[block.key.lower()], _missing = self._value(str(block.value))

    def _read_parents(self):
        for key, index in list(self.parents.items()):
            entry = next((_entry_of(block) for _line, block in _blocks(self._piece(index), 1) if _entry_of(block)), None)
            self.parents[key] = self._fields(entry)[0] if entry else {}

    def chunks(self):
        """`(line of its beginning, text)` of some entries at a time."""
        begin = self.starts[0][0] if self.starts else len(self.text)
        line = 1
        if self.text[:begin].strip():
            yield line, self.text[:begin]
        line += self.text.count("\n", 0, begin)
        for index in range(0, len(self.starts), CHUNK):
            piece = self._piece(index, CHUNK)
            yield line, piece
            line += piece.count("\n")

    def items(self, block, line, number):
        """The record of one block, with what is to be said about it."""
        if isinstance(block, String):
            return
        if isinstance(block, ImplicitComment):
            if re.search(r"=|@[ \t]*\w+[ \t]*[{(]", block.comment):
                reason = _("This text stands outside of the entries and was passed over.")
                yield Warned(number, reason, line=line, excerpt=excerpt(block.comment))
            return
        entry = _entry_of(block)
        if entry is None:
            if isinstance(block, ParsingFailedBlock) and not re.match(r"\s*@(?:string|comment|preamble)\b", block.raw, re.I):
                yield Refused(number, _reason(block), _key_in(block.raw), line, excerpt(block.raw))
            elif isinstance(block, ParsingFailedBlock):
                yield Warned(number, _reason(block), line=line, excerpt=excerpt(block.raw))
            return
        if isinstance(block, DuplicateFieldKeyBlock):
            reason = _("The entry has a field twice (%(names)s); the first was taken.")
            names_twice = ", ".join(sorted(block.duplicate_keys))
            yield Warned(number, reason % {"names": names_twice}, entry.key, line, excerpt(names_twice))
        yield from self._entry(entry, line, number)

    def _entry(self, entry, line, number):
        def warned(reason, about=""):
            return Warned(number, reason, entry.key, line, excerpt(about))

        if entry.key and entry.key.lower() in self.keys:
            yield warned(_("The citekey “%(key)s” stands twice in this file.") % {"key": entry.key}, entry.key)
        self.keys.add(entry.key.lower())
        fields, undefined = self._fields(entry)
        for name in undefined:
            reason = _("The abbreviation “%(name)s” is not defined in this file; it was taken as it stands.")
            yield warned(reason % {"name": name}, name)
        for name in fields:
            if name not in _TAKEN and not name.startswith(("bdsk-", "opt", "x-")):
                self.unknown[name] += 1
        missing = self._inherit(entry.entry_type.lower(), fields)
        if missing:
            reason = _("The work “%(key)s”, which it is part of, is not in this file.")
            yield warned(reason % {"key": missing}, missing)
        yield _record(entry.entry_type.lower(), entry.key, fields, number, line)

    def _fields(self, entry):
        """`({name: value}, [abbreviations without a definition])`, the first of a field that stands twice."""
        fields, undefined = {}, []
        for field in entry.fields:
            name = field.key.lower()
            if name not in fields:
                fields[name], missing = self._value(str(field.value))
                undefined += missing
        return fields, undefined

    def _value(self, expression):
        """`("text" # macro # {text} joined, [macros that are not defined])`."""
        expression = expression.strip()
        if _is_one_group(expression):
            return expression[1:-1], []
        parts, missing = [], []
        for part in _concatenated(expression):
            if part[:1] in '{"' and len(part) > 1:
                parts.append(part[1:-1])
            elif part.lower() in self.strings:
                parts.append(self.strings[part.lower()])
            else:
                parts.append(part)
                if part and not part.isdigit():
                    missing.append(part)
        return "".join(parts), missing

    def _inherit(self, kind, fields):
        """Take over what is missing from the parents; gives the key of a parent that is not there."""
        in_book = TYPES.get(kind) in _IN_BOOK
        waiting = [(name, key) for name in ("xdata", "crossref") for key in fields.get(name, "").split(",") if key.strip()]
        seen = set()
        while waiting:
            how, key = waiting.pop(0)
            parent = self.parents.get(key.strip().lower())
            if not parent:
                return key.strip()
            if key.strip().lower() in seen:
                continue
            seen.add(key.strip().lower())
            for name, value in parent.items():
                if how == "xdata" or (name not in _OWN and not (in_book and name == "author")):
                    fields.setdefault(name, value)
            if how == "crossref":
                for name in ("title", "subtitle") if "title" in parent else ():
                    target = ("book" if in_book else "journal") + name
                    if name in parent and (in_book or kind == "article"):
                        fields.setdefault(target, parent[name])
            waiting += [
                (name, key) for name in ("xdata", "crossref") for key in parent.get(name, "").split(",") if key.strip()
            ]
        return ""

    def left_out(self):
        for name, count in sorted(self.unknown.items()):
            reason = ngettext(
                "The field “%(name)s” has no place in the library; it was left out of %(count)d entry.",
                "The field “%(name)s” has no place in the library; it was left out of %(count)d entries.",
                count,
            ) % {"name": name, "count": count}
            yield Warned(0, reason)


def _blocks(piece, line):
    """`(line, block)` for every block of some entries; if the splitter gives up, one entry at a time."""
    try:
        blocks = Splitter(piece).split().blocks
    except Exception as error:
        starts = [found.start() for found in _START.finditer(piece)]
        if len(starts) < 2:
            yield line, ParsingFailedBlock(error, 0, piece)
            return
        for start, end in zip(starts, [*starts[1:], len(piece)], strict=True):
            yield from _blocks(piece[start:end], line + piece.count("\n", 0, start))
        return
    for block in blocks:
        yield line + max(block.start_line or 0, 0), block


def _entry_of(block):
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        block = block.ignore_error_block
    return block if isinstance(block, Entry) else None


def _key_in(raw):
    found = _START.search(raw)
    return found[2] if found else ""


def _reason(block):
    text = str(getattr(block.error, "abort_reason", ""))
    if "end of file" in text:
        return _("The entry is not closed: the file ends inside it.")
    if "Unexpected block start" in text:
        return _("The entry is not closed: another begins inside it. A brace or a quotation mark is missing.")
    if "Expected a `=`" in text:
        return _("A field of the entry has no “=”; perhaps a comma is missing before it.")
    return _("The entry cannot be read. Look for a missing brace, comma or quotation mark.")


def _is_one_group(expression):
    """Whether `{…}` is one pair of braces, the usual case."""
    if not (expression.startswith("{") and expression.endswith("}")):
        return False
    inner = expression[1:-1]
    if "{" not in inner and "}" not in inner:
        return True
    depth = 0
    for found in re.finditer(r"(?<!\\)[{}]", inner):
        depth += 1 if found[0] == "{" else -1
        if depth < 0:
            return False
    return True


def _concatenated(expression):
    """The parts of `a # {b} # "c"`, not split inside of braces or quotation marks."""
    parts, depth, quoted, begin = [], 0, False, 0
    for found in re.finditer(r"(?<!\\)[{}\"#]", expression):
        char = found[0]
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        elif char == '"' and depth == 0:
            quoted = not quoted
        elif char == "#" and depth == 0 and not quoted:
            parts.append(expression[begin : found.start()].strip())
            begin = found.end()
    return [*parts, expression[begin:].strip()]


def _record(kind, key, fields, number, line):
    record = Record(number=number, line=line, citekey=key, type=_type(kind, fields))
    for name, sources in TEXT.items():
        setattr(record, name, _text(fields, *sources))
    for name, sources in VERBATIM.items():
        setattr(record, name, _verbatim(fields, *sources))
    record.language = _text(fields, "language", "langid", "hyphenation")
    record.country = country_code(_text(fields, "country"))
    title = _with_subtitle(fields, "title", "subtitle")
    record.title, record.translated_title = titles.split(title, _language(record), _text(fields, "translatedtitle"))
    record.container = _container(record, fields)
    record.genre = _genre(kind, fields)
    _read_how_published(record, fields)
    record.year, record.month, record.day, record.year_approximate = _date(fields)
    record.pages = pages(_text(fields, "pages", "eid", "articleno"))
    size = _text(fields, "samplesize")
    record.sample_size = int(size) if size.isascii() and size.isdigit() and len(size) < 10 else None
    record.tags = _tags(fields.get("keywords") or fields.get("keyword") or "")
    for role in ROLES:
        found, more = _people(fields.get(role, ""), role)
        record.names += found
        record.authors_incomplete |= more and role == "author"
    _read_eprint(record, fields)
    return record


def _language(record):
    from_name = record.language.strip().lower()
    return "en" if from_name in ("english", "british", "american", "usenglish", "ukenglish") else from_name[:2]


def _text(fields, *names_):
    value = next((fields[name] for name in names_ if fields.get(name)), "")
    return one_line(latex.decode(value))


def _verbatim(fields, *names_):
    """An address as it stands; only the backslashes other programs put before _ % # & ~ go."""
    value = next((fields[name] for name in names_ if fields.get(name)), "")
    value = re.sub(r"\{?\\([_%#&~$])\}?", r"\1", value)
    found = re.fullmatch(r"\s*\\url\s*\{(.*)\}\s*", value, re.S)
    return "".join((found[1] if found else value).strip("{} \t\n").split())


def _type(kind, fields):
    subtype = _text(fields, "entrysubtype").lower()
    if subtype in _SUBTYPES:
        return _SUBTYPES[subtype]
    if kind in TYPES:
        return TYPES[kind]
    how = _text(fields, "howpublished")
    if re.search(r"poster|conference", how, re.I):
        return "paper-conference"
    if _text(fields, "archiveprefix", "eprinttype").lower() == "arxiv":
        return "article"
    return (
        "webpage"
        if fields.get("url") or "\\url" in fields.get("howpublished", "") or _HOW_WEB.fullmatch(how)
        else "document"
    )


def _with_subtitle(fields, title, subtitle):
    main, sub = _text(fields, title), _text(fields, subtitle)
    return f"{main}{' ' if main.endswith(('?', '!', ':', '.')) else ': '}{sub}" if main and sub else main or sub


def _container(record, fields):
    journal = _with_subtitle(fields, "journaltitle" if fields.get("journaltitle") else "journal", "journalsubtitle")
    book = _with_subtitle(fields, "booktitle", "booksubtitle")
    return book or journal if record.type in _IN_BOOK else journal or book


def _genre(kind, fields):
    if "type" in fields:
        genre = _text(fields, "type")
        return _GENRES.get(genre.lower(), genre)
    return _ENTRY_GENRES.get(kind, "")


def _read_how_published(record, fields):
    """`howpublished` says anything: an address, a kind (“Poster”), “Web site”, where a page appeared, who published."""
    raw = fields.get("howpublished", "")
    how = _text(fields, "howpublished")
    address = re.search(r"https?://[^\s{}]+", _verbatim({"h": raw}, "h") if "\\url" in raw else how)
    if address:
        record.url = record.url or address[0]
    elif not how or _HOW_WEB.fullmatch(how):
        return
    elif _HOW_GENRE.fullmatch(how):
        record.genre = record.genre or how
    elif record.type in ("webpage", "post-weblog"):
        record.container = record.container or how
    else:
        record.publisher = record.publisher or how


def _read_eprint(record, fields):
    if _text(fields, "eprinttype", "archiveprefix").lower() in ("pubmed", "pmid", "medline"):
        record.pmid = record.pmid or _text(fields, "eprint")
    found = re.fullmatch(r"(?:PMID|PubMed(?: ID)?)[:\s]+(\d{1,9})\.?", record.record_note, re.I)
    if found:
        record.pmid, record.record_note = record.pmid or found[1], ""


def _date(fields):
    """`date` of BibLaTeX, or `year` with what `month` and `day` add to it."""
    whole = one_line(fields.get("date", "").strip("{}"))  # its “~” means about, and is no LaTeX
    if whole:
        return dates.parse(whole.split("/")[0] if re.match(r"\d{4}-", whole) else whole)
    found = dates.parse(_text(fields, "year"))
    written = _text(fields, "month")
    month = found.month or dates.month(written)
    day = _text(fields, "day") or next(
        iter(re.findall(r"(?<!\d)\d{1,2}(?!\d)", written if not written.isdigit() else "")), ""
    )
    return dates.checked(
        found.year, month, found.day or (int(day) if re.fullmatch(r"[0-9]{1,2}", day) else None), found.approximate
    )


def _tags(value):
    """Keywords between commas or semicolons; one in braces may have them itself."""
    tags, depth, current = [], 0, []
    for part in re.split(r"((?<!\\)[{},;])", value):
        depth += (part == "{") - (part == "}")
        if part in (",", ";") and depth <= 0:
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
    for text in split_multiple_persons_names(latex.decode(" ".join(value.split()), keep_braces=True)):
        if names.OTHERS.fullmatch(text):
            more = True
            continue
        name = _name(text, role)
        if name:
            found.append(name)
    return found, more


def _name(text, role):
    if _is_one_group(text):
        whole = one_line(latex.plain(text))
        return Name(whole, literal=True, role=role) if whole else None
    parts = parse_single_name_into_parts(text, strict=False)
    family, given, suffix = (
        one_line(latex.plain(" ".join(words).replace("~", " "))) for words in (parts.von + parts.last, parts.first, parts.jr)
    )
    if given and family and "," not in text and text[:1].islower():
        family, given = f"{given} {family}", ""
    if names.is_suffix(given) and not suffix and "," in text:
        given, suffix = "", given
    return Name(family or given, given if family else "", suffix, role=role) if family or given else None


# Writing


def write(records):
    """The records as BibTeX, piece by piece; letters as UTF-8, citekeys kept as far as BibTeX can have them."""
    used = set()
    for number, record in enumerate(records, 1):
        kind, fields = _as_fields(record)
        body = ",\n".join(f"  {name:<12} = {value}" for name, value in fields if value)
        yield f"{'' if number == 1 else chr(10)}@{kind}{{{_free_key(record, number, used)},\n{body}\n}}\n"


def _free_key(record, number, used):
    key = base = re.sub(r"[^\w:.+-]+", "-", record.citekey).strip("-") or f"{NO_KEY}{number}"
    repeated = 1
    while key.lower() in used:
        repeated += 1
        key = f"{base}-{repeated}"
    used.add(key.lower())
    return key


def _as_fields(record):
    kind, subtype = _WRITTEN.get(record.type, _WRITTEN["document"])
    genre = _braced(record.genre)
    if record.type == "thesis":
        if record.genre == MASTERS:
            kind = "mastersthesis"
        genre = genre or "{}" if record.genre not in (MASTERS, DOCTORAL) else ""
    title = titles.joined(record)
    in_book = record.type in _IN_BOOK or not record.type.startswith(("article", "review"))
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
        ("year", _braced(_year(record))),
        ("month", dates.MONTHS[record.month - 1].lower() if record.year and record.month else ""),
        ("day", _braced(str(record.day or "")) if record.year and record.month else ""),
        ("volume", _braced(record.volume)),
        ("number", _braced(record.issue)),
        ("pages", _braced(record.pages).replace("-", "--") if "{}" not in _braced(record.pages) else _braced(record.pages)),
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
        ("keywords", record.tags and f"{{{', '.join(map(_tag, record.tags))}}}"),
        ("note", _braced(record.record_note)),
        ("abstract", _braced(record.abstract)),
    ]


def _braced(text):
    return f"{{{latex.encode(text)}}}" if text else ""


def _address(text):
    """Addresses stand verbatim; a brace in one would end the field."""
    return f"{{{text.replace('{', '%7B').replace('}', '%7D')}}}" if text else ""


def _year(record):
    if record.year is None:
        return ""
    return f"c. {record.year}" if record.year_approximate else str(record.year)


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
    return f"{{{encoded}}}" if "," in text or re.search(r"(?:^|\s)(?:and|others)(?:\s|$)", text, re.I) else encoded
