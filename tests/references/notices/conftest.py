import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from references.searching import asking
from tests.references import lookup_server


@pytest.fixture
def server(settings, monkeypatch):
    """Crossref and PubMed on this machine; `says(doi=…, pmid=…)` is what they answer of works."""
    monkeypatch.setattr(asking, "PAUSES", dict.fromkeys(asking.PAUSES, timedelta(0)))
    with lookup_server.running() as server:
        settings.CROSSREF_URL = settings.EUTILS_URL = server.url
        settings.LOOKUP_TIMEOUT = 1
        settings.LOOKUP_ALLOW_LOOPBACK = True
        server.crossref, server.pubmed = {}, {}
        server.special["works"] = lambda handler: _works(server, handler)
        server.efetch = lambda handler: _articles(server, handler)
        yield server


def _works(server, handler):
    """Those it does not know are silently absent."""
    query = parse_qs(urlsplit(handler.path).query)
    asked = [each.removeprefix("doi:") for each in query["filter"][0].split(",")]
    items = [
        {"DOI": doi.upper(), "updated-by": server.crossref[doi]}
        for doi in asked
        if doi in server.crossref
    ]
    handler.say(json.dumps({"message": {"items": items, "total-results": len(items)}}).encode())


def _articles(server, handler):
    asked = parse_qs(urlsplit(handler.path).query)["id"][0].split(",")
    found = "".join(
        f"<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>Sample {pmid}"
        f"</ArticleTitle></Article><CommentsCorrectionsList>{server.pubmed[pmid]}</CommentsCorrectionsList>"
        "</MedlineCitation></PubmedArticle>"
        for pmid in asked
        if pmid in server.pubmed
    )
    handler.say(f"<PubmedArticleSet>{found}</PubmedArticleSet>".encode())
