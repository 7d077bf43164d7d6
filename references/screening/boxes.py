"""Each box of the flow is a query: its number is how many rows it finds, its list is those rows."""

from django.db.models import Count, F, Max, Min, Q

from ..models import DATABASES, Decision, Hit, Reference, SearchRun, Study
from .flow import Arm, Flow

_STAGES = {
    "waiting": (Hit.Stage.WAITING, Hit.Stage.MAYBE),
    "excluded": (Hit.Stage.EXCLUDED,),
    "sought": (
        Hit.Stage.SOUGHT, Hit.Stage.NOT_RETRIEVED, Hit.Stage.REFUSED, Hit.Stage.INCLUDED,
    ),
    "not_retrieved": (Hit.Stage.NOT_RETRIEVED,),
    "assessed": (Hit.Stage.SOUGHT, Hit.Stage.REFUSED, Hit.Stage.INCLUDED),
    "unread": (Hit.Stage.SOUGHT,),
    "refused": (Hit.Stage.REFUSED,),
    "included": (Hit.Stage.INCLUDED,),
}  # fmt: skip
OTHERS = "others-"
# What keeps the last boxes from closing.
LOOSE = ("no-work", "same-work")
NAMES = ["identified", "removed", *Hit.Removed.values, "screened", *_STAGES]
WORKS = ("new", "previous", "total")


def rows(box, since=None):
    """The hits of a box; of the other methods with `others-` before its name, of one source or
    reason with that behind it: “identified:pubmed”, “refused:3”."""
    if box in LOOSE:
        return loose()[box]
    box, _colon, part = box.partition(":")
    found = _rows(box, since)
    if part and box.removeprefix(OTHERS) == "refused":
        return found.filter(pk__in=_last_reasons(found).filter(reason__number=part).values("hit"))
    if part:
        return found.filter(**{_by(box): part})
    return found


def _by(box):
    """What tells the parts of the first box: of databases each source, of other methods each
    method."""
    return "run__method" if box.startswith(OTHERS) else "source"


def works(box, since=None):
    """The works behind the boxes below: `new`, `previous` or `total`."""
    new, old = included(since), previous(since)
    if box == "total":
        return Reference.objects.filter(Q(pk__in=new.values("pk")) | Q(pk__in=old.values("pk")))
    return {"new": new, "previous": old}[box]


def _rows(box, since):
    name = box.removeprefix(OTHERS)
    if name not in NAMES:
        raise ValueError(box)
    databases = Q(run__method__in=DATABASES)
    found = Hit.objects.filter(databases if name == box else ~databases)
    if since:
        found = found.filter(run__on__gte=since)
    if name == "removed":
        return found.exclude(removed="")
    if name in Hit.Removed.values:
        return found.filter(removed=name)
    if name != "identified" or name != box:  # what another method found twice is no box there
        found = found.filter(removed="")
    return found.filter(stage__in=_STAGES[name]) if name in _STAGES else found


def loose():
    """`{name: hits}` of what was included and is no work of its own: its work is gone, or another
    record that was included leads to the same."""
    included = Hit.objects.filter(stage=Hit.Stage.INCLUDED, removed="")
    firsts = included.order_by().values("reference").annotate(first=Min("pk")).values("first")
    return {
        "no-work": included.filter(reference=None),
        "same-work": included.exclude(reference=None).exclude(pk__in=firsts),
    }


def _arm(prefix, since):
    arm = Arm()
    field = _by(f"{prefix}identified")
    found = rows(f"{prefix}identified", since)
    counted = found.order_by().values(field).annotate(n=Count("pk"))
    arm.identified = {each[field]: each["n"] for each in counted}
    if not prefix:
        arm.removed = {name: rows(name, since).count() for name in Hit.Removed.values}
        _add_what_never_came(arm, since)
        arm.screened = rows("screened", since).count()
    for name in ("excluded", "waiting", "sought", "not_retrieved", "assessed", "unread"):
        setattr(arm, name, rows(f"{prefix}{name}", since).count())
    arm.included = rows(f"{prefix}included", since).count()
    arm.refused = _reasons(rows(f"{prefix}refused", since))
    return arm


def _add_what_never_came(arm, since):
    """What a source counted and gave no record of is identified, and removed for another reason."""
    for source, missing in never_came(since):
        arm.identified[source] = arm.identified.get(source, 0) + missing
        arm.removed["other"] += missing


def never_came(since=None):
    """`(source, how many)` that it counted and gave no record of: they stand in no list."""
    runs = SearchRun.objects.filter(
        state=SearchRun.State.DONE, method__in=DATABASES, counted__gt=F("fetched")
    )
    for run in runs.filter(on__gte=since) if since else runs:
        yield run.source, run.counted - run.fetched


def _last_reasons(refused):
    """The last decisions on them that stand and give a reason; what has none does not count, and
    its box does not close."""
    last = (
        Decision.objects.filter(
            stage=Decision.Stage.FULL_TEXT, verdict=Decision.Verdict.EXCLUDE, undone_by=None
        )
        .filter(hit__in=refused)
        .values("hit")
        .annotate(last=Max("pk"))
        .values("last")
    )
    return Decision.objects.filter(pk__in=last, reason__isnull=False).order_by()


def _reasons(refused):
    """How many for each reason."""
    counted = _last_reasons(refused).values("reason__number").annotate(n=Count("pk"))
    return {str(each["reason__number"]): each["n"] for each in counted}


def included(since=None, *, before=False):
    """The works that were included, through what was found since, or before, a day."""
    hits = Hit.objects.filter(stage=Hit.Stage.INCLUDED, removed="")
    if since:
        hits = hits.filter(run__on__lt=since) if before else hits.filter(run__on__gte=since)
    elif before:
        hits = hits.none()
    return Reference.objects.filter(pk__in=hits.values("reference"))


def previous(since=None):
    """Works included before; and those of the evidence table that no search on record brought."""
    new = included(since).values("pk")
    earlier = Q(pk__in=included(since, before=True).values("pk")) | Q(facts__isnull=False)
    return Reference.objects.filter(earlier).exclude(pk__in=new).distinct()


def studies(works):
    """How many studies the works report on; a work without one is its own."""
    own = works.filter(study=None).count()
    return own + Study.objects.filter(pk__in=works.values("study")).count()


def flow(since=None):
    """The `Flow` of all that is on record; what was found before `since` is of the version
    before."""
    databases, others = _arm("", since), _arm(OTHERS, since)
    new, old, both = (works(box, since) for box in WORKS)
    made = Flow(databases, others if others.total else None)
    made.new_reports, made.previous_reports = new.count(), old.count()
    made.new_studies, made.previous_studies = studies(new), studies(old)
    made.total_reports, made.total_studies = both.count(), studies(both)
    return made


def oldest_undecided():
    """The day of the first search of which something still waits; None where nothing does."""
    stages = (Hit.Stage.WAITING, Hit.Stage.MAYBE, Hit.Stage.SOUGHT)
    waiting = Hit.objects.filter(removed="", stage__in=stages)
    return waiting.order_by("run__on").values_list("run__on", flat=True).first()
