"""What is said of a work after it came out: read from each source, the same in and out."""

import json

import pytest

from references import formats
from references.formats import Keyword, Record, WorkNotice
from references.importing.lookup import from_crossref

NBIB = """PMID- 9500320
OWN - NLM
IS  - 0140-6736 (Print)
IS  - 1474-547X (Electronic)
TI  - Nodules and something else.
LA  - eng
PT  - Journal Article
PT  - Retracted Publication
TA  - Lancet
JT  - Lancet (London, England)
MH  - *Lipoma/surgery
MH  - Low Back Pain/drug therapy/*etiology
MH  - Humans
CIN - Lancet. 1998 Feb 28;351(9103):611-2. doi: 10.1016/S0140-6736(05)78423-3. PMID:
      9500316
EIN - Lancet. 2004 Mar 6;363(9411):750. doi: 10.1016/S0140-6736(04)15715-2. PMID:
      15016483
RIN - Lancet. 2010 Feb 6;375(9713):445. doi: 10.1016/S0140-6736(10)60175-4. PMID:
      20137807
"""
XML = """<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>9500320</PMID>
<Article><Journal><ISSN IssnType="Print">0140-6736</ISSN>
<Title>Lancet (London, England)</Title></Journal>
<ArticleTitle>Nodules and something else.</ArticleTitle><Language>eng</Language>
<PublicationTypeList><PublicationType>Journal Article</PublicationType>
<PublicationType>Retracted Publication</PublicationType></PublicationTypeList></Article>
<MedlineJournalInfo><MedlineTA>Lancet</MedlineTA><ISSNLinking>0140-6736</ISSNLinking>
</MedlineJournalInfo>
<CommentsCorrectionsList>
<CommentsCorrections RefType="Cites"><RefSource>Spine. 1990</RefSource><PMID>5</PMID>
</CommentsCorrections>
<CommentsCorrections RefType="RetractionIn"><RefSource>Lancet. 2010 Feb 6;375(9713):445. doi:
10.1016/S0140-6736(10)60175-4</RefSource><PMID>20137807</PMID></CommentsCorrections>
</CommentsCorrectionsList>
<MeshHeadingList>
<MeshHeading><DescriptorName MajorTopicYN="Y">Lipoma</DescriptorName>
<QualifierName MajorTopicYN="N">surgery</QualifierName></MeshHeading>
<MeshHeading><DescriptorName MajorTopicYN="N">Low Back Pain</DescriptorName>
<QualifierName MajorTopicYN="N">drug therapy</QualifierName>
<QualifierName MajorTopicYN="Y">etiology</QualifierName></MeshHeading>
<MeshHeading><DescriptorName MajorTopicYN="N">Humans</DescriptorName></MeshHeading>
</MeshHeadingList></MedlineCitation></PubmedArticle></PubmedArticleSet>"""
RETRACTION = ("retraction", False, "10.1016/s0140-6736(10)60175-4", "20137807")
HEADINGS = [
    Keyword("Lipoma", "mesh", ("surgery",), True),
    Keyword("Low Back Pain", "mesh", ("drug therapy", "etiology"), True, ("etiology",)),
    Keyword("Humans", "mesh"),
]


def one(text):
    parsed = formats.parse(text.encode())
    assert parsed.refused == []
    return parsed.records[0]


def test_medline_says_who_retracts_when_and_where():
    record = one(NBIB)
    said = {notice.kind: notice for notice in record.notices}
    assert said["retraction"].key == RETRACTION
    assert said["retraction"].date == "2010-02-06"
    assert said["retraction"].text == "Lancet. 2010 Feb 6;375(9713):445"
    assert (said["erratum"].date, said["comment"].pmid) == ("2004-03-06", "9500316")
    assert len(record.notices) == 3
    assert record.status == ["corrected", "retracted"] or record.status == [
        "retracted",
        "corrected",
    ]


def test_pubmed_xml_says_the_same_and_cites_are_no_notices():
    record = one(XML)
    (notice,) = record.notices
    assert (notice.key, notice.date) == (RETRACTION, "2010-02-06")


@pytest.mark.parametrize("source", [NBIB, XML])
def test_headings_go_out_through_nbib_and_come_back_with_their_stars(source):
    record = one(source)
    assert record.keywords == HEADINGS
    out = "".join(formats.write([record], "nbib"))
    assert "MH  - *Lipoma/surgery\n" in out
    assert "MH  - Low Back Pain/drug therapy/*etiology\n" in out
    again = one(out)
    assert again.keywords == HEADINGS
    assert [notice.key for notice in again.notices] == [notice.key for notice in record.notices]


def test_an_issn_keeps_its_kind():
    out = "".join(formats.write([one(NBIB)], "nbib"))
    assert "IS  - 0140-6736 (Print)\nIS  - 1474-547X (Electronic)\n" in out


