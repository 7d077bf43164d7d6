"""The PDF: what is in it, what it may read, and what happens where it cannot be made."""

import re

import lxml.html
import pytest
from django.test import override_settings

from review.paper import book, pdf, wide

from . import paper

try:
    from review.paper import typeset
except (ImportError, OSError):
    typeset = None

pytestmark = pytest.mark.once
needs_weasyprint = pytest.mark.skipif(
    typeset is None, reason="WeasyPrint or Pango is not installed"
)


@pytest.fixture
def tree(db):
    paper.review()
    return lxml.html.fromstring(pdf.html(book.collect("nerves")))


def words(node):
    return " ".join(node.text_content().split())


def test_title_page_contents_and_imprint_stand_around_the_chapters(tree):
    front = words(tree.xpath("//section[contains(@class, 'title-page')]")[0])
    assert "Nerves" in front
    assert "Dr A. Nobody" in front
    assert "As it stood on" in front
    assert "2 chapters are not finished" in front
    assert "No substitute." in front
    rows = [words(row) for row in tree.xpath("//nav//li")]
    assert rows == ["1Nerves", "1.1Cluneal", "1.1.1Deep", "About this copy"]
    imprint = words(tree.xpath("//section[@class='imprint']")[0])
    assert "CC BY 4.0" in imprint
    assert "http://testserver/review/nerves/" in imprint
    assert book.collect("nerves").fingerprint[:8] in imprint


def test_a_chapter_alone_lists_its_parts(db):
    paper.review()
    tree = lxml.html.fromstring(pdf.html(book.collect("nerves", alone=True)))
    rows = [words(row) for row in tree.xpath("//nav//li")]
    assert "What was found" in rows[0]
    assert any("Works cited" in row for row in rows)


def test_every_name_is_unique_and_every_link_inside_leads_somewhere(tree):
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    inside = [href[1:] for href in tree.xpath("//@href | //@data-at") if href.startswith("#")]
    assert len(inside) > 20
    assert set(inside) <= set(ids)


def test_links_stay_inside_the_book_or_become_full_addresses(tree):
    hrefs = {words(link): link.get("href") for link in tree.xpath("(//div[@class='prose'])[1]//a")}
    assert re.fullmatch(r"#c\d+", hrefs["the nerve"])
    assert re.fullmatch(r"#c\d+-what-was-found", hrefs["its part"])
    assert hrefs["fat"] == "http://testserver/review/fat/"
    assert hrefs["elsewhere"] == "https://example.org/a?b=c&d"
    assert not [href for href in tree.xpath("//@href") if href.startswith("/")]


def test_citations_lead_to_the_list_and_margin_notes_are_gone(tree):
    assert not tree.xpath("//*[contains(concat(' ', @class, ' '), ' note ')]")
    cites = tree.xpath("(//div[@class='prose'])[1]//a[@class='cite']")
    assert [words(cite) for cite in cites] == ["[1]", "[2]", "[2]", "[1]", "[1]"]
    chapter = cites[0].get("href").partition("-")[0]
    assert [cite.get("href").removeprefix(f"{chapter}-ref-") for cite in cites] == [
        "1",
        "2",
        "2",
        "1",
        "1",
    ]


def test_references_are_numbered_as_on_the_site_and_their_addresses_can_be_read(tree):
    first, second = tree.xpath("(//ol[@class='refs'])[1]/li")
    assert words(first.xpath("span[@class='n']")[0]) == "1"
    assert "10.1000/a.b" in words(first)
    assert "77" in words(second)
    assert "First cited on page" in words(first)
    assert len(first.xpath(".//span[@class='back']/a")) == 1


def test_an_identifier_the_entry_has_is_not_written_twice(tree):
    first, second = tree.xpath("(//ol[@class='refs'])[1]/li")
    assert words(first).count("10.1000/a.b") == 1
    assert len(re.findall(r"\b77\b", words(second))) == 1


def test_footnotes_lead_to_their_list_and_back(tree):
    link = tree.xpath("(//div[@class='prose'])[1]//a[@class='cite fn']")[0]
    note = tree.xpath(f"//li[@id='{link.get('href')[1:]}']")[0]
    assert "Said aside" in words(note)
    assert f"#{link.get('id')}" in note.xpath(".//a/@href")


