"""A work by its DOI or PMID, as Crossref or PubMed describe it. An aid: it fills a form, and
nothing waits for it."""

import json
import re
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from publishing import clock

from .. import formats, identifiers
from ..formats import names
from ..models import LookupAnswer, LookupTurn
from . import http
from .http import LookupFailed, NotFound

__all__ = ["LookupFailed", "NotFound", "answer", "find", "find_book", "readable"]

KEPT, KEPT_UNKNOWN = timedelta(days=30), timedelta(hours=12)
# Both libraries allow more; nobody needs more by hand.
PAUSE = timedelta(seconds=1)
FURTHEST = timedelta(minutes=1)  # no turn is so far away, but by a clock that ran ahead
LONGEST_WAIT = 5
TYPES = {
    "journal-article": "article-journal", "book-chapter": "chapter", "book-section": "chapter",
    "book-part": "chapter",
    "reference-entry": "entry", "monograph": "book", "edited-book": "book",
    "reference-book": "book", "book": "book",
    "proceedings-article": "paper-conference", "dissertation": "thesis", "report": "report",
    "posted-content": "article",
    "dataset": "dataset", "peer-review": "review",
}  # fmt: skip

_one_at_a_time = threading.Lock()


def find(text):
    """The `Record` for a DOI or PMID as somebody typed it; raises `LookupFailed` in plain words."""
    kind, number = _what(text)
    return _by_doi(number) if kind == "doi" else _by_pmid(number)


def find_book(text):
    """The `Record` of a book by its ISBN, as Open Library describes it; raises `LookupFailed`."""
    isbn = identifiers.isbn(text)
    query = {"bibkeys": f"ISBN:{isbn}", "format": "json", "jscmd": "data"}
    body = answer(f"{settings.OPENLIBRARY_URL}/api/books?{urlencode(query)}", "")
    with readable():
        book = json.loads(body).get(f"ISBN:{isbn}")
        item = from_openlibrary(book, isbn) if book else None
    if item is None:
        raise NotFound(_("The library does not know this number."))
    return _only(json.dumps([item]).encode())


def from_openlibrary(book, isbn):
    """Open Library's description of a book as a CSL-JSON item."""
    title, subtitle = book.get("title") or "", book.get("subtitle") or ""
    year = re.search(r"\b(1[4-9]\d\d|20\d\d)\b", str(book.get("publish_date") or ""))
    return {
        "id": "",
        "type": "book",
        "title": f"{title}: {subtitle}" if subtitle else title,
        "author": [_as_person(each.get("name")) for each in book.get("authors") or []],
        "publisher": _name_of(book.get("publishers")),
        "publisher-place": _name_of(book.get("publish_places")),
        "issued": {"date-parts": [[int(year[1])]]} if year else None,
        "number-of-pages": book.get("number_of_pages"),
        "ISBN": isbn,
    }


def _as_person(name):
    found = names.person(str(name or ""))
    if found is None or found.literal:
        return {"literal": str(name or "")}
    return {"family": found.family, "given": found.given, "suffix": found.suffix}


def _name_of(rows):
    return str(rows[0].get("name") or "") if rows else ""


def _what(text):
    text = text.strip()[:400]
    kind = "doi" if re.search(r"10\.\d{4,9}/", text) else "pmid"
    try:
        number = getattr(identifiers, kind)(text)
    except identifiers.BadIdentifier:
        number = ""
    if not number:
        raise LookupFailed(_("Give a DOI (10.1136/ard.11.1.30) or a PMID (14895157)."))
    return kind, number


def _by_doi(doi):
    query = f"?{urlencode({'mailto': settings.LOOKUP_CONTACT})}" if settings.LOOKUP_CONTACT else ""
    body = answer(f"{settings.CROSSREF_URL}/works/{quote(doi, safe='')}", query)
    try:
        message = json.loads(body)["message"]
        item = from_crossref(message)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _garbage() from error
    return _only(json.dumps([item]).encode(), doi=doi)


def _by_pmid(pmid):
    contact = (
        {"tool": "living-review", "email": settings.LOOKUP_CONTACT}
        if settings.LOOKUP_CONTACT
        else {}
    )
    query = {"db": "pubmed", "id": pmid, "retmode": "xml"}
    body = answer(
        f"{settings.EUTILS_URL}/efetch.fcgi?{urlencode(query)}",
        f"&{urlencode(contact)}" if contact else "",
    )
    if "<PubmedArticle" not in body and "<PubmedBookArticle" not in body:
        if "<PubmedArticleSet" in body:
            raise NotFound(_("Crossref or PubMed do not know this number."))
        raise _garbage()
    return _only(body.encode(), pmid=pmid)


