"""What readers are told of searches and decisions, written when these change: the page reads one
row."""

from collections import Counter

from django.db import transaction
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ..chasing import seeds
from ..models import (
    DATABASES,
    READERS,
    Candidate,
    Decision,
    ExclusionReason,
    Hit,
    Method,
    Methods,
    SavedSearch,
    SearchRun,
)
from ..searching import rules
from . import agreement, boxes, words
from . import flow as arithmetic

MOST_RUNS = 60
BY_ITSELF = Q(by_hand=False)  # what the site asked, not what she did elsewhere


def refresh():
    """Write it anew; gives the `Methods`. What readers have stays as it was while a box of the
    flow does not close."""
    row = Methods.load()
    flow = boxes.flow(row.new_since)
    found = arithmetic.gaps(flow)
    values = {
        "kept": {**row.kept, "gaps": [[gap.box, gap.expected, gap.found] for gap in found]},
        "searched_to": searched_to(),
        "taken_in_to": taken_in_to(),
    }
    if not found:
        values["kept"] = {**kept(flow), "chasing": chasing(row), "nominations": nominations()}
    if any(getattr(row, name) != value for name, value in values.items()):
        with transaction.atomic():
            Methods.objects.get_or_create(pk=1)
            Methods.objects.filter(pk=1).update(**values)
        row = Methods.load()
    return row


def unclosed(flow):
    """What does not close, a sentence a box."""
    labels = words.labels({})
    said = _("“%(box)s” has %(found)s, and the boxes before it leave %(expected)s.")
    for gap in arithmetic.gaps(flow):
        name = gap.box.removeprefix(boxes.OTHERS)
        values = {"box": labels.get(name, name), "found": gap.found, "expected": gap.expected}
        yield said % values


def kept(flow):
    return {
        "flow": arithmetic.as_json(flow),
        "reasons": {
            str(each.number): {"en": each.name, "es": each.name_es, "ca": each.name_ca}
            for each in ExclusionReason.objects.all()
        },
        "searches": [_search(each) for each in SavedSearch.objects.all()],
        "runs": [_run(each) for each in _runs()],
        "last": _last(),
        "rules": _rules(),
        # Whatever is decided of a report changes the list of decisions readers can take.
        "decided": Decision.objects.filter(stage=Decision.Stage.FULL_TEXT).aggregate(
            last=Max("pk")
        )["last"],
        "again": agreement.table(),
        "people": Decision.objects.exclude(by=None).values("by").distinct().count(),
        "gaps": [],
    }


def chasing(methods):
    """Citation searching, as PRISMA-S asks: of how many works, from which day; None where it never
    was."""
    runs = SearchRun.objects.filter(BY_ITSELF, method=Method.CITATIONS, state=SearchRun.State.DONE)
    on = runs.aggregate(on=Max("on"))["on"]
    return on and {
        "on": str(on),
        "seeds": seeds.asked().count(),
        "interval": methods.chase_every,
        "found": Candidate.objects.count(),
        "taken": Hit.objects.filter(run__in=runs, removed="").count(),
    }


def nominations():
    """How many works readers named, and what became of them; None where nobody named any."""
    hits = Hit.objects.filter(run__method=Method.CONTACTS, source=READERS, removed="")
    stages = Counter(hits.values_list("stage", flat=True))
    return sum(stages.values()) and {
        "count": sum(stages.values()),
        "included": stages[Hit.Stage.INCLUDED],
    }


def _search(search):
    return {
        "name": search.name,
        "strategies": search.strategies,
        "limits": search.limits,
        "languages": rules.codes(search.only_languages),
        "years": [search.first_year, search.last_year],
        "kinds": rules.codes(search.not_kinds),
        "interval": search.interval,
        "resting": search.resting,
        "why": search.resting_why,
    }


def _rules():
    """`[[rule, how many records it took out]]`"""
    found = Hit.objects.filter(removed=Hit.Removed.AUTOMATION).exclude(removed_by="")
    counted = found.order_by("removed_by").values("removed_by").annotate(n=Count("pk"))
    return [[each["removed_by"], each["n"]] for each in counted]


def _runs():
    done = SearchRun.objects.filter(state=SearchRun.State.DONE).exclude(source=READERS)
    new = Count("hits", filter=Q(hits__removed=""))
    return done.annotate(new=new).order_by("-on", "-pk")[:MOST_RUNS]


def _run(run):
    return {
        "source": run.source,
        "method": run.method,
        "by_hand": run.by_hand,
        "on": str(run.on),
        "from": str(run.window_from or ""),
        "strategy": run.strategy,
        "translation": run.translation,
        "counted": run.counted,
        "new": run.new,
    }


def _last():
    """The heartbeat: when last a search was run, and how many records it found new."""
    done = SearchRun.objects.filter(state=SearchRun.State.DONE)
    # What citations bring is chosen from a ranking, what readers name comes by itself.
    done = done.exclude(BY_ITSELF, method__in=(Method.CITATIONS, Method.CONTACTS))
    on = done.aggregate(on=Max("on"))["on"]
    if on is None:
        return {}
    new = Hit.objects.filter(run__in=done.filter(on=on), removed="").count()
    return {"on": str(on), "new": new}


def searched_to():
    """The day up to which every source that is asked has been searched; None where one never
    was."""
    ran = dict(
        SearchRun.objects.filter(state=SearchRun.State.DONE, method__in=DATABASES)
        .exclude(search=None)
        .order_by()
        .values("search", "source")
        .annotate(to=Max("window_to"))
        .values_list("source", "to")
    )
    today = timezone.localdate()
    wanted = {source for search in SavedSearch.objects.all() for source in search.strategies}
    if not wanted:
        hand = SearchRun.objects.filter(state=SearchRun.State.DONE, method__in=DATABASES)
        to = hand.aggregate(to=Max("on"))["to"]
        return min(to, today) if to else None
    days = [ran.get(source) for source in wanted]
    return min([*days, today]) if all(days) else None


def taken_in_to():
    """The day up to which all that was found is decided."""
    to, waiting = searched_to(), boxes.oldest_undecided()
    if to is None or waiting is None or waiting > to:
        return to
    done = SearchRun.objects.filter(state=SearchRun.State.DONE, method__in=DATABASES)
    return done.filter(on__lt=waiting).aggregate(to=Max("on"))["to"]


def undecided():
    """How many wait in each stage, for the desk."""
    stages = Hit.objects.filter(removed="").order_by().values("stage").annotate(n=Count("pk"))
    return Counter({each["stage"]: each["n"] for each in stages})


def first_search():
    return SearchRun.objects.filter(state=SearchRun.State.DONE).aggregate(on=Min("on"))["on"]
