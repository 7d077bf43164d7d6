import json

import pytest
from django import forms
from django.contrib.auth.models import Permission
from django.urls import reverse

from publishing.models import State
from references import admin
from references.models import Authorship, Notes, Person, Reference
from tests.factories import (
    AuthorUserFactory,
    ChapterFactory,
    PersonFactory,
    PostFactory,
    ReferenceFactory,
    cite,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
LIST = reverse("admin:references_reference_changelist")
ADD = reverse("admin:references_reference_add") + "?type=article-journal"
PICK = reverse("admin:references_pick")


def change(reference):
    return reverse("admin:references_reference_change", args=[reference.pk])


def typed(client, url, **values):
    """What a browser would send back from the form at `url`, with `values` typed over it."""
    page = client.get(url).context
    form = page["adminform"].form
    data = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):  # a browser sends no file nobody chose
            continue
        value = form[name].value()
        if isinstance(field, forms.ModelMultipleChoiceField) and not value:
            continue  # no box is ticked
        if name == "tags" and value:
            value = ", ".join(
                f'"{item.name if hasattr(item, "name") else item.tag.name}"' for item in value
            )
        data[name] = "" if value is None else value
        if value is False:
            del data[name]
    for formset in page["inline_admin_formsets"]:
        data.update(
            {
                f"{formset.formset.prefix}-{key}": value
                for key, value in formset.formset.management_form.initial.items()
            }
        )
        for each in formset.formset.forms:
            for name in each.fields:
                value = each[name].value()
                data[each.add_prefix(name)] = "" if value is None else value
    return {**data, **values}


def keys(response):
    return [reference.citekey for reference in response.context["cl"].result_list]


@pytest.fixture
@made_once
def library(db):
    lageze = PersonFactory(family="Lagèze", given="Pierre")
    ReferenceFactory(citekey="lageze1929", title="", translated_title="Infiltrates", year=1929,
        language="fr",
                     people=[lageze], reading_state="wanted")  # fmt: skip
    ReferenceFactory(citekey="herz1952", title="Subfascial fat herniation", year=1952,
        doi="10.1136/ard.11.1.30",
                     study_design="case series", tags=["back mice"],
                     notes="<p>Her words on anvils.</p>")  # fmt: skip
    ReferenceFactory(citekey="undated", title="Undated", year=None)


# The list


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=lageze", ["lageze1929"]),
        ("q=Lag%C3%A8ze+1929", ["lageze1929"]),
        ("q=1952", ["herz1952"]),
        ("q=subfasc", ["herz1952"]),
        ("q=herz1952", ["herz1952"]),
        ("q=10.1136/ard.11.1.30", ["herz1952"]),
        ("q=nothingatall", []),
        ("q=%3F%3F", []),
        ("reading_state__exact=wanted", ["lageze1929"]),
        ("language=fr", ["lageze1929"]),
        ("decade=1950", ["herz1952"]),
        ("study_design=case+series", ["herz1952"]),
        ("tag=back-mice", ["herz1952"]),
    ],
)
def test_the_list_finds_and_filters(author_client, library, query, expected):
    assert keys(author_client.get(f"{LIST}?{query}")) == expected


def test_the_list_shows_what_matters(author_client, library):
    text = author_client.get(f"{LIST}?q=herz1952").text
    for words in ("herz1952", "Subfascial fat herniation", "1952", "Notes published", "Published"):
        assert words in text


def test_the_list_costs_the_same_however_long(author_client, django_assert_max_num_queries):
    for number in range(20):
        ReferenceFactory(tags=["a"], notes="<p>x</p>" if number < 5 else None)
    with django_assert_max_num_queries(16):
        author_client.get(LIST)


# The form


def test_every_field_says_in_words_what_it_is_for(author_client):
    form = author_client.get(ADD).context["adminform"].form
    assert [name for name, field in form.fields.items() if not field.help_text] == []


