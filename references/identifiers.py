"""DOI, PMID, PMCID, ISBN, arXiv numbers, handles and ORCID as people paste them, brought to one
form, and their links out. The one place for it: parsers, forms, look-ups, matching and templates
all ask here. No ORM.
"""

import re
from html import unescape
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from django.utils.translation import gettext as _

from publishing import orcid as publishing_orcid

# What copying brings along and nobody sees: zero-width characters, byte order marks, soft hyphens.
_UNSEEN = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])
_HYPHENS = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2212], "-")
_LATEX = [
    (re.compile(r"\{?\\textless(?:\{\})?\}?|\$<\$"), "<"),
    (re.compile(r"\{?\\textgreater(?:\{\})?\}?|\$>\$"), ">"),
    (re.compile(r"\{?\\textunderscore(?:\{\})?\}?"), "_"),
    (re.compile(r"\{?\\([_%#&$])\}?"), r"\1"),
]
_ADDRESS = re.compile(r"https?://", re.I)
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
# A SICI may end in “#”, which begins a fragment anywhere else.
_BEHIND_ADDRESS = re.compile(r"\?|(?<!co;2-)#", re.I)
_VIEW = re.compile(
    r"(?:/(?:full|fulltext|pdf|epdf|pdfdirect|abstract|abs|html|meta|references|summary|epub)|\.pdf"
    r"|(?<=\d)v\d+(?:\.(?:full|abstract|article-info|supplementary-material)(?:-text|\.pdf)*)?)$",
    re.I,
)
_OPENED_BY = {")": "(", "]": "[", "}": "{", ">": "<"}
_PROXIED = r"(?:\.[^/?#]*)?"
_PUBMED = re.compile(
    r"(?:https?://)?(?:(?:www\.)?pubmed\.ncbi\.nlm\.nih\.gov/|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/(?:\?term=)?"
    rf"|pubmed-ncbi-nlm-nih-gov{_PROXIED}/|www-ncbi-nlm-nih-gov{_PROXIED}/pubmed/|identifiers\.org/pubmed:"
    r"|(?:www\.)?pubmed\.gov/|(?:www\.)?europepmc\.org/(?:article|abstract)/med/)(\d+)(?![^/?#])",
    re.I,
)
_PMC = re.compile(
    r"(?:https?://)?(?:pmc\.ncbi\.nlm\.nih\.gov/articles/|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:labs/)?pmc/articles/"
    rf"|pmc-ncbi-nlm-nih-gov{_PROXIED}/articles/|www-ncbi-nlm-nih-gov{_PROXIED}/pmc/articles/"
    r"|(?:www\.)?europepmc\.org/(?:articles?|abstract)/(?:pmc/)?)((?:PMC)?\d+(?:\.\d+)?)(?![^/?#])",
    re.I,
)
_ARXIV = re.compile(
    r"(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:\s*|(?:https?://(?:dx\.)?doi\.org/)?"
    r"10\.48550/arxiv\.)(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?(?:\s*\[[^\]]*\])?[/?#.;,]?.*",
    re.I | re.S,
)
_HANDLE = re.compile(
    r"(?:https?://)?(?:www\.)?hdl\.handle\.net/(\d[\d.]*/[^\s?#]+)|(?:hdl|info:hdl/):?\s*(\d[\d.]*/\S+)",
    re.I,
)
MOST_READ = 4000
MOST_LAYERS = 8


class BadIdentifier(ValueError):
    """Says in plain words what is wrong with an identifier."""


def _plain(text):
    """What was meant: LaTeX, HTML and percent signs undone, unseen characters gone."""
    value = text[:MOST_READ].translate(_UNSEEN).strip()
    for pattern, put in _LATEX:
        value = pattern.sub(put, value)
    return unescape(unescape(value)).translate(_UNSEEN).strip()


def _decoded(value):
    """Without percent codes, however often they were put on."""
    for _turn in range(4):
        if (further := unquote(value)) == value:
            break
        value = further
    return value


def _unwrapped(text):
    """The address a proxy was asked for (`…/login?url=…`), or the text."""
    if not _ADDRESS.match(text):
        return text
    try:
        query = dict(parse_qsl(urlsplit(text).query))
    except ValueError:
        return text
    return next(
        (query[name] for name in ("url", "qurl", "u") if _ADDRESS.match(query.get(name, ""))), text
    )


def doi(text):
    """“https://doi.org/10.1136/ARD.11.1.30” → “10.1136/ard.11.1.30”; “” stays “”. DOI names ignore
    case.

    Takes the addresses of resolvers, publishers and proxies that hold one, and arXiv numbers, which
    are DOIs too.
    """
    value = text[:MOST_READ]
    for _turn in range(MOST_LAYERS):
        if (further := _bared(value)) == value:
            break
        value = further
    if value and not _DOI.fullmatch(value):
        raise BadIdentifier(
            _("“%(value)s” is no DOI: a DOI begins with “10.” and has a slash.")
            % {"value": text.strip()}
        )
    return value


def _bared(text):
    """One layer of what stands around a DOI taken off."""
    value = _plain(text)
    if number := arxiv(value):
        return f"10.48550/arxiv.{number}"
    value = re.sub(r"\s*\[doi\]$", "", value, flags=re.I)
    return _tidied(_behind_labels(_doi_in_address(_unwrapped(value))).translate(_HYPHENS)).lower()


def _behind_labels(value):
    """Without “doi:”, “info:doi/”, “www.doi.org/” before it, and without the marks of who sent the
    link behind it."""
    label = r"^(?:(?:https?://)?(?:www\.|dx\.)*doi\.org/|info:doi/|urn:doi:|doi\s*[:=]?\s*(?=10\.|https?:|doi|dx)|[\s:(\[])+"
    value = re.sub(label, "", value, flags=re.I)
    return _decoded(re.sub(r"[?&]utm_\w+=.*$", "", value, flags=re.S)).translate(_UNSEEN).strip()


