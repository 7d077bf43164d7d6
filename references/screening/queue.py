"""What is screened next, how many are left and how long that may take."""

from datetime import timedelta
from itertools import pairwise
from statistics import median

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from publishing.search.highlight import mark
from publishing.search.words import fold, tokens

from .. import matching
from ..models import Decision, Hit, Name
from . import agreement
from .deciding import OPEN, Stage

# Seconds for one, as long as nobody knows how fast she is; and a pause that is none of work.
USUAL, PAUSE = 35, timedelta(minutes=5)
LOOKED_AT, MOST_NAMES = 30, 60
MOST_NAMED = 5  # readers who named a work
LONGEST = 20_000  # letters of an abstract


def waiting(stage):
    if stage == Stage.AGAIN:
        return agreement.waiting()
    return Hit.objects.filter(removed="", stage__in=OPEN[stage])


def following(stage, after=0):
    """The next one; those she was not sure of come last, after all others."""
    rows = waiting(stage)
    if stage == Stage.AGAIN:
        return rows.order_by("pk").first()
    first, last = OPEN[stage]
    return (
        rows.filter(stage=first).order_by("pk").first()
        or rows.filter(stage=last, pk__gt=after).order_by("pk").first()
        or rows.filter(stage=last).order_by("pk").first()
    )


def minutes(count):
    """How long so many may take, by what she took for the last ones."""
    moments = list(
        Decision.objects.filter(stage=Stage.SCREENING)
        .order_by("-pk")
        .values_list("at", flat=True)[:LOOKED_AT]
    )
    steps = [one - other for one, other in pairwise(moments)]
    steps = [step.total_seconds() for step in steps if timedelta(0) < step < PAUSE]
    each = median(steps) if len(steps) > 4 else USUAL
    return max(1, round(count * each / 60))


def words_to_mark(methods):
    """Her own words; where she gave none, the names of the register."""
    lines = [line.strip() for line in methods.words_to_mark.splitlines() if line.strip()]
    lines = lines or list(Name.objects.values_list("title", flat=True)[:MOST_NAMES])
    return frozenset(token for line in lines[:200] for token in tokens(fold(line[:200])))


def shown(hit, methods, *, with_readers=False):
    """What the card shows of a hit; `with_readers`: also why readers named it."""
    record, words = hit.record, words_to_mark(methods)
    where = [record.container_short or record.container, str(record.year or "")]
    return {
        "title": marked(hit.title, words),
        "abstract": marked(record.abstract[:LONGEST], words),
        "people": "; ".join(f"{each.family} {each.given[:1]}".strip() for each in record.names[:6]),
        "more_people": len(record.names) > 6,
        "where": ". ".join(filter(None, where)),
        "links": _links(record),
        "perhaps": _perhaps(hit),
        "nominations": list(hit.nominations.all()[:MOST_NAMED]) if with_readers else [],
    }


def marked(text, words) -> SafeString:
    return mark(text, words) if words else conditional_escape(text)


def _links(record):
    if record.doi:
        yield f"doi:{record.doi}", f"https://doi.org/{record.doi}"
    if record.pmid:
        yield f"PMID {record.pmid}", f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"
    if record.pmcid:
        yield record.pmcid, f"https://pmc.ncbi.nlm.nih.gov/articles/{record.pmcid}/"


def _perhaps(hit):
    """The record or work it may be, and why."""
    if hit.verdict != Hit.Verdict.PERHAPS:
        return None
    other = hit.reference or hit.duplicate_of
    return {"other": other, "why": matching.REASONS.get(hit.why, "")}
