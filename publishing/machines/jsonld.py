"""What a page says of itself to machines: schema.org terms as JSON-LD, from fields that are there
already."""

import re
from urllib.parse import quote

from django.conf import settings

from ..languages import PAGE_LANGUAGES
from ..richtext import links

SAFE = "/:;().,_-~!$*'+=@"
PLAIN_DOI = re.compile(rf"[A-Za-z0-9{re.escape(SAFE)}]*")
CREATIVE_COMMONS = re.compile(r"CC (BY(?:-NC)?(?:-ND|-SA)?) (\d\.\d)", re.IGNORECASE)


def full(address):
    return settings.SITE_URL + address if address.startswith("/") else address


def website(site):
    return filled(
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "@id": full("/#site"),
            "name": site.name,
            "description": site.introduction or site.tagline,
            "url": full("/"),
            "inLanguage": [code for code, _name in PAGE_LANGUAGES],
            "author": author(site),
            "license": licence(site),
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": full("/search/?q={query}")},
                "query-input": "required name=query",
            },
        }
    )


def author(site):
    return filled(
        {
            "@type": "Person",
            "name": site.author_name,
            "honorificSuffix": site.author_credentials,
            "url": full(site.project_url) if site.project_url else "",
            "sameAs": site.orcid_address,
        }
    )


def licence(site):
    """The address of a Creative Commons licence, else its name."""
    found = CREATIVE_COMMONS.search(site.licence or "")
    return (
        f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
        if found
        else site.licence
    )


def page(page, site, *, kind, trail, card=""):
    """`trail` are the pages above it as `(title, address)`, from the top."""
    address = full(links.canonical_url(page))
    title = str(page)
    described = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": address,
        "url": address,
        "mainEntityOfPage": address if kind == "BlogPosting" else "",
        "name": title,
        "headline": title[:110],
        "description": page.summary,
        "inLanguage": page.language,
        "datePublished": page.first_published.isoformat() if page.first_published else "",
        "dateModified": page.updated.isoformat(timespec="seconds"),
        "lastReviewed": page.reviewed.isoformat()
        if page.reviewed and kind == "MedicalWebPage"
        else "",
        "creativeWorkStatus": page.get_state_display() if kind == "MedicalWebPage" else "",
        "version": str(getattr(page, "version_number", None) or ""),
        "wordCount": page.words,
        "author": author(site),
        "reviewedBy": author(site) if page.reviewed and kind == "MedicalWebPage" else "",
        "publisher": author(site),
        "license": licence(site),
        "image": card,
        "isPartOf": {
            "@type": "WebSite",
            "@id": full("/#site"),
            "name": site.name,
            "url": full("/"),
        },
        "citation": [_work(work) for work in page.cited],
        "breadcrumb": breadcrumb([*trail, (title, links.canonical_url(page))])
        if kind == "MedicalWebPage"
        else "",
        "mainEntity": page.entities() if kind == "FAQPage" else "",
    }
    blocks = [filled(described)]
    if kind != "MedicalWebPage":
        # Only a WebPage may carry its own breadcrumb.
        blocks.append(
            {
                "@context": "https://schema.org",
                **breadcrumb([*trail, (title, links.canonical_url(page))]),
            }
        )
    return blocks


def breadcrumb(trail):
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": str(title), "item": full(address)}
            for position, (title, address) in enumerate(trail, 1)
        ],
    }


def _work(work):
    said = {"@type": "CreativeWork"}
    if work["title"]:
        said["name"] = work["title"]
    if work["authors"]:
        said["author"] = work["authors"]
    if work["year"]:
        said["datePublished"] = str(work["year"])
    if work["doi"]:
        doi = work["doi"] if PLAIN_DOI.fullmatch(work["doi"]) else quote(work["doi"], SAFE)
        said["sameAs"] = f"https://doi.org/{doi}"
    return said


def filled(values):
    return {name: value for name, value in values.items() if value not in ("", None, [], {})}