def test_a_reference_is_added_with_people_and_tags_then_notes(author_client):
    PersonFactory(family="Herz", given="Ralph")
    data = typed(
        author_client, ADD, citekey="herz1952", title="Fat herniation", year="1952",
        country="Spain", language="en", authors="Herz, Ralph; Ackerman, W.",
        doi="https://doi.org/10.1136/ARD.11.1.30", tags="back mice, treatment",
    )  # fmt: skip
    response = author_client.post(ADD, data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    herz = Reference.objects.get()
    assert (herz.doi, herz.country) == ("10.1136/ard.11.1.30", "ES")
    assert herz.authors_short == "Herz R, Ackerman W"
    assert [row.position for row in herz.authorships.all()] == [1, 2]
    assert Person.objects.filter(family="Herz").count() == 1
    assert {tag.name for tag in herz.tags.all()} == {"back mice", "treatment"}
    url = change(herz)
    data = typed(author_client, url)
    data |= {
        "notes-0-body": "<p>My words.</p>", "notes-0-state": "published", "notes-0-language": "en",
    }  # fmt: skip
    assert author_client.post(url, data).status_code == 302
    herz.refresh_from_db()
    assert herz.notes.body_html == "<p>My words.</p>"
    assert herz.reading_state == "notes-published"
    assert "Herz R" in herz.citation_html
    assert author_client.get("/references/?q=ralph").context["shown"] == 1


def test_a_page_that_waited_for_a_citekey_is_numbered_once_it_is_added(author_client):
    chapter = ChapterFactory(body=f"<p>{cite('herz1952')}</p>")
    author_client.post(ADD, typed(author_client, ADD, citekey="herz1952", title="Fat"))
    chapter.refresh_from_db()
    assert "[1]" in chapter.body_html


def test_another_citekey_is_taken_over_in_the_texts(author_client):
    herz = ReferenceFactory(citekey="herz52")
    chapter = ChapterFactory(body=f"<p>{cite('herz52')}</p>")
    url = change(herz)
    assert author_client.post(url, typed(author_client, url, citekey="herz1952")).status_code == 302
    chapter.refresh_from_db()
    assert 'data-cite="herz1952"' in chapter.body
    assert "/references/herz1952/" in chapter.references_html
    assert author_client.get("/references/herz1952/").status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("doi", "https://doi.org/10.1000/X"),
        ("pmid", "12"),
        ("pmcid", "PMC12"),
        ("citekey", "first"),
    ],
)
def test_a_duplicate_is_named_and_linked_and_what_was_typed_stays(author_client, field, value):
    first = ReferenceFactory(
        citekey="first", title="The first one", doi="10.1000/x", pmid="12", pmcid="PMC12"
    )
    second = ReferenceFactory(citekey="second")
    url = change(second)
    response = author_client.post(
        url, typed(author_client, url, **{field: value}, abstract="Typed for an hour.")
    )
    assert response.status_code == 200
    assert f'<a href="{change(first)}">' in response.text
    assert "The first one" in response.text
    assert "Typed for an hour." in response.text
    assert f'value="{value}"' in response.text
    second.refresh_from_db()
    assert (second.citekey, second.abstract) == ("second", "")


def test_what_cannot_be_is_said_beside_its_field(author_client):
    url = change(ReferenceFactory())
    wrong = {"doi": "12", "pmid": "x", "isbn": "1", "year": "12", "title": ""}
    response = author_client.post(url, typed(author_client, url, **wrong))
    assert set(response.context["adminform"].form.errors) == set(wrong)


def test_a_word_not_in_the_menus_is_kept(author_client):
    reference = ReferenceFactory(language="oc", study_design="dream", country="Yugoslavia")
    url = change(reference)
    assert author_client.post(url, typed(author_client, url)).status_code == 302
    reference.refresh_from_db()
    assert (reference.language, reference.study_design, reference.country) == (
        "oc",
        "dream",
        "Yugoslavia",
    )


def test_saving_unchanged_changes_nothing(author_client):
    reference = ReferenceFactory(
        doi="10.1000/x",
        tags=["back mice"],
        notes=f"<p>{cite('other')} &amp; words</p>",
        formatted=True,
    )
    before = Reference.objects.values().get()
    notes = Notes.objects.values().get()
    url = change(reference)
    assert author_client.post(url, typed(author_client, url)).status_code == 302
    after = Reference.objects.values().get()
    assert {name: value for name, value in after.items() if name != "changed"} == {
        name: value for name, value in before.items() if name != "changed"
    }
    assert Notes.objects.values().get() == notes


