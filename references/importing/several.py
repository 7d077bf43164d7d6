"""Several DOIs, PMIDs and ISBNs pasted at once: each is looked up, and what is found is shown as
the records of a file are."""

import re
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from publishing import limits

from .. import identifiers
from ..formats import Refused
from ..vocabulary import CSLType
from . import lookup
from .http import LookupFailed, NotFound

MOST = 20  # a second each, for a library is asked once a second
LONGEST = 4000
_ISBN = re.compile(r"(?:isbn(?:-1[03])?[:\s]*)?(?:97[89][\s-]?)?(?:\d[\s-]?){9}[\dXx]", re.I)
_PMID = re.compile(r"(?:pmid|pubmed)?[:\s]*\d{1,8}|https?://\S*(?:pubmed|ncbi)\S*", re.I)
_DOI = re.compile(r"\S*10\.\d{4,9}/\S+|doi[:\s]+10\.\d{4,9}/\S+", re.I)
_LABEL = re.compile(r"\b(?:pmid|doi|isbn(?:-1[03])?)(?:\s*:\s*|\s+)", re.I)
_LOOKED_UP = (("doi", identifiers.doi), ("pmid", identifiers.pmid))
_KINDS = ((_ISBN, identifiers.isbn), (_DOI, identifiers.doi), (_PMID, identifiers.pmid))


def numbers(text):
    """The numbers of a text that has two or more and nothing else, each once; else none."""
    found = []
    for line in text[: LONGEST + 1].splitlines():
        line = line.strip(" \t,;")
        if line and not _is_number(line):
            bare = _LABEL.sub("", line)
            found += [piece for piece in re.split(r"[\s,;]+", bare) if piece]
        elif line:
            found.append(line)
    if len(text) > LONGEST or len(found) < 2 or not all(map(_is_number, found)):
        return []
    return list(dict.fromkeys(found))


def _is_number(text):
    return any(kind.fullmatch(text) and _is(clean, text) for kind, clean in _KINDS)


def _is(clean, text):
    try:
        return bool(clean(text))
    except identifiers.BadIdentifier:
        return False


def by_hand(text):
    """The address of an empty form that has the number of `text`, where nobody could say what it is
    of; "" for what is no number."""
    for name, clean in (("isbn", identifiers.isbn), *_LOOKED_UP):
        if _is(clean, text) and (name != "isbn" or _ISBN.fullmatch(text)):
            kind = CSLType.BOOK if name == "isbn" else CSLType.ARTICLE_JOURNAL
            values = urlencode({"type": kind, name: clean(text)})
            return f"{reverse('admin:references_reference_add')}?{values}"
    return ""


def find(found, request):
    """A `Record`, or a `Refused` with why, for each number. Where a library does not answer, the
    rest is not asked for: nobody waits for it twenty times."""
    away = ""
    for at, number in enumerate(found, 1):
        refusal = None if away else limits.hit("look-ups", request)
        away = away or (str(refusal) if refusal else "")
        try:
            if away:
                raise NotFound(away)
            is_book = _ISBN.fullmatch(number) and _is(identifiers.isbn, number)
            record = (lookup.find_book if is_book else lookup.find)(number)
        except LookupFailed as error:
            away = away or ("" if isinstance(error, NotFound) else str(error))
            yield Refused(at, str(error), line=at, excerpt=number)
        else:
            record.number = record.line = at
            yield record


def too_many():
    return _(
        "That is more than %(count)d numbers. Take the first %(count)d, and the rest after them."
    ) % {"count": MOST}
