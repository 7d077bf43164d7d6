"""PubMed XML and EndNote XML."""

import pytest

from references import formats

ARTICLE = """<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM">
<PMID Version="1">{pmid}</PMID>
<Article PubModel="Print"><Journal><ISSN IssnType="Print">0003-4967</ISSN>
<JournalIssue CitedMedium="Print"><Volume>3</Volume>
<Issue>4</Issue><PubDate>{date}</PubDate></JournalIssue>
<Title>Annals of the rheumatic diseases</Title>
<ISOAbbreviation>Ann. Rheum. Dis.</ISOAbbreviation></Journal>{body}</Article>
<MedlineJournalInfo><Country>England</Country><MedlineTA>Ann Rheum Dis</MedlineTA>
<NlmUniqueID>0372355</NlmUniqueID>
</MedlineJournalInfo><KeywordList Owner="NOTNLM">
<Keyword MajorTopicYN="N">fat</Keyword><Keyword>pain.</Keyword></KeywordList>
</MedlineCitation><PubmedData><ReferenceList><Reference><ArticleIdList>
<ArticleId IdType="doi">10.9999/cited</ArticleId>
</ArticleIdList></Reference></ReferenceList><ArticleIdList>
<ArticleId IdType="pubmed">{pmid}</ArticleId>
<ArticleId IdType="pmc">PMC2441105</ArticleId>
<ArticleId IdType="doi">10.1136/ard.3.4.222</ArticleId>
</ArticleIdList></PubmedData>
</PubmedArticle>
"""
TITLE = "<ArticleTitle>T.</ArticleTitle>"


def articles(*bodies, date="<Year>1943</Year><Month>Dec</Month>"):
    inner = "".join(
        ARTICLE.format(pmid=n, body=body, date=date) for n, body in enumerate(bodies, 1)
    )
    return formats.parse(
        f'<?xml version="1.0"?>\n<PubmedArticleSet>\n{inner}</PubmedArticleSet>'.encode()
    )


def article(body="", **options):
    parsed = articles(body if "<ArticleTitle" in body else TITLE + body, **options)
    assert parsed.refused == []
    assert parsed.warnings == []
    return parsed.records[0]


def test_the_journal_the_numbers_and_the_identifiers():
    record = article(
        "<Pagination><MedlinePgn>222-6</MedlinePgn></Pagination><Language>eng</Language>"
    )
    assert (record.type, record.title, record.container, record.container_short) == (
        "article-journal", "T", "Annals of the rheumatic diseases", "Ann Rheum Dis",
    )  # fmt: skip
    assert (record.volume, record.issue, record.pages, record.year, record.month) == (
        "3",
        "4",
        "222-6",
        1943,
        12,
    )
    assert (record.pmid, record.pmcid, record.nlm_id, record.issn) == (
        "1",
        "PMC2441105",
        "0372355",
        "0003-4967",
    )
    assert (record.language, [word.term for word in record.keywords]) == ("en", ["fat", "pain"])


def test_the_doi_is_that_of_the_article_and_not_of_a_work_it_cites():
    assert article().doi == "10.1136/ard.3.4.222"


def test_an_electronic_location_is_doi_or_page():
    record = article(
        '<ELocationID EIdType="pii" ValidYN="Y">e12</ELocationID><ELocationID'
        ' EIdType="doi">10.1371/a</ELocationID>'
    )
    assert (record.doi, record.pages) == ("10.1371/a", "e12")
    assert (
        article('<ELocationID EIdType="doi" ValidYN="N">10.1371/wrong</ELocationID>').doi
        == "10.1136/ard.3.4.222"
    )


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("<Year>1999</Year><Month>Jan</Month><Day>5</Day>", (1999, 1, 5, False)),
        ("<Year>1999</Year><Month>01</Month><Day>05</Day>", (1999, 1, 5, False)),
        ("<Year>1998</Year><Season>Spring</Season>", (1998, None, None, False)),
        ("<MedlineDate>1998 Mar-Apr</MedlineDate>", (1998, 3, None, False)),
        ("<MedlineDate>2001-2002</MedlineDate>", (2001, None, None, False)),
        ("<MedlineDate>Spring 1998</MedlineDate>", (1998, None, None, False)),
        ("", (None, None, None, False)),
    ],
)
def test_dates_of_publication(date, expected):
    record = article(date=date)
    assert (record.year, record.month, record.day, record.year_approximate) == expected


def test_the_date_of_the_electronic_version_stands_in():
    assert (
        article(
            "<ArticleDate><Year>2020</Year><Month>02</Month><Day>03</Day></ArticleDate>", date=""
        ).day
        == 3
    )


