"""What `seed_demo` makes in bulk is what single writings would have made."""

import json

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image as Pillow

from config import demo
from publishing import images, search
from publishing.models import IndexEntry, PublishedVersion, rich_page_models
from review.models import Chapter
from tests.made_once import sample_site


def found():
    """`{address: {column: words}}` of all that the search finds; the order of subjects in a row
    says nothing."""
    entries = IndexEntry.objects.values_list("pk", "url", "title", "label", "text", "authors")
    rows = {pk: (url, *told) for pk, url, *told in entries}
    if connection.vendor == "postgresql":
        return sorted(rows.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid, summary, text FROM publishing_fts")
        return sorted((*rows[pk], summary, text) for pk, summary, text in cursor.fetchall())


def dots(name):
    """The size and the colours of a stored picture."""
    with default_storage.open(name) as file, Pillow.open(file) as picture:
        return picture.size, picture.convert("RGB").tobytes()


@pytest.mark.django_db
def test_the_sample_site_is_as_if_each_page_had_been_saved_last():
    sample_site()
    pages = [page for model in rich_page_models() for page in model._base_manager.all()]
    assert len(pages) > 40
    for page in pages:
        before = [getattr(page, name) for name in page.RENDERED]
        page.render_body()
        assert [getattr(page, name) for name in page.RENDERED] == before, page
    rows = found()
    search.rebuild()
    assert found() == rows
    version = PublishedVersion.objects.get()
    assert version.page == Chapter.objects.get(pk=version.page_id)
    assert 'href="/references/sutro1935/#notes"' in str(vars(version))


@pytest.mark.once("about files")
def test_the_sample_pictures_lie_beside_the_widths_that_would_be_made_of_them(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    folder = demo.FOLDER / "images"
    for item in json.loads((demo.FOLDER / "images.json").read_text()):
        path = folder / item["file"]
        copied = images.store_made(path)
        with Pillow.open(path) as picture:
            made = images.store(picture, name="made")
        assert copied[1:] == made[1:]
        assert copied[3]
        for width in copied[3]:
            one, other = (dots(images.sized(name, width)) for name in (copied[0], made[0]))
            assert one == other
        assert dots(copied[0]) == dots(made[0])
