"""`make bench`: how well the same work is known again, on pairs labelled beforehand
(tests/references/data/pairs).

Precision of *same*: of the pairs called the same, how many are. Recall: of the pairs that are or
may be the same, how many are called same or perhaps. A pair that shares no key is never compared,
which counts as different.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "true")
os.environ.setdefault("SECRET_KEY", "only for measuring; nothing is stored or served")
django.setup()

from references import identifiers, matching  # noqa: E402 - the settings come first
from references.formats.records import Name, Record  # noqa: E402

PAIRS = Path(__file__).resolve().parent.parent / "tests/references/data/pairs"
LEAST_PRECISION, LEAST_RECALL = 0.995, 0.98


def pairs(name):
    """`(label, kind, record, record)` of each pair of a file."""
    for line in (PAIRS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        yield pair["label"], pair["kind"], record_of(pair["one"]), record_of(pair["other"])


def record_of(data):
    found = Record(**{**data, "names": [Name(family, given) for family, given in data["names"]]})
    for name in ("doi", "pmid", "pmcid", "isbn"):
        setattr(found, name, getattr(identifiers, name)(getattr(found, name)))
    return found


def verdict(one, other):
    """As a library has it: candidates by a key or an identifier, then the judgement."""
    known = any(
        getattr(one, name) and getattr(one, name) == getattr(other, name)
        for name in matching.IDENTIFIERS
    )
    known = (
        known
        or set(matching.isbns(one)) & set(matching.isbns(other))
        or matching.keys(one) & matching.keys(other)
    )
    return matching.judge(one, other).verdict if known else matching.DIFFERENT


def measure(name):
    """`(precision of same, recall of same or perhaps, Counter of (label, verdict), Counter of kinds
    taken wrong)`."""
    found, wrong = Counter(), Counter()
    for label, kind, one, other in pairs(name):
        said = verdict(one, other)
        found[label, said] += 1
        if said == "same" != label or (said == "different" != label):
            wrong[label, kind, said] += 1
    same = sum(count for (_label, said), count in found.items() if said == "same")
    one_work = sum(count for (label, _said), count in found.items() if label != "different")
    missed = sum(
        count
        for (label, said), count in found.items()
        if label != "different" and said == "different"
    )
    return found["same", "same"] / same, 1 - missed / one_work, found, wrong


def main():
    good = True
    for name in ("seen", "unseen"):
        precision, recall, found, wrong = measure(name)
        needless = found["different", "perhaps"] / sum(
            count for (label, _s), count in found.items() if label == "different"
        )
        print(
            f"{name:<8} precision of same {precision:.4f}, recall of same or perhaps {recall:.4f}",
            end=", ",
        )
        print(f"of what is different asked about {needless:.3f}")
        if "--why" in sys.argv and name == "seen":
            print(*(f"  {count:>3} {what}" for what, count in wrong.most_common()), sep="\n")
        good = good and precision >= LEAST_PRECISION and recall >= LEAST_RECALL
    if not good:
        sys.exit(f"Allowed are {LEAST_PRECISION} and {LEAST_RECALL} or more.")


if __name__ == "__main__":
    main()