def _only(data, **asked):
    """The one record of an answer, which must be the one asked for."""
    records = formats.parse(data).records
    if not records:
        raise _garbage()
    record = records[0]
    for name, value in asked.items():
        try:
            found = getattr(identifiers, name)(getattr(record, name))
        except identifiers.BadIdentifier:
            found = ""
        if found and found != value:
            raise LookupFailed(
                _("Crossref or PubMed answered with another work (%(number)s).") % {"number": found}
            )
        setattr(record, name, value)
    record.citekey = ""
    return record


@contextmanager
def readable():
    """Whatever is not as expected in an answer is said in plain words."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _garbage() from error


def _garbage():
    return LookupFailed(_("The answer of Crossref or PubMed cannot be read."))


def answer(address, courtesy):
    """The text at an address, from what we keep or from there; `courtesy` says who asks and changes
    no answer."""
    kept = LookupAnswer.objects.filter(address=address[:600]).first()
    if kept and kept.fetched > timezone.now() - (KEPT if kept.found else KEPT_UNKNOWN):
        if not kept.found:
            raise NotFound(_("Crossref or PubMed do not know this number."))
        return kept.body
    with _one_at_a_time:
        take_turn(urlsplit(address).hostname or "")
        try:
            body = (
                http.get(address + courtesy, headers())
                .decode("utf-8", errors="replace")
                .replace("\0", "")
            )
        except NotFound:
            _keep(address, "", found=False)
            raise
    _keep(address, body, found=True)
    return body


def headers():
    contact = settings.LOOKUP_CONTACT
    who = f"{settings.SITE_URL}; mailto:{contact}" if contact else settings.SITE_URL
    return {
        "User-Agent": f"LivingReview/1.0 ({who})",
        "Accept": "application/json, application/xml;q=0.9",
    }


def _keep(address, body, *, found):
    LookupAnswer.objects.filter(fetched__lt=timezone.now() - KEPT).delete()
    values = {"body": body, "found": found, "fetched": timezone.now()}
    LookupAnswer.objects.update_or_create(address=address[:600], defaults=values)


def take_turn(host, pause=None):
    """Wait until the host may be asked again; all processes share the row."""
    patience = time.monotonic() + LONGEST_WAIT
    while True:
        with transaction.atomic():
            LookupTurn.objects.get_or_create(host=host, defaults={"free_at": timezone.now()})
            now = timezone.now()
            free = LookupTurn.objects.filter(clock.over("free_at", now, FURTHEST), host=host)
            if free.update(free_at=now + (PAUSE if pause is None else pause)):
                return
        if time.monotonic() > patience:
            raise LookupFailed(
                _("Others are asking Crossref or PubMed at the moment. Try again in a few seconds.")
            )
        time.sleep(0.1)


def from_crossref(message):
    """Crossref's description as a CSL-JSON item: lists made single, its kinds and names those of
    CSL."""
    title = _first(message.get("title"))
    subtitle = _first(message.get("subtitle"))
    if title and subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title}: {subtitle}"
    event = message.get("event") if isinstance(message.get("event"), dict) else {}
    return {
        "id": "",
        "type": TYPES.get(message.get("type"), "document"),
        "title": _plain(title),
        "original-title": _plain(_first(message.get("original-title"))),
        "container-title": _plain(_first(message.get("container-title"))),
        "container-title-short": _plain(_first(message.get("short-container-title"))),
        "issued": (
            message.get("published-print")
            or message.get("issued")
            or message.get("published-online")
        ),
        "volume": message.get("volume"),
        "issue": message.get("issue"),
        "page": message.get("page") or message.get("article-number"),
        "edition": message.get("edition-number"),
        "publisher": (
            message.get("publisher") if not str(message.get("type")).startswith("journal") else ""
        ),
        "publisher-place": message.get("publisher-location"),
        "event-title": event.get("name"),
        "DOI": message.get("DOI"),
        "ISBN": _first(message.get("ISBN")),
        "ISSN": " ".join(map(str, message.get("ISSN") or [])),
        "language": message.get("language"),
        "abstract": _plain(message.get("abstract")),
        **{name: message.get(name) for name in ("updated-by", "update-to", "relation")},
        **{
            role: [_person(each) for each in message.get(role) or []]
            for role in ("author", "editor", "translator")
        },
    }


def _first(value):
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, str) else ""


def _plain(value):
    """Without the tags of JATS; a heading of the abstract that says only “Abstract” goes."""
    text = strip_tags(re.sub(r"</?jats:(?:title|p|sec)[^>]*>", " ", value or ""))
    return " ".join(unescape(re.sub(r"^\s*Abstract\b[:.]?\s*", "", text)).split())


def _person(person):
    if person.get("name"):
        return {"literal": person["name"]}
    return {name: person[name] for name in ("family", "given", "suffix") if person.get(name)}
