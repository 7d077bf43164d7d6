"""Two works become one: whatever pointed to the one points to the other, and it can be taken
back."""

import pytest
import reversion
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comments.models import Comment
from publishing.desk import drafts, trash
from publishing.models import EditingDraft, Redirect, State, Trashed
from references import merging, pdf
from references.models import (
    Citation,
    Cites,
    FurtherPdf,
    Highlight,
    Merge,
    Notes,
    ReadingList,
    Reference,
    Relation,
    StudyFacts,
)
from review.models import Placement
from tests.factories import (
    ChapterFactory,
    PersonFactory,
    PostFactory,
    ReferenceFactory,
    cite,
    comment,
)

pytestmark = pytest.mark.django_db


def two(**gone):
    kept = ReferenceFactory(
        citekey="kept", title="Fat herniation", doi="10.1000/kept", tags=["fat"]
    )
    return kept, ReferenceFactory(**{"citekey": "gone", "title": "Fat herniation: a study", **gone})


def file_of(reference):
    with reference.pdf.open("rb") as file:
        return file.read()


def cited(page):
    return set(
        Citation.objects.filter(page_id=page.pk).values_list("reference__citekey", flat=True)
    )


def test_everything_that_pointed_to_the_one_points_to_the_other(client):
    kept, gone = two(
        pmid="7", tags=["back"], notes="<p>Read twice.</p>", people=[PersonFactory(family="Herz")]
    )
    other = ReferenceFactory(citekey="other")
    chapter = ChapterFactory(
        body=f"<p>Lumps {cite('gone')} and more {cite('kept')}.</p>", references=[gone]
    )
    post = PostFactory(body='<p>See <a href="/references/gone/">this</a>.</p>')
    asked = comment(gone, text="How large was it?")
    answer = comment(parent=asked, text="As large as [@gone].", by_author=True)
    StudyFacts.objects.create(reference=gone, relief="3 of 4")
    Cites.objects.create(citing=gone, cited=other)
    Relation.objects.create(one=gone, other=other, kind="comment")
    done = merging.merge(kept=kept, gone=gone, take=["pmid", "names"])
    kept = Reference.objects.get(citekey="kept")
    assert not Reference.objects.filter(citekey="gone").exists()
    assert (kept.title, kept.doi, kept.pmid) == ("Fat herniation", "10.1000/kept", "7")
    assert kept.authors_short.startswith("Herz")
    assert set(kept.tags.names()) == {"fat", "back"}
    assert cited(chapter) == {"kept"}
    assert Placement.objects.get(chapter=chapter).reference == kept
    assert kept.notes.body == "<p>Read twice.</p>"
    assert kept.facts.relief == "3 of 4"
    assert kept.cites_rows.get().cited == other
    assert kept.relations.get().other == other
    assert Comment.objects.get(pk=asked.pk).page == Comment.objects.get(pk=answer.pk).page == kept
    assert Comment.objects.get(pk=answer.pk).text == "As large as [@kept]."
    assert client.get("/references/gone/").headers["Location"].endswith("/references/kept/")
    post.refresh_from_db()
    assert "/references/kept/" in post.body_html
    merging.undo(done)
    gone = Reference.objects.get(citekey="gone")
    kept = Reference.objects.get(citekey="kept")
    assert (gone.pmid, kept.pmid, kept.authors_short.startswith("Herz")) == ("7", None, False)
    assert cited(chapter) == {"gone", "kept"}
    chapter.refresh_from_db()
    assert chapter.body.index('data-cite="gone"') < chapter.body.index('data-cite="kept"')
    assert Placement.objects.get(chapter=chapter).reference == gone
    assert Comment.objects.get(pk=asked.pk).page == gone
    assert Comment.objects.get(pk=answer.pk).text == "As large as [@gone]."
    assert (gone.notes.body, gone.facts.relief) == ("<p>Read twice.</p>", "3 of 4")
    assert (set(gone.tags.names()), set(kept.tags.names())) == ({"back"}, {"fat"})
    post.refresh_from_db()
    assert "/references/gone/" in post.body_html
    assert not Redirect.objects.exists()
    assert not Merge.objects.exists()


