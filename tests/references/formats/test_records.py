import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from publishing import search
from references import identifiers
from references.models import Citation, Notes, Person, Reference
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory, cite


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("doi", " https://doi.org/10.1136/ARD.11.1.30 ", "10.1136/ard.11.1.30"),
        ("doi", "doi: 10.1136/ard.11.1.30.", "10.1136/ard.11.1.30"),
        ("doi", "http://dx.doi.org/10.1002/(SICI)1097(199)", "10.1002/(sici)1097(199)"),
        ("doi", "", ""),
        ("pmid", "PMID: 21006920", "21006920"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/21006920/", "21006920"),
        ("pmid", "http://www.ncbi.nlm.nih.gov/pubmed/21006920?dopt=Abstract", "21006920"),
        ("pmid", "https://europepmc.org/article/MED/21006920", "21006920"),
        ("pmcid", "https://pmc.ncbi.nlm.nih.gov/articles/PMC2441105/", "PMC2441105"),
        ("pmcid", "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC2441105/#S1", "PMC2441105"),
        ("pmcid", "2441105", "PMC2441105"),
        ("isbn", "ISBN 978-0-306-40615-7", "9780306406157"),
        ("isbn", "0-8044-2957-x", "080442957X"),
        ("orcid", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("orcid", "000000021694233x", "0000-0002-1694-233X"),
        ("orcid", "", ""),
    ],
)
def test_identifiers_are_brought_to_one_form(name, typed, kept):
    assert getattr(identifiers, name)(typed) == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("doi", "12"),
        ("doi", "10.1136"),
        ("pmid", "PMC12"),
        ("pmid", "https://www.jstor.org/stable/21006920"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov.example.org/21006920"),
        ("pmid", "https://example.org/pubmed/21006920/"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/21006920x"),
        ("pmcid", "https://example.org/2441105"),
        ("pmcid", "about 2441105"),
        ("pmid", "0"),
        ("pmcid", "none"),
        ("isbn", "12345"),
        ("orcid", "0000-0002-1825-0098"),
        ("orcid", "me"),
    ],
)
def test_what_is_no_identifier_is_said_to_be_none(name, typed):
    with pytest.raises(identifiers.BadIdentifier, match=typed):
        getattr(identifiers, name)(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["doi", "pmid", "pmcid"])
def test_identifiers_are_unique_where_they_are_present(field):
    value = {"doi": "10.1000/x", "pmid": "12", "pmcid": "PMC12"}[field]
    ReferenceFactory()
    ReferenceFactory()
    ReferenceFactory(**{field: value})
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferenceFactory(**{field: value})
    assert Reference.objects.filter(**{f"{field}__isnull": True}).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": ""}, "title"),
        ({"day": 3}, "month"),
        ({"month": 2, "day": 30}, "day"),
        ({"doi": "nope"}, "doi"),
        ({"citekey": "two words"}, "citekey"),
        ({"year": 12}, "year"),
        ({"month": 3, "season": 1}, "season"),
        ({"until": "1949"}, "until"),
        ({"until": "soon"}, "until"),
        ({"month": 3, "until": "1950-02"}, "until"),
    ],
)
def test_an_impossible_record_names_the_field(fields, wrong):
    reference = Reference(**{"citekey": "x", "title": "T", "year": 1950, **fields})
    with pytest.raises(ValidationError) as error:
        reference.full_clean()
    assert list(error.value.message_dict) == [wrong]


@pytest.mark.django_db
def test_a_date_may_have_a_season_or_an_end():
    Reference(citekey="a", title="T", year=1998, season=1).full_clean()
    spanning = Reference(citekey="b", title="T", year=1998, until="1999", year_approximate=True)
    spanning.full_clean()
    assert spanning.year_text == "c. 1998–1999"
    assert Reference(year=1998, month=3, until="1998-04").year_text == "1998"


@pytest.mark.django_db
def test_a_leap_day_without_a_year_is_possible():
    Reference(citekey="x", title="T", month=2, day=29).full_clean()


@pytest.mark.django_db
def test_a_person_cannot_die_before_being_born():
    with pytest.raises(ValidationError):
        Person(family="X", born=1950, died=1940).full_clean()


@pytest.mark.django_db
def test_two_people_of_one_name_have_two_addresses():
    assert {
        PersonFactory(family="Orr", given="F").slug,
        PersonFactory(family="Orr", given="F").slug,
    } == {"f-orr", "f-orr-2"}


@pytest.mark.django_db
def test_another_citekey_is_taken_over_in_every_text():
    herz = ReferenceFactory(citekey="herz52", notes="<p>x</p>")
    body = f"<p>See {cite('herz52')} and herz52.</p>"
    chapter, post = ChapterFactory(body=body), PostFactory(body=body)
    linked = ChapterFactory(body='<p><a href="/references/herz52/">it</a></p>')
    person = PersonFactory(biography=f"<p>{cite('herz52')}</p>")
    worked_on = chapter.updated
    herz.rename("herz1952")
    for page in (chapter, post):
        page.refresh_from_db()
        assert 'data-cite="herz1952"' in page.body
        assert "/references/herz1952/" in page.references_html
        assert "/references/herz52/" not in page.body_html + page.references_html
        assert "[?]" not in page.body_html
        assert "and herz52" in page.body
    assert chapter.updated == worked_on
    linked.refresh_from_db()
    assert 'href="/references/herz1952/"' in linked.body_html
    person.refresh_from_db()
    assert "herz1952" in person.biography_html
    assert Citation.objects.filter(reference=herz).count() == 3


@pytest.mark.django_db
def test_a_cited_reference_cannot_be_deleted():
    herz = ReferenceFactory(citekey="herz", notes="<p>x</p>")
    ChapterFactory(body=f"<p>{cite('herz')}</p>")
    with pytest.raises(ProtectedError):
        herz.delete()
    assert Reference.objects.filter(citekey="herz").exists()
    assert Notes.objects.exists()


@pytest.mark.django_db
def test_a_reference_goes_with_its_notes_and_out_of_the_search():
    other = ReferenceFactory(citekey="other")
    herz = ReferenceFactory(citekey="herz", title="Anvil", notes=f"<p>{cite('herz', 'other')}</p>")
    linking = ChapterFactory(body='<p><a href="/references/herz/">it</a></p>')
    herz.delete()
    assert not Notes.objects.exists()
    assert search.find("anvil")[1] == {}
    linking.refresh_from_db()
    assert "<a" not in linking.body_html
    other.delete()
    assert not Reference.objects.exists()


@pytest.mark.django_db
def test_the_reading_state_follows_the_notes():
    reference = ReferenceFactory()
    notes = Notes.objects.create(reference=reference, body="<p>x</p>", state="draft")
    assert reference.reading_state == "notes-drafted"
    notes.state = "published"
    notes.save()
    assert reference.reading_state == "notes-published"
    notes.delete()
    reference.refresh_from_db()
    assert reference.reading_state == "read"


@pytest.mark.django_db
def test_a_deleted_person_leaves_no_trace_in_what_she_cited():
    herz = ReferenceFactory(citekey="herz")
    person = PersonFactory(family="Anvil", biography=f"<p>{cite('herz')}</p>")
    person.delete()
    assert search.find("anvil")[1] == {}
    herz.delete()
    assert not Reference.objects.exists()