def test_authors_organisations_and_suffixes():
    record = article(
        """<AuthorList CompleteYN="N"><Author ValidYN="Y"><LastName>van der Berg</LastName>
        <ForeName>Maria</ForeName>
        <Initials>M</Initials><Suffix>Jr</Suffix></Author><Author ValidYN="N">
        <LastName>Brg</LastName></Author>
        <Author><LastName>Copeman</LastName><Initials>WS</Initials></Author>
        <Author>
        <CollectiveName>Back Pain <i>Study</i> Group</CollectiveName></Author></AuthorList>"""
    )
    assert [(name.family, name.given, name.suffix, name.literal) for name in record.names] == [
        ("van der Berg", "Maria", "Jr", False),
        ("Copeman", "W. S.", "", False),
        ("Back Pain Study Group", "", "", True),
    ]
    assert record.authors_incomplete


def test_marks_in_titles_and_characters_by_name_or_number():
    record = article(
        "<ArticleTitle>H<sub>2</sub>O &amp; <i>In&#160;vivo</i> <b>na&iuml;ve</b> &#x3b1;&#0;"
        " <sup>13</sup>C.</ArticleTitle>"
    )
    assert record.title == "H₂O & In vivo naïve α ¹³C"


def test_a_translated_title_and_the_one_it_translates():
    body = "<ArticleTitle>[Low back pain].</ArticleTitle><Language>spa</Language>"
    assert (article(body).title, article(body).translated_title, article(body).language) == (
        "",
        "Low back pain",
        "es",
    )
    record = article(body + "<VernacularTitle>Dolor lumbar.</VernacularTitle>")
    assert (record.title, record.translated_title) == ("Dolor lumbar", "Low back pain")


def test_a_structured_abstract_keeps_its_labels():
    record = article(
        """<Abstract><AbstractText Label="METHODS" NlmCategory="METHODS">We cut.</AbstractText>
        <AbstractText Label="UNLABELLED">So <i>it</i> is.</AbstractText>
        <CopyrightInformation>(c)</CopyrightInformation></Abstract>"""
    )
    assert record.abstract == "METHODS: We cut. So it is."


def test_kinds_of_publication():
    kinds = "".join(
        f"<PublicationType>{kind}</PublicationType>" for kind in ("Case Reports", "Letter")
    )
    kinds = f"<PublicationTypeList>{kinds}</PublicationTypeList>"
    assert (article(kinds).study_design, article(kinds).genre) == ("case report", "Letter")


def test_a_chapter_of_the_bookshelf_and_a_whole_book():
    book = """<PubmedBookArticle><BookDocument><PMID>5</PMID>
    <ArticleIdList><ArticleId IdType="bookaccession">NBK1</ArticleId>
    </ArticleIdList><Book><Publisher><PublisherName>StatPearls</PublisherName>
    <PublisherLocation>Treasure Island</PublisherLocation></Publisher>
    <BookTitle book="x">Nerve entrapments</BookTitle>
    <PubDate><Year>2016</Year><Month>03</Month></PubDate>
    <AuthorList Type="editors"><Author><LastName>Trescot</LastName>
    <ForeName>A</ForeName></Author></AuthorList>
    <Isbn>9783319274829</Isbn></Book>{title}<Language>eng</Language>
    <AuthorList Type="authors"><Author><LastName>Murinova</LastName></Author></AuthorList>
    <Abstract><AbstractText>Short.</AbstractText></Abstract></BookDocument></PubmedBookArticle>"""
    text = book.format(title="<ArticleTitle>Pelvic.</ArticleTitle>") + book.format(title="")
    chapter, whole = formats.parse(f"<PubmedArticleSet>{text}</PubmedArticleSet>".encode()).records
    assert (chapter.type, chapter.title, chapter.container, chapter.isbn) == (
        "chapter",
        "Pelvic",
        "Nerve entrapments",
        "9783319274829",
    )
    assert (chapter.publisher, chapter.place, chapter.year, chapter.month) == (
        "StatPearls",
        "Treasure Island",
        2016,
        3,
    )
    assert [(name.family, name.role) for name in chapter.names] == [
        ("Murinova", "author"),
        ("Trescot", "editor"),
    ]
    assert (whole.type, whole.title, whole.container) == ("book", "Nerve entrapments", "")


def test_a_broken_article_is_refused_with_its_line_and_the_others_come_in():
    parsed = articles(TITLE, TITLE.replace("</ArticleTitle>", ""), TITLE)
    assert [record.pmid for record in parsed.records] == ["1", "3"]
    assert [(refused.number, 20 < refused.line < 39) for refused in parsed.refused] == [(2, True)]


def test_a_file_cut_off_gives_the_articles_before_the_cut():
    whole = "<PubmedArticleSet>" + ARTICLE.format(pmid=1, body=TITLE, date="") * 3
    parsed = formats.parse(whole[:-300].encode())
    assert len(parsed.records) == 2
    assert ["cut off" in refused.reason for refused in parsed.refused] == [True]


# EndNote


def endnote(*bodies):
    inner = "".join(f"<record>{body}</record>\n" for body in bodies)
    return formats.parse(
        f'<?xml version="1.0" encoding="UTF-8"?><xml><records>{inner}</records></xml>'.encode()
    )