def test_what_both_have_is_joined_and_nothing_is_said_twice():
    kept, gone = two(notes="<p>Mine.</p>")
    Notes.objects.create(reference=kept, body="<p>Yours.</p>", state=State.PUBLISHED)
    chapter = ChapterFactory(references=[kept])
    Placement.objects.create(chapter=chapter, reference=gone, remark="Read this first.")
    StudyFacts.objects.create(reference=kept, relief="3 of 4")
    StudyFacts.objects.create(reference=gone, relief="3 of 4", funding="")
    Cites.objects.create(citing=kept, cited=gone)
    done = merging.merge(kept=kept, gone=gone)
    kept = Reference.objects.get()
    assert kept.notes.body == "<p>Yours.</p>\n<p>Mine.</p>"
    assert Placement.objects.get().remark == "Read this first."
    assert (kept.facts.relief, kept.facts.funding) == ("3 of 4", "")
    assert not Cites.objects.exists()
    again = merging.undo(done)
    kept = Reference.objects.get(citekey="kept")
    assert (again.notes.body, kept.notes.body) == ("<p>Mine.</p>", "<p>Yours.</p>")
    assert sorted(Placement.objects.values_list("remark", flat=True)) == ["", "Read this first."]
    assert Cites.objects.get().cited == again


def test_a_draft_is_not_made_public_by_it():
    kept, gone = two(notes="<p>Public.</p>")
    Notes.objects.create(reference=kept, body="<p>Private.</p>", state=State.DRAFT)
    merging.merge(kept=kept, gone=gone)
    assert not Notes.objects.published().exists()


def test_a_merge_is_a_version_of_the_work_and_of_the_texts():
    kept, gone = two()
    merging.merge(kept=kept, gone=gone)
    assert (
        reversion.models.Version.objects.get_for_object(kept)[0].revision.comment
        == "Made one with gone."
    )


def test_what_the_work_that_went_was_before_is_a_version_and_nothing_of_it_is_in_the_trash():
    kept, gone = two()
    merging.merge(kept=kept, gone=gone)
    for pk, title in ((kept.pk, "Fat herniation"), (gone.pk, "Fat herniation: a study")):
        first = reversion.models.Version.objects.get_for_object_reference(Reference, pk).last()
        assert first.field_dict["title"] == title
    assert not Trashed.objects.exists()


def test_what_was_typed_into_the_form_of_the_work_that_went_is_not_offered_in_the_other(author):
    kept, gone = two()
    draft = drafts.keep(
        user=author,
        model=Reference,
        object_id=gone.pk,
        key="k" * 20,
        base="",
        fields={"title": ["X"]},
    )
    merging.merge(kept=kept, gone=gone)
    assert EditingDraft.objects.get(pk=draft.pk).object_id == gone.pk


def test_of_two_private_notes_the_author_chooses_and_the_other_comes_back():
    kept, gone = two(private_note="Theirs.")
    Reference.objects.filter(pk=kept.pk).update(private_note="Ours.")
    kept.refresh_from_db()
    (asked,) = (each for each in merging.compared(kept, gone) if each.field == "private_note")
    assert (asked.ours, asked.theirs) == ("Ours.", "Theirs.")
    again = merging.undo(merging.merge(kept=kept, gone=gone, take=["private_note"]))
    assert (again.private_note, Reference.objects.get(citekey="kept").private_note) == (
        "Theirs.",
        "Ours.",
    )


