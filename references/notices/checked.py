"""What readers are told of the watch for notices: when a work was last asked for, and which works
nobody can ask about."""

from django.db.models import Subquery

from ..models import NoticeWatch
from .watching import SOURCES, unwatched


def annotations():
    """When the last whole round of each source ended, as columns of a work's own query."""
    return {
        f"asked_{source}": Subquery(NoticeWatch.objects.filter(source=source).values("ended"))
        for source in SOURCES
    }


def of_work(work):
    """`{"on": moment, "where": labels}` of the sources that were asked since the work is here;
    `{"cannot": True}` for a work without a number; nothing where no source was ever asked."""
    ended = {source: getattr(work, f"asked_{source}") for source in SOURCES}
    if not any(ended.values()):
        return {}
    asked = {
        source: ended[source] for source, each in SOURCES.items() if getattr(work, each.NUMBER)
    }
    if not asked:
        return {"cannot": True}
    since = {source: on for source, on in asked.items() if on and on > work.added}
    labels = [str(SOURCES[source].LABEL) for source in since]
    return {"on": min(since.values()), "where": ", ".join(labels)} if since else {}


def of_library():
    """The same of all works, with `unwatched`, how many have no number. Two questions."""
    rows = list(NoticeWatch.objects.exclude(ended=None))
    if not rows:
        return {}
    labels = ", ".join(str(SOURCES[each.source].LABEL) for each in rows if each.source in SOURCES)
    return {
        "on": min(each.ended for each in rows),
        "where": labels,
        "unwatched": unwatched().count(),
    }
