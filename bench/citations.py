"""Citations beside those of citeproc-js (tests/references/csl/golden): how many are the same, and
of what kinds the others are. `python -m bench.citations` prints the tables of docs/formats.md;
`--records` the records of the databases for `oracle/make_golden.mjs`.
"""

import json
import os
import sys
from collections import Counter

import django

LEAST = 0.995
NAMES = {
    "made": "made for it",
    "seen": "full of what goes wrong, looked at",
    "unseen": "the same, not looked at",
    "databases": "as databases export them, not looked at",
}


def database_items():
    """What the readers make of the files of data/dialects, as the styles are given it."""
    from references.citing.records import NO_VARIABLE
    from references.formats import csljson
    from tests.references.formats import dialects

    for stem in sorted(dialects.FILES):
        for number, record in enumerate(dialects.parse(stem).records, 1):
            item = csljson.as_item(record)
            kept = {key: value for key, value in item.items() if key not in NO_VARIABLE}
            yield {**kept, "id": f"{stem}-{number}"}


def compared():
    """`(set, file, id, kinds of the difference)` of every entry; no kinds where it is the same,
    None for one that is not explained."""
    from tests.references.csl import test_golden as golden

    for file in golden.FILES:
        explained, found = golden.read(f"{file}.differences.json"), golden.differing(file)
        for record in golden.records():
            key = record["id"]
            yield "made", file, key, [explained.get(key)] if key in found else []
        for key, ours, theirs in golden.more(file):
            which = "unseen" if key.startswith("u") else "seen"
            yield which, file, key, _faults(golden, ours, theirs)
    explained, items = golden.read("dialects/differences.json"), list(database_items())
    for file in golden.FILES:
        entries, (style, language) = golden.read(f"dialects/{file}.json"), file.split(".")
        for item in items:
            key, entry = item["id"], golden.format_entry(item, style, language)
            same = golden.fold(golden.plain_text(entry)) == golden.oracle_text(entries[key])
            yield "databases", file, key, [] if same else [explained.get(key)]


def _faults(golden, ours, theirs):
    if ours == theirs:
        return []
    if golden.set_right(ours) != golden.set_right(theirs):
        return [None]
    every = set(golden.FAULTS)
    return [
        fault
        for fault in golden.FAULTS
        if golden.set_right(ours, every - {fault}) != golden.set_right(theirs, every - {fault})
    ]


def tables():
    """The tables of docs/formats.md, line by line, and whether all is as it should be."""
    entries, others, kinds, works = Counter(), Counter(), {}, {}
    for which, _file, key, found in compared():
        entries[which] += 1
        works.setdefault(which, set()).add(key)
        others[which] += bool(found)
        for kind in found:
            kinds.setdefault(kind or "not explained", Counter())[which] += 1
    lines = ["| records | how many | entries | identical | otherwise |", "|---|---|---|---|---|"]
    for which, name in NAMES.items():
        share = 1 - others[which] / entries[which]
        lines.append(
            f"| {name} | {len(works[which])} | {entries[which]} | {share:.1%} | {others[which]} |"
        )
    lines += ["", f"| of what kind | {' | '.join(NAMES)} |", "|---" * (len(NAMES) + 1) + "|"]
    for kind, counts in sorted(kinds.items(), key=lambda pair: -pair[1].total()):
        lines.append(f"| {kind} | {' | '.join(str(counts[which] or '') for which in NAMES)} |")
    good = "not explained" not in kinds
    return lines, good and 1 - others["databases"] / entries["databases"] >= LEAST


def main():
    if "--records" in sys.argv:
        return print(json.dumps(list(database_items()), ensure_ascii=False, indent=1))
    lines, good = tables()
    print("\n".join(lines))
    if not good:
        sys.exit(f"Of the databases' {LEAST:.1%} are to be identical, and every other explained.")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    main()
