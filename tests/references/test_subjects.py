"""Words of databases, notices on works and names of journals in the library."""

import re

import pytest
from django.urls import reverse

from publishing import search
from publishing.desk import trash
from references import merging
from references.exporting import files
from references.formats import Keyword as Word
from references.formats import Name, Record
from references.formats import WorkNotice as Said
from references.importing.save import save_records
from references.models import (
    Citation,
    Journal,
    Keyword,
    PendingRecord,
    Reference,
    Relation,
    WorkNotice,
)
from tests.factories import ChapterFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db
MESH = [
    Word("Lipoma", "mesh", ("surgery", "etiology"), True, ("etiology",)),
    Word("Low Back Pain", "mesh", (), True),
    Word("Humans", "mesh"),
]
RETRACTED = [Said("retraction", False, "2010-02-06", "10.5555/r", "20137807", "Lancet. 2010")]


def record(citekey="herz1952", **fields):
    values = {"type": "article-journal", "title": f"Fat of {citekey}", "year": 1952}
    return Record(citekey=citekey, names=[Name("Herz", "Ralph")], **{**values, **fields})


def bring(*records, **options):
    outcome = save_records(records, **options)
    assert outcome.refused == []
    return Reference.objects.order_by("pk")


def said_in(page):
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


# Keywords


def test_keywords_of_a_file_are_kept_as_such_and_make_no_tags():
    (work,) = bring(record(keywords=[*MESH, Word("fat pad", "author")], tags=["mine"]))
    assert set(work.tags.names()) == {"mine"}
    assert [row.word for row in work.keywords.all()] == [*MESH, Word("fat pad", "author")]


def test_they_go_out_again_as_they_came_in():
    bring(record(keywords=MESH))
    (found,) = files.records(Reference.objects.all())
    assert found.keywords == MESH


def test_the_page_of_a_work_shows_them_by_vocabulary_and_the_library_finds_by_them(client):
    bring(record(keywords=MESH), record("ruiz1960", keywords=[Word("lipoma", "author")]))
    page = client.get("/references/herz1952/")
    assert "MeSH" in said_in(page)
    assert 'href="/references/?term=lipoma" rel="nofollow">Lipoma / surgery, etiology' in (
        page.content.decode()
    )
    found = client.get("/references/?term=LIPOMA")
    assert {work.citekey for work in found.context["page"]} == {"herz1952", "ruiz1960"}
    (facet,) = [each for each in found.context["facets"] if each.title == "Keyword"]
    chosen = {value.label: (value.count, value.chosen) for value in facet.values}
    assert chosen == {"Lipoma": (2, True), "Low Back Pain": (1, False)}
    assert [each.label for each in found.context["chosen"]] == ["Lipoma"]
    assert len(client.get("/references/?term=nothing").context["page"]) == 0
    narrowed = client.get("/references/?term=lipoma&q=ruiz").context["page"]
    assert [work.citekey for work in narrowed] == ["ruiz1960"]


def test_many_are_folded(client):
    bring(record(keywords=[Word(f"Term {number}", "mesh") for number in range(30)]))
    page = client.get("/references/herz1952/").content.decode()
    assert ">30 keywords</summary>" in page
    library = client.get("/references/")
    (facet,) = [each for each in library.context["facets"] if each.title == "Keyword"]
    assert len(facet.open) == 8


def test_the_search_finds_by_them():
    bring(record(keywords=[Word("Adipose Tissue", "mesh")]))
    assert search.matching("adipose", "reference").count() == 1


def test_a_later_file_adds_those_there_are_not(author_client):
    bring(record(keywords=MESH[:1]))
    more = record(keywords=[Word("lipoma", "emtree"), *MESH])
    outcome = save_records([more], update=True)
    assert outcome.updated == 1
    assert [row.term for row in Keyword.objects.all()] == [
        "Lipoma", "lipoma", "Low Back Pain", "Humans",
    ]  # fmt: skip
    assert save_records([more]).same == 1


def test_the_trash_gives_back_keywords_and_notices():
    (work,) = bring(record(keywords=MESH, notices=RETRACTED))
    bundle = trash.put(work)
    assert not Keyword.objects.exists()
    assert not WorkNotice.objects.exists()
    trash.restore(bundle)
    again = Reference.objects.get()
    assert (again.keywords.count(), again.notices.count(), again.status) == (3, 1, "retracted")


