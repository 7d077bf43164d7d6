"""The EPUB: a zip as reading systems want it, with pages that are valid and links that lead
somewhere."""

import io
import shutil
import subprocess
import zipfile
from urllib.parse import urldefrag

import lxml.html
import pytest
from django.core.files.storage import default_storage
from lxml import etree

from publishing.models import SiteSettings
from references.models import Methods
from references.screening import record
from review.models import Chapter
from review.paper import book, epub, pdf
from tests.factories import ChapterFactory
from tests.run import EPUBCHECK

from . import paper

pytestmark = [pytest.mark.django_db, pytest.mark.once]
XHTML, OPF, DC = (
    "http://www.w3.org/1999/xhtml",
    "http://www.idpf.org/2007/opf",
    "http://purl.org/dc/elements/1.1/",
)
NAMES = {"x": XHTML, "o": OPF, "dc": DC, "epub": epub.EPUB, "s": epub.SVG[1:-4]}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Opened:
    def __init__(self, data):
        self.data = data
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = self.zip.namelist()

    def xml(self, name):
        return etree.fromstring(self.zip.read(f"OEBPS/{name}"))

    def find(self, name, path):
        return self.xml(name).xpath(path, namespaces=NAMES)

    def pages(self):
        return [name.removeprefix("OEBPS/") for name in self.names if name.endswith(".xhtml")]

    def page_of(self, chapter):
        return f"c{chapter.pk}.xhtml"


@pytest.fixture
def nerves():
    return paper.review()


@pytest.fixture
def opened(nerves):
    return Opened(epub.build(book.collect("nerves")))


def test_the_first_file_says_what_it_is_uncompressed(opened):
    first = opened.zip.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == (
        "mimetype",
        zipfile.ZIP_STORED,
        b"",
    )
    assert opened.zip.read("mimetype") == b"application/epub+zip"
    assert opened.data[30:58] == b"mimetypeapplication/epub+zip"


def test_the_container_names_the_package_and_the_package_every_file(opened):
    container = etree.fromstring(opened.zip.read("META-INF/container.xml"))
    assert container.xpath("//*/@full-path") == ["OEBPS/package.opf"]
    listed = {f"OEBPS/{href}" for href in opened.find("package.opf", "//o:item/@href")}
    assert listed == set(opened.names) - {"mimetype", "META-INF/container.xml", "OEBPS/package.opf"}
    ids = opened.find("package.opf", "//o:item/@id")
    assert set(opened.find("package.opf", "//o:itemref/@idref")) <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_package_says_title_author_languages_rights_and_date(opened, nerves):
    package = opened.xml("package.opf")
    get = lambda path: package.xpath(path, namespaces=NAMES)  # noqa: E731
    assert get("string(//dc:title)") == "1 Nerves | Back mice"
    assert get("string(//dc:creator)") == "Dr A. Nobody"
    assert get("//dc:language/text()") == ["en", "es"]
    assert get("string(//dc:rights)") == "CC BY 4.0"
    newest = max(chapter.updated for chapter in Chapter.objects.exclude(title="Fat"))
    assert get("string(//o:meta[@property='dcterms:modified'])") == newest.strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )


def test_its_identity_stays_when_the_text_changes(nerves):
    before = Opened(epub.build(book.collect("nerves"))).find(
        "package.opf", "string(//dc:identifier)"
    )
    nerves.body = "<p>Other.</p>"
    nerves.save()
    assert (
        Opened(epub.build(book.collect("nerves"))).find("package.opf", "string(//dc:identifier)")
        == before
    )
    assert (
        Opened(epub.build(book.collect())).find("package.opf", "string(//dc:identifier)") != before
    )


def test_contents_are_nested_as_chapters_are_and_landmarks_are_there(opened):
    top = opened.find("nav.xhtml", "//x:nav[@epub:type='toc']/x:ol")[0]
    nested = top.xpath(
        "x:li/x:a/text() | x:li/x:ol/x:li/x:a/text() | x:li/x:ol/x:li/x:ol/x:li/x:a/text()",
        namespaces=NAMES,
    )
    assert nested == ["1 Nerves", "1.1 Cluneal", "1.1.1 Deep", "About this copy"]
    assert len(top.xpath("x:li", namespaces=NAMES)) == 2
    marks = opened.find("nav.xhtml", "//x:nav[@epub:type='landmarks']//x:a/@epub:type")
    assert marks == ["cover", "toc", "bodymatter", "colophon"]


