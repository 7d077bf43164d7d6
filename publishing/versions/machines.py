"""What a published version says of itself to machines: signposts (signposting.org) as a Link header
and as a linkset (RFC 9264), JSON-LD, the metadata schema of DataCite."""

from dataclasses import dataclass, field
from urllib.parse import quote

from ..machines import jsonld
from ..orcid import address as orcid_address

ARTICLE = "https://schema.org/ScholarlyArticle"
ABOUT = "https://schema.org/AboutPage"
LINKSET = "application/linkset+json"
DATACITE = "application/vnd.datacite.datacite+json"
# https://support.datacite.org/docs/datacite-metadata-schema-44
SCHEMA = "http://datacite.org/schema/kernel-4"


@dataclass
class Place:
    """Where a version stands among those of its page: full addresses, "" for none. `records` as
    `(full address, media type)`."""

    here: str
    latest: str
    history: str
    current: str
    before: str = ""
    after: str = ""
    records: list = field(default_factory=list)


def doi_address(doi):
    return "https://doi.org/" + quote(doi, safe="/:;().,_-~!$*'+=@")


def signposts(version, place, site):
    """`[(rel, address, media type)]`"""
    rows = [
        ("cite-as", doi_address(version.doi) if version.doi else place.here, ""),
        ("type", ARTICLE, ""),
        ("type", ABOUT, ""),
        ("latest-version", place.latest, ""),
        ("predecessor-version", place.before, ""),
        ("successor-version", place.after, ""),
        ("version-history", place.history, ""),
        ("author", orcid_address(site.orcid) or jsonld.full(site.project_url or "/"), ""),
        ("license", _licence(site), ""),
        ("item", place.here, "text/html"),
        *(("describedby", address, kind) for address, kind in place.records),
        ("linkset", f"{place.here}linkset.json", LINKSET),
    ]
    return [row for row in rows if row[1]]


def _licence(site):
    """Its address; a licence that has none is named in the page alone."""
    found = jsonld.licence(site) or ""
    return found if found.startswith("https://") else ""


def licence_id(site):
    """“cc-by-nc-4.0”, as archives name a Creative Commons licence; "" for any other."""
    kind, _slash, version = _licence(site).removesuffix("/").rpartition("/")
    return f"cc-{kind.rpartition('/')[2]}-{version}" if kind else ""


def of_page(address, number):
    """The Link header of a page as it is now: where its versions stand."""
    here = jsonld.full(address)
    return link_header([("latest-version", f"{here}v/{number}/", ""),
                        ("version-history", f"{here}v/", "")])  # fmt: skip


def link_header(rows):
    return ", ".join(
        f'<{address}>; rel="{rel}"' + (f'; type="{kind}"' if kind else "")
        for rel, address, kind in rows
    )


def linkset(rows, here):
    """The same as RFC 9264 has it."""
    found = {"anchor": here}
    for rel, address, kind in rows:
        if rel != "linkset":
            target = {"href": address} | ({"type": kind} if kind else {})
            found.setdefault(rel, []).append(target)
    return {"linkset": [found]}


def described(version, place, site):
    """As schema.org has it."""
    return jsonld.filled(
        {
            "@context": "https://schema.org",
            "@type": ["MedicalWebPage", "ScholarlyArticle"],
            "@id": place.here,
            "url": place.here,
            "identifier": doi_address(version.doi) if version.doi else "",
            "name": version.title,
            "headline": version.title[:110],
            "description": version.summary,
            "inLanguage": version.language,
            "version": str(version.number),
            "datePublished": version.updated.isoformat(timespec="seconds"),
            "isBasedOn": place.before,
            "exampleOfWork": {"@type": "MedicalWebPage", "@id": place.current},
            "wordCount": version.words,
            "author": jsonld.author(site),
            "publisher": {"@type": "Organization", "name": site.name},
            "license": jsonld.licence(site),
            "citation": [_work(item) for item in version.works],
        }
    )


def _work(item):
    return jsonld.filled(
        {
            "@type": "CreativeWork",
            "name": item.get("title", ""),
            "datePublished": str(_year(item) or ""),
            "sameAs": doi_address(item["DOI"]) if item.get("DOI") else "",
        }
    )


def _year(item):
    parts = (item.get("issued") or {}).get("date-parts") or [[None]]
    return parts[0][0] if parts[0] else None


def datacite(version, place, site):
    """As DataCite has it, 4.5, in JSON."""
    related = [
        ("IsVersionOf", "URL", place.current),
        ("IsNewVersionOf", "URL", place.before),
        ("IsPreviousVersionOf", "URL", place.after),
        ("IsVersionOf", "DOI", version.concept_doi),
        *(("References", "DOI", item["DOI"]) for item in version.works if item.get("DOI")),
    ]
    orcid = orcid_address(site.orcid)
    name = {"name": site.author_name, "nameType": "Personal"}
    if orcid:
        name["nameIdentifiers"] = [
            {"nameIdentifier": orcid, "nameIdentifierScheme": "ORCID",
             "schemeUri": "https://orcid.org"}
        ]  # fmt: skip
    rights = {"rights": site.licence, "rightsUri": _licence(site)}
    return jsonld.filled(
        {
            "schemaVersion": SCHEMA,
            "identifiers": [{"identifier": version.doi, "identifierType": "DOI"}]
            if version.doi
            else [{"identifier": place.here, "identifierType": "URL"}],
            "creators": [name],
            "titles": [{"title": version.title, "lang": version.language}],
            "publisher": {"name": site.name},
            "publicationYear": str(version.updated.year),
            "dates": [{"date": version.updated.date().isoformat(), "dateType": "Issued"}],
            "types": {"resourceTypeGeneral": "Text", "resourceType": "Living review"},
            "language": version.language,
            "version": str(version.number),
            "url": place.here,
            "rightsList": [jsonld.filled(rights)] if site.licence else [],
            "descriptions": [
                {"description": words, "descriptionType": kind}
                for words, kind in (
                    (version.summary, "Abstract"), (version.what_changed, "TechnicalInfo"),
                )
                if words
            ],
            "relatedIdentifiers": [
                {"relationType": kind, "relatedIdentifierType": of, "relatedIdentifier": value}
                for kind, of, value in related
                if value
            ],
        }
    )  # fmt: skip
