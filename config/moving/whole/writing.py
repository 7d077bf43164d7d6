"""The site written out: `public/`, what readers see, in files anybody can use; `private/`, all rows
and private files, which bring the same site back."""

import json
import shutil
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.html import escape

from blog.models import Post
from comments.models import Comment
from publishing.models import Redirect, SiteSettings
from publishing.richtext import links
from publishing.storage import all_at_hand
from publishing.tags import Tag
from references import formats
from references.exporting.files import records
from references.models import Condition, Notes, Reference
from review.models import Chapter

from . import FORMAT, VERSION, markdown, tables

HERE = Path(__file__).parent
README = """This is a whole site. public/ holds what its readers see, in files that need no software
of its own: pages in HTML and Markdown, the library in CSL-JSON and BibTeX, comments in JSON.
private/ brings the site back (import_site) and holds what readers never see: e-mail addresses of
those who wrote, drafts, consents, private files. Give public/ to whom you like, and private/ to
nobody.
"""


class Refused(Exception):
    """Why nothing was written; in words."""


def write(folder, tell=lambda words: None):
    """Write everything into a folder that is not there yet; gives the manifest. What is half
    written lies beside it under another name."""
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty.")
    begun = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(parents=True, mode=0o700)
    SiteSettings.load()  # what is made at the first look is made before
    with one_moment():
        manifest = _write_all(begun, tell)
    _json(begun / "manifest.json", manifest)
    shutil.copy(HERE / "schema.json", begun / "schema.json")
    (begun / "README.txt").write_text(README, encoding="utf-8")
    if folder.exists():
        folder.rmdir()
    begun.rename(folder)
    return manifest


@contextmanager
def one_moment():
    """All that is read within is of one moment, and keeps nobody from writing meanwhile."""
    mode = getattr(connection, "transaction_mode", None)  # SQLite's; ours asks for the lock
    connection.transaction_mode = None
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql" and not connection.savepoint_ids:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        connection.transaction_mode = mode


def _write_all(begun, tell):
    manifest = {"format": FORMAT, "version": VERSION, "made": timezone.now().isoformat()}
    manifest |= {"site": SiteSettings.load().name, "address": settings.SITE_URL}
    private, public = begun / "private", begun / "public"
    private.mkdir(mode=0o700)
    public.mkdir()
    tell("tables")
    manifest["tables"] = {
        label: _table(private / "tables" / f"{label}.jsonl", table)
        for label, table in tables.tables().items()
    }
    tell("files")
    all_at_hand()
    manifest["files"] = {
        "public/media": _copied(Path(settings.MEDIA_ROOT), public / "media"),
        "private/files": _copied(Path(settings.PRIVATE_ROOT), private / "files"),
    }
    tell("pages")
    manifest["pages"] = _pages(public)
    tell("library")
    _library(public)
    _others(public)
    return manifest


def _table(path, table):
    path.parent.mkdir(exist_ok=True)

    def written(file):
        for line in tables.lines(table, connection):
            file.write(line + "\n")
            yield line

    with path.open("w", encoding="utf-8") as file:
        count, summed = tables.digest(written(file))
    return {"rows": count, "sha256": summed}


# Of the private folder: what other commands keep there for themselves.
SKIPPED = {"moving", "leaving"}


def _copied(source, target):
    """How many files."""
    count = 0
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        name = path.relative_to(source)
        if path.is_file() and not path.is_symlink() and name.parts[0] not in SKIPPED:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / name)
            count += 1
    return count


def _pages(public):
    """Every page readers see, as HTML and as Markdown; where each stands."""
    found = []
    for model in (Chapter, Post):
        for page in model.objects.published().iterator(chunk_size=50):
            found.append(_page(public, page, page.title, links.canonical_url(page)))
    for notes in Notes.objects.published().select_related("reference").iterator(chunk_size=50):
        address = links.canonical_url(notes.reference)
        found.append(_page(public, notes, str(notes), address))
    return len(found)


def _page(public, page, title, address):
    path = public / "pages" / (address.strip("/") or "index")
    path.parent.mkdir(parents=True, exist_ok=True)
    body = links.to_addresses(page.public_body)
    head = {
        "title": title, "language": page.language, "state": page.state, "address": address,
        "published": str(page.first_published or ""), "changed": page.updated.isoformat(),
    }  # fmt: skip
    if hasattr(page, "tags"):
        head |= {"summary": page.summary, "subjects": sorted(tag.name for tag in page.tags.all())}
    meta = "\n".join(
        f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()
    )
    path.with_name(f"{path.name}.md").write_text(
        f"---\n{meta}\n---\n\n# {title}\n\n{markdown.of(body)}", encoding="utf-8"
    )
    path.with_name(f"{path.name}.html").write_text(
        f'<!doctype html>\n<html lang="{page.language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>\n<body>\n<h1>{escape(title)}</h1>\n"
        f"{page.body_html}\n{getattr(page, 'references_html', '')}\n</body></html>\n",
        encoding="utf-8",
    )
    return address


def _library(public):
    works = Reference.objects.order_by("pk")
    for ending in ("csl.json", "bib"):
        with (public / f"library.{ending}").open("w", encoding="utf-8") as file:
            file.writelines(formats.write(records(works), ending))


def _others(public):
    comments = Comment.objects.published().order_by("root_id", "position").prefetch_related("page")
    _json(public / "comments.json", [_comment(each) for each in comments])
    subjects = Tag.objects.order_by("name").prefetch_related("names")
    _json(public / "vocabularies.json", {
        "subjects": [
            {"name": tag.name, "address": tag.slug,
             "names": {each.language: each.name for each in tag.names.all()}}
            for tag in subjects
        ],
        "conditions": [
            {"title": each.title, "names": [
                {"name": name.title, "language": name.language, "forms": name.forms.split("\n")}
                for name in each.names.all()
            ]}
            for each in Condition.objects.order_by("pk").prefetch_related("names")
        ],
    })  # fmt: skip
    _json(public / "redirects.json", [
        {"from": row.path, "to": address, "below": row.below}
        for row in Redirect.objects.prefetch_related("page")
        if (address := row.present())
    ])  # fmt: skip
    site = SiteSettings.load()
    _json(public / "site.json", {"name": site.name, "author": site.author_name})


def _comment(comment):
    return {
        "id": comment.pk,
        "parent": comment.parent_id,
        "page": links.canonical_url(comment.page),
        "name": comment.name,
        "written": comment.created.isoformat(),
        "language": comment.language,
        "kind": comment.kind,
        "by_author": comment.by_author,
        "text": comment.text,
    }


def _json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
