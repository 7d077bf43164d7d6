"""What machines read of a reference: Highwire tags, COinS, schema.org, links between a work and its
files.

The page is the author's and is said to be so; the work is what it is about. Zotero's
embedded-metadata translator reads the Highwire tags and takes home the work, which is what somebody
who saves such a page wants.
"""

import re
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext

from publishing.machines import jsonld
from publishing.richtext import links as lasting

from .. import identifiers
from ..citing.entries import author_parts
from ..formats import CONTENT_TYPES
from .files import LABELS

COINS_SEASONS = {1: "spring", 2: "summer", 3: "fall", 4: "winter"}
# “van der Berg JH Jr”: without a comma, the last word would be taken for the family name.
INITIALS = re.compile(r"^(.+) ([^\W\d_a-zà-ÿ]{1,6}(?: \S{1,5})?)$")
SCHEMA_TYPES = {
    "article-journal": "ScholarlyArticle", "book": "Book", "chapter": "Chapter", "thesis": "Thesis",
    "webpage": "WebPage",
    "report": "Report", "dataset": "Dataset", "article-newspaper": "NewsArticle",
}  # fmt: skip
ZOTERO = {
    "article-journal": "journalArticle", "article-magazine": "magazineArticle",
    "article-newspaper": "newspaperArticle",
    "article": "preprint", "book": "book", "chapter": "bookSection",
    "entry-encyclopedia": "encyclopediaArticle",
    "paper-conference": "conferencePaper", "thesis": "thesis", "report": "report",
    "review": "journalArticle",
    "speech": "presentation", "webpage": "webpage", "post-weblog": "blogPost", "dataset": "dataset",
    "motion_picture": "film", "patent": "patent", "manuscript": "manuscript",
    "personal_communication": "letter",
}  # fmt: skip


def _pages(reference):
    first, _dash, last = reference.pages.partition("-")
    return first.strip(), last.strip()


def highwire(reference, people):
    """`(name, content)` of what Google Scholar and Zotero read: `citation_*`, and Zotero's own
    names for the rest.

    Of the tags that name a container the last one decides what Zotero takes the work for.
    """
    first, last = _pages(reference)
    rows = [("z.itemType", ZOTERO.get(reference.type, "document"))]
    rows += [
        (
            "citation_title",
            reference.title or reference.original_title or reference.translated_title,
        )
    ]
    rows += [("citation_author", str(each.person)) for each in people if each.role == "author"]
    rows += [("citation_editor", str(each.person)) for each in people if each.role == "editor"]
    rows += [
        ("citation_publication_date", reference.issued_iso.replace("-", "/")),
        *_container(reference),
        ("citation_volume", reference.volume),
        ("citation_issue", reference.issue),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_doi", reference.doi),
        ("citation_pmid", reference.pmid),
        ("citation_isbn", reference.isbn),
        ("citation_issn", reference.issn),
        ("citation_language", reference.language),
        ("z.place", reference.place),
        ("z.edition", reference.edition),
        ("z.numPages", reference.number_of_pages),
        ("citation_keywords", "; ".join(tag.name for tag in reference.tags.all())),
        ("citation_public_url", reference.url),
        ("citation_abstract_html_url", settings.SITE_URL + f"/references/{reference.citekey}/"),
        ("citation_fulltext_html_url", reference.full_text_url),
        # A blank, or Zotero takes the description of the page, which is the citation, for the
        # abstract.
        (
            ("citation_abstract", reference.abstract)
            if reference.abstract
            else ("z.abstractNote", " ")
        ),
    ]
    return [(name, content) for name, content in rows if content]


def _container(reference):
    """Where the work appeared, or who made it, under the names its kind has for that."""
    container, publisher = reference.container, reference.publisher
    match reference.type:
        case "article-journal" | "review":
            named = [
                ("citation_journal_title", container),
                ("citation_journal_abbrev", reference.container_short),
            ]
        case "chapter":
            named = [("citation_inbook_title", container)]
        case "paper-conference":
            named = [
                ("citation_inbook_title", container),
                ("citation_conference_title", reference.event or container),
            ]
        case "thesis":
            return [
                ("citation_dissertation_institution", publisher),
                ("z.thesisType", reference.genre),
            ]
        case "report":
            return [
                ("citation_technical_report_institution", publisher),
                ("z.reportType", reference.genre),
            ]
        case "speech":
            named = [("z.meetingName", reference.event)]
        case _:
            named = [("prism.publicationName", container)]
    return [*named, ("citation_publisher", publisher)]


