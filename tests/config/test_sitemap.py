"""The sitemap: an index of parts that know nothing of each other, right the moment something is
shown or hidden."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import etree

from publishing.machines import sitemaps
from references.models import Person, Reference
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory

from .test_machine_readable import SITEMAP

pytestmark = pytest.mark.django_db
INDEX = etree.RelaxNG(
    etree.fromstring("""
<element name="sitemapindex" ns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns="http://relaxng.org/ns/structure/1.0"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <oneOrMore><element name="sitemap"><interleave>
    <element name="loc"><data type="anyURI"><param name="pattern">https?://[^/]+/.*</param></data></element>
    <optional><element name="lastmod"><choice><data type="date"/>
    <data type="dateTime"/></choice></element></optional>
  </interleave></element></oneOrMore>
</element>""")
)
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture
def _small_parts(monkeypatch):
    monkeypatch.setattr(sitemaps, "PART", 2)


def xml(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"] == "application/xml"
    return etree.fromstring(response.content)


def rows(tree, name):
    """`{address: last change}`"""
    return {
        each.findtext("s:loc", None, NS): each.findtext("s:lastmod", None, NS)
        for each in tree.findall(f"s:{name}", NS)
    }


def parts(client):
    found = xml(client, "/sitemap.xml")
    assert INDEX(found), INDEX.error_log
    return rows(found, "sitemap")


def part(client, address):
    found = xml(client, address.removeprefix("http://testserver"))
    assert SITEMAP(found), SITEMAP.error_log
    return rows(found, "url")


@pytest.mark.usefixtures("_small_parts")
def test_every_public_page_stands_in_one_part_and_none_is_too_long(client):
    made = [
        *(ChapterFactory() for _ in range(3)),
        *(PostFactory() for _ in range(5)),
        *(ReferenceFactory() for _ in range(5)),
    ]
    made += [PersonFactory(), *Person.objects.all()][1:]
    of_pages = [address for address in parts(client) if "-site-" not in address]
    found = [each for address in of_pages for each in part(client, address)]
    assert sorted(found) == sorted(f"http://testserver{page.get_absolute_url()}" for page in made)
    assert all(0 < len(part(client, address)) <= sitemaps.PART for address in of_pages)


@pytest.mark.usefixtures("_small_parts")
def test_a_translation_in_another_part_is_named_beside_its_original(client):
    original = PostFactory(slug="hello")
    for _ in range(4):
        PostFactory()
    PostFactory(slug="hola", language="es", translation_of=original)
    for page in ("hello", "hola"):
        address = next(
            each
            for each in parts(client)
            if f"http://testserver/blog/{page}/" in part(client, each)
        )
        text = client.get(address.removeprefix("http://testserver")).content.decode()
        entry = text[text.index(f"/blog/{page}/</loc>") :].partition("</url>")[0]
        assert 'hreflang="en" href="http://testserver/blog/hello/"' in entry
        assert 'hreflang="es" href="http://testserver/blog/hola/"' in entry


def test_what_is_hidden_is_gone_at_once_and_back_at_once(client):
    parent = ChapterFactory(slug="above")
    ChapterFactory(slug="below", parent=parent)
    here = {"http://testserver/review/above/", "http://testserver/review/above/below/"}
    assert set(part(client, "/sitemap-chapters-0.xml")) == here
    parent.state = "draft"
    parent.save()
    assert not any("chapters" in each for each in parts(client))
    assert client.get("/sitemap-chapters-0.xml").status_code == 404
    parent.state = "published"
    parent.save()
    assert set(part(client, "/sitemap-chapters-0.xml")) == here


def test_the_last_change_is_that_of_the_page_or_the_moment_it_was_shown(client):
    now = timezone.now().replace(microsecond=0)
    worked_on = PostFactory()
    worked_on.save(updated=now - timedelta(days=9))
    waited = PostFactory(publish_at=now - timedelta(hours=1))
    waited.save(updated=now - timedelta(days=5))
    found = part(client, "/sitemap-posts-0.xml")
    shown = (now - timedelta(hours=1)).isoformat()
    assert (
        found[f"http://testserver{worked_on.get_absolute_url()}"]
        == (now - timedelta(days=9)).isoformat()
    )
    assert found[f"http://testserver{waited.get_absolute_url()}"] == shown
    assert parts(client)["http://testserver/sitemap-posts-0.xml"] == shown


@pytest.mark.usefixtures("_small_parts")
def test_a_part_of_works_tells_when_one_of_them_changed_last_and_an_empty_one_is_none(client):
    now = timezone.now().replace(microsecond=0)
    for pk, days in ((2, 3), (3, 1), (9, 5)):  # two of a part, and three parts that hold nothing
        Reference.objects.bulk_create([Reference(pk=pk, citekey=f"k{pk}", title="T", type="book")])
        Reference.objects.filter(pk=pk).update(changed=now - timedelta(days=days))
    found = {address: last for address, last in parts(client).items() if "references" in address}
    assert found == {
        "http://testserver/sitemap-references-1.xml": (now - timedelta(days=1)).isoformat(),
        "http://testserver/sitemap-references-4.xml": (now - timedelta(days=5)).isoformat(),
    }
    Reference.objects.all().delete()
    assert not any("references" in address for address in parts(client))


def test_addresses_are_escaped(client):
    page = PostFactory(slug="größe")
    assert f"http://testserver{page.get_absolute_url()}" in part(client, "/sitemap-posts-0.xml")
    assert page.get_absolute_url().isascii()


@pytest.mark.parametrize(
    "address", ["/sitemap-posts-7.xml", "/sitemap-none-0.xml", f"/sitemap-people-{'9' * 30}.xml"]
)
def test_a_part_that_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", [10, 40])
def test_its_queries_do_not_grow(client, number, django_assert_num_queries):
    for each in range(number):
        ReferenceFactory(citekey=f"work{each}")
        PostFactory()
    with django_assert_num_queries(8):
        client.get("/sitemap.xml")
    with django_assert_num_queries(1):
        client.get("/sitemap-references-0.xml")
    with django_assert_num_queries(2):
        client.get("/sitemap-posts-0.xml")


def test_a_part_costs_what_is_in_it_however_much_there_is(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "PART", 1000)
    Reference.objects.bulk_create(
        Reference(pk=pk, citekey=f"k{pk}", title="T", type="article-journal")
        for pk in range(1, 2_101)
    )
    Person.objects.bulk_create([Person(family="F", slug="f")])
    assert len(part(client, "/sitemap-references-0.xml")) == sitemaps.PART - 1
    assert len(part(client, "/sitemap-references-2.xml")) == 101
