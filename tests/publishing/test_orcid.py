"""An ORCID is known in any form it is pasted in; one with a wrong digit is refused and never
published."""

import json
import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from publishing import orcid
from publishing.models import SiteSettings

NUMBER = "0000-0002-1825-0097"
SETTINGS = reverse("admin:publishing_sitesettings_change", args=[1])


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "0000000218250097",
        "0000 0002 1825 0097",
        "0000–0002–1825–0097",
        " https://orcid.org/0000-0002-1825-0097/ ",
        "http://www.orcid.org/0000-0002-1825-0097?lang=es",
        "orcid.org/0000-0002-1825-0097#info",
        "https://orcid.org/my-orcid?orcid=0000-0002-1825-0097",
        "ORCID iD: 0000-0002-1825-0097",
        "ORCID: https://orcid.org/0000-0002-1825-0097.",
    ],
)
def test_any_form_becomes_one(text):
    assert orcid.clean(text) == NUMBER


def test_the_check_digit_may_be_an_x():
    assert orcid.clean("https://orcid.org/0000-0002-1694-233x") == "0000-0002-1694-233X"


@pytest.mark.parametrize(
    "text",
    ["https://orcid.org/0", "0000-0002-1825-0098", "0000-0002-1825-009",
        "https://example.org/0000-0002-1825-0097", "Anna",
     "٠٠٠٠-0002-1825-0097", "0" * 100_000],
)  # fmt: skip
def test_what_is_none_is_refused(text):
    with pytest.raises(ValueError, match="ORCID"):
        orcid.clean(text)
    assert orcid.address(text) == ""


@given(st.text(max_size=60))
def test_whatever_is_typed_there_is_an_answer(text):
    assert orcid.address(text) == "" or orcid.address(text).startswith("https://orcid.org/")


@pytest.mark.django_db
class TestSite:
    def typed(self, client, **changes):
        form = client.get(SETTINGS).context["adminform"].form
        data = {name: form[name].value() for name in form.fields}
        return {name: "" if value is None else value for name, value in (data | changes).items()}

    def test_a_pasted_address_is_kept_whole_and_published_once(self, client, author_client):
        SiteSettings().save()
        field = re.search(
            r'<input[^>]*name="orcid"[^>]*>', author_client.get(SETTINGS).content.decode()
        )[0]
        assert int(re.search(r'maxlength="(\d+)"', field)[1]) >= 100
        data = self.typed(
            author_client, orcid=f"https://orcid.org/{NUMBER}", author_name="Anna Puig"
        )
        assert author_client.post(SETTINGS, data).status_code == 302
        assert SiteSettings.load().orcid == NUMBER
        page = client.get("/").content.decode()
        assert f"https://orcid.org/{NUMBER}" in page
        assert "orcid.org/https" not in page

    def test_a_wrong_one_is_said_so_with_what_was_typed_still_there(self, author_client):
        SiteSettings().save()
        answer = author_client.post(
            SETTINGS, self.typed(author_client, orcid="0000-0002-1825-0098", tagline="Kept")
        )
        page = answer.content.decode()
        assert "A digit of “0000-0002-1825-0098” is wrong" in page
        assert 'value="Kept"' in page

    def test_what_was_cut_before_is_published_no_more(self, client):
        SiteSettings(author_name="Anna", orcid="https://orcid.org/0").save()
        page = client.get("/").content.decode()
        blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert blocks
        assert "orcid" not in json.dumps([json.loads(block) for block in blocks])

    def test_blank_lines_and_addresses_in_her_own_words_are_kept(self, client):
        words = "One <b>.\n\nTwo: https://example.org/a?b=1&c=2 or me@example.org"
        SiteSettings(introduction=words, disclaimer=words).save()
        page = client.get("/").content.decode()
        assert "<p>One &lt;b&gt;.</p>\n\n<p>Two:" in page
        assert "One &lt;b&gt;.<br><br>Two:" in page
        assert page.count('<a href="https://example.org/a?b=1&amp;c=2">') == 2
        assert page.count('<a href="mailto:me@example.org">') == 2
