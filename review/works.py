"""The works of a chapter, each once: what its text cites, by number, then what is placed in it
without being cited."""

import re
from dataclasses import dataclass, field
from html import unescape

_ITEM, _END = '<li id="ref-', "</li>"
_CITEKEY = re.compile(r'href="/references/([^"/]+)/"')


@dataclass
class Works:
    """`cited`: `(number, stored entry, remark)`; `listed`: the other placements, as they come."""

    cited: list = field(default_factory=list)
    listed: list = field(default_factory=list)

    def __len__(self):
        return len(self.cited) + len(self.listed)


def of_chapter(references_html: str, placements) -> Works:
    """`placements` in order, with their works; a remark on a work that is cited stands with it."""
    remarks = {row.reference.citekey: row.remark for row in placements}
    found = Works()
    cited = set()
    for item in references_html.split(_ITEM)[1:]:
        number, _quote, entry = item.partition(_END)[0].partition('">')
        key = _CITEKEY.search(entry) if remarks else None
        citekey = unescape(key[1]) if key else ""
        cited.add(citekey)
        found.cited.append((number, entry.strip(), remarks.get(citekey, "")))
    year = None
    for row in placements:
        if row.reference.citekey not in cited:
            row.same_year = bool(found.listed) and row.reference.year == year is not None
            year = row.reference.year
            found.listed.append(row)
    return found
