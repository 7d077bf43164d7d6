import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.signals import post_init
from django.urls import reverse

from config import demo
from publishing import search
from references import formats, synonyms
from references.browsing import register as register_views
from references.importing.save import save_records
from references.models import Condition, Name, NameUse, Reference
from tests.factories import ChapterFactory, PersonFactory, ReferenceFactory

pytestmark = pytest.mark.django_db
REGISTER = "/names/"


@pytest.fixture
def mice():
    return Condition.objects.create(title="Back mice", slug="back-mice", note="Lumps of fat.")


def named(condition, title, *works, **fields):
    name = Name.objects.create(condition=condition, title=title, **fields)
    for work in works:
        NameUse.objects.create(name=name, reference=work)
    return name


@pytest.fixture
def register(mice):
    curtis = ReferenceFactory(
        citekey="curtis1993", title="In search of the back mouse", year=1993, country="GB",
        people=[PersonFactory(family="Curtis", given="Phyllis")],
    )  # fmt: skip
    earl = ReferenceFactory(
        citekey="earl1995", title="Back mice: a prevalence study", year=1995, country="CA"
    )
    farina = ReferenceFactory(
        citekey="farina2017", title="Copeman nodule: a case report", year=2017
    )
    named(mice, "Back mouse", curtis, earl, forms="Back mice", standing="preferred")
    named(mice, "Copeman nodule", farina, forms="Copeman nodules")
    named(mice, "Nódulo de Copeman", language="es")
    named(mice, "Fibrositis", standing="misnomer", expands=False, used_from=1904, used_to=1950)


def rows(response):
    return [name.title for _condition, group in response.context["groups"] for name in group]


def test_an_empty_register_is_a_page(client):
    assert "holds no names yet" in client.get(REGISTER).text


def test_names_stand_by_year_by_name_and_by_language(client, register):
    assert rows(client.get(REGISTER)) == [
        "Fibrositis",
        "Back mouse",
        "Copeman nodule",
        "Nódulo de Copeman",
    ]
    assert rows(client.get(REGISTER + "?sort=name")) == [
        "Back mouse",
        "Copeman nodule",
        "Fibrositis",
        "Nódulo de Copeman",
    ]
    assert rows(client.get(REGISTER + "?sort=language"))[-1] == "Nódulo de Copeman"
    assert rows(client.get(REGISTER + "?sort=nonsense")) == rows(client.get(REGISTER))


def test_a_row_says_who_when_and_how_it_stands(client, register):
    text = client.get(REGISTER).text
    assert "1993–1995" in text
    assert 'href="/references/curtis1993/">Curtis 1993</a>' in text
    assert 'class="pref">preferred<' in text
    assert ">misnomer<" in text
    assert "1904–1950" in text
    assert 'lang="es">Nódulo de Copeman' in text


def test_years_are_drawn_between_the_first_and_the_last_decade(client, register):
    response = client.get(REGISTER)
    name = next(
        name
        for _c, group in response.context["groups"]
        for name in group
        if name.title == "Back mouse"
    )
    scale = response.context["scale"]
    assert (scale.first, scale.last >= 2017) == (1990, True)
    assert name.strip.ticks == [scale.at(1993), scale.at(1995)]
    assert (name.strip.start, name.strip.end) == (scale.at(1993), scale.at(1995))


def test_a_coined_name_names_who_coined_it(client, mice):
    later, lecture = ReferenceFactory(year=1915), ReferenceFactory(citekey="gowers1904", year=1904)
    named(mice, "Fibrositis", later, coined_by=lecture)
    text = client.get("/names/fibrositis/").text
    assert "Coined by" in text
    assert 'href="/references/gowers1904/"' in text
    assert "First met in" not in text


def test_a_name_has_a_page_with_who_when_and_where(client, register):
    text = client.get("/names/back-mouse/").text
    assert "<h1" in text
    assert "The preferred name for “Back mice”" in text
    assert "United Kingdom, Canada" in text
    assert text.index("In search of the back mouse") < text.index("Back mice: a prevalence study")
    assert "2 works use it" in text
    assert 'href="/names/copeman-nodule/"' in text


