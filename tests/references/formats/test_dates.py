import pytest

from references.formats import dates, parse

# What each text says, as MEDLINE would write it; a question mark is “about”.
READ = {
    "1904": "1904",
    "[1904]": "1904",
    "c1904": "1904",
    "c. 1904": "1904?",
    "ca. 1904": "1904?",
    "circa 1904": "1904?",
    "c 1904": "1904?",
    "[c. 1904]": "1904?",
    "1904?": "1904?",
    "[1904?]": "1904?",
    "about 1904": "1904?",
    "between 1900 and 1910": "1900?",
    "1890s": "1890?",
    "1998 Spring": "1998 Spring",
    "Winter 1998": "1998 Winter",
    "otoño de 1998": "1998 Fall",
    "1998 Spring-Summer": "1998 Spring-Summer",
    "1976-1977 Winter": "1976-1977 Winter",
    "Winter 1976/77": "1976-1977 Winter",
    "1998 Mar-Apr": "1998 Mar-Apr",
    "Mar/Apr 1998": "1998 Mar-Apr",
    "juillet–août 2004": "2004 Jul-Aug",
    "1998 Dec-1999 Jan": "1998 Dec-1999 Jan",
    "1998 Dec-Jan": "1998 Dec",
    "1998 Dec 15-31": "1998 Dec 15-31",
    "5-7 May 2004": "2004 May 5-7",
    "1998 Mar 30-Apr 5": "1998 Mar 30-Apr 5",
    "1998-99": "1998-1999",
    "1998–99": "1998-1999",
    "2001-2002": "2001-2002",
    "c. 1904-1910": "1904?-1910",
    "2004-2001": "2004",
    "1998-03/1998-04": "1998 Mar-Apr",
    "1998/..": "1998",
    "1998-06": "1998 Jun",
    "1998-Mar-05": "1998 Mar 5",
    "12-Mar-1998": "1998 Mar 12",
    "5 May 2004": "2004 May 5",
    "May 5th, 2004": "2004 May 5",
    "2004 Sept 30": "2004 Sep 30",
    "20040515": "2004 May 15",
    "2004.5.15": "2004 May 15",
    "15 de mayo de 2004": "2004 May 15",
    "août 2004": "2004 Aug",
    "2004 Feb 31": "2004 Feb",
    "2004-13-01": "2004",
}
NO_DATES = [
    "n.d.",
    "[n.d.]",
    "in press",
    "forthcoming",
    "19--",
    "",
    "0945",
    "May",
    "Spring",
    "12345",
    "٢٠٠٤",
]


@pytest.mark.parametrize("text", READ)
def test_dates_as_people_write_them(text):
    found = dates.parse(text)
    assert dates.words(found) == READ[text]
    assert dates.parse(READ[text]) == found
    assert dates.from_edtf(dates.edtf(found)) == found


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_gives_none(text):
    assert dates.parse(text) == dates.Date()


def test_parts_that_cannot_be_are_dropped():
    assert dates.checked(1998, 3, season=1) == dates.Date(1998, 3)
    assert dates.checked(1998, 3, until="1998-02") == dates.Date(1998, 3)
    assert dates.checked(1998, until="1998-05") == dates.Date(1998)
    assert dates.checked(1998, until="1999-05-31") == dates.Date(1998, until="1999")
    assert dates.checked(1998, 2, 3, until="1998-02-31") == dates.Date(1998, 2, 3)
    assert dates.checked(1998, 22, until="1998-23") == dates.Date(1998, season=2, until="1998-23")
    assert dates.checked(1998, until="soon") == dates.Date(1998)


def test_a_date_without_a_year_is_told_in_every_format():
    """But for what says that there is none."""
    for written in ("20x1", "in press", "n.d.", "s. f."):
        xml = f"<dates><year>{written}</year></dates>"
        files = (
            f"@book{{a1, title={{A}}, year={{{written}}}}}",
            f"TY  - BOOK\nTI  - A\nPY  - {written}\nER  - ",
            f"PMID- 1\nTI  - A\nDP  - {written}\n",
            f"Title,Year\nA,{written}\n",
            f'[{{"title": "A", "issued": {{"raw": "{written}"}}}}]',
            f"PT J\nTI A\nPY {written}\nER",
            f"%0 Book\n%T A\n%D {written}\n",
            f"<xml><records><record><titles><title>A</title></titles>{xml}</record></records></xml>",
        )
        for text in files:
            found = parse(text.encode())
            assert [record.year for record in found.records] == [None], text
            told = [each for each in found.warnings if f"“{written}” has no year" in each.reason]
            assert len(told) == (written in ("20x1", "in press")), text
