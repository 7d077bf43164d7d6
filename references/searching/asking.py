"""Asks a source one thing, within its limits, and says in words what goes wrong."""

import json
import logging
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from ..importing import http, lookup
from ..importing.http import LookupFailed, TooLong

log = logging.getLogger(__name__)
MOST_BYTES = 30 * 1024 * 1024  # two hundred records of PubMed are three or four
# What each allows, and a little less.
PAUSES = {
    "pubmed": timedelta(seconds=0.4),
    "europepmc": timedelta(seconds=1),
    "crossref": timedelta(seconds=1),
    "openalex": timedelta(seconds=0.2),
    "opencitations": timedelta(seconds=0.4),
}
WITH_KEY = timedelta(seconds=0.11)


class SearchFailed(Exception):
    """Says in plain words why a source gave nothing; `lasting`: asking again would not help;
    `unknown`: it has nothing at that address."""

    def __init__(self, words, *, lasting=False, unknown=False):
        super().__init__(words)
        self.lasting, self.unknown = lasting, unknown


class TooMuch(SearchFailed):
    """One answer is longer than is read."""


def ask(source, label, address, query):
    """The body of the answer, as text. Raises `SearchFailed`."""
    name = {"source": label}
    try:
        lookup.take_turn(urlsplit(address).hostname or "", _pause(source))
        status, body = http.fetch(f"{address}?{urlencode(query)}", lookup.headers(), MOST_BYTES)
    except TooLong as error:
        raise TooMuch(_("The answer of %(source)s is far too long.") % name) from error
    except LookupFailed as error:
        log.warning("%s was asked in vain: %s", label, error)
        if isinstance(error.__cause__, TimeoutError):
            raise SearchFailed(_("%(source)s took too long to answer.") % name) from error
        raise SearchFailed(
            _("%(source)s cannot be reached at the moment, or broke off in the middle.") % name
        ) from error
    if status == 429:
        raise SearchFailed(_("%(source)s asks us to come back later: too many questions.") % name)
    if status in (400, 414):
        words = _("%(source)s does not understand the strategy (answer %(status)s).")
        raise SearchFailed(words % {**name, "status": status}, lasting=True)
    if status != 200:
        words = _("%(source)s has trouble of its own at the moment (answer %(status)s).")
        raise SearchFailed(words % {**name, "status": status}, unknown=status in (404, 410))
    return body.decode("utf-8", errors="replace").replace("\0", "")


def _pause(source):
    return WITH_KEY if source == "pubmed" and settings.EUTILS_API_KEY else PAUSES[source]


@contextmanager
def readable(label):
    """Whatever is not as expected in an answer is said in plain words."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        words = _("The answer of %(source)s cannot be read: it is not in the form we know.")
        raise SearchFailed(words % {"source": label}) from error


def as_json(body, label):
    """The object in an answer, whatever came instead said in words."""
    with readable(label):
        found = json.loads(body)
        if not isinstance(found, dict):
            raise ValueError(label)
        return found
