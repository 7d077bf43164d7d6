"""What people type into PubMed, in the words of our own search: herz[au], 1940:1959[dp], AND,
NOT."""

import re

from publishing.search.query import MAX_LENGTH

AUTHOR = {
    "au",
    "author",
    "author - first",
    "author - last",
    "fau",
    "1au",
    "first author",
    "lastau",
    "last author",
    "full author name",
    "ed",
}
DATE = {"dp", "pdat", "edat", "crdt", "date - publication", "publication date", "year"}
_RANGE = re.compile(
    r"""["(]{0,3}(\d{4})(?:/\d{1,2}){0,2}[")]{0,3}\s{0,3}(?:\[[^\[\]]{0,40}\])?\s{0,3}:
    \s{0,3}["(]{0,3}(\d{4})(?:/\d{1,2}){0,2}[")]{0,3}(?:\s{0,3}\[[^\[\]]{0,40}\])?""",
    re.VERBOSE,
)
# A word with its initials, or a phrase, or a word; then the field in brackets. A word is looked at
# from its beginning only.
_WORD = r'(?<![^\s"\[\]()])([^\s"\[\]()]+)'
_TAGGED = re.compile(
    rf'(?:"([^"]*)"|{_WORD}\s+([A-Z]{{1,3}}|[a-z]{{1,2}})(?=\s*\[)|{_WORD})\s*\[([\w'
    r" /:~-]{1,40})\]"
)
_INITIALS = re.compile(r"\s+[A-Z]{1,3}$|\s+[a-z]{1,2}$")


def translate(text):
    """The same question for `publishing.search`, as far as that reads. What is not PubMed's stays
    as it is."""
    text = _RANGE.sub(r" year:\1-\2 ", text[:MAX_LENGTH])
    text = _TAGGED.sub(_field, text)
    text = re.sub(r"\bNOT\s+(?=\S)", "-", text)
    return re.sub(r"\s+", " ", re.sub(r"\bAND\b", " ", text)).strip()


def _field(match):
    phrase, word, initials, alone, name = match.groups()
    name = name.partition(":")[0].strip().casefold()
    if name in AUTHOR:
        return f' author:"{_INITIALS.sub("", phrase)}" ' if phrase else f" author:{word or alone} "
    if name in DATE:
        year = re.match(r"\d{4}", phrase or alone or "")
        return f" year:{year[0]} " if year else " "
    # Other fields are not told apart here: their words are looked for everywhere.
    return f' "{phrase}" ' if phrase else f" {word or alone} {initials or ''} "
