"""Posts from a folder of Markdown: as they were meant; again, nothing; what she changed stays."""

import io
import re
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from blog.models import Post
from config.moving.markdown import bring, files
from config.moving.whole import markdown
from publishing.models import Image
from tests.factories import PostFactory, ReferenceFactory
from tests.publishing.test_images import picture

ZONE = ZoneInfo("Europe/Madrid")
FIRST = """---
title: "First: a mouse"
date: 2020-03-04
tags: [fat, "back mice"]
description: What it is.
lang: en
aliases: [/old/]
---

# First: a mouse

10<sup>9</sup> cells[^1], see [the other](2021-02-03-second.md#part) and [a file](notes.txt),
[@sutro1935, p. 3].

![A nodule](pictures/a.png "As seen")

::: own
I think so.
:::

<script>alert(1)</script>

[^1]: A note with *emphasis*.
"""
SECOND = '+++\ntitle = "Second"\ndraft = true\n+++\nWords. ![x](../../../etc/passwd)\n'


def written(folder, **names):
    folder.mkdir(exist_ok=True)
    for name, text in names.items():
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.fixture
def folder(tmp_path):
    folder = written(tmp_path / "texts", **{
        "first.md": FIRST, "2021-02-03-second.md": SECOND, "notes.txt": "n", "no.md": b"\xff\xfe",
        "cut.md": "---\ntitle: [a\n---\nx", "empty.md": "---\ntitle: a\n---\n", ".hidden.md": "x",
    })  # fmt: skip
    written(folder / "pictures", **{"a.png": picture(size=(60, 40))})
    (folder / "out.md").symlink_to("/etc/passwd")
    return folder


def fates(report):
    return {kind: {name: number for name, number in fates.items() if number}
            for kind, _found, fates, _right in report.totals()}  # fmt: skip


@pytest.mark.django_db
def test_posts_come_in_as_they_were_meant_and_once(folder):
    ReferenceFactory(citekey="sutro1935")
    out = io.StringIO()
    call_command("import_markdown", folder, "--dry-run", stdout=out)
    assert "Nothing was written." in out.getvalue()
    assert not Post.objects.exists()
    report = bring.bring(folder)
    assert report.adds_up()
    assert fates(report) == {"post": {"new": 2, "left": 3}}
    first, second = Post.objects.get(slug="first"), Post.objects.get(slug="second")
    assert (first.title, first.summary, str(first.first_published)) == (
        "First: a mouse", "What it is.", "2020-03-04",
    )  # fmt: skip
    assert {tag.name for tag in first.tags.all()} == {"fat", "back mice"}
    assert "10<sup>9</sup> cells" in first.body
    assert '<span class="fn">A note with <em>emphasis</em>.</span>' in first.body
    assert 'data-cite="sutro1935" data-locator="p. 3"' in first.body
    assert '<div class="own" data-date="2020-03-04"><p>I think so.</p></div>' in first.body
    assert f'href="page:blog.post/{second.pk}#part"' in first.body
    image = Image.objects.get()
    assert f'<figure class="figure"><img src="{image.get_absolute_url()}"' in first.body
    assert "<figcaption>As seen</figcaption>" in first.body
    assert "script" not in first.body
    assert second.state == "draft"
    assert "passwd" not in second.body.replace("../", "") or "<img" not in second.body
    assert ["Before its text, not taken over", "first.md: aliases", 0] in report.notes

    assert fates(bring.bring(folder)) == {"post": {"same": 2, "left": 3}}
    Post.objects.filter(pk=first.pk).update(title="Hers")
    written(folder, **{"first.md": FIRST + "\nMore.", "2021-02-03-second.md": SECOND + "\nMore."})
    assert fates(bring.bring(folder)) == {"post": {"kept": 1, "updated": 1, "left": 3}}
    assert Post.objects.get(pk=first.pk).title == "Hers"
    assert "More." in Post.objects.get(pk=second.pk).body
    second.delete()
    written(folder, **{"2021-02-03-second.md": SECOND})
    assert fates(bring.bring(folder)) == {"post": {"kept": 2, "left": 3}}
    with pytest.raises(CommandError, match="no folder"):
        call_command("import_markdown", folder / "no")


@pytest.mark.django_db
@pytest.mark.once("what a file holds")
def test_what_goes_out_as_markdown_comes_in_the_same(tmp_path):
    body = (
        '<p>10<sup>9</sup> <em>cells</em><span class="fn">A note.</span>, <span class="cite"'
        ' data-cite="sutro1935" data-locator="p. 3">[sutro1935]</span>.</p>\n<h2>One</h2>\n'
        '<div class="own"><p>Mine.</p></div>\n<ul><li>a</li><li>b</li></ul>'
    )
    page = PostFactory(body=body)
    again = files.convert(markdown.of(page.body), lambda href: None, lambda src: None)
    dated = re.sub(' data-date="[^"]*"', "", page.body)
    assert "".join(again.split("\n")) == "".join(dated.split("\n"))


@pytest.mark.parametrize(
    ("text", "title", "at"),
    [
        ("# A title\n\nx", "A title", None),
        ("---\ndate: 2020-01-02T10:00:00\n---\nx", "a", "2020-01-02T09:00:00+00:00"),
        ("---\ntitle: 2020\ndate: nonsense\n---\nx", "2020", None),
        ("---\n- a\n- b\n---\nx", "a", None),
        ("---\r\ntitle: A\r\n---\r\nx", "A", None),
        ("\ufeff---\ntitle: A\n---\nx", "A", None),
    ],
)
def test_what_stands_before_a_text(text, title, at):
    found = files.read(text.encode(), "a.md", ZONE)
    assert (found.title, found.at and found.at.astimezone(UTC).isoformat()) == (title, at)
    assert found.body.strip() == "x"
