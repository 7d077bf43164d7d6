"""A page of records is kept, and its run moved on, in one transaction."""

from django.db.models import F
from django.utils import timezone

from publishing import tasks

from ..models import SearchRun
from . import deduplicating

MOST_WARNINGS = 50


def keep(run, page, **at_the_end):
    """What a page brought, and where to go on; nothing if another worker was first. Gives whether
    the run is done; `at_the_end` are fields it then gets.

    All comparing is done before the transaction begins.
    """
    done = not page.cursor

    def keep_it(found):
        here = SearchRun.objects.filter(pk=run.pk, cursor=run.cursor, state__in=SearchRun.OPEN)
        moved = here.update(
            cursor=page.cursor,
            fetched=F("fetched") + len(page.records),
            again=F("again") + found.again,
            warnings=[*run.warnings, *page.warnings][:MOST_WARNINGS],
            state=SearchRun.State.DONE if done else SearchRun.State.RUNNING,
            ended=timezone.now() if done else None,
            error="",
            tries=0,
            **(at_the_end if done else {}),
        )
        if moved:
            deduplicating.write(found)
            if done:
                tell()
        return bool(moved and done)

    return deduplicating.settle(lambda: deduplicating.compared(run, page.records), keep_it)


def tell():
    """What readers are told of searches is written anew."""
    tasks.enqueue("references.search_record")
