"""PubMed XML: articles and chapters of the Bookshelf, as PubMed and its E-utilities give them."""

import functools
from collections.abc import Iterator

from django.utils.translation import gettext as _

from . import dates, names, nbib, notices, titles
from .keywords import Keyword
from .languages import to_two
from .records import Name, Notice, Record, Refused, attempt, note
from .source import Source
from .text import pages
from .xmlpieces import elements, text_of, texts_of

_BOOK = "PubmedBookArticle"


def read(text: str | Source) -> Iterator[Record | Notice]:
    """Give every article as a `Record`, and every one that cannot be read as `Refused`."""
    for number, (line, element) in enumerate(elements(text, "PubmedArticle", _BOOK), 1):
        if isinstance(element, Refused):
            yield element
            continue
        if (
            element.find("BookDocument" if element.tag == _BOOK else "MedlineCitation/Article")
            is None
        ):
            yield Refused(number, _("The record describes no article."), line=line)
            continue
        yield attempt(
            functools.partial(_record, element, number, line), number, line, text_of(element)[:400]
        )


def _record(element, number, line):
    record = Record(number=number, line=line, type="article-journal")
    if element.tag == _BOOK:
        _read_book(record, element.find("BookDocument"), element)
    else:
        _read_article(record, element.find("MedlineCitation"), element)
    return record


def _read_article(record, citation, whole):
    article = citation.find("Article")
    journal = article.find("Journal")
    record.pmid = text_of(citation, "PMID")
    record.container = text_of(journal, "Title")
    record.container_short = text_of(citation, "MedlineJournalInfo/MedlineTA") or text_of(
        journal, "ISOAbbreviation"
    )
    record.nlm_id = text_of(citation, "MedlineJournalInfo/NlmUniqueID")
    _read_issn(record, journal, text_of(citation, "MedlineJournalInfo/ISSNLinking"))
    record.volume = text_of(journal, "JournalIssue/Volume")
    record.issue = text_of(journal, "JournalIssue/Issue")
    _date(journal.find("JournalIssue/PubDate") if journal is not None else None).put(record)
    if record.year is None:
        _date(article.find("ArticleDate")).put(record)
    _read_titles(
        record,
        text_of(article, "ArticleTitle"),
        text_of(article, "VernacularTitle"),
        texts_of(article, "Language"),
    )
    record.pages = pages(
        text_of(article, "Pagination/MedlinePgn") or _first_last(article.find("Pagination"))
    )
    record.abstract = _abstract(article.find("Abstract"))
    for people in article.iterfind("AuthorList"):
        _read_people(record, people)
    nbib.read_types(record, texts_of(article, "PublicationTypeList/PublicationType"))
    _read_ids(record, article, whole.find("PubmedData/ArticleIdList"))
    record.keywords = [*_headings(citation), *_keywords(citation)]
    for said in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        notices.read_pubmed(
            record,
            said.get("RefType", ""),
            text_of(said, "RefSource"),
            text_of(said, "PMID"),
        )
    note(record, *texts_of(article, "AuthorList/Author/AffiliationInfo/Affiliation"))


def _read_issn(record, journal, linking):
    found = {} if journal is None else {
        text_of(each): each.get("IssnType", "").casefold() for each in journal.iterfind("ISSN")
    }  # fmt: skip
    if linking:
        found.setdefault(linking, "linking")
    record.issn, record.issn_kinds = " ".join(found), " ".join(filter(None, found.values()))


def _read_book(record, document, whole):
    book = document.find("Book")
    book_title = text_of(book, "BookTitle")
    record.pmid = text_of(document, "PMID")
    own, vernacular = text_of(document, "ArticleTitle"), text_of(document, "VernacularTitle")
    record.type = "chapter" if own else "book"
    record.container = titles.without_stop(book_title) if own else ""
    _read_titles(record, own or book_title, vernacular, texts_of(document, "Language"))
    record.publisher = text_of(book, "Publisher/PublisherName")
    record.place = text_of(book, "Publisher/PublisherLocation")
    record.edition, record.volume = text_of(book, "Edition"), text_of(book, "Volume")
    record.isbn = next(iter(texts_of(book, "Isbn")), "")
    record.pages = pages(
        text_of(document, "Pagination/MedlinePgn") or _first_last(document.find("Pagination"))
    )
    record.abstract = _abstract(document.find("Abstract"))
    for path in ("ContributionDate", "Book/PubDate", "Book/BeginningDate"):
        if record.year is None:
            _date(document.find(path)).put(record)
    for people in [*document.iterfind("AuthorList"), *document.iterfind("Book/AuthorList")]:
        _read_people(record, people)
    nbib.read_types(
        record,
        [kind for kind in texts_of(document, "PublicationType") if kind.lower() in nbib.DESIGNS],
    )
    _read_ids(
        record, document, document.find("ArticleIdList"), whole.find("PubmedBookData/ArticleIdList")
    )
    record.keywords = _keywords(document)