def test_contents_close_what_they_open_whatever_comes_after():
    one = ChapterFactory(title="One")
    ChapterFactory(title="Deeper", parent=ChapterFactory(title="Deep", parent=one))
    ChapterFactory(title="Two")
    opened = Opened(epub.build(book.collect()))
    assert opened.find("nav.xhtml", "//x:nav[1]/x:ol/x:li/x:a/text()") == [
        "1 One",
        "2 Two",
        "About this copy",
    ]


def test_the_contents_of_one_chapter_alone_are_its_parts(nerves):
    opened = Opened(epub.build(book.collect("nerves", alone=True)))
    assert opened.find("nav.xhtml", "//x:nav[1]//x:a/text()") == [
        "1 Nerves",
        "What was found",
        "A table",
        "About this copy",
    ]
    for address in opened.find("nav.xhtml", "//x:nav[1]/x:ol/x:li/x:ol//x:a/@href"):
        page, _sharp, place = address.partition("#")
        assert opened.find(page, f"//*[@id='{place}']")


def test_each_chapter_is_a_page_in_its_own_language(opened):
    cluneal = Chapter.objects.get(title="Cluneal")
    html = opened.xml(opened.page_of(cluneal))
    assert html.get("lang") == html.get(LANG) == "es"
    for node in html.iter(f"{{{XHTML}}}*"):
        assert node.get("lang") == node.get(LANG)


def test_a_citation_is_a_noteref_its_entry_a_footnote_with_ways_back(opened, nerves):
    page = opened.page_of(nerves)
    refs = opened.find(page, "//x:a[@epub:type='noteref']/@href")
    assert refs == ["#ref-1", "#fnote-a", "#ref-2", "#ref-2", "#ref-1", "#ref-1"]
    assert opened.find(page, "//x:li[@epub:type='footnote']/@id") == ["fnote-a", "ref-1", "ref-2"]
    assert len(opened.find(page, "//x:li[@id='ref-1']//x:a[@role='doc-backlink']")) == 3
    assert opened.find(page, "//x:li[@id='fnote-a']/x:a[@role='doc-backlink']/@href") == [
        "#fnref-a"
    ]
    assert opened.find(page, "count(//x:*[@role='note'])") == 0


def test_every_link_and_picture_inside_leads_somewhere(opened):
    checked = 0
    for page in opened.pages():
        for address in opened.find(page, "//@href | //@src"):
            if address.startswith(("http:", "https:", "mailto:")):
                continue
            file, name = urldefrag(address)
            assert f"OEBPS/{file or page}" in opened.names, address
            if name:
                assert opened.find(file or page, f"//*[@id='{name}']"), address
            checked += 1
    assert checked > 20


def test_a_link_to_a_chapter_that_is_not_in_it_goes_to_the_site(opened, nerves):
    assert opened.find(opened.page_of(nerves), "//x:a[.='fat']/@href") == [
        "http://testserver/review/fat/"
    ]


def test_figures_come_along_once_in_one_width(opened, nerves):
    assert [name for name in opened.names if "images/" in name] == ["OEBPS/images/sacrum-960.png"]
    assert opened.find(opened.page_of(nerves), "//x:img/@src") == ["images/sacrum-960.png"]
    assert opened.find("package.opf", "//o:item[@properties='cover-image']/@href") == [
        "images/sacrum-960.png"
    ]
    assert opened.find("cover.xhtml", "//x:img/@alt") == ["A sacrum."]


def test_a_webp_becomes_what_every_reading_system_shows():
    shown = paper.picture("plate", "WEBP", width=300)
    ChapterFactory(body=f'<figure><img src="{shown.get_absolute_url()}" alt="A plate."></figure>')
    opened = Opened(epub.build(book.collect()))
    assert "OEBPS/images/plate.png" in opened.names
    assert opened.zip.read("OEBPS/images/plate.png").startswith(b"\x89PNG")


