"""However long her text takes to be read: whoever writes elsewhere at that moment does not wait."""

from zlib import crc32

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from reversion.models import Version

from publishing import tasks
from publishing.desk import trash
from publishing.models import SiteSettings
from publishing.richtext import render, sanitise
from references import csl
from references.models import Notes, Reference
from review import moves
from review.models import Chapter
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PersonFactory,
    PostFactory,
    ReferenceFactory,
    cite,
    comment,
)
from tests.publishing.test_editing import form_of as sent

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 60_000  # bytes a form may have here: what is as long as may be takes no minute
SQLITE = "sqlite"


@pytest.fixture(autouse=True)
def _as_on_the_site(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = LONG
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def others(monkeypatch):
    """Each time something long is cleaned, rendered or formatted, somebody else writes to the
    rows below; gives `[(what was done, whether the other one had to wait)]`."""
    other, seen = connection.copy(), []

    def write():
        with other.cursor() as cursor:
            if connection.vendor == SQLITE:
                cursor.execute("PRAGMA busy_timeout = 0")
                cursor.execute("BEGIN IMMEDIATE")
            else:
                cursor.execute("BEGIN")
                cursor.execute("SET LOCAL lock_timeout = '20ms'")
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [crc32(b"review.tree")])
            for table in ("review_chapter", "references_reference", "publishing_savedform"):
                cursor.execute(f"UPDATE {table} SET id = id")
            cursor.execute("COMMIT")

    def has_to_wait():
        try:
            write()
        except DatabaseError:
            other.close()
            return True
        return False

    def watch(module, name):
        real = getattr(module, name)

        def watched(*args, **kwargs):
            text = args[0] if args and isinstance(args[0], str) else ""
            if not isinstance(text, sanitise.Clean):  # which is judged already
                seen.append((f"{name} of {len(text)}", has_to_wait()))
            return real(*args, **kwargs)

        monkeypatch.setattr(module, name, watched)

    watch(sanitise, "clean_tree")
    watch(render, "render_tree")
    yield seen
    other.close()


def waited(seen):
    """What somebody had to wait for; that something was done at all."""
    assert seen
    found = [what for what, had_to in seen if had_to]
    seen.clear()
    return found


