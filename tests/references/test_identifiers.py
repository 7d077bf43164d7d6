"""Identifiers as people paste them: one form, whoever asks; links out hold what an address may
not."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from references import identifiers
from references.identifiers import BadIdentifier
from tests.factories import ReferenceFactory

SICI = "10.1002/(SICI)1097-0142(19990715)46:2<123::AID-CNCR7>3.0.CO;2-#"
ONE = SICI.lower()


@pytest.mark.parametrize(
    "pasted",
    [
        SICI.replace("<", "%3C").replace(">", "%3E"),
        "https://doi.org/" + quote(SICI),
        "https://doi.org/" + quote(quote(SICI)),
        SICI.replace("<", r"{\textless}").replace(">", r"{\textgreater}"),
        SICI.replace("<", r"\textless{}").replace(">", r"\textgreater{}"),
        SICI.replace("<", "$<$").replace(">", "$>$"),
        SICI.replace("<", "&lt;").replace(">", "&gt;"),
        SICI.replace("<", "&amp;lt;").replace(">", "&amp;gt;"),
        SICI + ";",
        SICI + ".",
        "\u200b" + SICI + "\ufeff",
        "https://www.doi.org/" + quote(SICI) + "?utm_source=newsletter&utm_medium=email",
        SICI + "?utm_source=newsletter",
        "info:doi/" + SICI,
        "doi: https://dx.doi.org/" + quote(SICI),
        "(doi:" + SICI + ")",
        "https://doi-org.proxy.library.example.edu/" + quote(SICI),
        "https://proxy.example.edu/login?url=https://doi.org/" + quote(SICI),
        "https://onlinelibrary.wiley.com/doi/abs/" + quote(SICI),
        "https://onlinelibrary.wiley.com/doi/" + SICI,
        "https://onlinelibrary.wiley.com/doi/" + quote(SICI) + "/pdf",
    ],
)
def test_a_sici_is_one_doi_however_it_was_copied(pasted):
    assert identifiers.doi(pasted) == ONE


@pytest.mark.parametrize(
    ("name", "pasted", "kept"),
    [
        (
            "doi",
            "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0000217",
            "10.1371/journal.pone.0000217",
        ),
        (
            "doi",
            "https://link.springer.com/content/pdf/10.1007/s00586-011-1856-0.pdf",
            "10.1007/s00586-011-1856-0",
        ),
        (
            "doi",
            "https://www.frontiersin.org/articles/10.3389/fmed.2020.00001/full",
            "10.3389/fmed.2020.00001",
        ),
        (
            "doi",
            "https://www.medrxiv.org/content/10.1101/2020.03.10.20033795v2.full.pdf",
            "10.1101/2020.03.10.20033795",
        ),
        ("doi", "https://doi.org/10.1000/full", "10.1000/full"),
        ("doi", "10.1016/S0140-6736(00)02799-9", "10.1016/s0140-6736(00)02799-9"),
        ("doi", "10.1136/ard.11.1.30 [doi]", "10.1136/ard.11.1.30"),
        ("doi", r"10.1007/978-3-642-00001-1{\_}4", "10.1007/978-3-642-00001-1_4"),
        ("doi", "10.1007/s00586‐011‐1856‐0", "10.1007/s00586-011-1856-0"),
        ("doi", "arXiv:2101.00001v2 [q-bio.TO]", "10.48550/arxiv.2101.00001"),
        ("doi", "https://arxiv.org/pdf/2101.00001v3.pdf", "10.48550/arxiv.2101.00001"),
        ("pmid", "\u200bPMID: 21006920.", "21006920"),
        ("pmid", "info:pmid/21006920", "21006920"),
        ("pmid", "https://pubmed-ncbi-nlm-nih-gov.proxy.example.edu/21006920/", "21006920"),
        ("pmid", "https://pubmed.ncbi.nlm.nih.gov/21006920/?utm_source=mail", "21006920"),
        (
            "pmcid",
            "https://pmc-ncbi-nlm-nih-gov.proxy.example.edu/articles/PMC2441105/",
            "PMC2441105",
        ),
        ("pmcid", "PMCID: PMC2441105;", "PMC2441105"),
        ("isbn", "ISBN-13: 978–0–306–40615–7 (hbk.)", "9780306406157"),
        ("isbn", "urn:isbn:0306406152", "0306406152"),
        ("isbn", "ISBN 1306406151", "1306406151"),
        ("isbn", "https://openlibrary.org/isbn/9780306406157", "9780306406157"),
        ("arxiv", "https://arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("arxiv", "10.1136/ard", ""),
        ("handle", "https://hdl.handle.net/2445/12345?locale=ca", "2445/12345"),
        ("handle", "hdl:2445/12345.", "2445/12345"),
        ("handle", "https://example.org/2445/12345", ""),
        ("orcid", "ORCID iD: https://orcid.org/0000-0002-1825-0097?lang=en", "0000-0002-1825-0097"),
        ("orcid", "0000‑0002‑1825‑0097", "0000-0002-1825-0097"),
    ],
)
def test_one_form_whatever_is_pasted(name, pasted, kept):
    assert getattr(identifiers, name)(pasted) == kept


SUFFIX = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


@settings(max_examples=120, deadline=None)
@given(st.builds("10.{}/{}".format, st.integers(1000, 999999), SUFFIX))
def test_a_doi_is_the_same_after_its_link_and_after_a_second_time(text):
    try:
        value = identifiers.doi(text)
    except BadIdentifier:
        return
    assert identifiers.doi(value) == value
    link = identifiers.doi_url(value)
    assert not set('#?<>" ') & set(link), link
    assert identifiers.doi(link) == value


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["doi", "pmid", "pmcid", "isbn", "arxiv", "handle", "orcid"]),
    st.text(max_size=80),
)
def test_no_text_is_more_than_refused(name, text):
    try:
        value = getattr(identifiers, name)(text)
    except BadIdentifier:
        return
    assert name in ("arxiv", "handle") or value == getattr(identifiers, name)(value)


@pytest.mark.django_db
def test_every_link_out_of_a_work_is_escaped(client):
    ReferenceFactory(citekey="sici1999", doi=SICI)
    page = client.get("/references/sici1999/")
    assert f'href="https://doi.org/{quote(ONE, safe="/:;().,_-")}"' in page.content.decode()
    assert f"https://doi.org/{ONE}" not in page.content.decode() + page["Link"]