def test_words_under_references_are_in_the_language_of_the_chapter(tree):
    spanish = tree.xpath("//section[@lang='es']")[0]
    assert spanish.xpath(".//ol[@class='refs']")


def test_voices_figures_and_videos_are_there_and_nothing_that_is_only_for_a_screen(tree):
    prose = tree.xpath("(//div[@class='prose'])[1]")[0]
    assert "I had expected more." in words(prose.xpath(".//aside[@class='own']")[0])
    assert "By letter, 2020." in words(prose.xpath(".//aside[@class='letter']/header")[0])
    assert "Schmidt, 1953" in words(prose.xpath(".//blockquote/footer")[0])
    image = prose.xpath(".//img")[0]
    assert image.get("src") == "media:images/sacrum.png"
    assert image.get("alt") == "A sacrum."
    assert set(image.attrib) == {"src", "alt"}
    assert [child.tag for child in prose.xpath(".//figure[@class='figure']")[0]] == [
        "div",
        "figcaption",
    ]
    assert prose.xpath(".//figure[@class='video']//a/@href") == [
        "https://www.youtube.com/watch?v=abcdefghijk"
    ]
    assert not tree.xpath("//button | //script | //iframe | //*[@tabindex]")


def test_a_large_picture_is_taken_in_the_width_paper_can_show(db):
    assert (
        pdf.Fitter([]).picture(
            {480: "/media/a-480.png", 1600: "/media/a-1600.png", 4000: "/media/a.png"}
        )
        == "media:a-1600.png"
    )
    assert pdf.Fitter([]).picture({0: "https://example.org/a.png"}) is None


def test_a_chapter_that_shows_its_evidence_shows_it_on_paper(tree):
    (study,) = tree.xpath("//*[@class='study']")
    told = [(dt.text_content(), dt.getnext().text_content().strip()) for dt in study.iter("dt")]
    assert ("Sample size", "37") in told
    assert ("Relief", "31 of 37") in told
    assert ("Funding", "not reported") in told
    assert not any(label == "Histology" for label, _ in told)


def test_placed_works_carry_the_authors_remark(tree):
    (entry,) = [li for li in tree.xpath("//ol[@class='refs']/li") if "count" in words(li)]
    assert "Hernien" in words(entry)
    assert "77" in words(entry)
    assert "The first to count." in words(entry)
    assert not tree.xpath("//section[@class='placed']"), "it is cited, so it stands once"


def test_a_planned_chapter_says_so(tree):
    assert "planned and not written yet" in words(
        tree.xpath("//section[contains(@class, 'planned')]")[0]
    )


# What it may read


@needs_weasyprint
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/a.png",
        "https://example.org/a.png",
        "ftp://example.org/a.png",
        "file:///etc/passwd",
        "data:image/png;base64,iVBORw0KGgo=",
        "media:../secret.png",
        "media:/etc/hostname",
        "media:%2e%2e/secret.png",
        "media:drawing.svg",
        "media:page.html",
    ],
)
def test_it_reads_nothing_but_our_own_pictures(tmp_path, address):
    folder = tmp_path / "media"
    folder.mkdir()
    for path in (tmp_path / "secret.png", folder / "drawing.svg", folder / "page.html"):
        path.write_text("<svg/>")
    with pytest.raises(ValueError, match=r"refused|no picture"):
        typeset.OwnFilesOnly(folder).fetch(address)