def test_a_name_nobody_uses_is_a_page(client, register):
    assert "None of the works here" in client.get("/names/nodulo-de-copeman/").text or client.get(
        reverse("names:name", args=[Name.objects.get(language="es").slug])
    ).text.count("None of the works here")


def test_an_unknown_name_is_no_page(client):
    assert client.get("/names/nothing/").status_code == 404


def test_a_work_links_to_the_names_it_uses(client, register):
    text = client.get("/references/curtis1993/").text
    assert "Names it uses" in text
    assert 'href="/names/back-mouse/"' in text


def test_the_menu_leads_to_the_register(client):
    assert 'href="/names/"' in client.get("/").text


def test_only_one_name_in_a_language_is_the_preferred_one(register, mice):
    second = Name(condition=mice, title="Episacral lipoma", standing="preferred")
    with pytest.raises(ValidationError, match="preferred one already"):
        second.full_clean(exclude=["slug"])
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
    Name(condition=mice, title="Ratón de espalda", language="es", standing="preferred").save()


def test_years_in_the_wrong_order_are_refused(mice):
    with pytest.raises(ValidationError):
        Name(condition=mice, title="X", used_from=1950, used_to=1940).full_clean(exclude=["slug"])


def test_two_names_spelt_alike_have_two_addresses(mice):
    first, second = named(mice, "Episacral lipoma"), named(mice, "Episacral lipoma", language="tr")
    assert first.get_absolute_url() != second.get_absolute_url()


# Finding the works that use a name


def test_a_name_is_found_in_titles_whatever_their_accents_and_marks(mice):
    used = ReferenceFactory(title="Lipomes épisacro-iliaques et lombo-sciatiques")
    ReferenceFactory(title="Un lipome", translated_title="Lipome épisacro-iliaque")
    ReferenceFactory(title="Lipomes et épisacro-iliaques")
    name = named(
        mice, "Lipome épisacro-iliaque", forms="Lipomes épisacro-iliaques\n\n", language="fr"
    )
    assert name.find_uses() == 1
    assert [use.reference for use in name.uses.all()] == [used]
    assert name.find_uses() == 0


def test_a_word_that_only_begins_alike_is_no_use(mice):
    ReferenceFactory(title="Non-fibrositic nodules; fibrositides")
    assert named(mice, "Fibrositis").find_uses() == 0


# Search


def test_a_search_for_one_name_finds_the_others_and_says_so(client, register):
    for query in ("Copeman nodules", '"copeman nodule"', "NÓDULO DE COPEMAN"):
        results = search.run(query)
        assert "curtis1993" in {
            entry.page.citekey for entry in results.entries if entry.kind == "reference"
        }, query
        assert "back mice" in results.expansions[0].reason
    text = client.get("/search/", {"q": "Copeman nodules"}).text
    assert "is one name among several" in text


def test_the_library_too_finds_through_the_register_and_says_so(client, register):
    response = client.get("/references/", {"q": "Copeman nodules"})
    assert {work.citekey for work in response.context["page"]} == {
        "curtis1993",
        "earl1995",
        "farina2017",
    }
    assert "is one name among several" in response.text


def test_a_name_that_meant_other_things_neither_finds_nor_is_found(register):
    ReferenceFactory(citekey="gowers1904", title="On fibrositis")
    assert not search.run("fibrositis").expansions
    assert "gowers1904" not in {
        entry.page.citekey for entry in search.run("back mice").entries if entry.kind == "reference"
    }


def test_part_of_a_longer_query_is_widened(register):
    found = synonyms.expand(
        ["copeman nodule prevalence", "copeman nodule", "prevalence", "copeman", "nodule"]
    )
    assert {each.phrase for each in found} == {"copeman nodule"}
    assert "Back mouse" in [each.also for each in found][:2]


def test_the_name_meant_is_the_longest_one(mice):
    named(mice, "Back mouse")
    named(mice, "Lipoma")
    named(mice, "Episacral lipoma")
    assert {
        each.phrase for each in synonyms.expand(["episacral lipoma", "lipoma", "episacral"])
    } == {"episacral lipoma"}


