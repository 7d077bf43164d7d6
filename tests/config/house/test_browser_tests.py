"""A browser test that looks before the page is done fails on a busy day."""

import re

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "tests/browser"
# What answers with the state of the moment; `expect(…)` waits for the one that is meant. Where a
# thing stands is measured in waiting.py, once it is there.
AT_ONCE = re.compile(
    r"\.(is_(visible|hidden|checked|enabled|disabled|editable)|input_value|inner_text|text_content"
    r"|all_inner_texts|all_text_contents|bounding_box|wait_for_timeout|query_selector(_all)?)\("
    r"|\b(locator|get_by_\w+)\(.*\.count\(\)"
)


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("test_*.py")), ids=lambda path: path.name.removesuffix(".py")
)
def test_a_browser_test_waits_for_what_it_means(path):
    assert [line for line in path.read_text().split("\n") if AT_ONCE.search(line)] == []
