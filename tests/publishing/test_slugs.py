"""Addresses: whatever somebody calls a page or a subject, it has one, it is readable, and it leads
there."""

import unicodedata
from urllib.parse import unquote

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import validate_unicode_slug
from django.db import IntegrityError, transaction
from django.urls import URLPattern, resolve, reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from taggit.models import Tag

from blog.models import Post
from publishing import slugs
from publishing.tags import MOST, from_string, slug_of, to_string
from references import urls as library_urls
from references.formats import Name as Author
from references.formats import Record
from references.importing.save import save_records
from references.models import RESERVED, Condition, Name, Person, Reference
from review.models import Chapter
from tests.factories import ChapterFactory, PostFactory, ReferenceFactory

ADDRESSES = [
    "tag",
    "blog:post",
    "review:chapter",
    "references:person",
    "names:name",
    "references:reference",
]
ODD = [
    "🐭",
    "—",
    "???",
    "..",
    "🐭🐭🐭 !",
    "\u202e",
    "   ",
    "١٢",
    "\u0301\u0301",
    "\ue000",
    "2024",
    "new",
    "page",
    "people",
    ".",
]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Back mice", "back-mice"),
        ("🐭", "mouse-face"),
        ("—", "em-dash"),
        ("???", "question-mark"),
        ("..", "full-stop"),
        ("+/-", "plus-sign-solidus-hyphen-minus"),
        ("👩‍⚕️", "woman-staff-of-aesculapius"),
        ("\ue000", "page"),
        ("\u202e\u202c", "page"),
        ("", "page"),
        ("FIBROSITIS...", "fibrositis"),
        ("Cel·lulitis i col·lagen", "cellulitis-i-collagen"),
        ("腰痛", "腰痛"),
        ("ألم الظهر", "ألم-الظهر"),
        ("כאב גב", "כאב-גב"),
        ("İltihap", "i̇ltihap".replace("\u0307", "")),
        ("__ _", "low-line"),
    ],
)
def test_a_text_becomes_words_for_an_address(text, slug):
    assert slugs.make(text, kind="page") == slug


def test_a_letter_is_the_same_however_it_was_typed():
    forms = {
        slugs.make(unicodedata.normalize(form, "Método Über ﬁ"), kind="page")
        for form in ("NFC", "NFD", "NFKC", "NFKD")
    }
    assert forms == {"método-über-fi"}


def test_a_long_title_is_cut_at_the_end_of_a_word():
    assert slugs.make("word " * 60, kind="page", longest=22) == "word-word-word-word"
    assert slugs.make("w" * 300, kind="page") == "w" * 120


def test_a_year_or_a_reserved_word_gets_its_kind_before_it():
    assert slugs.make("2024", kind="post", reserved=slugs.all_digits) == "post-2024"
    assert slugs.make("People", kind="work", reserved={"people"}) == "work-people"


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_every_text_has_an_address_that_the_forms_take_and_that_leads_there(text):
    slug = slugs.make(text, kind="post", reserved={*RESERVED, "2024"})
    assert 0 < len(slug) <= 120
    validate_unicode_slug(slug)
    assert slugs.make(slug, kind="post", reserved={*RESERVED, "2024"}) == slug
    for name in ADDRESSES:
        if name != "blog:post" or not slugs.all_digits(slug):
            found = resolve(unquote(reverse(name, args=[slug])))
            assert (found.view_name, list(found.kwargs.values())) == (name, [slug])


def test_what_no_work_may_be_called_is_what_the_library_has_beside_works():
    """A new page of the library has to be added to `RESERVED`."""
    routes = [
        str(each.pattern) for each in library_urls.urlpatterns if isinstance(each, URLPattern)
    ]
    beside = {
        route.partition("/")[0].partition(".")[0]
        for route in routes
        if route and not route.startswith("<")
    }
    # No work has a file called feed.atom; the form for readers is the comments' own.
    assert beside - {"feed"} | {"nominate"} == RESERVED


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize("title", [*ODD, "x" * 300, "300 🐭".ljust(300, "🐭")])
    def test_a_page_is_found_whatever_its_title(self, client, title):
        pages = [PostFactory(title=title), ChapterFactory(title=title)]
        pages.append(
            Name.objects.create(
                title=title[:200], condition=Condition.objects.create(title=title[:200])
            )
        )
        pages.append(Person.objects.create(family=title[:150]))
        for page in pages:
            assert page.slug
            assert client.get(page.get_absolute_url()).status_code == 200

    def test_pages_of_the_same_title_are_numbered(self):
        assert [PostFactory(title="Pain").slug for _ in range(3)] == ["pain", "pain-2", "pain-3"]
        first, second = ChapterFactory(title="Pain"), ChapterFactory(title="Pain")
        assert (first.slug, second.slug) == ("pain", "pain-2")
        assert ChapterFactory(title="Pain", parent=first).slug == "pain"  # elsewhere it is free
        assert [Person.objects.create(family="Pain").slug for _ in range(2)] == ["pain", "pain-2"]

    def test_titles_alike_for_the_whole_length_are_numbered_within_it(self):
        made = [PostFactory(title="x" * 300).slug for _ in range(3)]
        assert made == ["x" * 120, f"{'x' * 118}-2", f"{'x' * 118}-3"]

    def test_a_form_without_an_address_gets_a_free_one(self, author_client):
        PostFactory(title="Pain")
        data = {
            "title": "Pain",
            "slug": "",
            "language": "en",
            "state": "draft",
            "body": "",
            "summary": "",
            "tags": "🐭",
        }
        assert author_client.post(reverse("admin:blog_post_add"), data).status_code == 302
        assert Post.objects.filter(slug="pain-2").exists()

    @pytest.mark.parametrize("model", [Post, Chapter, Person, Name, Condition])
    def test_the_database_takes_no_empty_address(self, model):
        PostFactory(), ChapterFactory(), ReferenceFactory()
        Name.objects.create(title="Name", condition=Condition.objects.create(title="Condition"))
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(slug="")

    def test_a_work_is_never_called_what_the_library_has_already(self):
        save_records(
            [
                Record(title="Evidence", type="article-journal"),
                Record(title="—", type="article-journal"),
            ]
        )
        save_records([Record(title="痛", type="article-journal", year=1990, names=[Author("王")])])
        assert set(Reference.objects.values_list("citekey", flat=True)) == {
            "evidenceb",
            "emdash",
            "王1990",
        }