def test_names_are_found_themselves(register):
    assert "name" in search.run("copeman").counts
    Name.objects.get(title="Copeman nodule").delete()
    assert "Copeman nodule" not in {
        entry.title for entry in search.run("copeman").entries if entry.kind == "name"
    }


def test_a_link_to_a_name_in_a_text_follows_it(register):
    chapter = ChapterFactory(body='<p>See <a href="/names/copeman-nodule/">there</a>.</p>')
    name = Name.objects.get(title="Copeman nodule")
    assert f"page:references.name/{name.pk}" in chapter.body


# Cost, markup, the sample


def test_the_register_costs_the_same_however_long(client, mice, django_assert_max_num_queries):
    works = [ReferenceFactory(people=[]) for _ in range(4)]
    for number in range(12):
        named(mice, f"Name {number}", *works)
    with django_assert_max_num_queries(6):
        client.get(REGISTER)
    with django_assert_max_num_queries(6):
        client.get("/names/name-1/")


def test_of_the_works_that_use_a_name_no_more_are_read_than_are_shown(client, mice, monkeypatch):
    monkeypatch.setattr(register_views, "PER_PAGE", 4)
    works = [ReferenceFactory(year=1950 + n // 3, country="GB", people=[]) for n in range(12)]
    name = named(mice, "Back mouse", *works)
    read = []

    def note(sender, instance, **kwargs):
        read.append(instance)

    post_init.connect(note, sender=Reference)
    try:
        second = client.get(name.get_absolute_url(), {"page": 2})
        client.get(REGISTER)
    finally:
        post_init.disconnect(note, sender=Reference)
    assert len(read) == 4 + 1 + 1, "a page of them; on either page the first that uses it"
    assert [use.same_year for use in second.context["page"]] == [True, True, False, True]
    assert "12 works use it" in second.text
    assert second.context["places"] == ["United Kingdom"]


def test_markup_in_a_name_stays_text(client, mice):
    named(mice, "<script>alert(1)</script>", ReferenceFactory(), note="<b>bold</b>")
    for address in (REGISTER, Name.objects.get().get_absolute_url()):
        assert "<script>alert" not in client.get(address).text
        assert "<b>bold" not in client.get(address).text


def test_the_sample_register_has_its_names_from_the_titles():
    sample = (demo.FOLDER / "library.csl.json").read_text(encoding="utf-8")
    save_records(formats.parse(sample.encode()).records, formatted=False)
    items = json.loads((demo.FOLDER / "names.json").read_text())["names"]
    assert demo.names() == Name.objects.count() == len(items) >= 19
    used = {
        name.title: [use.reference.year for use in name.uses.all()] for name in Name.objects.all()
    }
    assert all(used.values())
    assert used["Episacroiliac lipoma"] == [1937, 1949, 1972, 2016, 2023]
    assert len(used["Back mouse"]) == 9
    before = NameUse.objects.count()
    assert demo.names() == 0
    assert NameUse.objects.count() == before


# The desk


def test_the_author_adds_a_name_and_finds_its_works(author_client, mice):
    work = ReferenceFactory(title="Episacral lipomas at last")
    response = author_client.post(
        reverse("admin:references_name_add"),
        {
            "condition": mice.pk, "title": "Episacral lipoma", "forms": "Episacral lipomas",
            "language": "en",
            "standing": "plain", "note": "", "expands": "on", "slug": "", "uses-TOTAL_FORMS": 0,
            "uses-INITIAL_FORMS": 0,
        },
    )  # fmt: skip
    assert response.status_code == 302
    name = Name.objects.get()
    author_client.post(
        reverse("admin:references_name_changelist"),
        {"action": "find_in_titles", "_selected_action": [name.pk]},
    )
    assert name.uses.get().reference == work
    assert (
        author_client.get(reverse("admin:references_name_change", args=[name.pk])).status_code
        == 200
    )
    assert "Episacral lipoma" in author_client.get(reverse("admin:references_name_changelist")).text
