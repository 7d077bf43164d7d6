"""The newcomer's page leads to places that are there."""

import re

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
PAGE = (ROOT / "docs" / "newcomer.md").read_text(encoding="utf-8")
SECTIONS = ("Where do I…", "Ten changes, and where they begin")
ROWS = [
    row
    for title in SECTIONS
    for row in PAGE.partition(f"# {title}\n")[2].partition("\n#")[0].split("\n")
    if row.startswith("|") and not row.startswith(("|---", "| to change", "| change"))
]
pytestmark = pytest.mark.once


def test_there_are_ten_changes():
    ten = PAGE.partition(f"# {SECTIONS[1]}\n")[2].partition("\n#")[0]
    assert len([row for row in ten.split("\n") if row.startswith("| ")]) == 1 + 10


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:50])
def test_a_place_is_there(row):
    places = [each for each in re.findall(r"`([^`]+)`", row) if "/" in each]
    assert places
    assert [each for each in places if not list(ROOT.glob(each.rstrip("/")))] == []


@pytest.mark.parametrize(
    ("name", "place"),
    [
        (name, place)
        for row in ROWS
        for names, place in re.findall(r"((?:`\w+`(?: and )?)+)(?: in|:) `([\w/.]+\.py)`", row)
        for name in re.findall(r"\w+", names.replace(" and ", " "))
    ],
)
def test_a_name_is_in_its_place(name, place):
    assert re.search(rf"\b{name}\b", (ROOT / place).read_text(encoding="utf-8"))