@pytest.mark.django_db
class TestSubjects:
    def test_a_subject_takes_down_no_page(self, client):
        """Each on a page of its own, all on one, and each page of theirs."""
        names = [*ODD, "C++", "método", "x" * 100]
        posts = [PostFactory(tags=[name, "pain"]).get_absolute_url() for name in names]
        chapter = ChapterFactory(title="One")
        chapter.tags.add(*names)
        ReferenceFactory(citekey="herz1952", tags=names)
        slugs = Tag.objects.values_list("slug", flat=True)
        tags = [reverse(kind, args=[slug]) for slug in slugs for kind in ("tag", "tag-feed")]
        all_of_it = ["/blog/", "/review/one/", "/references/", "/references/herz1952/"]
        answers = {
            address: client.get(address).status_code for address in (*posts, *all_of_it, *tags)
        }
        assert set(answers.values()) == {200}, answers

    def test_a_subject_without_an_address_is_named_without_a_link(self, client):
        """Should a row ever come to have none, past all that makes them."""
        post = PostFactory(tags=["pain"])
        Tag.objects.update(slug="")
        html = client.get(post.get_absolute_url()).content.decode()
        assert "Filed under pain." in " ".join(html.split())
        assert client.get("/blog/").status_code == 200

    @pytest.mark.parametrize(
        "other", ["MÉTODO", "me\u0301todo", " método  ", "Método", "mét\u200eodo"]
    )
    def test_one_subject_however_it_is_typed(self, other):
        post = PostFactory(tags=["método"])
        post.tags.add(other)
        PostFactory().tags.set([other, "método"])
        save_records(
            [
                Record(title="A work", tags=[other, "x"]),
                Record(title="Another", tags=["X", other.lower()]),
            ]
        )
        assert set(Tag.objects.values_list("name", "slug")) == {("método", "método"), ("X", "x")}

    def test_subjects_that_differ_in_signs_alone_are_two(self):
        post = PostFactory(tags=["C", "C++", "c++"])
        assert sorted(tag.slug for tag in post.tags.all()) == ["c", "c-2"]
        assert slug_of("C++") == "c"

    def test_keywords_of_an_import_have_addresses(self, client):
        keywords = ["🐭", "—", "???", "..", "Fat pad", "fat-pad", "\u200f", "y" * 500]
        save_records([Record(title=f"Work {n}", tags=keywords) for n in range(2)])
        assert Tag.objects.count() == 7
        assert not Tag.objects.filter(slug="").exists()
        assert client.get("/references/").status_code == 200

    def test_a_subject_saved_by_hand_gets_an_address(self):
        assert Tag.objects.create(name="🐭").slug == "mouse-face"
        assert Tag.objects.create(name="MOUSE face").slug == "mouse-face-2"
        tag = Tag.objects.create(name="Pain", slug="")
        tag.slug = ""
        tag.save()
        assert tag.slug == "pain"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("back mice", ["back mice"]),
        ("pain, back mice", ["back mice", "pain"]),
        ('"a, b", c', ["a, b", "c"]),
        ('say "x" now', ['say "x" now']),
        ('12" pipe, c', ['12" pipe', "c"]),
        (" ,, Pain , PAIN,\tback\nmice ", ["Pain", "back mice"]),
        ("", []),
        ("🐭", ["🐭"]),
    ],
)
def test_commas_separate_subjects_and_spaces_belong_to_them(typed, names):
    assert from_string(typed) == sorted(names)


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), max_size=4))
@settings(max_examples=100)
def test_a_form_sent_back_unchanged_keeps_the_same_subjects(names):
    tags = [Tag(name=name) for name in from_string(to_string([Tag(name=name) for name in names]))]
    assert from_string(to_string(tags)) == sorted(tag.name for tag in tags)


def test_a_subject_too_long_is_refused_in_words():
    with pytest.raises(ValidationError, match="longer than the 100 characters"):
        from_string("x" * 101)


def test_a_page_has_no_more_subjects_than_a_form_can_hold():
    names = [f"s{n}" for n in range(MOST)]
    assert len(from_string(", ".join(names))) == MOST
    with pytest.raises(ValidationError, match="too many"):
        from_string(", ".join([*names, "one more"]))
