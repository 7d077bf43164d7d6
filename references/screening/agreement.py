"""Whether she would decide the same again: a tenth of what she screened comes once more, without
what she said, and Cohen's κ of both answers."""

from django.db.models import F

from ..models import Decision, Hit

ONE_IN, THIS_ONE = 10, 3
INCLUDE, EXCLUDE = Decision.Verdict.INCLUDE, Decision.Verdict.EXCLUDE


def kappa(both: int, first: int, second: int, neither: int) -> float | None:
    """Cohen's κ of a table of two: both include, only the first answer does, only the second,
    neither. None where there is nothing, or nothing but one answer."""
    total = both + first + second + neither
    if not total:
        return None
    observed = (both + neither) / total
    include = (both + first) * (both + second)
    exclude = (second + neither) * (first + neither)
    chance = (include + exclude) / total**2
    return None if chance == 1 else (observed - chance) / (1 - chance)


def _standing(stage):
    return Decision.objects.filter(
        stage=stage, verdict__in=(INCLUDE, EXCLUDE), undone_by=None
    ).order_by("pk")


def waiting():
    """The records of the tenth that have not come again."""
    first = _standing(Decision.Stage.SCREENING).order_by().values("hit")
    again = _standing(Decision.Stage.AGAIN).order_by().values("hit")
    tenth = Hit.objects.annotate(of_ten=F("pk") % ONE_IN).filter(of_ten=THIS_ONE, removed="")
    return tenth.filter(pk__in=first).exclude(pk__in=again)


def table():
    """`[both include, only the first, only the second, neither]` of all that came again."""
    again = dict(_standing(Decision.Stage.AGAIN).values_list("hit", "verdict"))
    first = dict(
        _standing(Decision.Stage.SCREENING)
        .filter(hit__in=_standing(Decision.Stage.AGAIN).order_by().values("hit"))
        .values_list("hit", "verdict")
    )
    counts = {(one, two): 0 for one in (INCLUDE, EXCLUDE) for two in (INCLUDE, EXCLUDE)}
    for hit, verdict in again.items():
        if hit in first:
            counts[first[hit], verdict] += 1
    return list(counts.values())
