"""When two records are one work, perhaps one or two, and why; and in what they differ. No ORM here.

`judge()` decides and says its reason; `keys()` are what two works must share one of to be compared
at all, so that a library finds its candidates by an index. Identifiers say it for certain, as do
journal, volume and first page together. What is only much alike is *perhaps* the same: the author
is asked. Versions (a preprint, a part, an edition) are never the same. Rules and figures:
docs/adr/0020-the-same-work.md.
"""

from .differing import COMPARED, ROWS_OF_THEIR_OWN, Difference, contradict, differences
from .features import IDENTIFIERS, Features, isbns, keys
from .likeness import titled_alike
from .verdict import DIFFERENT, PERHAPS, REASONS, SAME, Judgement, is_said_of, judge, weigh

__all__ = [
    "COMPARED",
    "DIFFERENT",
    "IDENTIFIERS",
    "PERHAPS",
    "REASONS",
    "ROWS_OF_THEIR_OWN",
    "SAME",
    "Difference",
    "Features",
    "Judgement",
    "contradict",
    "differences",
    "is_said_of",
    "isbns",
    "judge",
    "keys",
    "titled_alike",
    "weigh",
]
