"""From the first page along every link of the sample site: what a reader or a search engine can
reach stands."""

import json
import os
import re
import subprocess
from collections import Counter, deque
from itertools import pairwise
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from lxml import etree, html
from tinyhtml5.parser import HTMLParser

from tests.made_once import sample_site

HOME = "http://testserver/"
LOADS = (
    "//script/@src | //img/@src | //source/@src | //iframe/@src | //video/@src | //audio/@src |"
    " //object/@data"
)
LOADING_LINKS = (
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "apple-touch-icon",
    "manifest",
    "mask-icon",
)
# Every selection of the library and of the evidence table is a page, and every work has its files:
# some of each stand for all. Pages themselves are all visited.
SAMPLED = re.compile(
    r"/references/(?:export\.[a-z.]+|evidence/|evidence\.csv|take/to-your-doctor/)?\?|/search/\?|/comments/new/|/captcha/"
    r"|/[^?]+/styles/|/(?:[^?]+/)?(?:comments|feed)\.atom|/[^?]+\.(?:bib|ris|nbib|json|csv|png)\b"
)
ENOUGH = 3
BUILT = (".pdf", ".epub")  # made when asked for, and tested where they are made


class Crawl:
    def __init__(self):
        self.client = Client()
        self.answers = {}  # address: response
        self.pages = {}  # address: parsed page
        self.sources = {}  # address: what was sent
        self.links = []  # (from, to with its fragment)
        self.queue = deque()
        self.sampled = Counter()

    def run(self):
        for start in (
            "/",
            "/robots.txt",
            "/.well-known/security.txt",
            "/sitemap.xml",
            "/favicon.ico",
        ):
            self.follow("", start)
        while self.queue:
            self.visit(self.queue.popleft())
        return self

    def follow(self, source, target):
        address, _ = urldefrag(urljoin(HOME + source.lstrip("/"), target))
        if not address.startswith(HOME):
            return
        self.links.append((source, urljoin(HOME + source.lstrip("/"), target)))
        path = address[len(HOME) - 1 :]
        if path in self.answers or not self.wanted(path):
            return
        self.answers[path] = None
        self.queue.append(path)

    def wanted(self, path):
        bare = re.sub(r"^/(?:es|ca)(?=/)", "", path)
        if urlsplit(path).path.endswith(BUILT):
            return False
        found = SAMPLED.match(bare)
        kind = re.sub(r"[^/?.]+(?=/|\.[a-z]+$)", "*", found[0]) if found else ""
        if bare != path:  # in the other languages some pages of each kind
            kind = f"{path[:3]}{kind or bare.count('/')}{bare.split('/')[1]}"
        self.sampled[kind] += 1
        return not kind or self.sampled[kind] <= ENOUGH

    def visit(self, path):
        if path.startswith("/static/"):
            self.answers[path] = HttpResponse(
                status=200 if finders.find(path.removeprefix("/static/")) else 404
            )
            return None
        response = self.answers[path] = self.client.get(path)
        if response.status_code in (301, 302):
            return self.follow(path, response["Location"])
        kind = response.get("Content-Type", "")
        if response.streaming:
            response.getvalue()  # read to its end, which closes the file
            if hasattr(
                response, "ranged_file"
            ):  # the sum read aloud: its library leaves the file open
                response.ranged_file.f.close()
            return None
        if response.status_code != 200:
            return None
        if kind.startswith("text/html"):
            self.sources[path] = response.content.decode()
            page = self.pages[path] = html.document_fromstring(self.sources[path])
            for target in page.xpath(f"//a/@href | //link/@href | //area/@href | {LOADS}"):
                self.follow(path, target)
            for several in page.xpath("//img/@srcset | //source/@srcset"):
                for one in several.split(","):
                    self.follow(path, one.split()[0])
        elif "xml" in kind:
            for target in etree.fromstring(response.content).xpath(
                "//*[local-name()='loc']/text() | //*/@href"
            ):
                self.follow(path, str(target))
        return None


@pytest.fixture(scope="module")
def crawl(django_db_setup, django_db_blocker, tmp_path_factory):
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")),
    ):
        sample_site()
        yield Crawl().run()
        call_command("flush", interactive=False, verbosity=0)
        call_command("rebuild_search", verbosity=0)


pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("the upgrade of an earlier release reads every page on both"),
]


def test_every_kind_of_address_was_reached(crawl):
    for address in (
        "/review/fat-and-fascia/", "/references/herz1945/", "/references/people/", "/names/",
        "/references/evidence/", "/references/evidence/pictures/",
        "/references/wanted/", "/blog/2025/", "/search/", "/questions/", "/privacy/", "/legal/",
        "/feed.atom", "/es/", "/ca/",
        "/sitemap.xml", "/sitemap-references-0.xml",
    ):  # fmt: skip
        assert address in crawl.answers
    assert len(crawl.pages) > 200
    assert any(path.startswith("/media/") for path in crawl.answers)


