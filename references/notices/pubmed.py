"""What PubMed says of works: by PMID, two hundred at a time."""

from publishing.later import later

searching = later("references.searching.pubmed")
SOURCE, LABEL, NUMBER = "pubmed", "PubMed", "pmid"
PORTION = 200  # what it answers at once


def ask_for(pmids):
    """`{pmid: [formats.WorkNotice]}` of those it knows. Raises `SearchFailed`."""
    page = searching.page("", ",".join(pmids))
    return {pmid: record.notices for pmid, record in page.records}
