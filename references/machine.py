"""What machines read of a reference: Highwire tags, COinS, schema.org, links between a work and its files.

The page is the author's and is said to be so; the work is what it is about. Zotero's embedded-metadata translator reads
the Highwire tags and takes home the work, which is what somebody who saves such a page wants.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext

from publishing import structured

from .exports import LABELS
from .formats import CONTENT_TYPES

BOOKS = {"book", "chapter"}
SCHEMA_TYPES = {
    "article-journal": "ScholarlyArticle", "book": "Book", "chapter": "Chapter", "thesis": "Thesis", "webpage": "WebPage",
    "report": "Report", "dataset": "Dataset", "article-newspaper": "NewsArticle",
}  # fmt: skip


def _pages(reference):
    first, _dash, last = reference.pages.partition("-")
    return first.strip(), last.strip()


def highwire(reference, people):
    """`(name, content)` of the `citation_*` tags, as Google Scholar and Zotero know them."""
    first, last = _pages(reference)
    container = {"book": "", "chapter": "citation_inbook_title", "paper-conference": "citation_conference_title"}.get(
        reference.type, "citation_journal_title"
    )
    rows = [("citation_title", reference.title or reference.original_title or reference.translated_title)]
    rows += [("citation_author", str(each.person)) for each in people if each.role == "author"]
    rows += [("citation_editor", str(each.person)) for each in people if each.role == "editor"]
    rows += [
        ("citation_publication_date", reference.issued_iso.replace("-", "/")),
        (container, reference.container),
        ("citation_journal_abbrev", reference.container_short if container == "citation_journal_title" else ""),
        ("citation_volume", reference.volume),
        ("citation_issue", reference.issue),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_doi", reference.doi),
        ("citation_pmid", reference.pmid),
        ("citation_isbn", reference.isbn),
        ("citation_issn", reference.issn),
        ("citation_publisher", reference.publisher),
        ("citation_language", reference.language),
        ("citation_dissertation_institution", reference.publisher if reference.type == "thesis" else ""),
        ("citation_keywords", "; ".join(tag.name for tag in reference.tags.all())),
        ("citation_abstract_html_url", settings.SITE_URL + f"/references/{reference.citekey}/"),
        ("citation_fulltext_html_url", reference.full_text_url),
    ]
    return [(name, content) for name, content in rows if name and content]


def coins(reference):
    """The ContextObject of a work for the title of a `<span class="Z3988">`; asks the database nothing."""
    book = reference.type in BOOKS
    first, last = _pages(reference)
    fields = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'book' if book else 'journal'}"),
        ("rft.genre", {"book": "book", "chapter": "bookitem"}.get(reference.type, "article")),
        ("rft.btitle" if reference.type == "book" else "rft.atitle", reference.title or reference.translated_title),
        ("rft.btitle" if reference.type == "chapter" else "rft.jtitle", reference.container),
        ("rft.date", reference.issued_iso),
        ("rft.volume", reference.volume),
        ("rft.issue", reference.issue),
        ("rft.spage", first),
        ("rft.epage", last),
        ("rft.isbn", reference.isbn),
        ("rft_id", f"info:doi/{reference.doi}" if reference.doi else ""),
        ("rft_id", f"info:pmid/{reference.pmid}" if reference.pmid else ""),
    ]
    names = [name.strip() for name in reference.authors_short.split(",") if name.strip() not in ("", "et al", "ed", "eds")]
    fields += [("rft.au", name) for name in names]
    return urlencode([(name, value) for name, value in fields if value])


def described(reference, people, site, notes=None):
    """The page as schema.org has it: this site's page, about a work by other people."""
    address = structured.full(f"/references/{reference.citekey}/")
    same = [f"https://doi.org/{reference.doi}" if reference.doi else ""]
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
        "isPartOf": {"@type": "Periodical", "name": reference.container} if reference.container else "",
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
        "author": structured.author(site),
        "dateModified": (notes.updated if notes else reference.changed).isoformat(timespec="seconds"),
        "breadcrumb": structured.breadcrumb([(gettext("References"), "/references/"), (reference.label, address)]),
        "mainEntity": {name: value for name, value in work.items() if value},
        "isPartOf": {"@type": "WebSite", "@id": structured.full("/#site"), "name": site.name},
    }
    return page


def links(reference):
    """`(rel, href, type)` as signposting.org has them: where the work itself is, and its records here."""
    base = settings.SITE_URL + f"/references/{reference.citekey}"
    rows = [("cite-as", f"https://doi.org/{reference.doi}", "")] if reference.doi else []
    rows += [("describedby", f"{base}.{ending}", CONTENT_TYPES[ending]) for ending in LABELS]
    return rows


def link_header(reference):
    parts = []
    for rel, href, kind in links(reference):
        parts.append(f'<{href}>; rel="{rel}"' + (f'; type="{kind}"' if kind else ""))
    return ", ".join(parts)