def test_every_link_answers(crawl):
    refused = {
        path: answer.status_code
        for path, answer in crawl.answers.items()
        if answer.status_code not in (200, 301, 302)
    }
    came_from = {
        path: [source for source, to in crawl.links if urldefrag(to)[0] == HOME[:-1] + path][:3]
        for path in refused
    }
    assert refused == {}, came_from


def test_no_page_links_to_an_address_that_sends_on(crawl):
    """A permalink of a comment is meant to; so is “Ask”, since which page takes it may change."""
    moved = {
        (source, to)
        for source, to in crawl.links
        if (answer := crawl.answers.get(urldefrag(to)[0][len(HOME) - 1 :])) is not None
        and answer.status_code in (301, 302)
        and not re.match(r"(/es|/ca)?/(comments|questions/ask)/", urlsplit(to).path)
    }
    assert moved == set()


def test_every_fragment_exists(crawl):
    ids = {path: set(page.xpath("//@id")) for path, page in crawl.pages.items()}
    broken = set()
    for source, to in crawl.links:
        address, fragment = urldefrag(to)
        there = ids.get(address[len(HOME) - 1 :])
        if fragment and there is not None and unquote(fragment) not in there:
            broken.add((source, to))
    assert broken == set()


def faults(crawl, query):
    """What the query finds, by page."""
    found = {
        path: [str(each) for each in page.xpath(query)][:5] for path, page in crawl.pages.items()
    }
    return {path: what for path, what in found.items() if what}


def test_html_is_read_as_it_was_meant(crawl):
    """No tag closed twice, never or in the wrong place: an error-reporting parser mends nothing."""
    errors, seen = {}, Counter()
    for path, source in crawl.sources.items():
        kind = "/".join(path.split("/")[:3])[:24]
        seen[kind] += 1
        if seen[kind] <= 3:
            parser = HTMLParser()
            parser.parse(source)
            if parser.errors:
                errors[path] = parser.errors[:3]
    assert errors == {}


@pytest.mark.skipif(
    "VNU_JAR" not in os.environ, reason="VNU_JAR names the Nu Html Checker: see docs/newcomer.md"
)
def test_html_is_valid(crawl, tmp_path):
    addresses = {f"{number}.html": path for number, path in enumerate(crawl.sources)}
    for name, path in addresses.items():
        (tmp_path / name).write_text(crawl.sources[path])
    # The heading of a text stands above it, beside its number.
    options = [
        "--format",
        "json",
        "--stdout",
        "--skip-non-html",
        "--filterpattern",
        "Article lacks heading.*",
    ]
    command = ["java", "-jar", os.environ["VNU_JAR"], *options, tmp_path]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = json.loads(answer.stdout)["messages"]
    assert [
        f"{addresses[each['url'].rpartition('/')[2]]}: {each['message']} {each['extract']}"
        for each in messages
    ] == []


def test_ids_are_unique(crawl):
    doubled = {}
    for path, page in crawl.pages.items():
        ids = page.xpath("//@id")
        if len(ids) != len(set(ids)):
            doubled[path] = {each for each in ids if ids.count(each) > 1}
    assert doubled == {}


def test_a_page_has_one_main_heading_a_title_and_says_its_language(crawl):
    assert {path for path, page in crawl.pages.items() if len(page.xpath("//h1")) != 1} == set()
    assert {
        path for path, page in crawl.pages.items() if not page.xpath("string(//title)").strip()
    } == set()
    assert {path for path, page in crawl.pages.items() if not page.get("lang")} == set()


def test_no_level_of_heading_is_left_out(crawl):
    skipped = {}
    for path, page in crawl.pages.items():
        levels = [int(each.tag[1]) for each in page.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
        if any(after > before + 1 for before, after in pairwise(levels)):
            skipped[path] = levels
    assert skipped == {}


def test_pictures_have_their_words(crawl):
    assert faults(crawl, "//img[not(@alt)]/@src") == {}


def test_links_and_buttons_have_a_name(crawl):
    nameless = (
        "//*[self::a[@href] or self::button][not(normalize-space()) and not(@aria-label) and"
        " not(.//img[@alt!=''])]"
    )
    assert faults(crawl, f"{nameless}/@href | {nameless}/@class") == {}


def test_nothing_is_written_into_the_page_that_a_strict_policy_refuses(crawl):
    assert faults(crawl, "//@style | //style/text() | //*/@*[starts-with(name(), 'on')]") == {}
    assert faults(crawl, "//script[not(@src) and not(@type='application/ld+json')]/text()") == {}
    assert faults(crawl, "//@href[starts-with(., 'javascript:')]") == {}


def test_nothing_is_loaded_from_anybody_else(crawl):
    foreign = {}
    for path, page in crawl.pages.items():
        loaded = page.xpath(LOADS)
        loaded += [
            link.get("href")
            for link in page.xpath("//link")
            if link.get("rel", "") in LOADING_LINKS
        ]
        if outside := [
            each for each in loaded if not urljoin(HOME, each).startswith((HOME, "data:"))
        ]:
            foreign[path] = outside
    assert foreign == {}
