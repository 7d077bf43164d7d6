import pytest

from references.formats import dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1904", (1904, None, None, False)),
        ("n.d.", (None, None, None, False)),
        ("[n.d.]", (None, None, None, False)),
        ("c. 1904", (1904, None, None, True)),
        ("ca. 1904", (1904, None, None, True)),
        ("circa 1904", (1904, None, None, True)),
        ("c 1904", (1904, None, None, True)),
        ("[1904]", (1904, None, None, False)),
        ("[c. 1904]", (1904, None, None, True)),
        ("1904?", (1904, None, None, True)),
        ("[1904?]", (1904, None, None, True)),
        ("c1904", (1904, None, None, False)),
        ("about 1904", (1904, None, None, True)),
        ("1890s", (1890, None, None, True)),
        ("in press", (None, None, None, False)),
        ("forthcoming", (None, None, None, False)),
        ("19--", (None, None, None, False)),
        ("", (None, None, None, False)),
        ("1998 Spring", (1998, None, None, False)),
        ("Winter 1998", (1998, None, None, False)),
        ("1998 Mar-Apr", (1998, 3, None, False)),
        ("1998-99", (1998, None, None, False)),
        ("2001-2002", (2001, None, None, False)),
        ("5 May 2004", (2004, 5, 5, False)),
        ("May 5th, 2004", (2004, 5, 5, False)),
        ("2004 Sept 30", (2004, 9, 30, False)),
        ("20040515", (2004, 5, 15, False)),
        ("2004.5.15", (2004, 5, 15, False)),
        ("15 de mayo de 2004", (2004, 5, 15, False)),
        ("août 2004", (2004, 8, None, False)),
        ("2004 Feb 31", (2004, 2, None, False)),
        ("2004-13-01", (2004, None, None, False)),
        ("0945", (None, None, None, False)),
        ("May", (None, None, None, False)),
        ("12345", (None, None, None, False)),
        ("٢٠٠٤", (None, None, None, False)),
    ],
)
def test_dates_as_people_write_them(text, expected):
    assert tuple(dates.parse(text)) == expected