def page_tags(page, site, kind):
    """The same of a page of this site, with the date by which it says it is cited."""
    family, given = author_parts(site.author_name) if site.author_is_named else ("", "")
    rows = [
        ("z.itemType", "blogPost" if kind == "BlogPosting" else "webpage"),
        ("citation_title", str(page)),
        ("citation_author", ", ".join(filter(None, [family, given]))),
        ("citation_publication_date", f"{page.updated:%Y/%m/%d}"),
        ("citation_language", page.language),
        ("citation_public_url", jsonld.full(lasting.canonical_url(page))),
    ]
    return [(name, content) for name, content in rows if content]


def coins(reference):
    """The ContextObject of a work for the title of a `<span class="Z3988">`; asks the database
    nothing."""
    kind = {"book": "book", "chapter": "book", "report": "book", "thesis": "dissertation"}.get(
        reference.type, "journal"
    )
    genre = {
        "book": "book",
        "chapter": "bookitem",
        "report": "report",
        "paper-conference": "proceeding",
        "thesis": "",
    }
    first, last = _pages(reference)
    whole = {"book": "rft.btitle", "report": "rft.btitle", "thesis": "rft.title"}.get(
        reference.type, "rft.atitle"
    )
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{kind}"),
        ("rft.genre", genre.get(reference.type, "article")),
        (whole, reference.title or reference.original_title or reference.translated_title),
        ("rft.btitle" if reference.type == "chapter" else "rft.jtitle", reference.container),
        ("rft.date", reference.issued_iso),
        ("rft.ssn", COINS_SEASONS.get(reference.season, "") if kind == "journal" else ""),
        ("rft.volume", reference.volume),
        ("rft.issue", reference.issue),
        ("rft.spage", first),
        ("rft.epage", last),
        ("rft.isbn", reference.isbn),
        ("rft.inst" if kind == "dissertation" else "rft.pub", reference.publisher),
        ("rft.place", reference.place),
        ("rft_id", f"info:doi/{reference.doi}" if reference.doi else ""),
        ("rft_id", f"info:pmid/{reference.pmid}" if reference.pmid else ""),
    ]
    names = [
        name.strip()
        for name in reference.authors_short.split(",")
        if name.strip() not in ("", "et al", "ed", "eds")
    ]
    fields += [("rft.au", INITIALS.sub(r"\1, \2", name)) for name in names]
    return urlencode([(name, value) for name, value in fields if value])


def described(reference, people, site, notes=None):
    """The page as schema.org has it: this site's page, about a work by other people."""
    address = jsonld.full(f"/references/{reference.citekey}/")
    same = [identifiers.doi_url(reference.doi) if reference.doi else ""]
    same.append(f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/" if reference.pmid else "")
    work = {
        "@type": SCHEMA_TYPES.get(reference.type, "CreativeWork"),
        "name": reference.display_title,
        "alternateName": reference.translated_title if reference.title else "",
        "author": [
            {"@type": "Organization" if each.person.literal else "Person", "name": each.person.name}
            for each in people
            if each.role == "author"
        ],
        "datePublished": reference.issued_iso,
        "inLanguage": reference.language,
        "isPartOf": (
            {"@type": "Periodical", "name": reference.container} if reference.container else ""
        ),
        "pagination": reference.pages,
        "identifier": reference.doi or "",
        "sameAs": [each for each in same if each],
    }
    page = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": str(reference),
        "author": jsonld.author(site),
        "dateModified": (
            (notes.updated if notes else reference.changed).isoformat(timespec="seconds")
        ),
        "breadcrumb": jsonld.breadcrumb(
            [(gettext("References"), "/references/"), (reference.label, address)]
        ),
        "mainEntity": {name: value for name, value in work.items() if value},
        "isPartOf": {"@type": "WebSite", "@id": jsonld.full("/#site"), "name": site.name},
    }
    return page


def links(reference):
    """`(rel, href, type)` as signposting.org has them: where the work itself is, and its records
    here."""
    base = settings.SITE_URL + f"/references/{reference.citekey}"
    rows = [("cite-as", identifiers.doi_url(reference.doi), "")] if reference.doi else []
    rows += [("describedby", f"{base}.{ending}", CONTENT_TYPES[ending]) for ending in LABELS]
    return rows


def link_header(reference):
    parts = []
    for rel, href, kind in links(reference):
        parts.append(f'<{href}>; rel="{rel}"' + (f'; type="{kind}"' if kind else ""))
    return ", ".join(parts)
