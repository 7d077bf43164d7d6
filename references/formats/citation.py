"""One citation as a paper's list of references prints it, read by rule: Vancouver, AMA, APA and
Harvard-like shapes. What is not certain is said, for the author to correct."""

import re
from dataclasses import dataclass, field

from . import names
from .records import Name, Record

LONGEST = 2000
MONTHS = {
    name: number
    for number, name in enumerate(
        "jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1
    )
} | {"ene": 1, "abr": 4, "ago": 8, "dic": 12}
_NUMBERED = re.compile(r"^\s*(?:\[\d{1,4}\]|\(\d{1,4}\)|\d{1,4}[.)])\s+")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)?(10\.\d{4,9}/[^\s\"<>]+)", re.I)
_PMID = re.compile(r"\b(?:PubMed\s+)?PMID:?\s*(\d{1,9})\b\.?", re.I)
_PMCID = re.compile(r"\b(?:PMCID:?\s*)?(PMC\d{1,9})\b\.?", re.I)
_ISBN = re.compile(r"\bISBN(?:-1[03])?:?\s*([\d-]{9,17}[\dXx])\b\.?", re.I)
_URL = re.compile(r"https?://[^\s<>\"]+", re.I)
_CHAFF = re.compile(
    r"\[(?:internet|online|cited [^\]]{0,40}|accessed [^\]]{0,40}|citado [^\]]{0,40})\]"
    r"|\b(?:available (?:from|at)|retrieved from|disponible en|epub ahead of print)\b:?"
    r"|\bEpub \d{4}(?: \w{3,9})?(?: \d{1,2})?\.?",
    re.I,
)
_YEAR = r"(?P<year>1[5-9]\d\d|20\d\d)[a-z]?"
# “Copeman, W. S. C. (1944, May 3). ”, “Copeman, W.S.C., 1944. ”
_YEAR_AFTER_PEOPLE = re.compile(
    rf"^(?P<people>.{{2,1500}}?)[,.]?\s+(?:\({_YEAR}(?:,\s*(?P<month>\w{{3,12}})[^)]{{0,12}})?\)"
    rf"|(?<=[.,] ){_YEAR.replace('year', 'plain')}(?=[.:,]\s))[.:,]?\s+"
)
_PLACE_IN_JOURNAL = re.compile(
    r"(?P<year>1[5-9]\d\d|20\d\d)(?:\s+(?P<month>[A-Z][a-z]{2})[a-z]*\.?)?(?:\s*(?P<day>\d{1,2}))?"
    r"\s*[;,]\s*(?P<volume>[^():;]{0,30}?)\s*(?:\((?P<issue>[^()]{1,30})\))?\s*"
    r"(?::\s*(?P<pages>[A-Za-z]{0,3}\d[\w\s.,;&–-]{0,60}?))?\s*\.?\s*$"
)
_VOLUME_AND_PAGES = re.compile(
    r"[,.]?\s+(?:vol(?:\.|ume)?\s*)?(?P<volume>\d{1,5}[A-Z]?)"
    r"(?:\s*\((?P<issue>[^()]{1,30})\)|,\s*(?:no|núm|n)\.?\s*(?P<number>[\w/-]{1,10}))?"
    r"(?:\s*[,:]\s*(?:pp?\.?\s*|págs?\.?\s*|art(?:icle|\.)\s*)?"
    r"(?P<pages>[A-Za-z]{0,3}\d[\w–-]{0,20}))?"
    r"\s*\.?\s*$"
)
_IMPRINT = re.compile(
    r"(?:^|[.,]\s+)(?P<place>[^\W\d][^:.;]{1,60}(?:,\s[A-Z]{2})?):\s+(?P<publisher>[^;:]{2,80}?)"
    r"(?:[;,]\s*(?P<year>1[5-9]\d\d|20\d\d))?\s*\.?\s*"
    r"(?:p(?:p|ágs?)?\.\s*(?P<pages>[\w–-]{1,30}))?\.?\s*$"
)
_IN_BOOK = re.compile(r"[.?!,]\s+(?:In|En|Dins|A):?\s+(?=[A-ZÀ-Ý])")
_EDITORS = re.compile(
    r"^(?P<people>.{2,300}?)[,.]?\s*"
    r"(?:\((?:Eds?|Ed|Coords?)\.?\)|\b(?:editors?|eds?|editores)\b)[.,]*\s+"
)
_ARE_EDITORS = re.compile(r",?\s*(?:\(\s*)?\b(?:eds?|editors?|editores)\b\.?\)?$", re.I)
_THESIS = re.compile(
    r"\s*\[([^\]]{0,40}\b(?:thesis|tesis|tesi|dissertation|doctoral)[^\]]{0,40})\]", re.I
)
_EDITION = re.compile(
    r"[,.(]?\s*\b(?P<edition>\d{1,2})(?:st|nd|rd|th|\.?ª|a)?\s+ed(?:n|ition|ición|ició)?\b\.?\)?"
)
_SENTENCE = re.compile(
    r"(?<=[^\W\d_]{2})[.]\s+|(?<=\ds)[.]\s+|(?<=[\d\])”\"'’])[.]\s+|(?<=[?!])\s+"
)
_INITIALS = re.compile(r"(?:[A-ZÀ-Ý]{1,2}\.?[\s-]*){1,5}")
_ENDS_IN_INITIALS = re.compile(
    r"\s[A-ZÀ-Ý](?:-?[A-ZÀ-Ý]){0,3}(?:\s(?:Jr|Sr|II|III|2nd|3rd|\dth))?\.?$"
)
_ET_AL = re.compile(
    r",?\s*(?:&|and)?\s*\bet al\b\.?|,?\s*\b(?:and others|y cols?|i cols?)\b\.?", re.I
)
# Up to the first full stop that ends no initials of a person: “Copeman WSC, Ackerman WL. ”
_SENTENCE_OF_PEOPLE = re.compile(
    r"(.{2,1500}?(?:[A-ZÀ-Ý]|\bal|[a-zà-ÿ]{2}|\)))[.:]\s+(?=[\[“\"'¿¡A-ZÀ-Ý\d])"
)


@dataclass
class Read:
    """What was read of a citation, and the names of the fields that are guesses."""

    record: Record
    unsure: set[str] = field(default_factory=set)


def read(text: str) -> Read:
    """The record of one citation. Never fails: what no rule fits is all title, and unsure."""
    found = Read(Record(type="article-journal"))
    rest = _NUMBERED.sub("", " ".join(text[:LONGEST].split()))
    rest = _identifiers(found.record, rest)
    shape = _YEAR_AFTER_PEOPLE.match(rest)
    if shape and read_people(shape["people"])[0]:
        _year_first(found, shape, rest[shape.end() :])
    else:
        _people_then_title(found, rest)
    record = found.record
    record.title = record.title.strip(" .,")
    if len(record.title) > 2 and record.title[0] + record.title[-1] in ('""', "“”", "''", "‘’"):
        record.title = record.title[1:-1].strip(" .,")
    record.container = record.container.strip(" .,")
    if thesis := _THESIS.search(record.title):
        record.type, record.genre = "thesis", thesis[1]
        record.title = _THESIS.sub("", record.title).strip(" .,")
    if not record.year:
        found.unsure.add("year")
    if not record.names:
        found.unsure.add("authors")
    if not record.title:
        record.title, record.container = record.container or rest.strip(), ""
        found.unsure.add("title")
    if not record.container and record.type == "article-journal":
        found.unsure |= {"title", "container", "type"}
    return found


def _identifiers(record: Record, text: str) -> str:
    """The text without the numbers and addresses in it, which go into the record."""
    for pattern, name in ((_DOI, "doi"), (_PMID, "pmid"), (_PMCID, "pmcid"), (_ISBN, "isbn")):
        if match := pattern.search(text):
            setattr(record, name, match[1].rstrip(".,;)"))
            text = f"{text[: match.start()]} {text[match.end() :]}"
    if match := _URL.search(text):
        record.url = match[0].rstrip(".,;)")
        text = f"{text[: match.start()]} {text[match.end() :]}"
    text = " ".join(_CHAFF.sub(" ", text).split())
    return re.sub(r"(?:\s?[;.,]){2,}$", ".", text)


def _year_first(found: Read, shape: re.Match[str], rest: str) -> None:
    """APA and Harvard: people, year, title, where."""
    record = found.record
    record.year = int(shape["year"] or shape["plain"])
    record.month = MONTHS.get((shape["month"] or "")[:3].lower())
    people, sure, more = read_people(shape["people"])
    record.names, record.authors_incomplete = people, more
    if not sure:
        found.unsure.add("authors")
    inside = _IN_BOOK.search(rest)
    if inside:
        record.title = rest[: inside.start() + 1]
        return _in_book(found, rest[inside.end() :])
    quoted = re.match(r"[‘“'\"](.{5,400}?)(?:[,.?!][’”'\"]|[’”'\"][,.])\s+", rest)
    place = _VOLUME_AND_PAGES.search(rest)
    if quoted:
        record.title, where = quoted[1], rest[quoted.end() :]
    else:
        pieces = _SENTENCE.split(rest, maxsplit=1)
        record.title, where = pieces[0], pieces[1] if len(pieces) > 1 else ""
        if len(_SENTENCE.split(rest)) > 2:
            found.unsure.add("title")
    if place and where:
        return _in_journal(found, where)
    return _imprint(found, where)


def _in_journal(found: Read, where: str) -> None:
    record, place = found.record, _VOLUME_AND_PAGES.search(where)
    if not place:
        return _imprint(found, where)
    record.container = where[: place.start()]
    record.volume = place["volume"]
    record.issue = place["issue"] or place["number"] or ""
    record.pages = place["pages"] or ""
    return None


def _people_then_title(found: Read, rest: str) -> None:
    """Vancouver and AMA: people, title, journal, year, volume."""
    record = found.record
    sentence = _SENTENCE_OF_PEOPLE.match(rest)
    if sentence:
        who = _ARE_EDITORS.sub("", sentence[1])
        role = "author" if who == sentence[1] else "editor"
        people, sure, more = read_people(who, role)
        if people:
            record.names, record.authors_incomplete = people, more
            rest = rest[sentence.end() :]
            if not sure:
                found.unsure.add("authors")
    inside = _IN_BOOK.search(rest)
    if inside:
        record.title = rest[: inside.start() + 1]
        return _in_book(found, rest[inside.end() :])
    place = _PLACE_IN_JOURNAL.search(rest)
    if place:
        return _title_and_journal(found, rest[: place.start()].strip(), place)
    title, *others = _SENTENCE.split(rest, maxsplit=1)
    record.title = title
    return _imprint(found, others[0] if others else "")


def _title_and_journal(found: Read, words: str, place: re.Match[str]) -> None:
    record = found.record
    record.title, *others = _SENTENCE.split(words, maxsplit=1)
    record.container = others[0] if others else ""
    further = _SENTENCE.split(record.container.strip(" ."))
    if len(further) > 1 and all(len(each) > 12 for each in further):
        # A title of two sentences; the last stands for the journal.
        record.title = f"{record.title}. {'. '.join(further[:-1])}"
        record.container = further[-1]
        found.unsure |= {"title", "container"}
    record.year = int(place["year"])
    record.month = MONTHS.get((place["month"] or "")[:3].lower())
    day = int(place["day"]) if place["day"] and record.month else 0
    record.day = day if 1 <= day <= 31 else None
    record.volume = place["volume"].strip()
    record.issue, record.pages = place["issue"] or "", (place["pages"] or "").strip()


def _in_book(found: Read, where: str) -> None:
    record = found.record
    record.type = "chapter"
    editors = _EDITORS.match(where)
    if editors:
        people, sure, _more = read_people(editors["people"], "editor")
        record.names = [*record.names, *people]
        where = where[editors.end() :]
        if not sure:
            found.unsure.add("editors")
    pages = re.search(r"\bpp?\.\s*([\w–-]{1,30})", where)
    if pages:
        record.pages = pages[1]
        where = f"{where[: pages.start()].rstrip(' ,')}{where[pages.end() :]}"
    found.unsure.add("container")
    in_brackets = re.match(r"(?P<book>[^()]{3,300}?)\s*\((?P<more>[^()]{0,60})\)[.,]?\s*", where)
    if not in_brackets or not (pages or _EDITION.search(in_brackets["more"])):
        return _imprint(found, where.strip())
    edition = _EDITION.search(in_brackets["more"])
    record.edition = edition["edition"] if edition else ""
    record.container = in_brackets["book"]
    rest = where[in_brackets.end() :]
    imprint = _IMPRINT.search(rest)
    if imprint:
        record.place, record.publisher = imprint["place"], imprint["publisher"].strip(" .")
    else:
        record.publisher = rest.strip(" .")
    return None


def _imprint(found: Read, where: str) -> None:
    """Edition, place, publisher and year of a book; what is left names it."""
    record = found.record
    book = record.type == "chapter"
    edition = _EDITION.search(where) or _EDITION.search(record.title)
    if edition:
        record.edition = edition["edition"]
        if edition.string == where:
            where = f"{where[: edition.start()]}. {where[edition.end() :].lstrip(' .,')}".strip(
                ". "
            )
        else:
            record.title = record.title[: edition.start()]
    imprint = _IMPRINT.search(where)
    if imprint:
        record.place, record.publisher = imprint["place"].strip(), imprint["publisher"].strip(" .")
        record.year = record.year or (int(imprint["year"]) if imprint["year"] else None)
        if imprint["pages"] and not record.pages:
            record.pages = imprint["pages"]
        where = where[: imprint.start()]
    elif year := re.search(r"[;,.]?\s*\b(1[5-9]\d\d|20\d\d)\b\.?\s*$", where):
        record.year = record.year or int(year[1])
        where = where[: year.start()]
        if where and not book:
            record.publisher, where = where.strip(" .,"), ""
            found.unsure.add("publisher")
    elif where and not book and (edition or record.isbn):
        record.publisher, where = where.strip(" .,"), ""
        found.unsure.add("publisher")
    if book:
        record.container = where
    elif record.publisher or edition or record.isbn:
        record.type = "book"
        found.unsure.add("type")
        if where.strip(" ."):
            record.title = f"{record.title}. {where}"
            found.unsure.add("title")
    elif record.url and not where:
        record.type = "webpage"
        found.unsure.add("type")
    else:
        record.container = where


def read_people(text: str, role: str = "author") -> tuple[list[Name], bool, bool]:
    """`(names, whether all are read for certain, whether “et al.” ends them)`."""
    more = bool(_ET_AL.search(text))
    text = _ET_AL.sub("", text).strip(" ,.;")
    whole = names.person(text, role) if "," not in text and ";" not in text else None
    if whole and whole.literal and not _ENDS_IN_INITIALS.search(text) and len(text) <= 120:
        return [whole], False, more
    if ";" in text:
        pieces = [piece.strip() for piece in text.split(";")]
    else:
        text = re.sub(r",?\s+(?:&|and|und)\s+|\s+[yi]\s+(?=[^\W\d_]+,? [A-Z]\.?)", ", ", text)
        pieces = _paired([piece.strip() for piece in text.split(",")])
    found, sure = [], True
    for piece in filter(None, pieces):
        if len(piece) > 120:
            return [], False, more
        known = "," in piece or bool(_ENDS_IN_INITIALS.search(piece))
        sure = sure and known
        first = re.match(r"(?:[A-ZÀ-Ý]\.[\s-]?){1,4}\s?(?=[^\W\d_]{2})", piece)
        name = names.natural(piece, role) if first else names.person(piece, role, shortened=True)
        if name:
            found.append(name)
    # A sentence is no list of people: most of them must look like one.
    likely = [name for name in found if name.given or name.literal]
    if found and len(likely) * 2 < len(found) and not more:
        return [], False, more
    if len(found) == 1 and not found[0].given and len(found[0].family.split()) > 4:
        return [], False, more
    return found, sure, more


def _paired(pieces: list[str]) -> list[str]:
    """“Copeman”, “W. S. C.”, “Ackerman”, “W.” → “Copeman, W. S. C.”, “Ackerman, W.”"""
    joined: list[str] = []
    for piece in pieces:
        if joined and (
            (_INITIALS.fullmatch(piece) and " " not in joined[-1].replace(" de ", ""))
            or (_INITIALS.fullmatch(piece) and "." in piece)
            or names.is_suffix(piece)
        ):
            joined[-1] = f"{joined[-1]}, {piece}"
        else:
            joined.append(piece)
    return joined
