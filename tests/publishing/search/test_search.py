"""What a reader's words find, the same on both databases."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from publishing import search
from publishing.models import IndexEntry, State
from publishing.search import postgresql
from references.models import Condition, Name, Notes
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory, comment
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


def titles(text, kind=""):
    return [entry.title for entry in search.find(text, kind)[0]]


@pytest.fixture
@made_once
def library(db):
    """Four works by two people."""
    copeman = PersonFactory(family="Copeman", given="William S. C.")
    lageze = PersonFactory(family="Lagèze", given="Pierre")
    ReferenceFactory(title="Fibrositis and fibrofatty nodules", people=[copeman], year=1944)
    ReferenceFactory(
        title="Herniation of fat in the back",
        people=[copeman],
        year=1947,
        abstract="Painful nodules.",
    )
    ReferenceFactory(
        title="Sciatiques et infiltrats cellulalgiques", people=[lageze], year=1929, language="fr"
    )
    ReferenceFactory(title="Nódulos dolorosos de la espalda", people=[], year=1961, language="es")


def test_of_many_pages_saved_together_each_is_found_once_as_it_was_left():
    with search.together():
        PostFactory(title="Nodules found again")
        post = PostFactory(title="Sciatica")
        post.title = "Herniation"
        post.save()
        gone = PostFactory(title="Nodules nobody may see")
        gone.state = State.DRAFT
        gone.save()
        assert titles("nodules") == titles("herniation") == []
    assert titles("nodules") == ["Nodules found again"]
    assert titles("herniation") == ["Herniation"]
    assert titles("sciatica") == []


def test_what_was_to_be_written_together_is_not_when_it_failed():
    def fail():
        with search.together():
            PostFactory(title="Nodules")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    PostFactory(title="Herniation")
    assert titles("nodules") == []
    assert titles("herniation") == ["Herniation"]


# Words


def test_who_holds_every_word_comes_first_then_who_holds_most(library):
    assert titles("herniation fat") == ["Herniation of fat in the back"]
    results = search.run("herniation fat infiltrats")
    hits = search.hits(results.entries, results.query)
    assert [(hit.entry.title, hit.without) for hit in hits] == [
        ("Herniation of fat in the back", "infiltrats"),
        ("Sciatiques et infiltrats cellulalgiques", "herniation, fat"),
    ]
    assert results.partly
    assert results.nowhere == []


def test_a_word_that_stands_nowhere_is_said_and_the_others_are_looked_for(library):
    results = search.run("herniation qwertzuiop")
    assert [entry.title for entry in results.entries] == ["Herniation of fat in the back"]
    assert (results.partly, results.nowhere) == (True, ["qwertzuiop"])


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Una hèrnia de greix", "l'hèrnia"),
        ("Una hèrnia de greix", "de l’hèrnia"),
        ("Mal d’esquena", "l'esquena"),
        ("L’esquena", "esquena"),
        ("Un’ernia", "dell'ernia"),
        ("Sacroiliac joint", "sacro-iliac"),
        ("The sacro-iliac joint", "sacroiliac"),
        ("Fibrolipomatous nodules", "fibro-lipoma"),
        ("Episacroiliac lipoma", "epi-sacroiliac lipoma"),
        ("An X-ray", "x-rays"),
        ("IL-6 was raised", "IL6"),
        ("IL6 was raised", "il-6"),
        ("Cèl·lules grasses", "cel.lules"),
        ("Cèl·lules grasses", "cellules"),
        ("O’Brien’s needle", "O'Brien's"),
        ("O’Brien’s needle", "obrien"),
        ("A disc at L4–L5", "L4-L5"),
        ("A disc at L4/5", "L4-L5"),
        ("C-reactive protein", "C-reactive"),
        ("TNF-α", "tnf alpha"),
        ("TNFα", "TNF-alpha"),
        ("Sacro\u00adiliac", "sacroiliac"),
        ("Zło\u200bty Søren", "zloty soren"),
        ("Große Straße", "grosse strasse"),
        ("Vitamin C", "c vitamin"),
        ("Two biopsies", "biopsy"),
        ("Three theses", "thesis"),
        ("Crònica, crònicament", "chronic"),
        ("A myofascial syndrome", "síndrome miofascial"),
        ("Oedema of orthopaedic origin", "edema ortopédico"),
        ("Anatomical injections", "injecció anatòmica"),
        ("La freqüència", "frecuencia"),
        ("Les operacions", "operació"),
        ("Las infiltraciones", "infiltración"),
        ("Rheumatology", "el reumatòleg"),
        ("Una unidad de fisioterapia", "physiotherapists"),
        ("腰痛と脂肪ヘルニア", "脂肪"),
        ("脂", "脂"),
    ],
)
def test_the_text_and_the_query_are_cut_by_one_rule(written, typed):
    post = PostFactory(title=written)
    assert [entry.page_id for entry in search.find(typed)[0]] == [post.pk]


def test_accents_and_capitals_make_no_difference(library):
    assert (
        titles("LAGEZE")
        == titles("lagèze")
        == ["Pierre Lagèze", "Sciatiques et infiltrats cellulalgiques"]
    )
    assert "Nódulos dolorosos de la espalda" in titles("nodulos")


def test_a_title_counts_more_than_a_heading_and_a_heading_more_than_the_text():
    ChapterFactory(
        title="In the text",
        body="<p>On the sacrum, a word among many others that are not the point here.</p>",
    )
    ChapterFactory(title="Under a heading", body="<h2>The sacrum</h2><p>Words.</p>")
    ChapterFactory(title="The sacrum")
    assert titles("sacrum") == ["The sacrum", "Under a heading", "In the text"]


@pytest.mark.parametrize(
    ("language", "written", "typed"),
    [
        ("en", "A study of diseases", "disease"),
        ("en", "A disease of fat", "diseases"),
        ("es", "Una enfermedad rara", "enfermedades"),
        ("es", "Enfermedades raras", "enfermedad"),
        ("ca", "Els nòduls dolorosos", "nòdul"),
        ("fr", "Les nodosités douloureuses", "nodosité"),
        ("de", "Schmerzhafte Knoten", "knoten"),
        ("it", "I noduli dolorosi", "nodulo"),
    ],
)
def test_the_ending_of_a_word_makes_no_difference(language, written, typed):
    ReferenceFactory(title=written, language=language, people=[])
    assert titles(typed) == [written]


def test_the_beginning_of_a_word_is_enough_when_little_is_found(library):
    assert titles("infiltr") == ["Sciatiques et infiltrats cellulalgiques"]


def test_small_words_are_not_required(library):
    assert titles("fat of the back") == ["Herniation of fat in the back"]


def test_small_words_alone_are_words():
    PostFactory(title="To be")
    assert titles("to") == ["To be"]


def test_chinese_and_arabic_are_found():
    ReferenceFactory(title="腰痛と脂肪ヘルニア", language="ja", people=[])
    ReferenceFactory(title="آلام أسفل الظهر", language="ar", people=[])
    assert titles("脂肪") == ["腰痛と脂肪ヘルニア"]
    assert titles('"肪脂"') == []
    assert titles("الظهر") == ["آلام أسفل الظهر"]


# The signs of the query language


def test_a_phrase_in_quotation_marks_stands_word_by_word():
    PostFactory(title="Back mice and other lumps")
    PostFactory(title="Mice and the back")
    assert titles('"back mice"') == titles("“back mice”") == ["Back mice and other lumps"]


def test_a_word_in_quotation_marks_is_that_word_alone():
    PostFactory(title="One nodule")
    PostFactory(title="Two nodules")
    assert titles('"nodule"') == ["One nodule"]


def test_no_phrase_reaches_from_the_title_into_the_text():
    PostFactory(title="On mice", body="<p>Men too.</p>")
    assert search.run('"mice men"', as_typed=True).total == 0


def test_words_joined_by_a_hyphen_stand_side_by_side():
    PostFactory(title="Low-back pain")
    assert titles("low-back") == titles('"low back"') == ["Low-back pain"]


def test_minus_leaves_out(library):
    assert "Herniation of fat in the back" not in titles("copeman -herniation")
    assert "Fibrositis and fibrofatty nodules" in titles("copeman -herniation")
    assert titles('copeman -"fat in the back" -in:people') == ["Fibrositis and fibrofatty nodules"]


def test_or_accepts_either(library):
    assert set(titles("herniation OR infiltrats")) == {
        "Herniation of fat in the back",
        "Sciatiques et infiltrats cellulalgiques",
    }
    assert titles("herniation OR infiltrats fat") == ["Herniation of fat in the back"]


def test_author_asks_for_names_alone(library):
    PostFactory(title="What I think of Copeman")
    found = titles("author:copeman")
    assert "What I think of Copeman" not in found
    assert "Herniation of fat in the back" in found
    assert titles("autor:lageze infiltrats") == ["Sciatiques et infiltrats cellulalgiques"]
    assert titles('author:"william copeman" herniation') == ["Herniation of fat in the back"]
    assert titles("author:cope herniation") == ["Herniation of fat in the back"]
    assert titles("in:library -author:copeman -lang:fr") == ["Nódulos dolorosos de la espalda"]


def test_author_and_year_work_for_posts_and_chapters(library):
    PostFactory(title="A post", first_published=date(2024, 5, 3))
    ChapterFactory(title="A chapter", first_published=date(2019, 5, 3))
    assert titles('author:"the author" year:2024') == ["A post"]
    assert titles("year:2019") == ["A chapter"]


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        ("year:1944", {1944}),
        ("year:1944-1950", {1944, 1947}),
        ("year:1950-1944", {1944, 1947}),
        ("year:-1946", {1929, 1944}),
        ("year:1946-", {1947, 1961}),
        ("año:1944", {1944}),
        ("1944:1950", {1944, 1947}),
        ("any:1944–1950", {1944, 1947}),
        ("year:1920-1950 -year:1944", {1929, 1947}),
    ],
)
def test_years(library, typed, years):
    assert {entry.year for entry in search.find(f"in:library {typed}")[0]} == years


@pytest.mark.parametrize(
    "typed", ["in:people", "in:personas", "en:personas", "in:persones", "IN:People"]
)
def test_in_keeps_to_one_part_of_the_site(library, typed):
    assert titles(f"copeman {typed}") == ["William S. C. Copeman"]


def test_lang_keeps_to_one_language(library):
    assert (
        titles("lang:es")
        == titles("idioma:español")
        == titles("llengua:espanyol")
        == ["Nódulos dolorosos de la espalda"]
    )
    assert titles("espalda -lang:es") == []


@pytest.mark.parametrize(
    "typed",
    [
        "year:soon",
        "in:nowhere",
        "lang:martian",
        "author:",
        'year:"x',
        "nothing:here",
        "in:",
        "year:19400",
        "lang:",
    ],
)
def test_a_field_that_makes_no_sense_is_words(typed):
    PostFactory(title=typed.replace(":", " ").replace('"', " "))
    assert len(titles(typed)) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "\x00",
        "nodules\x00",
        '"',
        '""',
        '"unbalanced',
        "''",
        "- - -",
        "-",
        "OR",
        "OR OR OR",
        "| | |",
        "NEAR(a b)",
        "a AND NOT b",
        "title:x",
        "{title}:x",
        "*",
        "a* ^b",
        "& | ! <-> :*",
        "\\'; DROP TABLE x; --",
        "%s %(x)s %",
        "()()(((",
        "-author:",
        "-in:blog",
        "year:-",
        "year:99999-1",
        "😀 \u202e ﷽ \ud7ff",
        "अनुच्छेद ไทย 한국어",
        "½ ² ﬁ ß İ",
        "a" * 10_000,
        "-" * 3_000,
        '"' * 3_001,
        "palabra " * 5_000,
        " OR ".join("abc" for _ in range(400)),
        " ".join(f'-"{n} b"' for n in range(300)),
    ],
)
def test_nothing_typed_is_an_error(library, typed):
    results = search.run(typed)
    assert results.total >= 0
    assert search.hits(results.entries[:5], typed) is not None
    assert search.suggest(typed) is not None


def test_only_what_is_left_out_counts_as_words(library):
    assert titles("-herniation") == titles("herniation")


# What is counted and shown


def test_counts_are_by_kind_whatever_kind_is_shown(library):
    entries, counts = search.find("copeman", "person")
    assert [entry.kind for entry in entries] == ["person"]
    assert counts == {"reference": 2, "person": 1}


def test_results_can_be_shown_page_by_page():
    for number in range(25):
        PostFactory(title=f"Post about mice {number}")
    entries, counts = search.find("mice")
    assert counts == {"post": 25}
    assert len(entries) == 25
    pages = [entry.pk for start in (0, 10, 20) for entry in entries[start : start + 10]]
    assert len(set(pages)) == 25


def test_a_search_is_few_queries(library, django_assert_max_num_queries):
    search.find("nodules")
    with django_assert_max_num_queries(5):
        search.hits(search.find("copeman")[0][:20], "copeman")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite counts everything")
@pytest.mark.parametrize("large", [10**9, -1])
def test_of_too_many_results_the_best_are_shown_and_the_number_is_a_least(
    library, monkeypatch, large
):
    monkeypatch.setattr(postgresql, "CAP", 5)
    monkeypatch.setattr(postgresql, "LARGE", large)
    for number in range(12):
        PostFactory(title=f"Post {number}", body="<p>Mice.</p>")
    PostFactory(title="Of mice")
    comment(PostFactory(title="Something else"), text="Mice, mice.")
    results = search.run("mice")
    assert results.entries[0].title == "Of mice"
    assert len(results.entries) == 5
    assert (results.counts["post"], results.capped) == (5, True)
    assert "post" in results.more
    if large > 0:
        assert results.counts == {"post": 5, "comment": 1}
        assert results.more == ["post"]
    assert [entry.kind for entry in search.run("mice", "comment").entries] == ["comment"]


def test_an_empty_query_finds_nothing(library):
    assert search.find("")[1] == {}
    assert not search.find("")[0]


def test_the_library_filter_understands_the_same_words(library):
    ids = search.matching('author:copeman year:1945- "fat"', "reference")
    assert [
        entry.year for entry in IndexEntry.objects.filter(kind="reference", page_id__in=ids)
    ] == [1947]
    assert search.matching("  ", "reference") is None


# Who may see what


def test_a_draft_is_not_found():
    post = PostFactory(title="Secret mice", state=State.DRAFT)
    assert titles("secret") == []
    post.state = State.PUBLISHED
    post.save()
    assert titles("secret") == ["Secret mice"]
    post.state = State.DRAFT
    post.save()
    assert titles("secret") == []


def test_a_page_is_not_found_before_its_time():
    PostFactory(title="Tomorrow's mice", publish_at=timezone.now() + timedelta(days=1))
    assert titles("mice") == []
    assert search.suggest("tomorrow") == []
    assert search.find("year:1990-")[1] == {}
    IndexEntry.objects.update(visible_from=timezone.now() - timedelta(minutes=1))
    assert titles("mice") == [], "the page's own date decides too"


def test_what_stands_below_a_draft_or_a_future_chapter_is_not_found():
    one = ChapterFactory(title="One")
    ChapterFactory(title="Hidden treasure", parent=one)
    one.state = State.DRAFT
    one.save()
    assert titles("treasure") == []
    one.state, one.publish_at = State.PUBLISHED, timezone.now() + timedelta(days=1)
    one.save()
    assert titles("treasure") == []
    one.publish_at = None
    one.save()
    assert titles("treasure") == ["Hidden treasure"]


def test_a_comment_is_found_once_approved_and_while_its_page_is_public():
    post = PostFactory(title="A post")
    comment(post, name="Ann", text="A pending thought", status="pending")
    comment(post, name="Bea", text="An approved thought")
    assert [entry.text for entry in search.find("thought")[0]] == ["An approved thought"]
    post.state = State.DRAFT
    post.save()
    assert search.find("thought")[1] == {}


def test_draft_notes_are_not_found_and_scheduled_notes_when_their_time_has_come():
    reference = ReferenceFactory(title="Herniation", people=[])
    notes = Notes.objects.create(
        reference=reference, body="<p>My ambergris remark.</p>", state=State.DRAFT
    )
    assert titles("ambergris") == []
    notes.state, notes.publish_at = State.PUBLISHED, timezone.now() + timedelta(days=1)
    notes.save()
    assert titles("ambergris") == []
    Notes.objects.update(publish_at=timezone.now() - timedelta(minutes=1))
    IndexEntry.objects.filter(kind="notes").update(
        visible_from=timezone.now() - timedelta(minutes=1)
    )
    assert titles("ambergris") == ["Herniation"]
    notes.refresh_from_db()
    notes.save()
    _, counts = search.find("ambergris")
    assert counts == {"reference": 1}, "public notes are found with their reference, once"


def test_a_word_of_a_draft_is_never_offered():
    PostFactory(title="Zygomatic mice").delete()
    assert search.run("zygomatik").corrected == ""


def test_the_index_keeps_to_the_transaction_of_the_page():
    post = PostFactory(title="Old mice")
    with transaction.atomic():
        post.title = "New nodules"
        post.save()
        assert titles("nodules") == ["New nodules"]
        transaction.set_rollback(True)
    assert titles("nodules") == []
    assert titles("mice") == ["Old mice"]
    with transaction.atomic():
        post.delete()
        assert titles("mice") == []
        transaction.set_rollback(True)
    assert titles("mice") == ["Old mice"]


def test_a_deleted_page_leaves_nothing_in_the_index():
    PostFactory(title="Gone mice").delete()
    assert not IndexEntry.objects.exists()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM publishing_fts WHERE publishing_fts MATCH 'gone'")
            assert cursor.fetchone() == (0,)


# Typing errors


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nodlues", "nodules"),
        ("fibrosotis", "fibrositis"),
        ("herniatoin bakc", "herniation back"),
        ("Espadla", "espalda"),
    ],
)
def test_a_typing_error_is_forgiven_and_said(library, typed, meant):
    results = search.run(typed)
    assert results.corrected == meant
    assert results.total > 0
    assert results.entries
    assert "<mark>" in "".join(
        hit.title + hit.excerpt for hit in search.hits(results.entries, results.query)
    )


def test_two_words_written_as_one_are_taken_apart_where_the_texts_have_them_together():
    post = PostFactory(title="Low back ache", body="<p>A back; an ache. Mouse traps.</p>")
    results = search.run("lowback ache")
    assert [entry.page_id for entry in results.entries] == [post.pk]
    assert results.corrected == "low back ache"
    assert search.run("backmouse").corrected == ""


def test_a_correction_is_no_name_of_a_person(library):
    PersonFactory(family="Carter", given="Denman")
    assert search.run("cancer").corrected == ""
    assert search.run("copemam").corrected == ""
    PostFactory(title="The Copeman nodule")
    assert search.run("copemam").corrected == "copeman"  # it is a word of a title as well


def test_a_word_the_texts_know_is_never_replaced():
    PostFactory(title="On hernias", body="<p>Heal.</p>")
    for number in range(5):
        PostFactory(title=f"On heat {number}")
    results = search.run("heal qwertzuiop")
    assert (results.corrected, results.suggestion) == ("", "")
    assert [entry.title for entry in results.entries] == ["On hernias"]


def test_words_can_be_searched_as_typed(library):
    results = search.run("copemam", as_typed=True)
    assert results.total == 0
    assert results.corrected == ""


def test_only_the_wrong_word_is_replaced(library):
    assert (
        search.run('author:copemen "fat in" year:1940-1950').corrected
        == 'author:copeman "fat in" year:1940-1950'
    )


def test_when_little_is_found_a_likelier_word_is_offered():
    for number in range(6):
        ReferenceFactory(title=f"Lumbago {number}", people=[])
    PostFactory(title="Lumbargo")
    results = search.run("lumbargo")
    assert results.total == 1
    assert (results.corrected, results.suggestion) == ("", "lumbago")


def test_when_nothing_is_found_it_says_what_each_word_finds_alone(library):
    results = search.run("qwertzuiop asdfghjkl")
    assert results.total == 0
    assert results.alone == [("qwertzuiop", 0), ("asdfghjkl", 0)]
    assert results.unanswered == ["qwertzuiop", "asdfghjkl"]


# Other names of the same thing


@pytest.fixture
def names(monkeypatch):

    def register(phrases):
        if "copeman nodules" in phrases:
            yield search.Expansion(
                "copeman nodules", "Back mice", "Copeman nodules are also called back mice"
            )

    monkeypatch.setattr(search, "_expanders", lambda: [register])
    PostFactory(title="On back mice", body="<p>Pain.</p>")
    PostFactory(title="The nodules of Copeman", body="<p>Pain.</p>")


def test_a_name_finds_its_other_names_and_says_so(names):
    results = search.run("Copeman nodules pain")
    assert {entry.title for entry in results.entries} == {"On back mice", "The nodules of Copeman"}
    assert [each.reason for each in results.expansions] == [
        "Copeman nodules are also called back mice"
    ]
    found = " ".join(hit.title for hit in search.hits(results.entries, results.query))
    assert "<mark>back</mark> <mark>mice</mark>" in found


def test_a_chapter_about_it_comes_before_works_and_an_answered_question_before_names():
    ReferenceFactory(title="Sacral fat", people=[])
    condition = Condition.objects.create(title="Fat")
    Name.objects.create(condition=condition, title="Sacral fat lump")
    page = ChapterFactory(title="The back", body="<h2>Sacral fat</h2><p>Words.</p>")
    question = comment(page, kind="question", text="What is sacral fat?")
    comment(page, parent=question, by_author=True, text="It is fat.")
    comment(page, text="Sacral fat!")
    kinds = [entry.kind for entry in search.run("sacral fat").entries]
    assert kinds == ["chapter", "reference", "question", "name", "comment"]


def test_other_names_do_not_reach_where_the_name_was_not_typed(names):
    assert titles("nodules pain")[0] == "The nodules of Copeman"
    assert search.run("nodules pain").expansions == []


# Suggestions


def test_suggestions_are_titles_and_people_that_begin_like_what_is_typed(library):
    comment(PostFactory(title="A post"), name="Copernicus", text="Words.")
    assert [entry.title for entry in search.suggest("cope")] == ["William S. C. Copeman"]
    assert [entry.title for entry in search.suggest("nód")][:1] == [
        "Nódulos dolorosos de la espalda"
    ]
    assert [entry.title for entry in search.suggest("fat her")] == ["Herniation of fat in the back"]


def test_there_are_at_most_eight_suggestions_and_none_for_one_letter():
    for number in range(12):
        PostFactory(title=f"Mice {number}")
    assert len(search.suggest("mi")) == 8
    assert search.suggest("m") == search.suggest("") == []


# Rebuilding


def test_rebuilding_asks_no_more_for_more_works_and_comments(django_assert_num_queries):
    post = PostFactory()

    def more():
        for _ in range(3):
            ReferenceFactory(notes="<p>Read.</p>", tags=["fat"])
            PostFactory()
            question = comment(post, kind="question", text="Is it fat?")
            comment(parent=question, by_author=True)

    more()
    search.rebuild()
    with CaptureQueriesContext(connection) as asked:
        search.rebuild()
    once = len(asked)
    more()
    with django_assert_num_queries(once):
        search.rebuild()


def test_rebuilding_gives_the_same_rows_and_drops_what_has_no_page(library):
    before = list(
        IndexEntry.objects.order_by("page_type", "page_id").values_list(
            "title", "text", "authors", "year"
        )
    )
    kept = IndexEntry.objects.first()
    orphan = IndexEntry.objects.create(
        page_type=kept.page_type, page_id=999_999, title="Orphan", text="", url="/"
    )
    IndexEntry.objects.exclude(pk__in=[kept.pk, orphan.pk]).delete()
    counts = {model.__name__: number for model, number in search.rebuild().items() if number}
    assert counts == {"Person": 2, "Reference": 4}
    after = list(
        IndexEntry.objects.order_by("page_type", "page_id").values_list(
            "title", "text", "authors", "year"
        )
    )
    assert after == before
    assert titles("herniation") == ["Herniation of fat in the back"]
    assert search.run("hernaition").corrected == "herniation"
