"""What PubMed says of works: by PMID, two hundred at a time."""

from ..searching import pubmed as searching

SOURCE, LABEL, NUMBER = "pubmed", "PubMed", "pmid"
PORTION = searching.PORTION


def ask_for(pmids):
    """`{pmid: [formats.WorkNotice]}` of those it knows. Raises `SearchFailed`."""
    page = searching.page("", ",".join(pmids))
    return {pmid: record.notices for pmid, record in page.records}
