"""A small Crossref and PubMed on this machine: answers of their shape in words of our own, and all
that can go wrong."""

import json
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

WORK = {
    "status": "ok",
    "message-type": "work",
    "message": {
        "DOI": "10.1000/NODULE.1",
        "type": "journal-article",
        "title": ["Nodules of the <i>sacral</i> fat &amp; pain"],
        "subtitle": ["A small series"],
        "container-title": ["Journal of Sample Rheumatology"],
        "short-container-title": ["J Sample Rheum"],
        "author": [
            {
                "given": "Ana María",
                "family": "van der Berg",
                "sequence": "first",
                "affiliation": [],
            },
            {"given": "J", "family": "Doe", "suffix": "Jr"},
            {"name": "Sample Study Group"},
        ],
        "published-print": {"date-parts": [[1998, 3]]},
        "issued": {"date-parts": [[1997, 12, 30]]},
        "volume": "12",
        "issue": "4",
        "page": "101-109",
        "publisher": "Sample Press",
        "ISSN": ["1234-5678", "8765-4321"],
        "language": "en",
        "abstract": (
            "<jats:title>Abstract</jats:title><jats:p>Forty patients were followed.</jats:p>"
        ),
    },
}
ARTICLE = """<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">1234567</PMID><Article><Journal>
<JournalIssue><Volume>7</Volume><PubDate><Year>1950</Year><Month>Jul</Month></PubDate></JournalIssue>
<Title>Sample annals</Title><ISOAbbreviation>Sample Ann</ISOAbbreviation></Journal>
<ArticleTitle>Nodules under the skin of the back.</ArticleTitle><Pagination>
<MedlinePgn>30-5</MedlinePgn></Pagination>
<AuthorList><Author><LastName>PUIG</LastName><ForeName>M</ForeName></Author></AuthorList><Language>eng</Language>
</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"""


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        server, parts = self.server, urlsplit(self.path)
        server.asked.append((self.path, dict(self.headers)))
        name = unquote(parts.path.rpartition("/")[2])
        if parts.path.endswith("efetch.fcgi"):
            if server.efetch:
                return server.efetch(self)
            name = parse_qs(parts.query)["id"][0]
        handler = server.special.get(name)
        if handler:
            return handler(self)
        if name == "1234567":
            return self.say(ARTICLE.encode())
        if name == "10.1000/nodule.1":
            return self.say(json.dumps(WORK).encode())
        return self.say(b"Resource not found.", 404)

    def say(self, body, status=200, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def status(code):
    return lambda handler: handler.say(b"words", code)


def words(body):
    return lambda handler: handler.say(body)


def moved(address):
    return lambda handler: handler.say(b"", 302, Location=address)


def slow(seconds):
    def answer(handler):
        time.sleep(seconds)
        handler.say(b"{}")

    return answer


def dripping(handler):
    """A byte now and then, for ever."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        try:
            handler.wfile.write(b" ")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(200):
            handler.wfile.write(b"x" * 100_000)
    except OSError:
        return


def broken_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"{")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    efetch = None  # answers for many numbers at once

    def handle_error(self, request, client_address):
        """Who has waited long enough hangs up: that is no error of the server's."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def running():
    """The server; `asked` is what it heard, `special` answers for one number in its own way."""
    server = Server(("127.0.0.1", 0), Answers)
    server.asked, server.special = [], {}
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
