"""What is deleted at the desk can come back as it was, and until then is public nowhere."""

import errno
import os
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
import reversion
from django.conf import settings as site_settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pillow
from reversion.models import Version

from blog.models import Post
from comments.commenters import retention
from publishing import images, search
from publishing.desk import trash
from publishing.models import Consent, Image, Redirect, Trashed
from publishing.storage import private
from references.models import Authorship, Cites, Notes, Reference, StudyFacts
from review.models import Chapter, Placement
from tests.factories import (
    ChapterFactory,
    PersonFactory,
    PostFactory,
    ReferenceFactory,
    cite,
    comment,
)

pytestmark = pytest.mark.django_db


def back(title=None):
    return trash.restore(Trashed.objects.get(**({"title": title} if title else {})))


def found(words):
    return [entry.title for entry in search.find(words)[0]]


def everything(obj):
    names = [each.attname for each in obj._meta.concrete_fields]
    return {name: getattr(type(obj)._base_manager.get(pk=obj.pk), name) for name in names}


def test_a_chapter_comes_back_with_all_that_was_its_own(client, author):
    work = ReferenceFactory(citekey="a1935")
    chapter = ChapterFactory(
        title="Nodules", slug="nodules", body=f"<h2>One</h2><p>Said{cite('a1935')}.</p>"
    )
    chapter.tags.add("lumps", "anatomy")
    Placement.objects.create(chapter=chapter, reference=work, remark="Read it first", position=3)
    translation = ChapterFactory(title="Nódulos", language="es", translation_of=chapter)
    said = comment(chapter, text="Mine hurt too")
    chapter.slug = "lumps-of-fat"
    chapter.save()
    linking = PostFactory(body='<p><a href="/review/lumps-of-fat/">there</a></p>')
    before = everything(chapter)

    trash.put(Chapter.objects.get(pk=chapter.pk), user=author)
    assert client.get("/review/lumps-of-fat/").status_code == 404
    assert client.get("/review/nodules/").status_code == 404
    assert "Nodules" not in client.get("/review/").content.decode()
    assert "Nodules" not in found("nodules")
    assert not Placement.objects.exists()
    assert "<a " not in Post.objects.get(pk=linking.pk).body_html

    chapter = back()
    assert everything(chapter) == before
    assert sorted(chapter.tags.names()) == ["anatomy", "lumps"]
    row = Placement.objects.get()
    assert (row.reference, row.remark, row.position) == (work, "Read it first", 3)
    assert Chapter.objects.get(pk=translation.pk).translation_of == chapter
    assert client.get("/review/nodules/")["Location"] == "/review/lumps-of-fat/"
    page = client.get("/review/lumps-of-fat/").content.decode()
    assert f'id="{said.anchor}"' in page
    assert "Mine hurt too" in page
    assert "Nodules" in found("nodules")
    assert 'href="/review/lumps-of-fat/"' in Post.objects.get(pk=linking.pk).body_html
    assert [row.page for row in work.citations.all()] == [chapter]
    assert not Trashed.objects.exists()


def test_a_work_comes_back_with_people_notes_facts_and_its_file():
    person = PersonFactory(family="Sutro")
    work = ReferenceFactory(
        citekey="sutro1935", people=[person], notes="<p>My notes.</p>", tags=["lumps"]
    )
    earlier = ReferenceFactory(citekey="ries1937")
    Cites.objects.create(citing=work, cited=earlier, note="in passing")
    StudyFacts.objects.create(reference=work, patients="Dockers")
    work.pdf.save("x.pdf", ContentFile(b"%PDF-1.4 %%EOF"))
    work = Reference.objects.get(pk=work.pk)
    before, name = everything(work), work.pdf.name
    trash.put(work)
    assert not Notes.objects.exists()
    assert not Authorship.objects.filter(person=person).exists()
    assert work.title not in found("study")
    work = back()
    # The styles are written anew, by the worker.
    anew = {"citations_due", "kept_citations"}
    after = everything(work)
    assert {k: v for k, v in after.items() if k not in anew} == {
        k: v for k, v in before.items() if k not in anew
    }
    assert work.title in found("study")
    with work.pdf.open() as file:
        assert file.read() == b"%PDF-1.4 %%EOF"
    assert work.pdf.name == name
    assert work.notes.body == "<p>My notes.</p>"
    assert work.facts.patients == "Dockers"
    assert [row.note for row in work.cites_rows.all()] == ["in passing"]
    assert work.authors_short == before["authors_short"]
    assert list(work.tags.names()) == ["lumps"]