def test_two_works_made_one_have_the_keywords_and_notices_of_both():
    kept, gone = bring(record(keywords=MESH[:1]), record("b1953", keywords=MESH, notices=RETRACTED))
    done = merging.merge(kept=kept, gone=gone)
    kept.refresh_from_db()
    assert [row.term for row in kept.keywords.order_by("term")] == [
        "Humans", "Lipoma", "Low Back Pain",
    ]  # fmt: skip
    assert kept.status == "retracted"
    again = merging.undo(done)
    kept.refresh_from_db()
    assert (again.keywords.count(), kept.keywords.count()) == (3, 1)
    assert (again.status, kept.status) == ("retracted", "")


# Notices


@pytest.fixture
def retracted(client):
    chapter = ChapterFactory(title="Fat", body=f"<p>As shown {cite('herz1952')}.</p>")
    (work,) = bring(record(notices=RETRACTED, doi="10.5555/w"))
    chapter.refresh_from_db()
    return work, chapter


def test_a_retracted_work_says_so_before_its_title_wherever_it_stands(client, retracted):
    chapter = retracted[1]
    pages = {
        address: said_in(client.get(address, follow=True))
        for address in ("/references/", "/references/herz1952/", chapter.get_absolute_url(),
                        "/search/?q=herz", reverse("references:take") + "?key=herz1952")
    }  # fmt: skip
    for address, words in pages.items():
        assert re.search(r"Retracted: (?:\[\w+\] )?Fat of herz1952", words), address
    assert "Retracted in" in pages["/references/herz1952/"]
    assert "doi:10.5555/r" in pages["/references/herz1952/"]


def test_the_list_of_the_desk_says_so_too(author_client, retracted):
    page = author_client.get(reverse("admin:references_reference_changelist"))
    assert "Retracted: Fat of herz1952" in page.text


def test_every_style_and_language_says_so_and_so_does_the_mark_in_the_text(retracted):
    work, chapter = retracted
    words = {"en-US": "Retracted", "es-ES": "Retractado", "ca-AD": "Retractat"}
    for locale, styles in work.kept_citations.items():
        assert len(styles) == 4
        for html in styles.values():
            assert f'<b class="warning">{words[locale]}:</b>' in html
    assert ">[1, retracted]</a>" in chapter.body_html
    assert '<b class="warning">Retracted:</b>' in chapter.references_html


def test_a_sound_work_says_nothing(client):
    bring(record(notices=[Said("erratum", False, "2011", "10.5555/e"), Said("comment", True)]))
    work = Reference.objects.get()
    assert (work.status, work.warning) == ("corrected", "")
    assert "warning" not in work.citation_html
    assert "Corrected in" in said_in(client.get("/references/herz1952/"))


def test_machines_hear_of_it_too(client, retracted):
    page = client.get("/references/herz1952/").content.decode()
    assert 'name="citation_title" content="RETRACTED: Fat of herz1952"' in page
    assert '"creativeWorkStatus":"Retracted"' in page.replace(": ", ":")
    assert "RETRACTED%3A+Fat" in client.get("/references/").content.decode()
    assert "RETRACTED: Fat" in client.get("/references/herz1952.ris").getvalue().decode()


def test_the_author_is_told_which_texts_cite_it(author_client, retracted):
    work, chapter = retracted
    address = reverse("admin:references_reference_change", args=[work.pk])
    page = author_client.get(address).content.decode()
    assert "Retracted. Cited in:" in page
    assert f"/admin/review/chapter/{chapter.pk}/change/" in page
    front = author_client.get("/admin/")
    assert "1 retracted and cited in your texts" in said_in(front)
    duty = author_client.get("/admin/references/reference/?todo=retracted")
    assert [each.pk for each in duty.context["cl"].queryset] == [work.pk]
    chapter.delete()
    assert "No text cites it" in author_client.get(address).content.decode()


def test_what_comes_later_reaches_the_texts_that_cite_the_work(retracted):
    work, chapter = retracted
    work.notices.all().delete()
    work.refresh()
    chapter.refresh_from_db()
    assert ">[1]</a>" in chapter.body_html
    save_records([record(doi="10.5555/w", notices=RETRACTED)], update=True)
    chapter.refresh_from_db()
    assert ">[1, retracted]</a>" in chapter.body_html
    assert Citation.objects.count() == 1


@pytest.mark.parametrize("first", ["work", "notice"])
def test_the_notice_and_the_work_are_linked_whichever_comes_first(first, client):
    work = record(doi="10.5555/w", notices=RETRACTED)
    notice = record("lancet2010", doi="10.5555/r", notices=[Said("retraction", True)])
    for each in [work, notice] if first == "work" else [notice, work]:
        bring(each)
    relation = Relation.objects.get()
    assert (relation.one.citekey, relation.kind, relation.other.citekey) == (
        "lancet2010", "retraction", "herz1952",
    )  # fmt: skip
    assert "Retracted by" in said_in(client.get("/references/herz1952/"))


