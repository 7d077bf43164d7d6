"""Where a work can be read free, as Unpaywall and Europe PMC know it. Asked only when the author
presses; nothing is fetched but what they say."""

import json
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from . import lookup

MOST = 12
LONGEST = 600
VERSIONS = {
    "publishedVersion": _("as published"),
    "acceptedVersion": _("as accepted, before it was set"),
    "submittedVersion": _("as submitted, before review"),
}


@dataclass(frozen=True)
class Place:
    """Where it can be read: its address, licence and version in words, and who says so."""

    url: str
    licence: str
    version: str
    source: str


def find(doi):
    """The `Place`s of a work by its DOI, each address once; raises `LookupFailed` only if nobody
    could be asked."""
    found, failed = [], []
    for ask in (_unpaywall, _europepmc):
        try:
            found += ask(doi)
        except lookup.NotFound:
            continue
        except lookup.LookupFailed as error:
            failed.append(error)
    if failed and not found:
        raise failed[0]
    usable = {place.url: place for place in reversed(found) if _is_usable(place.url)}
    return list(usable.values())[::-1][:MOST]


def _is_usable(url):
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= LONGEST


def _unpaywall(doi):
    if not settings.LOOKUP_CONTACT:
        return []  # it answers only who says an address
    query = f"?{urlencode({'email': settings.LOOKUP_CONTACT})}"
    body = lookup.answer(f"{settings.UNPAYWALL_URL}/v2/{quote(doi, safe='/')}", query)
    with lookup.readable():
        rows = json.loads(body).get("oa_locations") or []
        return [
            Place(
                str(row.get("url") or ""),
                str(row.get("license") or "")[:60],
                VERSIONS.get(row.get("version"), ""),
                "Unpaywall",
            )
            for row in rows[:MOST]
        ]


def _europepmc(doi):
    query = {"query": f'DOI:"{doi}"', "format": "json", "resultType": "core", "pageSize": 1}
    body = lookup.answer(f"{settings.EUROPEPMC_URL}/search?{urlencode(query)}", "")
    with lookup.readable():
        works = json.loads(body)["resultList"]["result"]
        work = works[0] if works else {}
        if str(work.get("doi") or "").lower() != doi:
            return []
        rows = (work.get("fullTextUrlList") or {}).get("fullTextUrl") or []
        return [
            Place(str(row.get("url") or ""), str(work.get("license") or "")[:60], "", "Europe PMC")
            for row in rows[:MOST]
            if row.get("availabilityCode") in ("OA", "F")
        ]
