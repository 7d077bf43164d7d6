"""A folder of Markdown or of Zotero given at the desk as one zip: shown first, then brought in."""

import io
import stat
import zipfile

import pytest
from django.urls import reverse

from blog.models import Post
from config.moving import arrivals, trees
from publishing import tasks
from publishing.models import Image, SiteImport
from publishing.storage import private
from references.models import FurtherPdf, ListPlace, Reference
from tests.factories import AuthorUserFactory

from .test_markdown import FIRST, folder, written  # noqa: F401  a fixture
from .test_zotero import zotero  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.once("about pages of the desk")]
GIVE = "admin:publishing_siteimport_add"


def zipped(root, inside=""):
    """The bytes of a zip of a folder, as a desktop makes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("__MACOSX/x/._first.md", b"\0\5\26\7")
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink():
                file.write(path, f"{inside}{path.relative_to(root).as_posix()}")
    return out.getvalue()


def give(client, source, data, name="texts.zip"):
    file = io.BytesIO(data)
    file.name = name
    return client.post(f"{reverse(GIVE)}?from={source}", {"file": file}, follow=True)


def confirm(client, page):
    return client.post(page.request["PATH_INFO"], follow=True).content.decode()


@pytest.fixture
def owner(client):
    client.force_login(AuthorUserFactory())
    return client


def test_posts_are_shown_first_then_come_in_and_once(owner, folder):  # noqa: F811
    page = give(owner, "markdown", zipped(folder, "texts/"))
    words = page.content.decode()
    assert "first.md: First: a mouse" in words
    assert "no.md”: it is not written in UTF-8" in words
    assert "Would come in (2)" in words
    assert not Post.objects.exists()
    assert not Image.objects.exists()
    words = confirm(owner, page)
    assert "What became of everything" in words
    assert "does not add up" not in words
    first, second = Post.objects.get(slug="first"), Post.objects.get(slug="second")
    assert f'href="page:blog.post/{second.pk}#part"' in first.body
    assert Image.objects.count() == 1
    assert private().listdir("moving")[1] == []
    # Under another name, with the folder's files at its top, it is the same folder.
    written(folder, **{"first.md": FIRST + "\nMore."})
    page = give(owner, "markdown", zipped(folder), "texts (1).zip")
    words = page.content.decode()
    assert "came in under this name: texts" in words
    assert "Would be changed (1)" in words
    confirm(owner, page)
    assert (Post.objects.count(), Image.objects.count()) == (2, 1)
    assert "More." in Post.objects.get(pk=first.pk).body


def test_a_library_comes_in_with_its_files_and_once(owner, zotero):  # noqa: F811
    page = give(owner, "zotero", zipped(zotero.folder, "Zotero/"), "Zotero.zip")
    words = page.content.decode()
    assert "is not in the folder storage" in words
    assert "Would come in (2)" in words
    assert not Reference.objects.exists()
    assert "does not add up" not in confirm(owner, page)
    pdf = Reference.objects.get(pmid="20242353").pdf.name
    assert pdf
    assert (Reference.objects.count(), FurtherPdf.objects.count()) == (2, 1)
    places = ListPlace.objects.count()
    page = give(owner, "zotero", zipped(zotero.folder), "Zotero-2.zip")
    assert "Nothing in it is new." in page.content.decode()
    confirm(owner, page)
    assert (Reference.objects.count(), FurtherPdf.objects.count()) == (2, 1)
    assert (ListPlace.objects.count(), Reference.objects.get(pmid="20242353").pdf.name) == (
        places, pdf,
    )  # fmt: skip
    page = give(owner, "zotero", (zotero.folder / "zotero.sqlite").read_bytes(), "zotero.sqlite")
    assert "Nothing in it is new." in page.content.decode()


def test_turn_by_turn_it_comes_to_the_same(owner, tmp_path, monkeypatch):
    """Each text names the one after it; the turn is over after every chunk."""
    texts = {f"t{at:02}.md": f"Text {at}, [next](t{at + 1:02}.md)." for at in range(7)}
    written(tmp_path / "texts", **texts)
    monkeypatch.setattr("config.moving.portions.CHUNK", 2)
    page = give(owner, "markdown", zipped(tmp_path / "texts"))
    row = SiteImport.objects.get()
    SiteImport.objects.update(state=SiteImport.State.RUNNING)
    turns = 0
    while arrivals.portion(row.pk, tasks.Turn(-1)) and turns < 50:
        turns += 1
    assert 4 <= turns < 50
    row.refresh_from_db()
    assert (row.state, row.report["fates"]["post"]["new"], row.report["found"]) == (
        "done", 7, {"post": 7},
    )  # fmt: skip
    linked = Post.objects.filter(body__contains='href="page:blog.post/')
    assert (Post.objects.count(), linked.count()) == (7, 6)
    assert page.status_code == 200


def hostile(name, **values):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("good.md", "# Good\n\nWords.")
        info = zipfile.ZipInfo(name)
        for each, value in values.items():
            setattr(info, each, value)
        file.writestr(info, "secret words")
    return out.getvalue()


def test_nothing_in_a_zip_leads_out_of_it(owner):
    bad = {
        "its name leads out": hostile("../../up.md"),
        "its name leads out of the zip": hostile("/etc/cron.d/up.md"),
        "a link to another file": hostile("l.md", external_attr=(stat.S_IFLNK | 0o777) << 16),
    }
    for why, data in bad.items():
        words = give(owner, "markdown", data).content.decode()
        assert why in words
        assert "good.md: Good" in words
    locked = bytearray(hostile("locked.md"))
    locked[locked.rfind(b"PK\1\2") + 8] |= 1
    assert "behind a password" in give(owner, "markdown", bytes(locked)).content.decode()


def test_what_is_no_such_folder_is_said_in_words(owner, monkeypatch, zotero):  # noqa: F811
    good = hostile("a.txt")
    bomb = bytearray(good)
    at = bomb.rfind(b"PK\1\2")
    bomb[at + 24 : at + 28] = (0xFFFFFFF0).to_bytes(4, "little")
    library = bytearray((zotero.folder / "zotero.sqlite").read_bytes())
    for at in range(4096, len(library), 4096):
        library[at : at + 64] = b"\xff" * 64
    wrong = [
        ("markdown", b"# Words", "This is no zip."),
        ("markdown", good[:-30], "damaged or cut off"),
        ("markdown", bytes(bomb), "larger than 4 GB"),
        ("markdown", zipped(zotero.folder), "There is no file of Markdown"),
        ("zotero", good, "There is no zotero.sqlite in this zip."),
        ("zotero", bytes(library), "This is no database of Zotero."),
    ]
    for source, data, why in wrong:
        words = give(owner, source, data).content.decode()
        assert why in words, why
        assert f"?from={source}" in words
    words = give(owner, "zotero", b"<rdf>", "a.rdf").content.decode()
    assert "Bring it in under “Import references”" in words
    monkeypatch.setattr(trees, "MOST_FILES", 1)
    assert "more than 50,000 files" in give(owner, "markdown", good).content.decode()
    monkeypatch.setattr(trees, "LONGEST_LIST", 10)
    assert "more than 50,000 files" in give(owner, "markdown", good).content.decode()
