"""What the author decided of an export: `{"version": 1, "items": {"12": {"as": "front"}}}`.

`as`: chapter, front, back, post, notes or leave. `articles`: its list of articles becomes works
listed in the chapter. `drop`: totals and announcements somebody typed go. Beside the items,
`"prefixes": {"/about/": "/review/about/"}` says where everything below an old address leads, and
`"bases": {"category": "topics"}` how the old site began the addresses of its categories, tags and
authors where it was told to (Settings → Permalinks).
"""

import json
import re

from . import survey as surveys

BASES = {"category": "category", "tag": "tag", "author": "author"}
AS = ("chapter", "front", "back", "post", "notes", "leave")


class Unusable(ValueError):
    """A file of decisions that cannot be used; the words say why."""


def proposed(survey):
    """What is done where she says nothing."""
    items = {}
    for number, become in surveys.proposals(survey).items():
        entry = survey.entries[number]
        if entry.kind == "page" or entry.found:
            items[str(number)] = _described(entry, become)
    return {"version": 1, "items": items}


def _described(entry, become):
    row = {"title": entry.title, "as": become}
    if entry.found.citation:
        row["notes_on"] = entry.found.citation
    if entry.found.listed:
        row |= {"articles_found": entry.found.listed, "articles": False}
    if entry.found.totals or entry.found.news:
        row |= {"typed": [*entry.found.totals, *entry.found.news], "drop": False}
    return row


def read(text):
    """The decisions of a file; raises `Unusable`."""
    try:
        given = json.loads(text)
        items = given["items"]
        if given.get("version") != 1:
            raise Unusable("Its version is not 1.")
        for number, row in items.items():
            if not number.isdigit() or row.get("as") not in AS:
                raise Unusable(f"{number}: “as” must be one of {', '.join(AS)}.")
        for pair in given.setdefault("prefixes", {}).items():
            if not all(isinstance(each, str) and each.startswith("/") for each in pair):
                raise Unusable("“prefixes”: addresses begin with a slash.")
        _check_bases(given.setdefault("bases", {}))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, Unusable):
            raise
        raise Unusable(f"It is not a file of decisions: {error}") from None
    return given


def _check_bases(bases):
    for name, base in bases.items():
        if name not in BASES or not isinstance(base, str) or not cleaned(base):
            raise Unusable(f"“bases”: of {', '.join(BASES)}, as they stand in addresses.")


def cleaned(base):
    """“/blog/topics/” → “blog/topics”; "" for what is part of no address."""
    base = base.strip().strip("/")
    return base if re.fullmatch(r"[\w./-]{1,100}", base) else ""


def write(decisions):
    return json.dumps(decisions, ensure_ascii=False, indent=1) + "\n"


class Decisions:
    """What becomes of each item."""

    def __init__(self, survey, given=None):
        self.proposed = surveys.proposals(survey)
        given = given or {}
        self.items = {int(number): row for number, row in given.get("items", {}).items()}
        self.prefixes = given.get("prefixes", {})
        told = {name: cleaned(base) for name, base in given.get("bases", {}).items()}
        self.bases = BASES | {name: base for name, base in told.items() if base}

    def become(self, number):
        return self.items.get(number, {}).get("as") or self.proposed.get(number, "leave")

    def takes_articles(self, number):
        return bool(self.items.get(number, {}).get("articles"))

    def drops(self, number):
        return bool(self.items.get(number, {}).get("drop"))
