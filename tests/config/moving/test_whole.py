"""The whole site goes out as open files and comes back the same."""

import io
import json
import threading

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from comments.commenters import retention
from comments.models import Comment
from config.backup import since
from config.moving.whole import markdown, reading, tables, writing
from publishing.models import Redirect
from publishing.search.tables import IndexEntry
from publishing.storage import private
from references.models import Reference
from review.models import Chapter
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PostFactory,
    ReferenceFactory,
    cite,
    comment,
)

SCHEMA = json.loads((writing.HERE / "schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def site(db):
    """A little of everything, whose owner has an account."""
    AuthorUserFactory()
    ReferenceFactory(citekey="sutro1935")
    above = ChapterFactory(title="Above", slug="above")
    chapter = ChapterFactory(
        title="Below", slug="below", parent=above,
        body="<p>10<sup>9</sup> cells " + cite("sutro1935") + "</p>",
    )  # fmt: skip
    chapter.tags.add("Fat")
    PostFactory(title="A draft", slug="a-draft", state="draft")
    asked = comment(chapter, email="anna@example.org", text="A sample question.")
    comment(chapter, parent=asked, by_author=True, text="A sample answer.")
    chapter.slug = "further-below"
    chapter.save()
    default_storage.save("files/a.txt", io.BytesIO(b"a file"))
    private().save("pdf/a.pdf", io.BytesIO(b"private"))


def emptied():
    with transaction.atomic():
        for table in tables.tables().values():
            rows = table.model._base_manager.order_by()
            rows._raw_delete(rows.db)


def test_it_comes_back_the_same(site, tmp_path, client):
    out = io.StringIO()
    call_command("export_site", tmp_path / "out", stdout=out)
    assert "give it to nobody" in out.getvalue()
    before = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    with pytest.raises(CommandError, match="not empty"):
        call_command("import_site", tmp_path / "out")
    emptied()
    default_storage.delete("files/a.txt")
    call_command("import_site", tmp_path / "out", stdout=io.StringIO())
    after = writing.write(tmp_path / "again")
    assert after["tables"] == before["tables"]
    assert before["tables"]["comments.comment"]["rows"] == 2
    chapter = Chapter.objects.get(slug="further-below")
    assert client.get(chapter.get_absolute_url()).status_code == 200
    assert client.get("/review/above/below/")["Location"] == chapter.get_absolute_url()
    assert b'href="/comments/' in client.get("/search/?q=sample+answer").content
    with default_storage.open("files/a.txt") as file:
        assert file.read() == b"a file"
    assert Comment.objects.create(page=chapter, name="New", text="New.").pk > 2


def test_what_was_erased_since_does_not_come_back(site, tmp_path):
    writing.write(tmp_path / "out")
    retention.erase_email("anna@example.org")
    (tmp_path / "erasures.json").write_text(json.dumps(since.erasures()))
    emptied()
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(CommandError, match="no list"):
        call_command("import_site", tmp_path / "out", erasures=tmp_path / "broken.json")
    out = io.StringIO()
    call_command("import_site", tmp_path / "out", stdout=out)
    assert "1 comments that were erased since: erased again." in out.getvalue()
    asked, answer = Comment.objects.order_by("pk")
    assert (asked.text, asked.email, answer.text) == ("", "", "A sample answer.")
    assert not IndexEntry.objects.filter(text__contains="sample question").exists()


def test_what_is_public_and_what_is_not_lie_apart(site, tmp_path):
    manifest = writing.write(tmp_path / "out")
    public = tmp_path / "out/public"
    texts = [each.read_text(encoding="utf-8") for each in public.rglob("*") if each.is_file()]
    assert not [text for text in texts if "anna@example.org" in text or "A draft" in text]
    private_rows = (tmp_path / "out/private/tables/comments.comment.jsonl").read_text()
    assert "anna@example.org" in private_rows
    page = (public / "pages/review/above/further-below.md").read_text(encoding="utf-8")
    assert "10<sup>9</sup> cells [@sutro1935]" in page
    assert "sutro1935" in (public / "library.bib").read_text(encoding="utf-8")
    said = json.loads((public / "comments.json").read_text(encoding="utf-8"))
    assert [(each["parent"], each["text"]) for each in said] == [
        (None, "A sample question."), (said[0]["id"], "A sample answer."),
    ]  # fmt: skip
    assert holds(SCHEMA, json.loads((tmp_path / "out/manifest.json").read_text()))
    assert holds(SCHEMA["$defs"]["comments.json"], said)
    redirects = json.loads((public / "redirects.json").read_text(encoding="utf-8"))
    assert holds(SCHEMA["$defs"]["redirects.json"], redirects)
    assert redirects[0]["from"] == "/review/above/below/"
    assert manifest["files"] == {"public/media": 1, "private/files": 1}


def holds(schema, value):
    """As much of JSON Schema as ours uses to say which keys there are, and of which types."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
             "null": type(None)}  # fmt: skip
    named = schema.get("type", [])
    named = [named] if isinstance(named, str) else named
    assert not named or isinstance(value, tuple(kinds[each] for each in named)), value
    assert "const" not in schema or value == schema["const"]
    assert "enum" not in schema or value in schema["enum"]
    if isinstance(value, list):
        return all(holds(schema["items"], each) for each in value)
    if isinstance(value, dict):
        known, rest = schema.get("properties", {}), schema.get("additionalProperties")
        assert set(schema.get("required", ())) <= set(value)
        assert rest is not False or set(value) <= set(known)
        return all(holds(known.get(name) or rest, each) for name, each in value.items())
    return True


def test_one_that_was_changed_or_cut_is_refused_whole(site, tmp_path):
    writing.write(tmp_path / "out")
    emptied()
    path = tmp_path / "out/private/tables/comments.comment.jsonl"
    whole = path.read_text(encoding="utf-8")
    for text in (whole.replace("sample", "other"), whole[:-30], whole.split("\n")[0] + "\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(reading.Refused):
            reading.read(tmp_path / "out")
    assert not Reference.objects.exists()
    assert not Redirect.objects.exists()
    with pytest.raises(reading.Refused, match="no export"):
        reading.read(tmp_path)


def test_one_that_was_killed_half_way_is_begun_anew(site, tmp_path):
    def killed(step):
        if step == "library":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writing.write(tmp_path / "out", killed)
    assert not (tmp_path / "out").exists()
    writing.write(tmp_path / "out")
    assert [each.name for each in tmp_path.iterdir()] == ["out"]
    with pytest.raises(writing.Refused):
        writing.write(tmp_path / "out")


@pytest.mark.django_db(transaction=True)
def test_readers_write_on_while_it_is_written_out(tmp_path):
    PostFactory()

    def written(step):
        def write():
            Redirect.objects.create(path=f"/{step}/", address="/")
            connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()

    made = writing.write(tmp_path / "out", written)
    assert Redirect.objects.filter(path="/library/").exists()
    assert made["tables"]["publishing.redirect"]["rows"] == 0


def test_the_format_says_of_every_table_what_becomes_of_it():
    assert tables.undecided() == []
    labels = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert labels >= tables.LEFT_OUT
    assert connection.vendor in ("sqlite", "postgresql")


def test_what_markdown_cannot_say_stays_html():
    html = (
        "<h2>Head</h2>\n<p>10<sup>9</sup>, H<sub>2</sub>O, <em>a</em> <strong>b </strong>*c*"
        ' <a href="/x/">d</a><br>e<span class="fn">A note <em>f</em>.</span></p>\n'
        '<ul><li>one<ul><li>two</li></ul></li></ul>\n<ol start="3"><li>three</li></ol>\n'
        '<blockquote lang="fr"><p>g</p><p class="source">h</p></blockquote>\n'
        '<div class="own"><p>i</p></div>\n'
        '<figure class="figure"><img src="/media/images/a.png" alt="j"><figcaption>k</figcaption>'
        '</figure>\n<table><tbody><tr><td colspan="2">l</td></tr></tbody></table>\n<hr>'
    )
    assert markdown.of(html) == (
        "## Head\n\n10<sup>9</sup>, H<sub>2</sub>O, *a* **b** \\*c\\* [d](/x/)\\\ne[^1]\n\n"
        "- one\n\n  - two\n\n3. three\n\n> g\n>\n> h\n\n::: own\ni\n:::\n\n"
        "![j](/media/images/a.png)\n\nk\n\n"
        '<table><tbody><tr><td colspan="2">l</td></tr></tbody></table>\n\n---\n\n'
        "[^1]: A note *f*.\n"
    )
