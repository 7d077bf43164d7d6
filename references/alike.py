"""Works of the library that are perhaps one, or versions of each other that nobody has linked
yet."""

from itertools import combinations

from django.db.models import Count, Max, Q

from . import matching
from .citing.records import record_of
from .models import MatchKey, Reference, Relation
from .models.sameness import MOST_ALIKE

# Keys and pairs one look takes up, so that a library of any size answers; what is settled makes
# room for the rest.
MOST_KEYS, MOST_PAIRS = 2000, 2000


def pairs(at_most=None):
    """`[(one, other, Judgement)]`, what was added last first: the same, perhaps the same, and
    relations not yet said. `at_most`: how many pairs with something in common are looked at."""
    found = _unsettled(_sharing_a_key())[:at_most]
    works = Reference.objects.with_people()
    works = works.in_bulk({pk for pair in found for pk in pair})
    features = {
        pk: matching.Features(record_of(work, subjects=False)) for pk, work in works.items()
    }
    judged = ((one, other, matching.weigh(features[one], features[other])) for one, other in found)
    return [
        (works[one], works[other], judgement)
        for one, other, judgement in judged
        if judgement.verdict != matching.DIFFERENT or judgement.relation
    ]


def _sharing_a_key():
    """Pairs of primary keys, the smaller first, each once, the newest work first."""
    shared = (
        MatchKey.objects.values("key")
        .annotate(n=Count("pk"), last=Max("reference"))
        .order_by("-last", "key")
    )
    keys = list(
        shared.filter(n__gte=2, n__lte=MOST_ALIKE).values_list("key", flat=True)[:MOST_KEYS]
    )
    by_key = {}
    for key, pk in (
        MatchKey.objects.filter(key__in=keys).values_list("key", "reference").order_by("reference")
    ):
        by_key.setdefault(key, []).append(pk)
    found = {pair for pks in by_key.values() for pair in combinations(pks, 2)}
    return sorted(found, key=lambda pair: (-pair[1], -pair[0]))[:MOST_PAIRS]


def _unsettled(found):
    """Without the pairs of which the author has said what they are."""
    wanted = {pk for pair in found for pk in pair}
    known = Relation.objects.filter(Q(one__in=wanted) & Q(other__in=wanted)).values_list(
        "one", "other"
    )
    settled = {(min(pair), max(pair)) for pair in known}
    return [pair for pair in found if pair not in settled]