def test_a_figure_is_at_no_address_while_it_is_in_the_trash(
    client, django_capture_on_commit_callbacks
):
    stored, width, height, widths = images.store(Pillow.new("RGB", (1200, 800)))
    image = Image.objects.create(
        file=stored, width=width, height=height, widths=widths, title="Sacrum", alt="A bone"
    )
    with django_capture_on_commit_callbacks(execute=True):
        trash.put(image)
    assert not default_storage.exists(stored)
    assert client.get(f"/media/{stored}").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        image = back()
    assert default_storage.exists(stored)
    assert default_storage.exists(images.sized(stored, widths[0]))
    assert (image.alt, image.widths) == ("A bone", widths)
    assert not any((site_settings.PRIVATE_ROOT / "trash").rglob("*.*"))


@pytest.mark.parametrize("disks", [1, 2])
def test_a_long_file_holds_up_nobody_where_the_folders_are_on_one_disk(monkeypatch, disks):
    work = ReferenceFactory()
    work.pdf.save("x.pdf", ContentFile(b"%PDF-1.4 %%EOF"))
    if disks == 2:
        far = OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        monkeypatch.setattr(os, "link", mock.Mock(side_effect=far))
    number = os.stat(work.pdf.path).st_ino
    put = trash.put(Reference.objects.get(pk=work.pk))
    (_where, _name, kept) = put.files[0]
    path = private().path(kept)
    assert (os.stat(path).st_ino == number) == (disks == 1), "a second name, or a copy"
    assert Path(path).read_bytes() == b"%PDF-1.4 %%EOF"
    with back().pdf.open() as file:
        assert file.read() == b"%PDF-1.4 %%EOF"


def test_what_is_cited_or_shown_is_not_put_away():
    work = ReferenceFactory(citekey="a1935")
    ChapterFactory(body=f"<p>x{cite('a1935')}</p>")
    with pytest.raises(Exception, match="protected"):
        trash.put(work)
    assert not Trashed.objects.exists()
    assert Reference.objects.filter(pk=work.pk).exists()


def test_what_was_erased_stays_erased():
    consent = Consent.objects.create(
        who="X", shown_as="the writer", given=timezone.localdate(), scope="all"
    )
    letter = f'<div class="letter" data-consent="{consent.pk}"><p>Dear doctor, secret.</p></div>'
    post = PostFactory(title="Letters", body=letter + "<p>Words.</p>")
    said = comment(post, name="Berta", email="berta@example.org", text="It was me")
    assert "secret" in post.body_html
    trash.put(post)
    retention.erase_email("berta@example.org")
    consent.withdrawn = timezone.localdate()
    consent.save()
    post = back()
    assert "secret" not in post.body_html
    assert found("secret") == []
    assert not type(said).objects.filter(pk=said.pk).exists()


def test_a_place_that_is_taken_is_named_and_the_thing_stays_in_the_trash():
    trash.put(PostFactory(title="First", slug="mice"))
    PostFactory(title="Second", slug="mice")
    with pytest.raises(ValidationError):
        back()
    assert Trashed.objects.get().title == "First"


def test_a_part_waits_for_its_chapter():
    parent = ChapterFactory(title="Parent")
    child = ChapterFactory(title="Child", parent=parent)
    trash.put(child)
    trash.put(Chapter.objects.get(pk=parent.pk))
    with pytest.raises(ValidationError, match="“1 Parent” is in the trash too"):
        back("1.1 Child")
    back("1 Parent")
    assert back("1.1 Child").number == "1.1"


def test_a_part_whose_chapter_is_gone_for_good_comes_back_as_a_chapter():
    parent = ChapterFactory(title="Parent")
    trash.put(ChapterFactory(title="Child", parent=parent))
    Chapter.objects.get(pk=parent.pk).delete()
    assert back().number == "1"


def test_after_its_time_it_goes_with_every_version_of_it(settings):
    with reversion.create_revision():
        post = PostFactory(title="Old words")
    trash.put(post)
    PostFactory(title="Another")
    assert trash.purge() == 0
    Trashed.objects.update(at=timezone.now() - timedelta(days=settings.TRASH_DAYS + 1))
    assert trash.purge() == 1
    assert not Trashed.objects.exists()
    assert not Version.objects.get_for_object_reference(Post, post.pk).exists()


def test_before_it_goes_a_version_is_kept():
    post = PostFactory(title="Brought in by a program")
    trash.put(post)
    post = back()
    assert Version.objects.get_for_object(post).count() == 1
    assert Redirect.objects.count() == 0
    assert reverse("admin:blog_post_history", args=[post.pk])