def test_a_work_that_comes_back_from_the_trash_is_found_again_and_its_merge_can_be_taken_back():
    kept, gone = two()
    done = merging.merge(kept=kept, gone=gone)
    keys = set(kept.match_keys.values_list("key", flat=True))
    back = trash.restore(trash.put(Reference.objects.get(pk=kept.pk)))
    assert keys == set(back.match_keys.values_list("key", flat=True)) != set()
    assert merging.undo(Merge.objects.get(pk=done.pk)).citekey == "gone"


def test_a_work_is_not_made_one_with_itself_nor_twice():
    kept, gone = two()
    with pytest.raises(ValidationError):
        merging.merge(kept=kept, gone=kept)
    merging.merge(kept=kept, gone=gone)
    with pytest.raises(ValidationError):
        merging.merge(kept=kept, gone=gone)


def test_a_merge_is_not_taken_back_where_its_citekey_was_given_away():
    kept, gone = two()
    done = merging.merge(kept=kept, gone=gone)
    ReferenceFactory(citekey="gone")
    with pytest.raises(ValidationError, match="gone belongs to gone now"):
        merging.undo(done)
    assert Reference.objects.count() == 2


def test_a_text_written_on_since_cites_the_work_that_stayed():
    kept, gone = two()
    chapter = ChapterFactory(body=f"<p>Lumps {cite('gone')}.</p>")
    done = merging.merge(kept=kept, gone=gone)
    chapter.refresh_from_db()
    chapter.body += f"<p>And {cite('kept')}.</p>"
    chapter.save()
    merging.undo(done)
    assert cited(chapter) == {"kept"}


def test_an_older_text_that_comes_back_still_cites_the_work():
    kept, gone = two()
    chapter = ChapterFactory(body=f"<p>Lumps {cite('gone')}.</p>")
    older = chapter.body
    merging.merge(kept=kept, gone=gone)
    chapter.refresh_from_db()
    chapter.body = older
    chapter.save()
    assert cited(chapter) == {"kept"}
    assert "missing" not in chapter.body_html
    assert not chapter.unknown_citekeys


def test_the_file_of_either_work_is_kept_and_comes_back():
    kept, gone = two()
    gone.pdf.save("a.pdf", ContentFile(b"%PDF-1.4 gone %%EOF"))
    gone.pdf.close()
    done = merging.merge(kept=kept, gone=gone, take=["pdf"])
    assert file_of(Reference.objects.get()) == b"%PDF-1.4 gone %%EOF"
    again = merging.undo(done)
    assert file_of(again) == b"%PDF-1.4 gone %%EOF"
    assert not Reference.objects.get(citekey="kept").pdf


def with_file(reference, words):
    reference.pdf.save("a.pdf", ContentFile(b"%PDF-1.4 " + words + b" %%EOF"))
    reference.pdf.close()


def test_the_pdf_follows_to_a_work_that_has_none():
    kept, gone = two()
    with_file(gone, b"gone")
    Reference.objects.filter(pk=gone.pk).update(pdf_licence="CC BY 4.0")
    done = merging.merge(kept=kept, gone=gone)
    kept = Reference.objects.get()
    assert file_of(kept) == b"%PDF-1.4 gone %%EOF"
    assert kept.pdf_licence == "CC BY 4.0"
    assert not kept.further_pdfs.exists()
    again = merging.undo(done)
    assert file_of(again) == b"%PDF-1.4 gone %%EOF"
    assert not Reference.objects.get(citekey="kept").pdf


@pytest.mark.parametrize("take", [[], ["pdf"]])
def test_of_two_pdfs_both_are_kept_and_listed(author_client, client, take):
    kept, gone = two()
    with_file(kept, b"kept")
    with_file(gone, b"gone")
    done = merging.merge(kept=kept, gone=gone, take=take)
    kept = Reference.objects.get()
    further = kept.further_pdfs.get()
    names = [b"gone", b"kept"] if take else [b"kept", b"gone"]
    assert file_of(kept) == b"%PDF-1.4 " + names[0] + b" %%EOF"
    address = reverse("admin:references_further_pdf", args=[further.pk])
    form = author_client.get(reverse("admin:references_reference_change", args=[kept.pk]))
    assert address in form.text
    response = author_client.get(address)
    assert b"".join(response) == b"%PDF-1.4 " + names[1] + b" %%EOF"
    assert "no-store" in response["Cache-Control"]
    assert Client().get(address).status_code == 302
    assert not Client().get(kept.get_absolute_url()).text.count(address)
    again = merging.undo(done)
    assert file_of(again) == b"%PDF-1.4 gone %%EOF"
    assert file_of(Reference.objects.get(citekey="kept")) == b"%PDF-1.4 kept %%EOF"
    assert not FurtherPdf.objects.exists()