@pytest.mark.parametrize("ending", ["bib", "ris", "nbib", "csl.json"])
def test_what_is_said_of_a_work_comes_back_from_every_format(ending):
    said = [
        WorkNotice("retraction", False, "2010-02-06", "10.5555/a.b", "20137807", "Lancet. 2010"),
        WorkNotice("comment", True, "", "10.5555/c", "", "", "Crossref"),
        WorkNotice("translation", True, "", "10.5555/t"),
        WorkNotice("erratum", False, "2004", "", "77", ""),
    ]
    record = Record(citekey="a", type="article-journal", title="Back mice", notices=said)
    again = one("".join(formats.write([record], ending)))
    assert again.title == "Back mice"
    assert sorted(each.key for each in again.notices) == sorted(each.key for each in said)


@pytest.mark.parametrize("ending", ["bib", "ris", "csl.json", "csv"])
def test_a_file_says_it_before_the_title_and_nothing_of_a_sound_work(ending):
    record = Record(citekey="a", title="Back mice", notices=[WorkNotice("retraction")])
    assert "RETRACTED: " in "".join(formats.write([record], ending))
    record.notices = [WorkNotice("erratum")]
    assert "RETRACTED" not in "".join(formats.write([record], ending))


def test_csl_has_a_word_of_its_own_for_it():
    record = Record(citekey="a", title="T", notices=[WorkNotice("retraction")])
    (item,) = json.loads("".join(formats.write([record], "csl.json")))
    assert item["status"] == "retracted"


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("RETRACTED: Back mice", "Back mice"),
        ("Retracted Article: Back mice", "Back mice"),
        ("[Retracted] Back mice", "Back mice"),
        ("WITHDRAWN: Back mice", "Back mice"),
        ("Back mice (Retracted article. See vol. 5, pg. 3, 2010)", "Back mice"),
        ("Back mice [Retracted]", "Back mice"),
    ],
)
def test_what_publishers_write_into_titles_is_understood(title, left):
    record = one(f"TY  - JOUR\nTI  - {title}\nER  - \n")
    assert (record.title, record.status) == (left, ["retracted"])


@pytest.mark.parametrize("title", ["Retracted scapulae", "Retraction of the muscle", "RETRACTED"])
def test_other_titles_stay(title):
    record = one(f"TY  - JOUR\nTI  - {title}\nER  - \n")
    assert (record.title, record.notices) == (title, [])


def test_crossref_says_it_in_three_places():
    message = {
        "type": "journal-article", "title": ["T"], "DOI": "10.5555/1",
        "updated-by": [
            {"DOI": "10.5555/R", "type": "retraction", "source": "retraction-watch",
             "updated": {"date-parts": [[2010, 2, 6]]}},
            {"DOI": "10.5555/r", "type": "retraction", "source": "publisher"},
            {"DOI": "10.5555/x", "type": "something_new", "label": "Something new"},
        ],
        "update-to": [{"DOI": "10.5555/e", "type": "correction"}],
        "relation": {"is-preprint-of": [{"id-type": "doi", "id": "10.5555/P"}],
                     "has-translation": [{"id-type": "uri", "id": "https://a.example"}]},
    }  # fmt: skip
    record = one(json.dumps([from_crossref(message)]))
    assert [notice.key for notice in record.notices] == [
        ("retraction", False, "10.5555/r", ""),
        ("update", False, "10.5555/x", ""),
        ("erratum", True, "10.5555/e", ""),
        ("preprint", True, "10.5555/p", ""),
    ]
    first = record.notices[0]
    assert (first.date, first.source) == ("2010-02-06", "retraction-watch")
    assert record.notices[1].text == "Something new"


@pytest.mark.parametrize("odd", [None, 7, "x", [None], [{"type": 5, "updated": 3}], {"a": []}])
def test_odd_answers_of_crossref_refuse_nothing(odd):
    item = {"type": "article-journal", "title": "T", "updated-by": odd, "relation": odd, "id": "a"}
    assert one(json.dumps([item])).title == "T"


def test_retracted_and_published_again_is_both():
    heading = '<CommentsCorrections RefType="RetractedandRepublishedIn"><RefSource>'
    text = "Spine. 2021 Mar 2;5:1"
    xml = XML.replace("</CommentsCorrectionsList>",
        f"{heading}{text}</RefSource><PMID>77</PMID></CommentsCorrections>"
        "</CommentsCorrectionsList>",
    )  # fmt: skip
    for source in (xml, NBIB + f"RRI - {text}. PMID: 77\n"):
        (record,) = formats.parse(source).records
        assert {each.kind for each in record.notices if each.pmid == "77"} == {
            "retraction", "republication",
        }  # fmt: skip
