"""The list and the form of chapters in the admin."""

import pytest
from django.urls import reverse

from publishing.models import Image
from review.models import Chapter, Placement
from tests.factories import ChapterFactory, ReferenceFactory, cite

pytestmark = pytest.mark.django_db
LIST = reverse("admin:review_chapter_changelist")


def numbers():
    return [str(chapter) for chapter in Chapter.objects.all()]


def act(client, name, *chapters, **data):
    chosen = {"action": name, "_selected_action": [chapter.pk for chapter in chapters], **data}
    return client.post(LIST, chosen, follow=True)


def form_of(chapter, **changes):
    """What the browser sends when the form is saved as it stands, with some fields changed."""
    data = {
        "title": chapter.title, "summary": chapter.summary, "body": chapter.body,
        "parent": chapter.parent_id or "",
        "section": chapter.section, "position": chapter.position, "state": chapter.state,
        "comments_open": "on",
        "slug": chapter.slug, "language": chapter.language, "tags": "", "publish_at_0": "",
        "publish_at_1": "",
        "placements-TOTAL_FORMS": "0", "placements-INITIAL_FORMS": "0",
    }  # fmt: skip
    return data | changes


@pytest.fixture
def three(db):
    return [ChapterFactory(title=title) for title in ("One", "Two", "Three")]


def test_the_list_is_the_contents_in_order_with_numbers(author_client, three):
    ChapterFactory(title="Inside", parent=three[0])
    page = author_client.get(LIST).content.decode()
    places = [page.index(f"</span> {title}<") for title in ("One", "Inside", "Two", "Three")]
    assert places == sorted(places)
    assert 'class="place d1"><span class="number">1.1</span> Inside' in page


def test_the_list_asks_the_database_little(author_client, django_assert_max_num_queries):
    parent = None
    for number in range(12):
        parent = ChapterFactory(
            title=f"Level {number}",
            slug=f"l{number}",
            parent=parent,
            references=[ReferenceFactory()],
        )
    author_client.get(LIST)
    with django_assert_max_num_queries(14):
        author_client.get(LIST)


def test_chapters_move_up_and_down(author_client, three):
    act(author_client, "move_up", three[2])
    assert numbers() == ["1 One", "2 Three", "3 Two"]
    act(author_client, "move_down", three[0])
    assert numbers() == ["1 Three", "2 One", "3 Two"]


def test_what_is_at_the_end_stays_and_says_so(author_client, three):
    answer = act(author_client, "move_up", three[0], three[1])
    assert numbers() == ["1 One", "2 Two", "3 Three"]
    assert "at the end already" in answer.content.decode()


def test_neighbours_move_together(author_client, three):
    act(author_client, "move_up", three[1], three[2])
    assert numbers() == ["1 Two", "2 Three", "3 One"]


def test_a_chapter_moves_under_another_with_all_that_is_below_it(author_client, three):
    ChapterFactory(title="Inside", parent=three[1])
    asked = act(author_client, "move_under", three[1])
    assert "To be moved" in asked.content.decode()
    act(author_client, "move_under", three[1], under=three[0].pk)
    assert numbers() == ["1 One", "1.1 Two", "1.1.1 Inside", "2 Three"]
    act(author_client, "move_under", Chapter.objects.get(title="Two"), under="")
    assert numbers() == ["1 One", "2 Three", "3 Two", "3.1 Inside"]


def test_a_chapter_and_its_part_chosen_together_stay_together(author_client, three):
    inside = ChapterFactory(title="Inside", parent=three[1])
    act(author_client, "move_under", Chapter.objects.get(pk=three[1].pk), inside, under=three[0].pk)
    assert numbers() == ["1 One", "1.1 Two", "1.1.1 Inside", "2 Three"]


def test_a_chapter_moved_under_itself_is_refused_and_nothing_moves(author_client, three):
    inside = ChapterFactory(title="Inside", parent=three[1])
    before = numbers()
    answer = act(author_client, "move_under", three[0], three[1], under=inside.pk)
    assert "cannot be moved under itself" in answer.content.decode()
    assert numbers() == before


def test_two_chapters_with_one_address_are_not_put_side_by_side(author_client, three):
    ChapterFactory(title="Twin", slug="two", parent=three[0])
    answer = act(author_client, "move_under", three[1], under=three[0].pk)
    assert "has this address already" in answer.content.decode()
    assert numbers() == ["1 One", "1.1 Twin", "2 Two", "3 Three"]


def test_links_follow_a_moved_chapter(author_client, three):
    post = ChapterFactory(title="Linking", body='<p><a href="/review/two/">there</a></p>')
    act(author_client, "move_under", three[1], under=three[0].pk)
    post.refresh_from_db()
    assert 'href="/review/one/two/"' in post.body_html