def test_unknown_citekeys_in_the_notes_are_named_on_saving(author_client):
    reference = ReferenceFactory(notes=f"<p>{cite('nobody')}</p>")
    url = change(reference)
    response = author_client.post(url, typed(author_client, url), follow=True)
    assert "Not in the library: nobody" in response.text


def test_the_editor_may_run_on_the_form_and_nowhere_public(author_client):
    reference = ReferenceFactory()
    assert "unsafe-inline" in author_client.get(change(reference))["Content-Security-Policy"]
    assert (
        "unsafe-inline"
        not in author_client.get(reference.get_absolute_url())["Content-Security-Policy"]
    )


# Deleting


def test_a_cited_reference_is_not_deleted_and_the_pages_are_named(author_client):
    herz = ReferenceFactory(citekey="herz", notes=f"<p>{cite('herz')}</p>")
    chapter = ChapterFactory(title="Middle years", body=f"<p>{cite('herz')}</p>")
    PostFactory(title="A post", body=f"<p>{cite('herz')}</p>", state=State.DRAFT)
    url = reverse("admin:references_reference_delete", args=[herz.pk])
    for response in (
        author_client.get(url),
        author_client.post(LIST, {"action": "delete_selected", "_selected_action": [herz.pk]}),
    ):
        assert "still cited" in response.text
        assert "Middle years" in response.text
        assert (
            f'href="{reverse("admin:review_chapter_change", args=[chapter.pk])}"' in response.text
        )
        assert "A post" in response.text
    author_client.post(url, {"post": "yes"})
    assert Reference.objects.filter(pk=herz.pk).exists()


def test_an_uncited_reference_is_deleted_with_its_notes(author_client):
    herz = ReferenceFactory(citekey="herz", notes=f"<p>{cite('herz')}</p>")
    response = author_client.post(
        reverse("admin:references_reference_delete", args=[herz.pk]), {"post": "yes"}
    )
    assert response.status_code == 302
    assert not Reference.objects.exists()
    assert not Notes.objects.exists()


# People and notes


def test_people_are_found_without_their_accents(author_client):
    PersonFactory(family="Lagèze", given="Pierre")
    PersonFactory(family="Other")
    url = reverse("admin:autocomplete")
    query = {
        "app_label": "references",
        "model_name": "authorship",
        "field_name": "person",
        "term": "lage",
    }
    assert [row["text"] for row in author_client.get(url, query).json()["results"]] == [
        "Lagèze, Pierre"
    ]


def test_a_new_name_reaches_the_works(author_client):
    person = PersonFactory(family="Heerz", given="R.")
    work = ReferenceFactory(people=[person])
    url = reverse("admin:references_person_change", args=[person.pk])
    assert (
        author_client.post(
            url, typed(author_client, url, family="Herz", orcid="0000-0002-1825-0097")
        ).status_code
        == 302
    )
    work.refresh_from_db()
    assert work.authors_short == "Herz R"
    assert Person.objects.get().orcid == "0000-0002-1825-0097"


def test_a_wrong_orcid_is_said_so(author_client):
    person = PersonFactory()
    url = reverse("admin:references_person_change", args=[person.pk])
    response = author_client.post(url, typed(author_client, url, orcid="0000-0002-1825-0098"))
    assert "orcid" in response.context["adminform"].form.errors


def test_notes_have_a_list_of_their_own(author_client):
    ReferenceFactory(
        title="Fat herniation",
        people=[PersonFactory(family="Herz", given="R.")],
        year=1952,
        notes="<p>x</p>",
    )
    text = author_client.get(reverse("admin:references_notes_changelist")).text
    for words in ("Herz R 1952", "Fat herniation", "Published", "View on site"):
        assert words in text
    assert (
        "Herz R 1952"
        in author_client.get(reverse("admin:references_notes_changelist") + "?q=herz").text
    )