def words(length):
    return "<p>" + f"Fat herniates {cite('herz1945')} <b>here</b>. " * (length // 80) + "</p>"


@pytest.fixture
def desk():
    client = Client()
    client.force_login(AuthorUserFactory())
    return client


def test_a_chapter_as_long_as_may_be(desk, others):
    ReferenceFactory(citekey="herz1945")
    chapter = ChapterFactory(title="Fat", body="<p>Before.</p>")
    ChapterFactory(title="Elsewhere", body=f'<p><a href="{chapter.get_absolute_url()}">x</a></p>')
    address = reverse("admin:review_chapter_change", args=[chapter.pk])
    others.clear()
    data = sent(desk, address, body=words(LONG // 2), slug="moved")
    assert desk.post(address, data).status_code == 302
    assert waited(others) == []
    chapter.refresh_from_db()
    assert (chapter.slug, chapter.body_html.count('href="#n-')) == ("moved", LONG // 2 // 80)
    assert Version.objects.get_for_object(chapter).count() == 2
    new = sent(desk, reverse("admin:review_chapter_add"), title="New", body=words(LONG // 2))
    assert desk.post(reverse("admin:review_chapter_add"), new).status_code == 302
    assert waited(others) == []
    assert Chapter.objects.get(title="New").body_html.count('href="#n-') == LONG // 2 // 80


def test_notes_below_a_reference_and_a_biography(desk, others):
    ReferenceFactory(citekey="herz1945")
    reference, person = ReferenceFactory(notes="<p>Old.</p>"), PersonFactory()
    address = reverse("admin:references_reference_change", args=[reference.pk])
    data = sent(desk, address, **{"notes-0-body": words(9000), "pdf": ""})
    others.clear()
    assert desk.post(address, data).status_code == 302
    assert waited(others) == []
    assert "Fat herniates" in Notes.objects.get().body_html
    address = reverse("admin:references_person_change", args=[person.pk])
    assert desk.post(address, sent(desk, address, biography=words(9000))).status_code == 302
    assert waited(others) == []
    person.refresh_from_db()
    assert "Fat herniates" in person.biography_html


def test_pages_published_from_the_list(desk, others):
    pages = [PostFactory(state="draft", body=words(800)) for _ in range(2)]
    others.clear()
    data = {"action": "publish", "_selected_action": [page.pk for page in pages]}
    assert desk.post(reverse("admin:blog_post_changelist"), data).status_code == 302
    assert waited(others) == []
    assert {page.is_public() for page in type(pages[0]).objects.all()} == {True}
    assert Version.objects.get_for_model(type(pages[0])).count() == 4


def test_an_earlier_version_and_what_was_in_the_trash(desk, others):
    post = PostFactory(body=words(800))
    address = reverse("admin:blog_post_change", args=[post.pk])
    desk.post(address, sent(desk, address, body="<p>Other words.</p>"))
    first = Version.objects.get_for_object(post).last()
    others.clear()
    desk.post(reverse("admin:blog_post_revision", args=[post.pk, first.pk]))
    assert waited(others) == []
    post.refresh_from_db()
    assert "Fat herniates" in post.body_html
    kept = trash.put(post)
    others.clear()
    back = trash.restore(kept)
    assert waited(others) == []
    assert "Fat herniates" in back.body_html


class TestWhatFollowsIsForTheWorker:
    def work_off(self):
        while row := tasks.claim("here"):
            tasks.do(row)
        assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()

    @pytest.fixture
    def worker(self, monkeypatch):
        monkeypatch.setattr(tasks, "has_worker", lambda: True)

    def test_a_chapter_moves_and_the_pages_that_link_to_it_follow(self, worker, others):
        above, moved = ChapterFactory(title="Above"), ChapterFactory(title="Moved")
        body = f'<p>See <a href="{moved.get_absolute_url()}">there</a>.</p>'
        linking = PostFactory(body=body)
        self.work_off()
        others.clear()
        moves.move_under([moved], above)
        assert others == []  # nothing is rendered while the tree is held
        linking.refresh_from_db()
        assert "/review/moved/" in linking.body_html  # which leads there, by the old address
        self.work_off()
        assert waited(others) == []
        linking.refresh_from_db()
        assert "/review/above/moved/" in linking.body_html

    def test_a_work_gets_another_title_and_the_pages_that_cite_it_follow(self, worker, others):
        reference = ReferenceFactory(citekey="herz1945", title="Old title")
        page = PostFactory(body=words(80))
        self.work_off()
        others.clear()
        Reference.objects.filter(pk=reference.pk).update(title="New title")
        Reference.objects.get().refresh()
        assert others == []
        self.work_off()
        assert waited(others) == []
        page.refresh_from_db()
        assert "New title" in page.references_html

    def test_a_work_gets_another_citekey_and_the_texts_that_cite_it_follow(self, worker, others):
        reference = ReferenceFactory(citekey="herz1945")
        page = PostFactory(body=words(80))
        answer = comment(page, by_author=True, text="As in [@herz1945].")
        person = PersonFactory(biography=words(80))
        self.work_off()
        late = type(page).objects.get()
        others.clear()
        Reference.objects.get().rename("herz52")
        assert others == []
        page.refresh_from_db()
        assert 'data-cite="herz52"' in page.body
        assert late.body.replace("herz1945", "herz52") == page.body
        self.work_off()
        assert waited(others) == []
        for each in (page, answer, person):
            each.refresh_from_db()
        assert page.updated == late.updated
        shown = (page.references_html, answer.html, person.references_html)
        for html in shown:
            assert "/references/herz52/" in html
            assert "herz1945" not in html
        assert reference.citations.count() == 3

    def test_the_site_gets_another_name(self, worker, others, monkeypatch):
        post = PostFactory()
        self.work_off()
        said = []
        real = csl.cite
        monkeypatch.setattr(csl, "cite", lambda *args, **kwargs: said.append(1) or real(*args))
        SiteSettings(name="New name").save()
        assert not said
        self.work_off()
        post.refresh_from_db()
        assert "New name" in str(post.cited_as)

    def test_what_is_saved_while_it_is_rendered_again_stays(self, others, monkeypatch):
        page = PostFactory(body="<p>Old words.</p>")
        late = type(page).objects.get()
        page.body = "<p>New words.</p>"
        page.save()
        late.rerender()
        page.refresh_from_db()
        assert "New words" in page.body_html

    def test_what_changes_while_a_text_is_rendered_is_in_it(self):
        reference = ReferenceFactory(citekey="herz1945", title="Old title")
        page = PostFactory.build(body=words(80), title="A post")
        page.compute()
        Reference.objects.filter(pk=reference.pk).update(title="New title")
        Reference.objects.get().refresh()
        page.save()
        assert "New title" in page.references_html
