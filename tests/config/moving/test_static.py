"""The public site as plain files: every link leads to a file, nothing asks a server."""

import io
import json
import posixpath
import re
from urllib.parse import unquote, urlsplit

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from lxml import html
from warcio.archiveiterator import ArchiveIterator

from publishing.models import SiteSettings
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory, cite, comment

pytestmark = [pytest.mark.django_db, pytest.mark.once("pages as files")]
EVERYWHERE = re.compile(r"https?:|mailto:|#|data:|//")


def broken(folder):
    """Every link and file a page or a style sheet names that is not there."""
    for path in folder.rglob("*"):
        if path.suffix == ".html":
            root = html.fromstring(path.read_bytes())
            named = [value for node, name, value, _at in root.iterlinks()
                     if name != "srcset" and node.get("http-equiv") is None]  # fmt: skip
            named += root.xpath("//@data-index")
            for value in root.xpath("//@srcset"):
                named += [each.split()[0] for each in value.split(", ")]
        elif path.suffix == ".css":
            named = re.findall(r"url\(['\"]?([^'\")]+)", path.read_text(encoding="utf-8"))
        else:
            continue
        for each in named:
            target = path.parent / unquote(urlsplit(each).path)
            if not EVERYWHERE.match(each) and not target.is_file():
                yield f"{path.relative_to(folder)} → {each}"


def test_every_link_of_the_copy_leads_to_a_file(tmp_path, settings):
    site = SiteSettings.load()
    site.contact = "author@example.org"
    site.save()
    ReferenceFactory(citekey="sutro1935")
    above = ChapterFactory(title="Above", slug="above")
    default_storage.save("files/a b.txt", io.BytesIO(b"a file"))
    ChapterFactory(
        title="Below", slug="below", parent=above,
        body="<p>10<sup>9</sup> cells " + cite("sutro1935") + '. <a href="/media/files/a%20b.txt">'
        'File</a>, <a href="/review/above/">above</a>, <a href="/no/such/page/">none</a>, '
        '<a href="/media/no.png">nor this</a>.</p>',
    )  # fmt: skip
    PostFactory(title="A post", slug="a-post")
    PostFactory(title="A secret draft", slug="a-draft", state="draft")
    comment(above, text="A sample question.", email="anna@example.org")
    out, folder = io.StringIO(), tmp_path / "copy"
    call_command("export_site", "--static", folder, "--warc", tmp_path / "s.warc.gz", stdout=out)
    assert list(broken(folder)) == []
    missing = set(re.findall(r"not there: (\S+)", out.getvalue()))
    assert {bare.removeprefix("/es").removeprefix("/ca") for bare in missing} == {
        "/no/such/page/", "/media/no.png",
    }  # fmt: skip
    chapter = (folder / "review/above/below/index.html").read_text(encoding="utf-8")
    assert "10<sup>9</sup>" in chapter
    assert 'href="../../../media/files/a%20b.txt"' in chapter
    assert (folder / "media/files/a b.txt").read_bytes() == b"a file"
    assert 'lang="es"' in (folder / "es/review/above/below/index.html").read_text(encoding="utf-8")
    assert (folder / "ca/blog/a-post/index.html").exists()
    talked = (folder / "review/above/index.html").read_text(encoding="utf-8")
    assert "A sample question." in talked
    assert "mailto:author@example.org" in talked
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.html")]
    assert not [text for text in texts if re.search("<form (?!class=.seek)", text)]
    assert not [text for text in texts if "A secret draft" in text]
    assert not [text for text in texts if "anna@example.org" in text]
    _it_is_archived(tmp_path / "s.warc.gz", settings.SITE_URL)
    scripts = [text for text in texts if re.search(r"<script(?! type=.application/ld)", text)]
    assert len(scripts) == 3  # the pages that search
    _it_can_be_searched(folder)
    # A file says the same in every language, and a book holds all.
    assert not [*(folder / "es").rglob("*.ris"), *(folder / "ca").rglob("*.bib")]
    assert not [*folder.glob("review/*/**/chapter.*"), *folder.glob("review/*/**/book.*")]
    with pytest.raises(CommandError, match="not empty"):
        call_command("export_site", "--static", folder)


def _it_can_be_searched(folder):
    for code, page in (("en", "search"), ("es", "es/search"), ("ca", "ca/search")):
        text = (folder / f"search-{code}.js").read_text(encoding="utf-8")
        rows = json.loads(text.removeprefix("searchCopy(").rstrip().removesuffix(",\n]);") + "]")
        prefix = page.removesuffix("search")
        found = {file: (title, words) for title, file, words in rows}
        assert found[f"{prefix}review/above/below/index.html"][0].endswith("Below")
        assert "10⁹ cells" in found[f"{prefix}review/above/below/index.html"][1]
        assert "A sample question." in found[f"{prefix}review/above/index.html"][1]
        root = html.fromstring((folder / page / "index.html").read_bytes())
        assert root.xpath("//form/@action") == ["index.html"]
        assert f"{prefix}review/index.html" in {
            posixpath.normpath(posixpath.join(page, each)) for each in root.xpath("//main//a/@href")
        }  # what leads on without a script


def _it_is_archived(path, site):
    """By what each answer was; the page itself, and its pictures, are the site's own."""
    found = {}
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                address = record.rec_headers.get_header("WARC-Target-URI")
                found[address] = record.http_headers.get_statuscode()
                if address == f"{site}/review/above/below/":
                    assert b'href="/review/above/"' in record.content_stream().read()
    assert found[f"{site}/review/above/below/"] == "200"
    assert found[f"{site}/media/files/a%20b.txt"] == "200"
    assert found[f"{site}/no/such/page/"] == "404"
    assert not [address for address in found if "a-draft" in address]