def entry(
    body,
    kind='<ref-type name="Journal Article">17</ref-type>',
    title="<titles><title>T</title></titles>",
):
    parsed = endnote(kind + title + body)
    assert parsed.refused == []
    return parsed.records[0]


def test_an_entry_of_endnote_with_its_styled_runs():
    record = entry(
        """<contributors><authors>
        <author><style face="normal">van der </style><style face="bold">Berg, Maria</style></author>
        <author>World Health Organization,</author><author>Smith, John, Jr.</author></authors>
        <secondary-authors><author>Trescot, A.</author></secondary-authors></contributors>
        <periodical><full-title>Annals of the rheumatic diseases</full-title>
        <abbr-1>Ann Rheum Dis</abbr-1></periodical>
        <pages>222–226</pages><volume><style>3</style></volume><number>4</number>
        <keywords><keyword>fat</keyword><keyword><style>back pain</style></keyword></keywords>
        <dates><year><style>1943</style></year><pub-dates><date>Dec 5</date></pub-dates></dates>
        <isbn>0003-4967 (Print)</isbn>
        <accession-num>21006920</accession-num><custom2>PMC2441105</custom2><abstract>A.</abstract><language>eng</language>
        <electronic-resource-num>https://doi.org/10.1136/ard.3.4.222</electronic-resource-num>
        <urls><related-urls><url><style>https://example.org/a</style></url></related-urls></urls><research-notes>mine</research-notes>""",
        title="""<titles>
        <title><style>On </style><style face="italic">Bacillus</style><style> of the back</style>
        </title></titles>""",
    )
    assert record.title == "On Bacillus of the back"
    assert [
        (name.family, name.given, name.suffix, name.literal, name.role) for name in record.names
    ] == [
        ("van der Berg", "Maria", "", False, "author"),
        ("World Health Organization", "", "", True, "author"),
        ("Smith", "John", "Jr.", False, "author"),
        ("Trescot", "A.", "", False, "editor"),
    ]
    assert (record.container, record.container_short) == (
        "Annals of the rheumatic diseases",
        "Ann Rheum Dis",
    )
    assert (record.pages, record.volume, record.issue, len(record.keywords)) == (
        "222-226",
        "3",
        "4",
        2,
    )
    assert (record.year, record.month, record.day, record.issn) == (1943, 12, 5, "0003-4967")
    assert (record.doi, record.pmid, record.pmcid) == (
        "10.1136/ard.3.4.222",
        "21006920",
        "PMC2441105",
    )
    assert (record.url, record.language, record.record_note) == ("https://example.org/a", "en", "")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ('<ref-type name="Journal Article">17</ref-type>', "article-journal"),
        ("<ref-type>6</ref-type>", "book"),
        ('<ref-type name="Book Section">5</ref-type>', "chapter"),
        ("<ref-type>32</ref-type>", "thesis"),
        ('<ref-type name="Conference Paper">47</ref-type>', "paper-conference"),
        ("<ref-type>12</ref-type>", "webpage"),
        ('<ref-type name="Anything">999</ref-type>', "document"),
        ("<ref-type>x</ref-type>", "document"),
        ("", "document"),
    ],
)
def test_kinds_of_works_of_endnote(kind, expected):
    assert entry("", kind).type == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("<year>n.d.</year>", (None, None, None, False)),
        ("<year>c. 1904</year>", (1904, None, None, True)),
        ("<year>1998</year><pub-dates><date>Spring</date></pub-dates>", (1998, None, None, False)),
        ("<year>1998</year><pub-dates><date>12 May 1998</date></pub-dates>", (1998, 5, 12, False)),
    ],
)
def test_dates_of_endnote(dates, expected):
    record = entry(f"<dates>{dates}</dates>")
    assert (record.year, record.month, record.day, record.year_approximate) == expected


def test_a_book_of_endnote_has_a_number_of_pages_and_an_isbn():
    record = entry(
        "<pages>xii, 320 p.</pages><isbn>978-3-319-27482-9</isbn>",
        '<ref-type name="Book">6</ref-type>',
    )
    assert (record.number_of_pages, record.pages, record.isbn, record.issn) == (
        "xii, 320",
        "",
        "9783319274829",
        "",
    )


def test_a_broken_entry_of_endnote_is_refused_and_the_others_come_in():
    title = "<titles><title>T</title></titles>"
    parsed = endnote(title, "<titles><title>A & B</title></titles>", title, "<titles/>")
    assert len(parsed.records) == 2
    assert [(refused.number, refused.line) for refused in parsed.refused] == [(2, 2), (4, 4)]


def test_raised_and_lowered_signs_of_a_title_stay_where_unicode_has_them():
    title = "Lipomas of 5 cm<sup>2</sup> in CO<sub>2</sub> <i>in vivo</i>."
    assert (
        article(f"<ArticleTitle>{title}</ArticleTitle>").title == "Lipomas of 5 cm² in CO₂ in vivo"
    )