def test_the_preview_shows_a_retraction_and_takes_it(author_client):
    bring(record(doi="10.5555/w"))
    text = "TY  - JOUR\nTI  - RETRACTED: Fat of herz1952\nAU  - Herz, Ralph\nPY  - 1952\n"
    text += "DO  - 10.5555/w\nKW  - Lipoma/*surgery\nER  - \n"
    response = author_client.post(reverse("admin:references_import"), {"text": text}, follow=True)
    assert "retractions, errata, comments" in response.content.decode()
    assert "Lipoma / surgery" in response.content.decode()
    address = response.redirect_chain[-1][0]
    rows = {f"take-{row.number}": "on" for row in PendingRecord.objects.all()}
    author_client.post(address, {"do": "confirm", "shown": [1], **rows})
    work = Reference.objects.get()
    assert (work.status, work.keywords.get().qualifiers) == ("retracted", "*surgery")


# Journals


@pytest.mark.parametrize("given", ["Am J Med Sci", "American Journal of the Medical Sciences"])
def test_a_journal_the_project_knows_has_both_its_names(given):
    (work,) = bring(record(container=given))
    assert work.container.endswith("American Journal of the Medical Sciences")
    assert work.container_short == "Am J Med Sci"
    styles = work.kept_citations["en-US"]
    assert "Am J Med Sci" in styles["vancouver"]
    assert "American Journal of the Medical Sciences" in styles["apa"]


def test_a_journal_is_learnt_from_a_file_that_has_both():
    bring(record(container="Journal of Lumbar Studies", container_short="J Lumbar Stud"))
    assert Journal.objects.get().abbreviation == "J Lumbar Stud"
    bring(record("b", container="J. Lumbar Stud."), record("c", container="Annals of Nothing"))
    named = dict(Reference.objects.values_list("citekey", "container"))
    assert named["b"] == "Journal of Lumbar Studies"
    assert named["c"] == "Annals of Nothing"
    dotted = record("d", container="Journal of lumbar studies", container_short="J. Lumbar Stud.")
    bring(dotted)
    assert Reference.objects.get(citekey="d").container_short == "J Lumbar Stud"


def test_an_abbreviation_with_stops_is_learnt_too_and_both_forms_are_known():
    bring(record(container="Annals of Lumbar Surgery", container_short="Ann. Lumbar Surg."))
    journal = Journal.objects.get()
    assert (journal.abbreviation, journal.iso) == ("Ann Lumbar Surg", "Ann. Lumbar Surg.")


@pytest.mark.parametrize(
    ("title", "short", "iso"),
    [
        ("The New England Journal of Medicine", "N Engl J Med", "N. Engl. J. Med."),
        ("American Family Physician", "Am Fam Physician", "Am. Fam. Physician"),
        ("JAMA", "JAMA", "JAMA"),
        ("Revista de Cirugía Ortopédica", "Rev Cir Ortop", "Rev. Cir. Ortop."),
    ],
)
def test_iso_4_has_a_stop_behind_what_is_cut_off(title, short, iso):
    assert Journal(title=title, abbreviation=short).iso == iso


# For machines


def test_a_list_hands_on_all_authors_in_full(client):
    names = [Name(f"Herz{number}", "Ralph Maria") for number in range(9)]
    bring(Record(citekey="a", type="article-journal", title="T", names=names))
    page = client.get("/references/").content.decode()
    assert all(f"rft.au=Herz{number}%2C+Ralph+Maria" in page for number in range(9))


def test_a_chapter_is_part_of_its_book_and_an_article_of_its_issue(client):
    ReferenceFactory(citekey="part", type="chapter", container="Backs", isbn="9783319274829")
    ReferenceFactory(citekey="article", issue="5")
    page = client.get("/references/part/").content.decode()
    assert '"isPartOf":{"@type":"Book","name":"Backs","isbn":"9783319274829"}' in page
    page = client.get("/references/article/").content.decode()
    assert '"@type":"PublicationIssue","issueNumber":"5"' in page
    assert '"@type":"PublicationVolume","volumeNumber":"190"' in page
    assert 'name="DC.source" content="The American Journal of the Medical Sciences"' in page


def test_a_book_says_its_isbn_edition_and_publisher(client):
    ReferenceFactory(
        citekey="backs", type="book", container="", isbn="9783319274829", edition="2",
        publisher="Sample Press",
    )  # fmt: skip
    page = client.get("/references/backs/").content.decode()
    said = '"isbn":"9783319274829","bookEdition":"2","publisher":{"@type":"Organization","name"'
    assert said + ':"Sample Press"}' in page