def test_a_picture_whose_file_is_gone_leaves_its_description(nerves):
    for name in ("images/sacrum.png", "images/sacrum-480.png", "images/sacrum-960.png"):
        default_storage.delete(name)
    opened = Opened(epub.build(book.collect("nerves")))
    assert (
        opened.find(opened.page_of(nerves), "string(//x:figure[@class='figure'])")
        .strip()
        .startswith("A sacrum.")
    )
    assert not [name for name in opened.names if "images/" in name]


def test_awkward_words_are_still_xml():
    SiteSettings(
        name="Mice & <men> \x0b", tagline="“Quoted”", author_name='A "B" <c>', interests="a & b\nc"
    ).save()
    ChapterFactory(
        title="A & B < C \x0c",
        summary="1 < 2 & \x07",
        slug="a",
        body="<p>&nbsp;&amp;&lt;x&gt;<br>y</p>",
        language="ar",
    )
    opened = Opened(epub.build(book.collect()))
    for page in opened.pages():
        assert opened.xml(page) is not None
    chapter = next(
        page for page in opened.pages() if page.startswith("c") and page != "cover.xhtml"
    )
    assert "A & B < C" in opened.find(chapter, "string(//x:title)")
    assert opened.xml(chapter).get("dir") == "rtl"


def test_odd_links_do_not_break_it():
    links = [
        "https://example.org/a b[c]|d",
        "mailto:a@example.org",
        "doi:10.1000/x",
        "#nowhere",
        "?page=2",
        "http://[bad",
    ]
    body = "".join(f'<p><a href="{link}">link</a></p>' for link in links)
    chapter = ChapterFactory(title="Links", body=body)
    opened = Opened(epub.build(book.collect()))
    hrefs = opened.find(opened.page_of(chapter), "//x:p/x:a/@href")
    assert "http://testserver/review/links/#nowhere" in hrefs
    assert "mailto:a@example.org" in hrefs
    assert not [href for href in hrefs if " " in href]


def test_the_whole_review_says_how_it_was_searched_with_the_flow_as_a_drawing(nerves):
    Methods(public=True, criteria="Adults & lumps.").save()
    record.refresh()
    opened = Opened(epub.build(book.collect()))
    assert "Adults & lumps." in opened.find("methods.xhtml", "string(//x:section)")
    boxes = opened.find("methods.xhtml", "//s:svg/s:rect")
    assert len(boxes) > 5
    assert opened.find("package.opf", "//o:item[@properties='svg']/@href") == ["methods.xhtml"]
    assert "methods.xhtml" in opened.find("nav.xhtml", "//x:nav[1]//x:a/@href")
    assert "OEBPS/methods.xhtml" not in Opened(epub.build(book.collect("nerves"))).names
    tree = lxml.html.fromstring(pdf.html(book.collect()))
    assert tree.xpath("//section[@id='methods']//*[local-name()='svg']/*[local-name()='title']")


def test_the_same_text_gives_the_same_bytes(nerves):
    assert epub.build(book.collect()) == epub.build(book.collect())


def test_a_reader_gets_it(client, nerves, settings, tmp_path):
    settings.BOOKS_ROOT = tmp_path / "books"
    response = client.get("/es/review/nerves/book.epub")
    assert response["Content-Type"] == "application/epub+zip"
    assert 'filename="back-mice-1-nerves-book.epub"' in response["Content-Disposition"]
    opened = Opened(b"".join(response.streaming_content))
    assert opened.xml("nav.xhtml").get("lang") == "es"


@pytest.mark.skipif(
    not (EPUBCHECK.exists() and shutil.which("java")), reason="epubcheck is not installed"
)
def test_epubcheck_finds_nothing_wrong(nerves, tmp_path):
    ChapterFactory(
        title="Odd & ends",
        body='<p><a href="https://example.org/a b[c]|d">x</a> <a href="doi:10.1/x">y</a></p>',
    )
    file = tmp_path / "book.epub"
    file.write_bytes(epub.build(book.collect()))
    done = subprocess.run(
        # It ends too soon for its code to be made faster.
        [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-jar",
            str(EPUBCHECK),
            "--failonwarnings",
            str(file),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