def test_notes_can_be_written_on_their_own_page(author_client):
    reference = ReferenceFactory()
    url = reverse("admin:references_notes_add")
    data = typed(author_client, url, reference=reference.pk, body="<p>Mine.</p>", state="published")
    data.update({"publish_at_0": "", "publish_at_1": ""})
    response = author_client.post(url, data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert "Mine." in author_client.get(reference.get_absolute_url()).text


# The picker


def picked(client, query):
    return [row["citekey"] for row in client.get(PICK, {"q": query}).json()["references"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lageze", ["lageze1929"]),
        ("LAGÈZE", ["lageze1929"]),
        ("1952", ["herz1952"]),
        ("her fat", ["herz1952"]),
        ("infiltr", ["lageze1929"]),
        ("undated", ["undated"]),
        ("anvils", []),
        ("???", ["undated", "herz1952", "lageze1929"]),
    ],
)
def test_the_picker_finds_by_author_year_title_and_citekey(author_client, library, query, expected):
    assert picked(author_client, query) == expected


def test_the_picker_gives_what_the_editor_shows(author_client, library):
    row = author_client.get(PICK, {"q": "herz1952"}).json()["references"][0]
    assert set(row) == {"citekey", "label", "title", "citation"}
    assert row["title"] == "Subfascial fat herniation"
    assert "<" not in row["citation"]
    assert row["label"].endswith("1952")


def test_the_picker_gives_twenty_at_most_at_a_fixed_cost(
    author_client, django_assert_max_num_queries
):
    for _ in range(30):
        ReferenceFactory()
    with django_assert_max_num_queries(8):
        assert len(picked(author_client, "study")) == 20
    assert len(picked(author_client, "")) == 20


def test_the_picker_is_for_those_who_may_see_references(client):
    assert client.get(PICK).status_code == 302
    staff = AuthorUserFactory(is_superuser=False)
    client.force_login(staff)
    assert client.get(PICK).status_code == 403
    staff.user_permissions.add(Permission.objects.get(codename="view_reference"))
    assert client.get(PICK).status_code == 200
    assert client.post(PICK).status_code in (403, 405)


def test_the_picker_takes_anything(author_client):
    for query in ('"', "*", "a" * 5000, "' OR 1=1", "-", "author:"):
        assert json.loads(author_client.get(PICK, {"q": query}).content)["references"] == []


def test_a_crowd_of_people_stays_as_it_is_when_the_record_is_saved(author_client, monkeypatch):
    monkeypatch.setattr(admin, "MOST_PEOPLE", 1)
    work = ReferenceFactory(people=[PersonFactory(family="Aad"), PersonFactory(family="Abbott")])
    assert "2 people, too many for this form" in author_client.get(change(work)).content.decode()
    author_client.post(change(work), typed(author_client, change(work), title="Seen at last"))
    work.refresh_from_db()
    assert work.title == "Seen at last"
    assert sorted(row.person.family for row in work.authorships.all()) == ["Aad", "Abbott"]
    assert "Aad" in work.citation_html


def test_people_have_their_works_counted_once_each_and_are_put_in_order_by_them(author_client):
    none, one, two = (PersonFactory(family=family) for family in ("None", "One", "Two"))
    first, second = ReferenceFactory(), ReferenceFactory()
    for person, work, role in (
        (one, first, "author"), (one, first, "editor"),
        (two, first, "author"), (two, second, "author"),
    ):  # fmt: skip
        Authorship.objects.create(person=person, reference=work, role=role, position=9)
    page = author_client.get(reverse("admin:references_person_changelist") + "?o=-3")
    shown = {each.pk: each.work_count for each in page.context["cl"].result_list}
    assert [(pk, shown[pk]) for pk in shown if pk in (none.pk, one.pk, two.pk)] == [
        (two.pk, 2), (one.pk, 1), (none.pk, 0),
    ]  # fmt: skip


def test_no_cross_beside_an_author_deletes_the_person_out_of_every_work(author_client):
    work = ReferenceFactory(people=[PersonFactory(family="Sutro")])
    address = reverse("admin:references_reference_change", args=[work.pk])
    page = author_client.get(address).content.decode()
    assert "Sutro" in page
    assert 'id="delete_id_' not in page
    assert 'name="authorships-0-DELETE"' in page  # out of this work
