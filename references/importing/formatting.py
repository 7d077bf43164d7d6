"""Citations and search rows of what was brought in, written later, portion by portion."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils.html import escape
from django.utils.translation import gettext as _

from publishing import ahead, search, tasks
from publishing.desk import revisions
from publishing.models import IndexEntry, rerender_later, rich_page_models

from ..citing import entries
from ..models import (
    Citation,
    Citing,
    Person,
    Reference,
)

FORMATTED_AT_ONCE, PEOPLE_AT_ONCE = 25, 200
# Within a transaction nobody has a turn between two portions, however small they are.
FORMATTED_WITHIN = 100
READ = ("notices", "cites_rows", "notes", "highlights", "relations", "further_pdfs")
SHORT = (*Reference.FORMATTED, "kept_citations", "citations_due")


def rerender_waiting_pages(citekeys):
    """Number the citations of pages that named these works before the library held them."""
    marks = [f'data-cite="{escape(key)}"' for key in citekeys]
    for model in rich_page_models() if marks else ():
        if issubclass(model, Citing):
            waiting = model._base_manager.filter(body_html__contains='class="cite missing"')
            kind = ContentType.objects.get_for_model(model).pk
            rerender_later(
                (kind, pk)
                for pk, body in waiting.values_list("pk", "body")
                if any(mark in body for mark in marks)
            )


def _unformatted():
    return Reference.objects.filter(citations_due=True)


def _unindexed_people():
    kind = ContentType.objects.get_for_model(Person)
    rows = IndexEntry.objects.filter(page_type=kind, page_id=OuterRef("pk"))
    return Person.objects.filter(~Exists(rows))


def pending_count():
    """How many works are not written in all styles yet."""
    return _unformatted().count()


def format_pending(progress=None, limit=None, is_over=None):
    """Write the citations and search rows that are open, up to `limit` works or until `is_over()`.

    Gives how many were written. Each portion is a transaction of its own: stopped at any moment,
    it goes on from there.
    """
    done, last = 0, 0
    most = FORMATTED_WITHIN if connection.in_atomic_block else FORMATTED_AT_ONCE
    while limit is None or done < limit:
        some = most if limit is None else min(most, limit - done)
        last, number = _format_next(last, some)
        if not number:
            break
        done += number
        if progress:
            progress(done)
        if is_over and is_over():
            return done
        tasks.breathe()
    last = 0
    while people := list(_unindexed_people().filter(pk__gt=last).order_by("pk")[:PEOPLE_AT_ONCE]):
        search.index_all(people)
        last = people[-1].pk
    return done


def _format_next(last, number):
    """The key of the last one written, and how many were.

    The entries are computed before the rows are locked, and anew where anything they rest on has
    changed since: nobody who writes waits for them.
    """
    readings = ahead.Readings()
    with readings.kept():
        some = _formatted(_due(last, number))
    with transaction.atomic():
        _lock(some)
        if not readings.still_hold():
            some = _formatted(_due(last, number).select_for_update())
        if some:
            _store(some)
            last = some[-1].pk
    return last, len(some)


def _due(last, number):
    """Works with all that their entries, their row of the search and their first version take."""
    works = _unformatted().filter(pk__gt=last).order_by("pk").with_people()
    return Reference.for_index(works).prefetch_related(*READ)[:number]


def _lock(references):
    """Nobody changes them meanwhile."""
    chosen = Reference.objects.filter(pk__in=[each.pk for each in references])
    list(chosen.order_by("pk").select_for_update().values_list("pk"))


def _formatted(works):
    """Each with its entries in the fields, and as `citation_before` the one it had."""
    works = list(works)
    for reference in works:
        reference.citation_before = reference.citation_html
        entries.fill(reference)
        entries.fill_styles(reference)
    return works


def _store(references):
    Reference.objects.bulk_update(references, SHORT)
    revisions.keep_first(references, _("Brought in by an import"))
    keys = [reference.pk for reference in references]
    kind = ContentType.objects.get_for_model(Reference)
    rows = IndexEntry.objects.filter(page_type=kind, page_id__in=keys)
    known = set(rows.values_list("page_id", flat=True))
    search.index_all([reference for reference in references if reference.pk not in known])
    cited = set(Citation.objects.filter(reference__in=keys).values_list("reference_id", flat=True))
    for reference in references:
        if reference.pk in cited and reference.citation_html != reference.citation_before:
            reference.rerender_citing_pages()
