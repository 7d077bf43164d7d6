"""An export is read whatever harm it has come to: what can be read comes, the rest is named."""

import gzip
import json
import lzma
import zipfile
from pathlib import Path

import pytest

from config.moving.wordpress import recognise, survey, wxr
from config.moving.wordpress.paragraphs import paragraphs
from config.moving.wordpress.records import Item, Problem
from publishing.richtext import sanitise

DATA = Path(__file__).parent / "data"
EXPORT = DATA / "wordpress-6.1.xml"
ZONE = "Europe/Madrid"
WHOLE = EXPORT.read_text(encoding="utf-8")


def read(tmp_path, text):
    path = tmp_path / "site.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    site, *rest = wxr.read(path, ZONE)
    items = {each.number: each for each in rest if isinstance(each, Item)}
    return site, items, [each for each in rest if isinstance(each, Problem)]


def test_everything_of_a_real_export_is_read():
    site, *items = wxr.read(EXPORT, ZONE)
    assert (site.version, site.address) == ("1.2", "https://old.example.org")
    assert [author.name for author in site.authors] == ["ana", "Berta Sample"]
    assert not [each for each in items if isinstance(each, Problem)]
    where = next(each for each in items if each.slug == "where")
    assert (where.kind, where.status, where.order, where.at.hour) == ("page", "publish", 1, 9)
    assert [comment.approved for comment in where.comments].count("1") == 5


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_all_versions_are_read_by_either_scheme(tmp_path, version):
    for scheme in ("http", "https"):
        text = WHOLE.replace(
            "http://wordpress.org/export/1.2/", f"{scheme}://wordpress.org/export/{version}/"
        ).replace("<wp:wxr_version>1.2", f"<wp:wxr_version>{version}")
        _site, items, problems = read(tmp_path, text)
        assert (len(items), problems) == (20, [])
        assert items[14].excerpt == "In a sentence."


def test_a_packed_export_is_unpacked(tmp_path):
    data = EXPORT.read_bytes()
    for name, packed in (("a.gz", gzip.compress(data)), ("a.xz", lzma.compress(data))):
        (tmp_path / name).write_bytes(packed)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../site.xml", data)
    for name in ("a.gz", "a.xz", "a.zip"):
        assert sum(isinstance(each, Item) for each in wxr.read(tmp_path / name, ZONE)) == 20


def test_a_file_cut_anywhere_gives_what_stands_before_the_cut(tmp_path):
    before = 0
    for tenth in range(1, 10):
        cut = WHOLE[: len(WHOLE) * tenth // 10]
        _site, items, problems = read(tmp_path, cut)
        assert before <= len(items) <= cut.count("<item>")
        if cut.count("<item>") > cut.count("</item>"):
            assert any("ends in the middle" in each.reason or "never closed" in each.reason
                       for each in problems)  # fmt: skip
        before = len(items)
    (tmp_path / "cut.gz").write_bytes(gzip.compress(WHOLE.encode())[:-400])
    rest = list(wxr.read(tmp_path / "cut.gz", ZONE))
    assert sum(isinstance(each, Item) for each in rest) > 5
    assert "cut off" in rest[-1].reason


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<title>Mice in the back</title>", "<title>Mice & backs & \x07more</title>"),
        ("<title><![CDATA[Map]]></title>", "<title>Map & &nbsp;&eacute;&#0;&bogus;</title>"),
        ("<wp:status><![CDATA[draft]]>", "<wp:status>\x00dr\x0baft"),
    ],
)
def test_raw_ampersands_and_control_characters_are_no_harm(tmp_path, old, new):
    assert old in WHOLE
    _site, items, problems = read(tmp_path, WHOLE.replace(old, new, 1))
    assert (len(items), problems) == (20, [])


def test_an_item_that_is_not_well_formed_is_named_by_its_line_and_harms_no_other(tmp_path):
    _site, items, problems = read(
        tmp_path, WHOLE.replace("<title><![CDATA[Map]]></title>", "<title><b>Map</title>", 1)
    )
    assert len(items) == 20
    line = WHOLE[: WHOLE.index("<title><![CDATA[Map]]>")].count("\n")
    assert [(each.line, each.reason.startswith("It is not well-formed")) for each in problems] == [
        (line, True)
    ]


def test_a_text_that_is_never_closed_does_not_take_in_the_next_item(tmp_path):
    text = WHOLE.replace("Being written.]]>", "Being written.", 1)
    _site, items, problems = read(tmp_path, text)
    assert 12 in items
    assert 13 in items
    assert any("never closed" in each.reason for each in problems)


def test_entities_and_what_lies_outside_are_never_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    declared = (
        f'<!DOCTYPE rss [<!ENTITY a "boom"><!ENTITY b "{"&a;" * 50}"><!ENTITY c SYSTEM'
        f' "file://{secret}">]>\n<rss'
    )
    text = WHOLE.replace("<rss", declared, 1).replace(
        "<title><![CDATA[Map]]></title>", "<title>&b;&c;</title>", 1
    )
    _site, items, _problems = read(tmp_path, text)
    assert items[5].title == "&b;&c;"


def test_a_prefix_that_stands_for_something_else_is_not_believed(tmp_path):
    text = WHOLE.replace(
        'xmlns:wp="http://wordpress.org/export/1.2/"',
        'xmlns:wp="http://example.org/other/" xmlns:x="http://wordpress.org/export/1.2/"',
    )
    _site, items, problems = read(tmp_path, text)
    assert not items
    assert len(problems) == 20
    _site, items, problems = read(tmp_path, text.replace("<wp:", "<x:").replace("</wp:", "</x:"))
    assert (len(items), problems) == (20, [])


def test_no_export_at_all_is_refused_in_words(tmp_path):
    for text in (b"", b"not XML", b"<html><body>hello</body></html>", b"PK\x03\x04broken"):
        with pytest.raises(wxr.Unreadable):
            read(tmp_path, text)


def test_dates_that_are_none_are_told(tmp_path):
    text = WHOLE.replace("2014-06-01 21:30:00", "0000-00-00 00:00:00")
    text = text.replace("2014-06-01 23:30:00", "0000-00-00 00:00:00")
    text = text.replace("Sun, 01 Jun 2014 21:30:00 +0000", "Mon, 30 Nov -0001 00:00:00 +0000")
    _site, items, problems = read(tmp_path, text)
    assert items[14].at is None
    assert any("no date" in each.reason for each in problems)


def test_paragraphs_are_those_that_wordpress_shows():
    """`data/paragraphs.json`: what WordPress 6.1 made of each."""
    pairs = json.loads((DATA / "paragraphs.json").read_text(encoding="utf-8"))
    other = [
        each["classic"]
        for each in pairs
        if sanitise.clean(paragraphs(each["classic"])) != sanitise.clean(each["shown"])
    ]
    # Of a table's cell it makes half a paragraph.
    assert len(other) == 1
    assert other[0].startswith("<table>")


def test_notes_lists_and_totals_are_recognised():
    found = survey.take(EXPORT, ZONE).entries
    assert found[12].found.citation.startswith("Copeman WSC")
    assert (found[13].found.listed, found[13].found.totals) == (3, ("Total: 2 articles",))
    assert not found[7].found
    ((_line, record),) = recognise.articles(
        ["BOOK → Nobody A 1950 (London, UK): A book of nothing"]
    )
    assert (record.type, record.year, record.names[0].family) == ("book", 1950, "Nobody")
