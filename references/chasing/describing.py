"""Works of which an index gave numbers alone: Crossref says what they are."""

import json
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from .. import formats
from ..importing.lookup import from_crossref
from ..models import Candidate
from ..searching import crossref
from ..searching.asking import as_json, ask, readable

BLOCK = 20
MOST = 2000  # of one run, the heaviest first
AGAIN = timedelta(days=30)


def next_ones():
    """The next works to be asked for; what Crossref did not know rests for a month."""
    rows = Candidate.objects.filter(data={}, doi__gt="", state=Candidate.State.OFFERED)
    lately = timezone.now() - AGAIN
    return list(rows.exclude(asked__gt=lately).order_by("-weight", "pk")[:BLOCK])


def records_of(dois):
    """`{doi: Record}` of those Crossref knows. Raises `SearchFailed`."""
    # A comma would end the number in a list of them.
    together = [doi for doi in dois if "," not in doi]
    if not together:
        return {}
    query = {
        "filter": ",".join(f"doi:{doi}" for doi in together),
        "rows": len(together),
        "select": crossref.FIELDS,
    }
    if settings.LOOKUP_CONTACT:
        query["mailto"] = settings.LOOKUP_CONTACT
    body = ask("crossref", crossref.LABEL, f"{settings.CROSSREF_URL}/works", query)
    answer = as_json(body, crossref.LABEL)
    with readable(crossref.LABEL):
        items = [from_crossref(each) for each in answer["message"]["items"]]
        records = formats.parse(json.dumps(items)).records if items else []
    for each in records:
        each.citekey = ""
    return {each.doi: each for each in records if each.doi in set(together)}