def test_erasing_a_work_erases_both_pdfs(django_capture_on_commit_callbacks):
    kept, gone = two()
    with_file(kept, b"kept")
    with_file(gone, b"gone")
    merging.merge(kept=kept, gone=gone)
    kept = Reference.objects.get()
    names = [kept.pdf.name, kept.further_pdfs.get().file.name]
    assert [name for _where, name in kept.files_kept()] == names
    with django_capture_on_commit_callbacks(execute=True):
        kept.delete()
    assert [name for name in names if pdf.private_storage().exists(name)] == []


def test_versions_and_relations_follow_and_come_back():
    kept, gone = two()
    preprint, erratum = ReferenceFactory(), ReferenceFactory()
    Relation.objects.create(one=preprint, other=gone, kind="preprint")
    Relation.objects.create(one=erratum, other=kept, kind="erratum")
    Relation.objects.create(one=kept, other=gone, kind="edition")
    ReadingList.objects.create(name="For the talk").works.add(kept, gone)
    Highlight.objects.create(reference=gone, quote="Forty lobules", page="3")
    done = merging.merge(kept=kept, gone=gone)
    kept = Reference.objects.get(citekey="kept")
    assert {row.one_id for row in kept.relations_to.all()} == {preprint.pk, erratum.pk}
    assert not kept.relations.exists()
    assert kept.highlights.get().quote == "Forty lobules"
    assert kept.lists.count() == 1
    again = merging.undo(done)
    assert again.relations_to.get(kind="preprint").one == preprint
    assert again.relations_to.get(kind="edition").one == kept
    assert {row.one_id for row in kept.relations_to.all()} == {erratum.pk}
    assert again.highlights.get().page == "3"
    assert (again.lists.count(), kept.lists.count()) == (1, 1)


WORKS = ("kept", "gone", "third")


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(st.lists(st.sampled_from(WORKS), max_size=4), min_size=1, max_size=3),
    threads=st.lists(st.sampled_from(WORKS), max_size=4),
    listed=st.lists(st.sampled_from(WORKS), unique=True, max_size=3),
    back=st.booleans(),
)
def test_nothing_cited_before_is_uncited_after_and_no_comment_is_lost(texts, threads, listed, back):
    with transaction.atomic():
        works = {key: ReferenceFactory(citekey=key) for key in WORKS}
        pages = [ChapterFactory(body=f"<p>{cite(*keys)}</p>") for keys in texts]
        for key in listed:
            Placement.objects.create(chapter=pages[0], reference=works[key])
        said = [comment(works[key], text=f"Words {number}") for number, key in enumerate(threads)]
        done = merging.merge(kept=works["kept"], gone=works["gone"])
        now = {"kept": "kept", "gone": "kept", "third": "third"}
        if back:
            merging.undo(done)
            now = {key: key for key in WORKS}
        for page, keys in zip(pages, texts, strict=True):
            assert cited(page) == {now[key] for key in keys}
            page.refresh_from_db()
            assert "missing" not in page.body_html
        assert [Comment.objects.get(pk=each.pk).page.citekey for each in said] == [
            now[key] for key in threads
        ]
        assert {row.reference.citekey for row in pages[0].placements.all()} == {
            now[key] for key in listed
        }
        transaction.set_rollback(True)
