"""Adding one work: what she has is asked for first, then a form with the fields of that kind."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from references.desk import adding
from references.desk.typefields import fields_of
from references.importing import lookup
from references.models import PendingImport, Person, Reference
from references.vocabulary import CSLType
from tests.factories import PersonFactory, ReferenceFactory

from .. import lookup_server
from .test_admin import typed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("about forms; people and works are matched in tests of their own"),
]
ASK = reverse("admin:references_ask")
ADD = reverse("admin:references_reference_add")
COPEMAN = (
    "12. Copeman WSC, Ackerman WL. Edema or herniations of fat lobules as a cause of lumbar and"
    " gluteal fibrositis. Arch Intern Med. 1947;79(1):22-35."
)
BOOK = """{"ISBN:9780262134729": {"title": "Lumps", "subtitle": "a handbook", "authors":
[{"name": "Ruth van der Hale"}], "publishers": [{"name": "Northgate"}],
"publish_places": [{"name": "Oxford"}], "publish_date": "March 2004", "number_of_pages": 210}}"""


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(lookup, "PAUSE", timedelta(0))
    with lookup_server.running() as server:
        settings.CROSSREF_URL = settings.OPENLIBRARY_URL = server.url
        settings.EUTILS_URL = f"{server.url}/entrez/eutils"
        settings.LOOKUP_ALLOW_LOOPBACK = True
        yield server


def asked(client, what):
    response = client.post(ASK, {"what": what})
    assert response.status_code == 302, response.context["form"].errors
    return response["Location"]


def form_of(client, address):
    form = client.get(address).context["adminform"].form
    return {name: form[name].value() for name in form.fields if form[name].value()}


def test_the_button_that_adds_asks_first_what_she_has(author_client):
    assert author_client.get(ADD)["Location"] == ASK
    page = author_client.get(ASK).text
    assert f"{ADD}?type=book" in page
    assert 'name="what"' in page
    assert 'name="file"' in page


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("10.1000/x", "number"), ("doi:10.1000/abc", "number"),
        ("https://doi.org/10.1136/ard.3", "number"), ("PMID: 14895157", "number"),
        ("14895157", "number"), ("https://pubmed.ncbi.nlm.nih.gov/14895157/", "number"),
        ("978-0-262-13472-9", "isbn"), ("ISBN 0262134721", "isbn"),
        ("https://example.org/back-mice", "address"), (COPEMAN, "citation"),
        ("Back mice", "citation"),
    ],
)  # fmt: skip
def test_what_she_typed_is_known_for_what_it_is(typed, kind):
    assert adding.kind_of(typed) == kind


def test_a_pasted_citation_fills_the_form_and_is_saved_with_its_people(author_client):
    PersonFactory(family="Copeman", given="W. S. C.")
    address = asked(author_client, COPEMAN)
    assert not Reference.objects.exists()
    filled = form_of(author_client, address)
    assert filled["authors"] == "Copeman, W. S. C.; Ackerman, W. L."
    assert (filled["container"], filled["year"], filled["pages"]) == (
        "Arch Intern Med", 1947, "22-35",
    )  # fmt: skip
    data = typed(author_client, address)
    assert author_client.post(address, data).status_code == 302
    work = Reference.objects.get()
    assert work.citekey == "copeman1947"
    assert work.authors_short == "Copeman WSC, Ackerman WL"
    assert Person.objects.filter(family="Copeman").count() == 1
    assert not PendingImport.objects.exists()


def test_what_was_guessed_is_marked_for_her_to_check(author_client):
    page = author_client.get(asked(author_client, "Something about backs, of 1952, who knows"))
    assert page.text.count("Not certain: please check.") >= 3


def test_a_doi_a_pmid_and_an_isbn_are_looked_up(author_client, server):
    server.special["books"] = lookup_server.words(BOOK.encode())
    article = form_of(author_client, asked(author_client, "10.1000/nodule.1"))
    assert article["authors"] == "van der Berg, Ana María; Doe, J., Jr; Sample Study Group,"
    assert form_of(author_client, asked(author_client, "PMID 1234567"))["pmid"] == "1234567"
    book = form_of(author_client, asked(author_client, "978-0-262-13472-9"))
    assert (book["title"], book["authors"]) == ("Lumps: a handbook", "van der Hale, Ruth")
    assert (book["publisher"], book["place"], book["year"]) == ("Northgate", "Oxford", 2004)


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        (
            "https://doi.org/10.1000/Nodule.9",
            {"type": "article-journal", "doi": "10.1000/nodule.9"},
        ),
        ("PMID: 7654321", {"type": "article-journal", "pmid": "7654321"}),
        ("978-0-262-13472-9", {"type": "book", "isbn": "9780262134729"}),
    ],
)
def test_a_number_that_nobody_can_look_up_now_goes_on_by_hand(
    author_client, settings, pasted, shown
):
    away = "http://127.0.0.1:1"
    settings.CROSSREF_URL = settings.EUTILS_URL = settings.OPENLIBRARY_URL = away
    settings.LOOKUP_ALLOW_LOOPBACK = True
    pages = [author_client.post(ASK, {"what": pasted})]
    if "isbn" not in shown:
        pages.append(author_client.post(reverse("admin:references_lookup"), {"number": pasted}))
    for page in pages:
        assert "cannot be reached at the moment" in page.text
        assert "Go on by hand, with this number" in page.text
        form = form_of(author_client, page.context["by_hand"])
        assert {name: form.get(name) for name in shown} == shown


def test_several_numbers_at_once_are_looked_up_and_shown(author_client, server):
    server.special["books"] = lookup_server.words(BOOK.encode())
    pasted = "10.1000/nodule.1\nPMID: 1234567, 10.1000/unknown.7\n978-0-262-13472-9\n1234567"
    for address, name in ((ASK, "what"), (reverse("admin:references_import"), "text")):
        page = author_client.post(address, {name: pasted}, follow=True).text
        for words in ("Nodules of the sacral fat", "Nodules under the skin", "a handbook"):
            assert words in page
        assert "1 record refused" in page
        assert "10.1000/unknown.7" in page
    many = "\n".join(f"10.1000/x.{at}" for at in range(21))
    page = author_client.post(ASK, {"what": many})
    assert "more than 20 numbers" in page.text
    assert "10.1000/x.20" in page.text
    server.special["10.1000/nodule.2"] = lookup_server.status(500)
    asked_before = len(server.asked)
    page = author_client.post(
        ASK, {"what": "10.1000/nodule.2 10.1000/x.1 10.1000/x.2"}, follow=True
    )
    assert "3 records refused" in page.text
    assert len(server.asked) == asked_before + 1, "who does not answer is not asked again"


@pytest.mark.parametrize("answer", ["{}", "[]", "null", "no", '{"ISBN:9780262134729": 7}'])
def test_an_isbn_nobody_knows_is_said_and_stays_typed(author_client, server, answer):
    server.special["books"] = lookup_server.words(answer.encode())
    response = author_client.post(ASK, {"what": "978-0-262-13472-9"})
    assert response.context["form"].errors["what"]
    assert "978-0-262-13472-9" in response.text


def test_an_address_begins_a_web_page(author_client):
    filled = form_of(author_client, asked(author_client, "https://example.org/back-mice"))
    assert (filled["type"], filled["url"]) == ("webpage", "https://example.org/back-mice")
    filled = form_of(
        author_client, asked(author_client, "https://pmc.ncbi.nlm.nih.gov/articles/PMC2441105/")
    )
    assert filled["type"] == "article-journal"
    assert "PMC2441105" in filled["pmcid"]


def test_a_file_and_text_in_a_known_format_go_to_the_preview(author_client):
    ris = b"TY  - JOUR\nTI  - Lumps\nAU  - Herz, R.\nER  - \n"
    file = SimpleUploadedFile("a.ris", ris)
    for given in ({"file": file}, {"what": ris.decode()}):
        response = author_client.post(ASK, given)
        assert "/import/" in response["Location"]
        assert "Lumps" in author_client.get(response["Location"]).text


@pytest.mark.parametrize("given", [{}, {"what": "  "}, {"what": "x " * 3000}])
def test_nothing_or_far_too_much_is_said_beside_the_field(author_client, given):
    response = author_client.post(ASK, given)
    assert response.status_code == 200
    assert response.context["form"].errors["what"]


def test_the_form_shows_the_fields_of_the_kind_and_folds_the_others(author_client):
    book = author_client.get(f"{ADD}?type=book").context["adminform"]
    shown, _own, more = [fieldset.fields for fieldset in book]
    assert list(shown) == [*fields_of("book"), "type"]
    assert shown[:2] == ("title", "authors")
    assert {"container", "issue", "citekey", "translators"} <= set(more)


@pytest.mark.parametrize("kind", CSLType.values)
def test_every_kind_has_its_form_and_no_field_is_missing_or_twice(author_client, kind):
    page = author_client.get(f"{ADD}?type={kind}").context["adminform"]
    names = [name for fieldset in page for name in fieldset.fields]
    assert len(names) == len(set(names))
    assert set(names) | {"another"} == set(page.form.fields)
    assert page.form["type"].value() == kind


def test_a_work_that_is_there_is_said_before_saving_and_again_at_saving(author_client):
    there = ReferenceFactory(
        title="Edema or herniations of fat lobules as a cause of lumbar and gluteal fibrositis",
        container="Arch Intern Med", volume="79", pages="22-35", year=1947,
    )  # fmt: skip
    address = asked(author_client, COPEMAN)
    page = author_client.get(address)
    assert "You have this already" in page.text
    data = typed(author_client, address)
    response = author_client.post(address, data)
    assert response.status_code == 200
    assert reverse("admin:references_reference_change", args=[there.pk]) in response.text
    assert Reference.objects.count() == 1
    assert author_client.post(address, data | {"another": "on"}).status_code == 302
    assert Reference.objects.count() == 2


def test_a_work_that_may_be_there_is_asked_about(author_client):
    ReferenceFactory(
        title="Edema or herniation of fat lobules as a cause of lumbar fibrositis", year=1947,
        people=[PersonFactory(family="Copeman", given="W. S. C.")],
    )  # fmt: skip
    values = {"title": "Edema or herniations of fat lobules as a cause of lumbar fibrositis"}
    data = typed(author_client, f"{ADD}?type=book", authors="Copeman, W. S. C.", year=1948)
    response = author_client.post(f"{ADD}?type=book", data | values)
    assert "Perhaps you have this already" in response.text


def test_errors_stand_above_with_links_and_nothing_typed_is_lost(author_client):
    address = f"{ADD}?type=article-journal"
    data = typed(author_client, address, title="", year="12", authors="Herz, R.; Doe, J.")
    response = author_client.post(address, data)
    assert '<a href="#id_title">' in response.text
    assert '<a href="#id_year">' in response.text
    assert "Herz, R.; Doe, J." in response.text


def test_people_are_taken_as_typed_and_matched_with_the_register(author_client):
    herz = PersonFactory(family="Herz", given="Ralph")
    address = f"{ADD}?type=chapter"
    data = typed(
        author_client, address, title="Lumps", authors="Herz, Ralph; WHO Study Group,; Doe J",
        editors="Puig i Roca, Montserrat", translators="",
    )  # fmt: skip
    assert author_client.post(address, data).status_code == 302
    rows = Reference.objects.get().authorships.select_related("person")
    assert [(row.person.family, row.person.given, row.role) for row in rows] == [
        ("Herz", "Ralph", "author"), ("WHO Study Group", "", "author"), ("Doe", "J.", "author"),
        ("Puig i Roca", "Montserrat", "editor"),
    ]  # fmt: skip
    assert rows[0].person == herz
    assert rows[1].person.literal


def test_an_order_of_names_that_was_a_guess_is_asked_about_and_the_journal_completed(author_client):
    address = f"{ADD}?type=article-journal"
    data = typed(author_client, address, title="Lumps", authors="Nguyen Van Anh; Doe, J.")
    page = author_client.post(address, data | {"container": "Am J Med Sci"}, follow=True).text
    assert "Nguyen, Van Anh" in page.split("how these names are meant")[1][:200]
    work = Reference.objects.get()
    assert work.container.endswith("American Journal of the Medical Sciences")
    assert work.container_short == "Am J Med Sci"


def test_somebody_new_who_is_much_like_somebody_there_is_told_of(author_client):
    PersonFactory(family="Herz", given="Ralph")
    address = f"{ADD}?type=book"
    data = typed(author_client, address, title="Lumps", authors="Herz, R.; Doe, J.")
    page = author_client.post(address, data, follow=True).text
    assert "New in the register: Herz, R. There is also: Herz, Ralph." in page
    assert "Doe" not in page.split("There is also")[0].split("New in the register")[-1]


@pytest.mark.parametrize("text", ["x" * 30_000, "; ".join(["A, B"] * 400), "Ann " * 60 + ", B"])
def test_hostile_lists_of_people_are_refused_in_words(author_client, text):
    address = f"{ADD}?type=chapter"
    data = typed(
        author_client, address, title="Lumps", authors=text, editors=text, translators=text
    )
    response = author_client.post(address, data)
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert {"authors", "editors", "translators"} <= set(errors)


def test_people_are_offered_while_she_types(author_client, client):
    PersonFactory(family="García López", given="Ana")
    PersonFactory(family="WHO Study Group", given="", literal=True)
    pick = reverse("admin:references_people_pick")
    assert author_client.get(pick, {"q": "garcia lo"}).json() == {"people": ["García López, Ana"]}
    assert author_client.get(pick, {"q": "who"}).json() == {"people": ["WHO Study Group,"]}
    assert author_client.get(pick, {"q": "g"}).json() == {"people": []}


def test_nobody_else_sees_what_she_looked_up(author_client, admin_client):
    address = asked(author_client, COPEMAN)
    assert "Arch Intern Med" not in admin_client.get(address).text
