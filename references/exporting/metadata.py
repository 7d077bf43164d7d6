"""What machines read of a reference: Highwire tags, COinS, schema.org, links between a work and its
files.

The page is the author's and is said to be so; the work is what it is about. Zotero's
embedded-metadata translator reads the Highwire tags and takes home the work, which is what somebody
who saves such a page wants.
"""

from django.conf import settings
from django.utils.translation import gettext

from publishing.machines import jsonld
from publishing.richtext import links as lasting

from .. import identifiers
from ..citing.entries import author_parts
from ..formats import CONTENT_TYPES
from .coins import pages_of
from .files import LABELS

# Of these the container is a book.
IN_BOOKS = {"chapter", "entry-encyclopedia", "paper-conference"}
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


def highwire(reference, people):
    """`(name, content)` of what Google Scholar and Zotero read: `citation_*`, and Zotero's own
    names for the rest.

    Of the tags that name a container the last one decides what Zotero takes the work for.
    """
    first, last = pages_of(reference)
    rows = [("z.itemType", ZOTERO.get(reference.type, "document"))]
    rows += [
        (
            "citation_title",
            marked(
                reference,
                reference.title or reference.original_title or reference.translated_title,
            ),
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
        ("citation_keywords", "; ".join(_subjects(reference))),
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


def _subjects(reference):
    words = [tag.name for tag in reference.tags.all()]
    return dict.fromkeys([*words, *(word.term for word in reference.keywords.all())])


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
        ("citation_title", page.title),
        # Who has no name yet is the site: without an author nothing is indexed.
        ("citation_author", ", ".join(filter(None, [family, given])) or site.name),
        ("citation_publication_date", f"{page.updated:%Y/%m/%d}"),
        ("citation_language", page.language),
        ("citation_doi", getattr(page, "doi", "")),
        ("citation_public_url", jsonld.full(lasting.canonical_url(page))),
    ]
    return [(name, content) for name, content in rows if content]


def coins(reference):
    """The ContextObject of a work, as it was written when the work was; asks the database
    nothing."""
    return reference.coins


def dublin_core(reference, people):
    """`(name, content)` of the same in Dublin Core."""
    title = reference.title or reference.original_title or reference.translated_title
    words = [*(tag.name for tag in reference.tags.all())]
    words += [word.text for word in reference.keywords.all()]
    rows = [("DC.title", marked(reference, title))]
    rows += [("DC.creator", str(each.person)) for each in people if each.role == "author"]
    rows += [("DC.contributor", str(each.person)) for each in people if each.role != "author"]
    rows += [
        ("DC.date", reference.issued_iso),
        ("DC.publisher", reference.publisher),
        ("DC.source", reference.container),
        ("DC.language", reference.language),
        ("DC.identifier", f"doi:{reference.doi}" if reference.doi else ""),
        ("DC.identifier", f"pmid:{reference.pmid}" if reference.pmid else ""),
        ("DC.identifier", f"urn:isbn:{reference.isbn}" if reference.isbn else ""),
        *(("DC.subject", word) for word in dict.fromkeys(words)),
        ("DCTERMS.bibliographicCitation", _citation(reference)),
    ]
    return [(name, content) for name, content in rows if content]


def _citation(reference):
    """“Am J Med Sci 1935;190(2):833-837”"""
    numbers = reference.volume + (f"({reference.issue})" if reference.issue else "")
    numbers += f":{reference.pages}" if reference.pages else ""
    where = reference.container_short or reference.container
    when = ";".join(filter(None, [str(reference.year or ""), numbers]))
    return f"{where} {when}".strip() if where else ""


def marked(reference, title):
    """The title as a machine hands it on: a retracted work says so in it."""
    return f"RETRACTED: {title}" if reference.status == "retracted" else title


def described(reference, people, site, notes=None):
    """The page as schema.org has it: this site's page, about a work by other people."""
    address = jsonld.full(f"/references/{reference.citekey}/")
    same = [identifiers.doi_url(reference.doi) if reference.doi else ""]
    same.append(f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/" if reference.pmid else "")
    work = {
        "@type": SCHEMA_TYPES.get(reference.type, "CreativeWork"),
        "name": reference.display_title,
        "alternateName": reference.translated_title if reference.title else "",
        "author": [_someone(each.person) for each in people if each.role == "author"],
        "datePublished": reference.issued_iso,
        "inLanguage": reference.language,
        "isPartOf": _part_of(reference, people),
        **(_of_a_book(reference) if reference.type == "book" else {}),
        "creativeWorkStatus": "Retracted" if reference.status == "retracted" else "",
        "keywords": list(_subjects(reference)),
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


def _of_a_book(reference):
    publisher = {"@type": "Organization", "name": reference.publisher}
    return {
        "isbn": reference.isbn,
        "bookEdition": reference.edition,
        "publisher": publisher if reference.publisher else "",
    }


def _part_of(reference, people):
    """The book of a part of one; the issue, volume and journal of an article."""
    if not reference.container:
        return ""
    if reference.type in IN_BOOKS:
        editors = [_someone(each.person) for each in people if each.role == "editor"]
        book = {"@type": "Book", "name": reference.container, "editor": editors}
        book |= _of_a_book(reference)
        return {name: value for name, value in book.items() if value}
    whole = {"@type": "Periodical", "name": reference.container}
    whole |= {"alternateName": reference.container_short} if reference.container_short else {}
    whole |= {"issn": reference.issn.split()} if reference.issn else {}
    if reference.volume:
        whole = {
            "@type": "PublicationVolume",
            "volumeNumber": reference.volume,
            "isPartOf": whole,
        }
    if reference.issue:
        whole = {"@type": "PublicationIssue", "issueNumber": reference.issue, "isPartOf": whole}
    return whole


def _someone(person):
    return {"@type": "Organization" if person.literal else "Person", "name": person.name}


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