@needs_weasyprint
def test_it_reads_our_own_pictures(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a b.png").write_bytes(b"png")
    assert typeset.OwnFilesOnly(tmp_path).fetch("media:images/a%20b.png").read() == b"png"


@needs_weasyprint
def test_a_document_that_asks_for_other_files_is_set_without_them(tmp_path, monkeypatch):
    asked = []
    fetch = typeset.OwnFilesOnly.fetch

    def watch(self, url, headers=None):
        asked.append(url)
        return fetch(self, url, headers)

    monkeypatch.setattr(typeset.OwnFilesOnly, "fetch", watch)
    html = (
        '<img src="http://127.0.0.1:1/a.png"><img src="file:///etc/hostname"><link rel=stylesheet'
        ' href="http://127.0.0.1:1/c">'
    )
    assert typeset.pdf(html, tmp_path, []).startswith(b"%PDF-")
    assert len(asked) == 3


# The making


@needs_weasyprint
def test_a_book_is_set_with_the_page_numbers_of_its_chapters(db, settings):
    paper.review()
    html = pdf.html(book.collect("nerves"))
    fetcher = typeset.OwnFilesOnly(settings.MEDIA_ROOT)
    sheets = [typeset.CSS(string=path.read_text()) for path in pdf.SHEETS]
    pages = typeset.HTML(string=html, url_fetcher=fetcher).render(stylesheets=sheets).pages
    found = {}
    for number, page in enumerate(pages, 1):
        for name in page.anchors:
            found.setdefault(name, number)
    chapters = [found[name] for name in re.findall(r'href="#(c\d+)"><span class="n">', html)]
    assert chapters[0] == 3
    assert chapters == sorted(chapters)
    assert found["i-imprint"] == len(pages)


@needs_weasyprint
def test_a_process_of_its_own_makes_the_file(db, client, settings, tmp_path):
    settings.BOOKS_ROOT = tmp_path / "books"
    paper.review()
    response = client.get("/review/fat/chapter.pdf")
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def stand_in(monkeypatch, folder, code):
    """Another `weasyprint` is found first."""
    (folder / "weasyprint.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(folder))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "code", ["raise ImportError('no such module')", "raise OSError('cannot load library libpango')"]
)
def test_without_weasyprint_or_pango_it_is_said_to_be_missing(monkeypatch, tmp_path, code):
    paper.review()
    stand_in(monkeypatch, tmp_path, code)
    with pytest.raises(pdf.NotInstalled):
        pdf.build(book.collect("fat"))


@pytest.mark.django_db
def test_what_goes_wrong_in_the_making_is_written_down(monkeypatch, tmp_path, caplog):
    paper.review()
    stand_in(monkeypatch, tmp_path, "raise RuntimeError('the press broke')")
    with pytest.raises(pdf.Failed):
        pdf.build(book.collect("fat"))
    assert "the press broke" in caplog.text


@pytest.mark.django_db
def test_it_is_given_up_after_a_time(monkeypatch, tmp_path):
    paper.review()
    stand_in(monkeypatch, tmp_path, "import time; time.sleep(60)")
    with override_settings(BOOK_SECONDS=0.5), pytest.raises(pdf.Failed):
        pdf.build(book.collect("fat"))


def test_a_wide_table_is_set_smaller_turned_or_in_parts_with_its_first_column():
    def fitted(columns, cell="td"):
        row = "".join(f"<{cell}>{n}</{cell}>" for n in range(columns))
        table = f"<table><caption>Of it</caption><tbody><tr>{row}</tr></tbody></table>"
        root = lxml.html.fromstring(f"<div>{table}</div>")
        wide.fit_tables(root)
        return [
            (each.get("class"), [cell.text for cell in each.iter("td")])
            for each in root.iter("table")
        ]

    assert fitted(6)[0][0] is None
    assert fitted(8)[0][0] == "small"
    assert fitted(12)[0][0] == "turned"
    parts = [cells for _kind, cells in fitted(20)]
    assert len(parts) == 3
    assert all(cells[0] == "0" for cells in parts)
    assert [cell for cells in parts for cell in cells[1:]] == [str(n) for n in range(1, 20)]


@needs_weasyprint
def test_no_line_ends_after_its_first_word():
    """WeasyPrint lost its place where a title followed a line that was nearly full."""
    said = (
        "In 1947 the same two authors reported eleven patients, and this time the title names it: "
    )
    prose = "".join(
        f"<p>{'a ' * n}{said}<cite>Edema or herniation of fat lobules as a cause of pain</cite> and"
        " so on.</p>"
        for n in range(40)
    )
    root = lxml.html.fromstring(f'<div class="prose">{prose}</div>')
    wide.loosen(root)
    lines = set_lines(lxml.html.tostring(root, encoding="unicode"))
    full = max(len(each) for each in lines)
    short = [each for each in lines if len(each) < full / 3]
    assert [each for each in short if not each.endswith(".")] == []


def set_lines(html):
    """The lines of a document as they are set."""
    lines, waiting = [], [page._page_box for page in typeset.HTML(string=html).render().pages]
    while waiting:
        box = waiting.pop(0)
        if type(box).__name__ == "LineBox":
            lines.append("".join(each.text for each in box.descendants() if hasattr(each, "text")))
        else:
            waiting[:0] = getattr(box, "children", ())
    return lines
