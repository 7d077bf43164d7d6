"""A chapter as JATS XML: opened again it has as many headings, citations, figures, references."""

import io

import pytest
from django.core.management import CommandError, call_command
from lxml import etree

from config.moving.whole import jats
from references.formats import Name, Record
from tests.factories import ChapterFactory, ReferenceFactory, cite

HEAD = jats.Head("Title & more", "en", "https://x.example.org/review/a/", "Site", ("Puig", "Anna"))
BODY = (
    '<p>10<sup>9</sup> cells <span class="cite" data-cite="sutro1935" data-locator="p. 3"></span>'
    '<span class="fn">A note <em>f</em>.</span><br>on <a href="/review/b/">b</a></p>'
    '<h2>One</h2><p lang="es">x</p><h3>Inner</h3><ul><li>a<ul><li>b</li></ul>c</li></ul>'
    "<h2>Two</h2><blockquote><p>g</p></blockquote><div class='own'><p>i</p></div>"
    '<figure class="figure"><img src="/media/a.png" alt="j"><figcaption>k</figcaption></figure>'
    "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td colspan='2'>l</td></tr></tbody>"
    "</table><hr>"
)
# Where the archiving set lets the elements we write stand.
ALLOWED = {
    "article": "front body back", "body": "p list sec disp-quote boxed-text fig table-wrap",
    "sec": "title p list sec disp-quote boxed-text fig table-wrap",
    "list": "list-item", "list-item": "p list disp-quote boxed-text fig table-wrap",
    "disp-quote": "p list", "boxed-text": "p", "fig": "caption graphic", "caption": "p",
    "table-wrap": "table caption", "table": "thead tbody", "thead": "tr", "tbody": "tr",
    "tr": "td th", "back": "fn-group ref-list", "fn-group": "fn", "fn": "p", "ref-list": "ref",
    "ref": "element-citation", "graphic": "alt-text",
    "p": "sup sub italic bold xref ext-link styled-content",
}  # fmt: skip


def test_it_is_built_as_the_standard_says_and_loses_nothing():
    work = Record(citekey="sutro1935", type="article-journal", title="T", container="J", year=1935,
                  pages="1-3", doi="10.1/x", names=[Name("Sutro", "C")])  # fmt: skip
    data = jats.article(HEAD, BODY, [work])
    parser = etree.XMLParser(load_dtd=False, no_network=True)
    root = etree.fromstring(data, parser)
    for tag, inside in ALLOWED.items():
        for node in root.iter(tag):
            assert {child.tag for child in node} <= set(inside.split()), tag
    assert root.xpath("//sec/title/text()") == ["One", "Inner", "Two"]
    assert root.xpath("//sec/sec/title/text()") == ["Inner"]
    assert root.xpath("string(//body/p)").startswith("10")
    assert root.xpath("//sup/text()") == ["9"]
    ids = set(root.xpath("//@id"))
    assert root.xpath("//xref/@rid") == ["ref1", "fn1"]
    assert set(root.xpath("//xref/@rid")) <= ids
    assert root.xpath("string(//fn)") == "A note f."
    assert root.xpath("//list-item/p/text()") == ["a", "b", "c"]
    assert root.xpath("//pub-id[@pub-id-type='doi']/text()") == ["10.1/x"]
    links = root.xpath("//@xlink:href", namespaces={"xlink": jats.XLINK[1:-5]})
    assert "https://x.example.org/review/b/" in links
    assert "https://x.example.org/media/a.png" in links


@pytest.mark.django_db
@pytest.mark.once("what a file holds")
def test_a_chapter_goes_out_with_what_it_cites(tmp_path):
    ReferenceFactory(citekey="sutro1935")
    ReferenceFactory(citekey="other1950")
    ChapterFactory(slug="a", body=f"<p>Words {cite('sutro1935')}.</p>")
    ChapterFactory(slug="b", state="draft")
    out = io.StringIO()
    call_command("export_chapter", "/a/", tmp_path / "a.xml", stdout=out)
    root = etree.parse(tmp_path / "a.xml").getroot()
    assert (len(root.findall(".//ref")), root.xpath("//xref/@rid")) == (1, ["ref1"])
    assert "1 references" in out.getvalue()
    with pytest.raises(CommandError, match="no published chapter"):
        call_command("export_chapter", "b", tmp_path / "b.xml")
