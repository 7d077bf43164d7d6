"""Nothing in a work's record takes its pages down; what no style can write is shown plainly, and
the author is told."""

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from references import csl
from references.csl import nodes
from tests.factories import ReferenceFactory

FIELDS = (
    "id title container-title page volume issue edition publisher number genre URL DOI language"
    " note".split()
)


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=60), min_size=1),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_any_text_in_any_field_is_written_by_the_style(fields, family, given_name):
    item = {
        "id": "a",
        "type": "article-journal",
        "author": [{"family": family, "given": given_name}],
    } | fields
    for style in csl.STYLES:
        assert not csl.is_plain(csl.cite(item, style))


@pytest.mark.parametrize("title", ["." * 1200, "'" * 1200, "9" * 5000, "<i>" * 400, "a" * 5000])
@pytest.mark.parametrize("field", ["title", "edition", "page", "volume"])
def test_a_long_run_of_one_sign_is_no_fault_in_any_field(field, title):
    for style in csl.STYLES:
        assert not csl.is_plain(
            csl.cite({"id": "a", "type": "book", "title": "T", field: title}, style)
        )


def test_a_title_of_full_stops_leaves_the_pages_of_its_work_standing(client, db):
    work = ReferenceFactory(title="." * 1200)
    for address in (
        work.get_absolute_url(),
        reverse("references:styles", args=[work.citekey]),
        "/references/",
    ):
        assert client.get(address).status_code == 200


@pytest.fixture
def styles_fail(monkeypatch):
    """As if a style met something nobody has thought of."""

    def fail(self, writing):
        raise RecursionError("too deep")

    monkeypatch.setattr(nodes.Layout, "write", fail)


def test_what_no_style_can_write_is_a_plain_entry_and_logged(styles_fail, caplog):
    item = {
        "id": "a",
        "title": "A <title>",
        "author": [{"family": "Copeman", "given": "W"}],
        "container-title": "Lancet",
    }
    html = csl.cite(item | {"issued": {"date-parts": [[1944]]}}, "vancouver", title=("<a>", "</a>"))
    assert csl.plain_text(html) == "Copeman W. A <title>. Lancet. 1944."
    assert csl.is_plain(html)
    assert "<a>A &lt;title&gt;</a>" in html
    assert "RecursionError: too deep" in caplog.text


def test_readers_get_that_entry_and_the_author_a_word_at_her_desk(
    styles_fail, client, author_client, author
):
    work = ReferenceFactory(title="Nodules")
    work.refresh()
    page = client.get(work.get_absolute_url()).content.decode()
    assert "Nodules" in page
    change = reverse("admin:references_reference_change", args=[work.pk])
    assert "cannot be written in the style" in author_client.get(change).content.decode()
    listed = author_client.get(
        reverse("admin:references_reference_changelist"), {"citation": "plain"}
    )
    assert work.citekey in listed.content.decode()
