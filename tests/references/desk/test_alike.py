"""Perhaps the same, at the desk: pairs to look at, two works side by side, and what the author says
of them."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from references.models import Citation, Merge, PendingImport, Reference, Relation
from tests.factories import AuthorUserFactory, ChapterFactory, PersonFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db
TITLE = "Herniation of fascial fat in low back pain"
LIST = reverse("admin:references_alike")


def side_by_side(kept, gone):
    return reverse("admin:references_merge", args=[kept.pk, gone.pk])


def work(citekey, **fields):
    people = fields.pop("people", None) or [PersonFactory(family="Herz", given="Ralph")]
    values = {"volume": "", "pages": "", "title": TITLE, "year": 1952}
    return ReferenceFactory(citekey=citekey, people=people, **{**values, **fields})


@pytest.fixture
def two(db):
    return work("herz1952", volume="11", pages="30-35"), work("herz1953", year=1953)


def pairs(client):
    return [
        (one.citekey, other.citekey, judgement.code)
        for one, other, judgement in client.get(LIST).context["page"]
    ]


def test_works_that_may_be_one_are_listed_with_the_reason(author_client, two):
    work("other", title="Trigger points in runners", people=[PersonFactory(family="Ruiz")])
    assert pairs(author_client) == [("herz1952", "herz1953", "year")]
    assert "the same title, but another year or none" in author_client.get(LIST).content.decode()


def test_the_list_asks_the_database_little(author_client, django_assert_max_num_queries):
    for number in range(12):
        work(f"k{number}", year=1900 + number)
    with django_assert_max_num_queries(22):
        assert author_client.get(LIST).context["page"].paginator.count == 11


def test_two_become_one_with_what_was_chosen(author_client, two):
    kept, gone = two
    chapter = ChapterFactory(body=f"<p>{cite('herz1953')}</p>")
    page = author_client.get(side_by_side(kept, gone))
    assert {field["name"]: field["take"] for field in page.context["fields"]} == {
        "field-year": "ours"
    }
    sent = author_client.post(
        side_by_side(kept, gone), {"do": "merge", "field-year": "theirs"}, follow=True
    )
    assert "One work now: herz1952, with what was herz1953." in sent.content.decode()
    assert Reference.objects.get().year == 1953
    assert Citation.objects.get(page_id=chapter.pk).reference == kept
    assert pairs(author_client) == []
    author_client.post(reverse("admin:references_merge_undo", args=[Merge.objects.get().pk]))
    assert pairs(author_client) == [("herz1952", "herz1953", "year")]


def test_two_that_are_two_are_not_asked_about_again(author_client, two):
    author_client.post(side_by_side(*two), {"do": "apart"})
    assert pairs(author_client) == []
    assert (
        "another work than"
        not in author_client.get("/references/herz1952/").content.decode().casefold()
    )


def test_a_relation_is_shown_on_both_pages(author_client, client):
    article, preprint = (
        work("herz1952", volume="11", pages="30-35"),
        work("herz1951", type="article", container="medRxiv"),
    )
    assert pairs(author_client) == [("herz1952", "herz1951", "preprint")]
    page = author_client.get(side_by_side(article, preprint)).content.decode()
    assert 'value="preprint" selected' in page
    assert 'value="gone" selected' in page  # the preprint is that of the article
    assert page.index("They are two") < page.index("Or make them one")
    author_client.post(
        side_by_side(article, preprint), {"do": "relate", "kind": "preprint", "way": "gone"}
    )
    assert Relation.objects.get().one == preprint
    assert "<dt>Preprint of</dt>" in client.get("/references/herz1951/").content.decode()
    assert "<dt>Has the preprint</dt>" in client.get("/references/herz1952/").content.decode()
    assert pairs(author_client) == []


@pytest.mark.parametrize(
    "data", [{}, {"do": "relate"}, {"do": "relate", "kind": "x" * 5000}, {"do": "\0"}]
)
def test_bad_input_changes_nothing_and_is_told(author_client, two, data):
    sent = author_client.post(side_by_side(*two), data, follow=True)
    assert "Choose what the one is of the other." in sent.content.decode()
    assert Reference.objects.count() == 2
    assert not Relation.objects.exists()


def test_a_work_that_is_gone_is_not_there(author_client, two):
    kept, gone = two
    address = side_by_side(kept, gone)
    gone.delete()
    assert author_client.get(address).status_code == 404
    assert author_client.get(side_by_side(kept, kept)).headers["Location"] == LIST


@pytest.mark.parametrize("allowed", [[], ["change_reference"], ["delete_reference"]])
def test_only_who_may_change_and_delete_may_merge(client, two, allowed):
    helper = AuthorUserFactory(is_superuser=False)
    helper.user_permissions.set(Permission.objects.filter(codename__in=allowed))
    client.force_login(helper)
    assert client.get(LIST).status_code == 403
    assert client.post(side_by_side(*two), {"do": "merge"}).status_code == 403
    assert Reference.objects.count() == 2


def test_two_ticked_in_the_list_are_put_side_by_side(author_client, two):
    changelist = reverse("admin:references_reference_changelist")
    data = {"action": "side_by_side", "_selected_action": [each.pk for each in two]}
    assert author_client.post(changelist, data).headers["Location"] == side_by_side(*two)


# On the way in


BIB = f"@article{{x, title={{{TITLE}}}, author={{Herz, Ralph}}, year={{1951}}, volume={{11}}}}"


@pytest.mark.parametrize(
    ("same", "left", "volume"), [(True, 1, "11"), (False, 2, ""), (None, 2, "")]
)
def test_the_preview_asks_whether_it_is_the_same(author_client, same, left, volume):
    mine = work("mine")
    author_client.post(reverse("admin:references_import"), {"text": BIB})
    pending = PendingImport.objects.get()
    address = reverse("admin:references_import_preview", args=[pending.pk])
    page = author_client.get(address).content.decode()
    assert "Like one you have: the same title, but another year or none." in page
    data = {"do": "confirm", "shown": [1], "take-1": "on", "same-1": mine.pk if same else ""}
    author_client.post(address, {"do": "confirm"} if same is None else data)
    mine.refresh_from_db()
    assert (Reference.objects.count(), mine.volume, mine.year) == (left, volume, 1952)


def test_why_a_record_is_one_we_have_is_said(author_client):
    work("mine", doi="10.1000/x")
    author_client.post(
        reverse("admin:references_import"),
        {"text": "@article{a, title={B}, doi={https://doi.org/10.1000/X}}"},
    )
    page = author_client.get(
        reverse("admin:references_import_preview", args=[PendingImport.objects.get().pk])
    )
    assert "the same DOI" in page.content.decode()