def test_the_form_refuses_a_chapter_under_itself_and_keeps_what_was_typed(author_client, three):
    inside = ChapterFactory(title="Inside", parent=three[0])
    address = reverse("admin:review_chapter_change", args=[three[0].pk])
    answer = author_client.post(
        address, form_of(three[0], parent=inside.pk, body="<p>Long work of an evening.</p>")
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "cannot be moved under itself" in page
    assert "Long work of an evening." in page
    assert Chapter.objects.get(pk=three[0].pk).body == ""


def test_saving_warns_of_what_the_library_does_not_hold(author_client, three):
    ReferenceFactory(citekey="sutro1935")
    address = reverse("admin:review_chapter_change", args=[three[0].pk])
    body = f"<p>Words {cite('sutro1935', 'nobody1900')}.</p>"
    page = author_client.post(address, form_of(three[0], body=body), follow=True).content.decode()
    assert "Not in the library: nobody1900." in page
    assert "sutro1935." not in page


def test_saving_warns_of_links_to_pages_that_are_gone(author_client, three):
    body = '<p><a href="/review/two/">second</a> <a href="/review/never-was/">never</a></p>'
    chapter = ChapterFactory(title="Linking", body=body)
    three[1].delete()
    chapter.refresh_from_db()
    address = reverse("admin:review_chapter_change", args=[chapter.pk])
    page = author_client.post(address, form_of(chapter), follow=True).content.decode()
    assert "“second”" in page
    assert "“never” (/review/never-was/)" in page


def test_saving_offers_the_page_on_the_site_once_it_is_public(author_client, three):
    address = reverse("admin:review_chapter_change", args=[three[0].pk])
    page = author_client.post(
        address, form_of(three[0], title="Renamed"), follow=True
    ).content.decode()
    assert '<a href="/review/one/">View on site</a>' in page
    draft = ChapterFactory(title="Draft", state="draft")
    address = reverse("admin:review_chapter_change", args=[draft.pk])
    page = author_client.post(address, form_of(draft), follow=True).content.decode()
    assert '<a href="/review/draft/"' not in page


def test_what_was_saved_is_said_before_where_readers_see_it(author_client, three):
    address = reverse("admin:review_chapter_change", args=[three[0].pk])
    page = author_client.post(address, form_of(three[0]), follow=True)
    said = [str(each) for each in page.context["messages"]]
    assert "was changed" in said[0]
    assert "View on site" in said[-1]


def test_where_a_new_chapter_stands_is_asked_without_unfolding_anything(author_client, three):
    def folded(address):
        fieldsets = author_client.get(address).context["adminform"].fieldsets
        return {name for name, options in fieldsets if "collapse" in options.get("classes", ())}

    assert "Place" not in folded(reverse("admin:review_chapter_add"))
    assert "Place" in folded(reverse("admin:review_chapter_change", args=[three[0].pk]))


def test_a_new_chapter_takes_its_address_from_its_title(author_client):
    data = form_of(Chapter(title="Grasa y fascia: ¿qué sabemos?", state="published"))
    author_client.post(reverse("admin:review_chapter_add"), data)
    chapter = Chapter.objects.get()
    assert chapter.slug == "grasa-y-fascia-qué-sabemos"
    assert chapter.number == "1"


def test_references_are_listed_in_a_chapter_with_a_remark(author_client, three):
    reference = ReferenceFactory()
    data = form_of(three[0]) | {
        "placements-TOTAL_FORMS": "1",
        "placements-0-reference": reference.pk,
        "placements-0-remark": "Read it twice.",
        "placements-0-position": "",
    }
    author_client.post(reverse("admin:review_chapter_change", args=[three[0].pk]), data)
    assert Placement.objects.get().remark == "Read it twice."


def test_actions_publish_and_set_under_construction(author_client, three):
    act(author_client, "set_under_construction", three[0], three[1])
    assert set(Chapter.objects.filter(state="construction")) == set(three[:2])
    act(author_client, "publish", three[0])
    assert Chapter.objects.get(pk=three[0].pk).state == "published"


def test_deleting_from_the_list_tidies_search_and_numbers(author_client, three):
    act(author_client, "delete_selected", three[0], post="yes")
    assert numbers() == ["1 Two", "2 Three"]


def test_every_saved_version_can_be_compared_and_taken_back(author_client, three):
    address = reverse("admin:review_chapter_change", args=[three[0].pk])
    author_client.post(address, form_of(three[0], body="<p>First words.</p>"))
    author_client.post(address, form_of(three[0], body="<p>Second words.</p>"))
    history = author_client.get(reverse("admin:review_chapter_history", args=[three[0].pk]))
    versions = history.context["versions"]
    assert len(versions) == 3  # the third is the page as it was before its first change
    compare = author_client.get(
        reverse("admin:review_chapter_compare", args=[three[0].pk])
        + f"?from={versions[1].pk}&to={versions[0].pk}"
    )
    assert "First" in compare.content.decode()
    old = reverse("admin:review_chapter_revision", args=[three[0].pk, versions[1].pk])
    assert "First" in author_client.get(old).content.decode()
    assert "Second" in Chapter.objects.get(pk=three[0].pk).body_html
    author_client.post(old)
    chapter = Chapter.objects.get(pk=three[0].pk)
    assert chapter.body_html == "<p>First words.</p>"
    assert chapter.path == "one"
    assert chapter.number == "1"


def test_only_screens_with_the_editor_loosen_the_policy(author_client, three):
    edit = author_client.get(reverse("admin:review_chapter_change", args=[three[0].pk]))[
        "Content-Security-Policy"
    ]
    listing = author_client.get(LIST)["Content-Security-Policy"]
    assert "'unsafe-inline'" in edit
    assert "'unsafe-eval'" not in edit
    assert "'unsafe-inline'" not in listing


def test_a_cover_is_chosen_by_its_name(author_client, three):
    assert Image.objects.count() == 0
    page = author_client.get(
        reverse("admin:review_chapter_change", args=[three[0].pk])
    ).content.decode()
    assert 'data-field-name="cover"' in page


def test_what_is_wrong_is_named_on_top_with_the_way_there(author_client, three):
    address = reverse("admin:review_chapter_change", args=[three[0].pk])
    data = form_of(three[0], title="", slug="two", **{"placements-TOTAL_FORMS": "1"})
    data |= {"placements-0-remark": "Without a work", "placements-0-position": "x"}
    page = author_client.post(address, data)
    named = [(each.name, each.field) for each in page.context["named_errors"]]
    assert ("Title", "id_title") in named
    assert ("References in this chapter, 1: Reference", "id_placements-0-reference") in named
    assert '<a href="#id_title" data-field="id_title">Title</a>' in page.content.decode()