def _doi_in_address(value):
    """The DOI that an address holds in its path or its query; anything else as it is."""
    value = re.sub(r"^doi\s*:\s*(?=https?:)", "", value, flags=re.I)
    if not _ADDRESS.match(value):
        return value
    path, _mark, query = value.partition("?")
    for part in (_BEHIND_ADDRESS.split(path)[0], *(each for _name, each in parse_qsl(query))):
        found = _DOI.search(_decoded(part))
        if found:
            at_resolver = re.match(r"https?://(?:[^/]*\.)?doi(?:\.org|-org[^/]*)/", value, re.I)
            return found[0].rstrip("/") if at_resolver else _without_view(found[0].rstrip("/"))
    return value


def _without_view(value):
    """Without what a publisher’s address says of how to show it: “/full”, “/abstract”, “.pdf”,
    “v1.full”."""
    while (shorter := _VIEW.sub("", value)) != value and _DOI.fullmatch(shorter):
        value = shorter
    return value


def _tidied(value):
    """Without the stops, quotation marks and unopened brackets a sentence leaves behind an
    identifier."""
    while value:
        last = value[-1]
        opener = _OPENED_BY.get(last)
        if (
            last in ".,;:/\"'’”»"
            or last.isspace()
            or (opener and value.count(opener) < value.count(last))
        ):
            value = value[:-1]
        else:
            break
    return value


def pmid(text):
    """“PMID: 21006920”, or its address in PubMed, → “21006920”; a number at the end of any other
    address is none."""
    plain = _unwrapped(_tidied(_plain(text)))
    label = r"^(?:info:pmid/|pmid\b[:\s]*|pubmed\b[:\s]*)|\s*\[(?:pmid|pubmed)[^\]]*\]$"
    value = _in_address(_PUBMED, plain) or re.sub(label, "", plain, flags=re.I)
    if value and not re.fullmatch(r"[1-9][0-9]{0,8}", value):
        raise BadIdentifier(
            _("“%(value)s” is no PMID: a PMID is a number of up to nine digits.")
            % {"value": text.strip()}
        )
    return value


def pmcid(text):
    """“2441105”, “PMC2441105.1” or its address → “PMC2441105”."""
    plain = _unwrapped(_tidied(_plain(text)))
    value = _in_address(_PMC, plain) or re.sub(
        r"^(?:info:pmcid/|pmcid\b[:\s]*)", "", plain, flags=re.I
    )
    match = re.fullmatch(r"(?:PMC)?\s*([1-9][0-9]{0,8})(?:\.[0-9]+)?", value, flags=re.I)
    if value and not match:
        raise BadIdentifier(
            _("“%(value)s” is no PMCID: it looks like PMC2441105.") % {"value": text.strip()}
        )
    return f"PMC{match[1]}" if match else ""


def _in_address(pattern, text):
    match = pattern.match(text)
    return match[1] if match else ""


def isbn(text):
    """Digits and X alone; the check digit is not judged, old books misprint it."""
    value = _unwrapped(_tidied(_plain(text))).translate(_HYPHENS)
    in_address = (
        re.search(r"isbn[/:=%3A]*([0-9][0-9X-]{8,16})", value, re.I)
        if _ADDRESS.match(value)
        else None
    )
    value = in_address[1] if in_address else re.sub(r"\s*\([^()]*\)$", "", value)
    value = re.sub(r"^(?:urn:)?isbn(?:[-\s]*1[03](?=[:\s]))?[-:\s]*", "", value, flags=re.I)
    value = re.sub(r"[\s-]", "", value).upper()
    if value and not re.fullmatch(r"[0-9]{9}[0-9X]|[0-9]{13}", value):
        raise BadIdentifier(
            _("“%(value)s” is no ISBN: an ISBN has 10 or 13 digits.") % {"value": text.strip()}
        )
    return value


def isbn_forms(value):
    """A clean ISBN in both its forms, that of 13 digits first; one that begins with 979 has only
    that."""
    if len(value) == 13 and not value.startswith("978"):
        return [value]
    core = value[3:12] if len(value) == 13 else value[:9]
    return [f"978{core}{_check13('978' + core)}", core + _check10(core)]


def _check13(digits):
    return str(
        -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
    )


def _check10(digits):
    rest = -sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    return "X" if rest == 10 else str(rest)


def arxiv(text):
    """“arXiv:2101.00001v2 [q-bio]” or its address → “2101.00001”; “” for anything else. A version
    is no work."""
    match = _ARXIV.fullmatch(_plain(text))
    return match[1].lower() if match else ""


def handle(text):
    """“https://hdl.handle.net/2445/12345” → “2445/12345”; “” for anything else."""
    match = _HANDLE.fullmatch(_tidied(_unwrapped(_plain(text)).partition("?")[0]))
    return _decoded(match[1] or match[2]).lower() if match else ""


def orcid(text):
    """“https://orcid.org/0000-0002-1825-0097” → “0000-0002-1825-0097”; the check digit must be
    right."""
    try:
        return publishing_orcid.clean(_tidied(_unwrapped(_plain(text)).translate(_HYPHENS)))
    except ValueError as error:
        raise BadIdentifier(str(error)) from None


def doi_url(value):
    """Where a clean DOI leads; “#”, “?”, “%”, “<” and what else an address cannot hold is
    escaped."""
    return "https://doi.org/" + quote(value, safe="/:;().,_-~!$*'+=@")


def pmid_url(value):
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(value)}/"


def pmcid_url(value):
    return f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(value)}/"
