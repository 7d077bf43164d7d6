"""Every record in every style and language, against what citeproc-js makes of it
(golden/oracle/make_golden.mjs)."""

import html
import json
import re
from pathlib import Path

import pytest

from references.csl import LOCALES, STYLES, format_entry, plain_text

GOLDEN = Path(__file__).parent / "golden"
FILES = [f"{style}.{language}" for style in STYLES for language in LOCALES]
LONGEST = 4000
UPRIGHT = {
    "ama": {"cjk", "japanese"}
}  # citeproc-js drops the italics of Chinese characters in this style only


def read(name):
    return json.loads((GOLDEN / name).read_text(encoding="utf-8"))


def records():
    """The records; `{"many": 7000}` stands for that many authors."""
    found = read("records.json")
    for record in found:
        for role in ("author", "editor"):
            if isinstance(record.get(role), dict):
                count = record[role]["many"]
                record[role] = [
                    {"family": f"Family{n}", "given": f"Given{n} A."} for n in range(1, count + 1)
                ]
    return found


def fold(text):
    """Without dashes' and spaces' differences; ª and º as the raised letters citeproc-js makes of
    them."""
    text = re.sub(r"[‐‑–—−]", "-", text.replace("ª", "a").replace("º", "o"))
    return re.sub(r"\s+", " ", text).strip()


def oracle_text(entry):
    return fold(html.unescape(re.sub(r"</?(?:i|b|sup|sub|span)(?:\s[^<>]*)?>", "", entry)))


def shortened(text):
    return f"{text[:1000]} … {len(text)} … {text[-1000:]}" if len(text) > LONGEST else text


def pieces(entry):
    """An entry cut at its tags: `[("", "Herz R. "), ("i", "Ann Rheum Dis"), ("/i", …)]`."""
    entry = re.sub(r"<sup>([ao]|os)</sup>", r"\1", entry)  # ordinals that citeproc-js raises itself
    entry = entry.replace('<span style="font-style:normal;">', '<span class="roman">')
    entry = entry.replace('<span style="font-variant:small-caps;">', '<span class="small-caps">')
    parts = re.split(r"<(/?(?:i|b|sup|sub|span)(?:\s[^<>]*)?)>", entry)
    return [
        (tag, fold(html.unescape(text)))
        for tag, text in zip(["", *parts[1::2]], parts[::2], strict=True)
    ]


def differing(name):
    style, language = name.split(".")
    golden = read(f"{name}.json")
    found = {}
    for record in records():
        ours = fold(plain_text(shortened(format_entry(record, style, language))))
        theirs = oracle_text(golden[record["id"]])
        if ours != theirs:
            found[record["id"]] = (ours, theirs)
    return found


@pytest.mark.parametrize("name", FILES)
def test_entries_are_those_of_the_reference_processor_or_the_difference_is_explained(name):
    explained = read(f"{name}.differences.json")
    found = differing(name)
    assert {key: pair for key, pair in found.items() if key not in explained} == {}
    assert set(explained) - set(found) == set(), "explained, but no longer different"
    assert all(len(reason) > 30 for reason in explained.values())


@pytest.mark.parametrize("name", FILES)
def test_italics_and_raised_letters_are_where_the_reference_processor_sets_them(name):
    style, language = name.split(".")
    golden, explained = read(f"{name}.json"), read(f"{name}.differences.json")
    for record in records():
        theirs = golden[record["id"]]
        if (
            record["id"] not in explained
            and record["id"] not in UPRIGHT.get(style, ())
            and len(theirs) < 2000
        ):
            assert pieces(format_entry(record, style, language)) == pieces(theirs), record["id"]


def test_differences_are_few():
    assert len(records()) >= 150
    assert sum(len(read(f"{name}.differences.json")) for name in FILES) < 0.03 * len(FILES) * len(
        records()
    )
