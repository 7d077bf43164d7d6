"""DOI, PMID, PMCID and ISBN as people paste them, brought to one form. No ORM here."""

import re

from django.utils.translation import gettext as _

from publishing import orcid as publishing_orcid

_PUBMED = re.compile(
    r"(?:https?://)?(?:(?:www\.)?pubmed\.ncbi\.nlm\.nih\.gov/|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:m/)?pubmed/(?:\?term=)?"
    r"|(?:www\.)?pubmed\.gov/|(?:www\.)?europepmc\.org/(?:article|abstract)/med/)(\d+)(?![^/?#])",
    re.I,
)
_PMC = re.compile(
    r"(?:https?://)?(?:pmc\.ncbi\.nlm\.nih\.gov/articles/|(?:www\.)?ncbi\.nlm\.nih\.gov/(?:labs/)?pmc/articles/"
    r"|(?:www\.)?europepmc\.org/(?:articles?|abstract)/(?:pmc/)?)((?:PMC)?\d+(?:\.\d+)?)(?![^/?#])",
    re.I,
)


class BadIdentifier(ValueError):
    """Says in plain words what is wrong with an identifier."""


def doi(text):
    """“https://doi.org/10.1136/ARD.11.1.30” → “10.1136/ard.11.1.30”; “” stays “”. DOI names ignore
    case."""
    value = (
        re.sub(r"^(?:https?://)?(?:dx\.)?doi\.org/|^doi:\s*", "", text.strip(), flags=re.I)
        .strip()
        .rstrip(".")
        .lower()
    )
    if value and not re.fullmatch(r"10\.\d{4,9}/\S+", value):
        raise BadIdentifier(
            _("“%(value)s” is no DOI: a DOI begins with “10.” and has a slash.")
            % {"value": text.strip()}
        )
    return value


def pmid(text):
    """“PMID: 21006920”, or its address in PubMed, → “21006920”; a number at the end of any other
    address is none."""
    value = _in_address(_PUBMED, text) or re.sub(r"^pmid:?\s*", "", text.strip(), flags=re.I)
    if value and not re.fullmatch(r"[1-9]\d{0,8}", value):
        raise BadIdentifier(
            _("“%(value)s” is no PMID: a PMID is a number of up to nine digits.")
            % {"value": text.strip()}
        )
    return value


def pmcid(text):
    """“2441105”, “PMC2441105.1” or its address → “PMC2441105”."""
    value = _in_address(_PMC, text) or re.sub(r"^pmcid:?\s*", "", text.strip(), flags=re.I)
    match = re.fullmatch(r"(?:PMC)?\s*([1-9]\d{0,8})(?:\.\d+)?", value, flags=re.I)
    if value and not match:
        raise BadIdentifier(
            _("“%(value)s” is no PMCID: it looks like PMC2441105.") % {"value": text.strip()}
        )
    return f"PMC{match[1]}" if match else ""


def _in_address(pattern, text):
    match = pattern.match(text.strip())
    return match[1] if match else ""


def isbn(text):
    """Digits and X alone; the check digit is not judged, old books misprint it."""
    value = re.sub(r"^isbn[-\s]*(?:1[03])?:?\s*", "", text.strip(), flags=re.I)
    value = re.sub(r"[\s-]", "", value).upper()
    if value and not re.fullmatch(r"\d{9}[\dX]|\d{13}", value):
        raise BadIdentifier(
            _("“%(value)s” is no ISBN: an ISBN has 10 or 13 digits.") % {"value": text.strip()}
        )
    return value


def orcid(text):
    """“https://orcid.org/0000-0002-1825-0097” → “0000-0002-1825-0097”; the check digit must be
    right."""
    try:
        return publishing_orcid.clean(text)
    except ValueError as error:
        raise BadIdentifier(str(error)) from None
