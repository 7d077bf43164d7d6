"""A plainly fictitious evidence table and lineage, in memory: the library's own records state few
facts, and nothing may be made up among them."""

import json
from pathlib import Path

from references.browsing import evidence, lineage
from references.models import Reference, StudyFacts

FILE = Path(__file__).parent / "sample/fictitious.json"


def shown():
    """What the templates of the evidence table and of a lineage need; stored nowhere."""
    relations, works, own = [], [], None
    for item in json.loads(FILE.read_text(encoding="utf-8"))["studies"]:
        work = _work(item)
        works.append(work)
        if item["relation"] == "self":
            own = work
        else:
            relations.append(lineage.Relation(work, item["relation"]))
    return {
        "works": works,
        "columns": [{"label": label} for label in evidence.labels().values()],
        "facts": StudyFacts.FACTS,
        "reference": own,
        "lineage": lineage.arranged(own, relations),
    }


def _work(item):
    work = Reference(
        citekey=item["key"], title=item["title"], authors_short=item["who"], year=item["year"],
        study_design=item["design"], sample_size=item["size"], sample_unit=item["unit"],
        language="en", families=[name.split()[0] for name in item["who"].split(", ")],
    )  # fmt: skip
    work.facts = StudyFacts(reference=work, **item["facts"])
    work.get_absolute_url = lambda: "#evidence"  # it has no page
    work.has_notes = False
    return work