def _read_titles(record, title, vernacular, languages):
    record.language = "; ".join(filter(None, map(to_two, languages)))
    title, translated, language = titles.medline(title)
    own = titles.without_stop(vernacular)
    record.language = record.language or language
    record.title, record.translated_title = (
        (own, translated or title) if own else (title, translated)
    )


def _date(element):
    """Year, Month (“Mar” or “03”) and Day, or Season, or the free text of MedlineDate."""
    if element is None:
        return dates.Date()
    free = text_of(element, "MedlineDate")
    if free:
        return dates.parse(free)
    year = dates.parse(text_of(element, "Year"))
    day = text_of(element, "Day")
    month = dates.month(text_of(element, "Month"))
    day = int(day) if day.isascii() and day.isdigit() and len(day) < 3 else None
    return dates.checked(
        year.year, month, day, year.approximate, dates.season(text_of(element, "Season"))
    )


def _first_last(pagination):
    return (
        "-".join(filter(None, (text_of(pagination, "StartPage"), text_of(pagination, "EndPage"))))
        if pagination is not None
        else ""
    )


def _abstract(element):
    """The parts of a structured abstract in one run: “METHODS: …”."""
    if element is None:
        return ""
    parts = []
    for part in element.iterfind("AbstractText"):
        label, text = " ".join(part.get("Label", "").split()), text_of(part)
        if text:
            parts.append(f"{label}: {text}" if label and label.upper() != "UNLABELLED" else text)
    return " ".join(parts)


def _read_people(record, people):
    role = "editor" if people.get("Type") == "editors" else "author"
    for person in people.iterfind("Author"):
        if person.get("ValidYN") == "N":
            continue
        family, organisation = text_of(person, "LastName"), text_of(person, "CollectiveName")
        given = text_of(person, "ForeName") or " ".join(
            f"{letter}." for letter in text_of(person, "Initials")
        )
        if family and not names.OTHERS.fullmatch(family):
            record.names.append(Name(family, given, text_of(person, "Suffix"), role=role))
        elif organisation:
            record.names.append(Name(organisation, literal=True, role=role))
    if people.get("CompleteYN") == "N" and role == "author":
        record.authors_incomplete = True


def _read_ids(record, article, *lists):
    """The identifiers of the article itself; those of the works it cites stand elsewhere."""
    for element in article.iterfind("ELocationID"):
        value = text_of(element)
        if element.get("ValidYN") == "N" or not value:
            continue
        if element.get("EIdType") == "doi":
            record.doi = record.doi or value
        elif not record.pages and len(value) < 10 and value.isalnum():
            record.pages = value
    for element in [
        found for group in lists if group is not None for found in group.iterfind("ArticleId")
    ]:
        name = {"doi": "doi", "pmc": "pmcid", "pubmed": "pmid"}.get(element.get("IdType", ""))
        if name and not getattr(record, name):
            setattr(record, name, text_of(element))


def _keywords(element):
    words = [word.rstrip(".") for word in texts_of(element, "KeywordList/Keyword")]
    return [Keyword(word, "author") for word in dict.fromkeys(filter(None, words))]


def _headings(citation):
    """MeSH with its aspects; Y says what the article is mainly about."""
    found = []
    for heading in citation.iterfind("MeshHeadingList/MeshHeading"):
        parts = [*heading.iterfind("DescriptorName"), *heading.iterfind("QualifierName")]
        term, *qualifiers = [text_of(part) for part in parts] or [""]
        if term:
            major = [text_of(part) for part in parts if part.get("MajorTopicYN") == "Y"]
            starred = tuple(part for part in qualifiers if part in major)
            found.append(Keyword(term, "mesh", tuple(qualifiers), bool(major), starred))
    return found
