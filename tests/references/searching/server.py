"""PubMed, Europe PMC and Crossref on this machine, with records in words of our own."""

import json
from urllib.parse import parse_qs, urlsplit

from tests.references import lookup_server

ARTICLE = (
    "<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><Journal><JournalIssue>"
    "<Volume>{volume}</Volume><PubDate><Year>2024</Year></PubDate></JournalIssue>"
    "<Title>Sample annals</Title></Journal><ArticleTitle>{title}</ArticleTitle>"
    "<Abstract><AbstractText>{abstract}</AbstractText></Abstract>"
    "<Pagination><MedlinePgn>{pmid}-9</MedlinePgn></Pagination><AuthorList><Author>"
    "<LastName>{family}</LastName><ForeName>Ana</ForeName></Author></AuthorList>"
    "</Article></MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType='pubmed'>{pmid}"
    "</ArticleId><ArticleId IdType='doi'>{doi}</ArticleId></ArticleIdList></PubmedData>"
    "</PubmedArticle>"
)
FAMILIES = ("Adell", "Bosch", "Camps", "Duran", "Esteve", "Ferrer", "Gil", "Homs", "Illa", "Jordà")
SUBJECTS = (
    "Nodules over the sacrum and pain", "Injection of lumps of the back",
    "Herniated fat of the lumbar fascia", "Ultrasound of iliac crest swellings",
    "Surgical removal in nine patients", "Tender lumps among farm workers",
    "Letters on the episacral region", "Anatomy of fat lobules in cadavers",
    "Acupuncture against low back lumps", "Follow-up after ten years",
)  # fmt: skip


def work(number):
    """What all three say of one work."""
    return {
        "pmid": str(9_000_000 + number),
        "doi": f"10.1000/sample.{number}",
        "title": f"{SUBJECTS[number % 10]}, series {number}",
        "family": FAMILIES[number % 10],
        "volume": str(10 + number),
        "abstract": f"We saw {number + 3} patients with nodules.",
    }


def pubmed_article(number):
    return ARTICLE.format(**work(number))


def europepmc_result(number):
    said = work(number)
    return {
        "id": said["pmid"], "source": "MED", "pmid": said["pmid"], "doi": said["doi"],
        "title": f"{said['title']}.", "pubYear": "2024", "abstractText": said["abstract"],
        "pageInfo": f"{said['pmid']}-9",
        "authorList": {"author": [{"lastName": said["family"], "initials": "A"}]},
        "journalInfo": {"volume": said["volume"], "yearOfPublication": 2024,
                        "journal": {"title": "Sample annals"}},
        "pubTypeList": {"pubType": ["research-article"]},
    }  # fmt: skip


def crossref_item(number):
    said = work(number)
    return {
        "DOI": said["doi"].upper(), "type": "journal-article", "title": [said["title"]],
        "author": [{"family": said["family"], "given": "Ana"}], "volume": said["volume"],
        "issued": {"date-parts": [[2024]]}, "container-title": ["Sample annals"],
    }  # fmt: skip


class Sources:
    """Which works each source has; `answers` for what is asked. `absent`: numbers PubMed names and
    does not give."""

    def __init__(self, pubmed=(), europepmc=(), crossref=(), absent=(), page=100):
        self.pubmed, self.europepmc, self.crossref = list(pubmed), list(europepmc), list(crossref)
        self.absent, self.page, self.warned = set(absent), page, {}

    def put(self, server):
        server.special["esearch.fcgi"] = self._esearch
        server.special["search"] = self._europepmc
        server.special["works"] = self._crossref
        server.efetch = self._efetch

    def _esearch(self, handler):
        query = parse_qs(urlsplit(handler.path).query)
        numbers = [work(n)["pmid"] for n in self.pubmed][: int(query["retmax"][0])]
        result = {"count": str(len(self.pubmed)), "idlist": numbers,
                  "querytranslation": "\"nodules\"[All Fields]", **self.warned}  # fmt: skip
        _say(handler, {"esearchresult": result})

    def _efetch(self, handler):
        asked = parse_qs(urlsplit(handler.path).query)["id"][0].split(",")
        articles = [
            pubmed_article(n)
            for n in self.pubmed
            if work(n)["pmid"] in asked and n not in self.absent
        ]
        handler.say(f"<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>".encode())

    def _europepmc(self, handler):
        query = parse_qs(urlsplit(handler.path).query)
        mark = query["cursorMark"][0]
        start = 0 if mark == "*" else int(mark.removeprefix("mark"))
        some = self.europepmc[start : start + self.page]
        results = [europepmc_result(n) for n in some]
        following = start + len(some)
        answer = {"hitCount": len(self.europepmc), "resultList": {"result": results}}
        answer["nextCursorMark"] = f"mark{following}" if some else mark
        _say(handler, answer)

    def _crossref(self, handler):
        items = [crossref_item(n) for n in self.crossref]
        message = {"total-results": len(items), "items": items, "next-cursor": "same"}
        _say(handler, {"message": message})


def _say(handler, answer):
    handler.say(json.dumps(answer).encode())


running = lookup_server.running
