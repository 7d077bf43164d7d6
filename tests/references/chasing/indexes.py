"""OpenAlex and OpenCitations on this machine: who of the works of `searching.server` cites
whom."""

import json
from urllib.parse import parse_qs, urlsplit

from tests.references import lookup_server
from tests.references.searching.server import crossref_item, work


def openalex_work(number, **changed):
    said = work(number)
    return {
        "id": f"https://openalex.org/W{1000 + number}",
        "doi": f"https://doi.org/{said['doi'].upper()}",
        "ids": {"pmid": f"https://pubmed.ncbi.nlm.nih.gov/{said['pmid']}"},
        "display_name": said["title"],
        "publication_year": 2024,
        "type": "article",
        "authorships": [{"author": {"display_name": f"Ana {said['family']}"}}],
        "primary_location": {"source": {"display_name": "Sample annals"}},
        "biblio": {"volume": said["volume"], "first_page": "1", "last_page": "9"},
        **changed,
    }


class Indexes:
    """`cites`: `{number: numbers of the works it cites}`, as both indexes have it."""

    def __init__(self, cites, opencitations=None, unknown=()):
        self.cites, self.unknown, self.down = cites, unknown, set()
        self.opencitations = cites if opencitations is None else opencitations
        self.changed = {}  # what OpenAlex says otherwise of a work

    def put(self, server):
        for number in {*self.cites, *(n for row in self.cites.values() for n in row)}:
            server.special[f"sample.{number}"] = lambda handler, n=number: self._one(handler, n)
        server.special["works"] = self._list

    def _one(self, handler, number):
        way = urlsplit(handler.path).path.split("/")
        if way[1] in self.down:
            return lookup_server.status(503)(handler)
        if way[1] == "openalex":
            found = openalex_work(number, **self.changed.get(number, {}))
            return _say(handler, found) if number not in self.unknown else handler.say(b"", 404)
        if way[1] == "crossref":
            return _say(handler, {"message": crossref_item(number)})
        return _say(handler, self._citations(way[2], number))

    def _citations(self, way, number):
        if way == "references":
            pairs = [(number, other) for other in self.opencitations.get(number, ())]
        else:
            pairs = [(other, number) for other, row in self.opencitations.items() if number in row]
        return [
            {"oci": "1-2", "creation": "2024",
             **{side: f"omid:br/{n} doi:{work(n)['doi']} pmid:{work(n)['pmid']}"
                for side, n in zip(("citing", "cited"), pair, strict=True)}}
            for pair in pairs
        ]  # fmt: skip

    def _list(self, handler):
        parts = urlsplit(handler.path)
        name, query = parts.path.split("/")[1], parse_qs(parts.query)
        if name in self.down:
            return lookup_server.status(503)(handler)
        asked = query["filter"][0]
        if name == "crossref":
            dois = [each.removeprefix("doi:") for each in asked.split(",")]
            numbers = [int(doi.rpartition(".")[2]) for doi in dois]
            return _say(handler, {"message": {"items": [crossref_item(n) for n in numbers]}})
        way, number = asked.split(":W")
        number = int(number) - 1000
        found = [n for n, row in self.cites.items() if number in row]
        found = found if way == "cites" else self.cites.get(number, ())
        size, page = int(query["per_page"][0]), int(query["page"][0])
        some = list(found)[(page - 1) * size : page * size]
        results = [openalex_work(n, **self.changed.get(n, {})) for n in some]
        return _say(handler, {"meta": {"count": len(found)}, "results": results})


def _say(handler, answer):
    handler.say(json.dumps(answer).encode())
