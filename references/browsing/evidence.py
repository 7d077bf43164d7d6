"""The evidence table: every study with something known of it, one row each, for the screen, for
paper and as CSV."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from taggit.models import Tag

from publishing import tags as subjects
from publishing.http import parts
from publishing.limits import limited

from ..exporting import files
from ..models import Notes, Reference, StudyFacts
from ..vocabulary import ReadingState
from .facets import MOST_TAGS, Choice, Facet, decade_name, design_name, stated
from .selection import FACTS, Selection

PER_PAGE = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

# Column: what it sorts by. Longest follow-up or latest recurrence cannot be told from words: those
# sort by letter.
COLUMNS = {
    "year": ("year", "sort_key"),
    "study": ("sort_key", "year"),
    "design": ("study_design", "year"),
    "size": ("sample_size", "year"),
    "patients": ("sample_size", "year"),
    "relief": ("facts__relief_share", "year"),
}
COLUMNS |= {name: (f"facts__{name}", "year") for name in StudyFacts.FACTS if name not in COLUMNS}
DOWN = "-"
# Columns that stand to the right.
NUMBERS = ("size", "relief")
FILTERS = ("design", "decade", "tag", *FACTS)


def studies():
    """The works the table holds: those with a sample, or with facts somebody has gone through the
    work for."""
    return Reference.objects.filter(Q(sample_size__isnull=False) | Q(facts__isnull=False))


def unfinished(works):
    """Of `works`, those in hand that stand in the table with a cell nobody has gone through yet."""
    begun = StudyFacts.objects.filter(reduce(or_, (Q(**{name: None}) for name in StudyFacts.FACTS)))
    blank = Q(facts=None, sample_size__isnull=False) | Q(facts__in=begun)
    return works.filter(blank).exclude(reading_state=ReadingState.WANTED)


def rows(works):
    """Works with what their rows in the table show."""
    notes = Notes.objects.published().filter(reference=OuterRef("pk"))
    long = ("abstract", "citation_html", "where_html", "record_note", "private_note")
    return works.select_related("facts").annotate(has_notes=Exists(notes)).defer(*long)


@limited("searches", asked="q")
def table(request):
    chosen = Selection(only_filters(request.GET), request.path)
    order, down = _order(request.GET.get("sort", ""))
    works = rows(_sorted(studies().filter(chosen.q()), order, down))
    counted = _counted(chosen)
    paginator = Paginator(works, PER_PAGE)
    paginator.count = counted.total
    page = paginator.get_page(chosen.page)
    context = {
        "page": page,
        "total": counted.total,
        **shown(page, order),
        "columns": [
            _column(name, label, chosen, order, down)
            for name, label in labels().items()
            if name not in folded(page, order)
        ],
        "facets": [
            facet
            for facet in _facets(chosen, counted)
            if len(facet.values) > 1 or any(v.chosen for v in facet.values)
        ],
        "chosen": any(chosen.values().values()),
        "csv": chosen.address().replace(request.path, reverse("references:evidence-csv"), 1),
        "pictures": chosen.address().replace(request.path, reverse("references:pictures"), 1),
        "selection": chosen,
    }
    return render(request, "references/evidence.html", context)


@limited("searches", asked="q")
def as_csv(request):
    """The whole of it under the same choice. Empty: not yet extracted."""
    chosen = Selection(only_filters(request.GET), request.path)
    order, down = _order(request.GET.get("sort", ""))
    works = rows(_sorted(studies().filter(chosen.q()), order, down))
    return files.download(_lines(works), "text/csv; charset=utf-8", "evidence.csv")


def _lines(works):
    head = [
        "citekey",
        "authors",
        "year",
        "title",
        "design",
        "sample",
        "counted in",
        *StudyFacts.FACTS,
    ]
    yield "\ufeff" + csv_line(head)
    for work in works.iterator(chunk_size=files.CHUNK):
        facts = getattr(work, "facts", None)
        row = [work.citekey, work.authors_short, work.year, work.display_title, work.study_design]
        row += [work.sample_size, work.sample_unit]
        row += [_told(getattr(facts, name)) if facts else "" for name in StudyFacts.FACTS]
        yield csv_line(row)


def csv_line(cells):
    line = io.StringIO()
    csv.writer(line).writerow([_safe(cell) for cell in cells])
    return line.getvalue()


def _told(value):
    return "not reported" if value == "" else value or ""


def _safe(cell):
    """A spreadsheet takes a cell that begins like a formula for one, and runs it."""
    text = "" if cell is None else str(cell)
    return "'" + text if text.startswith(_FORMULA) else text


def folded(works, order=""):
    """Columns of facts that no work has anything in yet; the one that sorts them stays."""
    known = [facts for work in works if (facts := getattr(work, "facts", None))]
    return [
        name
        for name in StudyFacts.FACTS
        if name != order
        and not (name == "patients" and any(work.sample_unit for work in works))
        and all(getattr(facts, name) is None for facts in known)
    ]


def shown(works, order=""):
    """The facts of the columns that are shown, and what those are called that are not."""
    empty = folded(works, order)
    names = labels()
    return {
        "facts": [name for name in StudyFacts.FACTS if name not in empty],
        "folded": [names[name] for name in empty],
    }


def told(work):
    """`(label, value)` of every fact somebody has looked for in a work; an empty value is one it
    does not report."""
    facts = getattr(work, "facts", None)
    found = (
        [
            (label, getattr(facts, name))
            for name, label in labels().items()
            if name in StudyFacts.FACTS
        ]
        if facts
        else []
    )
    return [(label, value) for label, value in found if value is not None]


def labels():
    names = {"year": _("Year"), "study": _("Study"), "design": _("Design"), "size": _("Number")}
    return names | {
        name: capfirst(StudyFacts._meta.get_field(name).verbose_name) for name in StudyFacts.FACTS
    }


def only_filters(data):
    """What of an address chooses among studies."""
    kept = data.copy()
    for name in list(kept):
        if name not in (*FILTERS, "page"):
            del kept[name]
    return kept


def _order(text):
    name = text.removeprefix(DOWN)
    return (name, text.startswith(DOWN)) if name in COLUMNS else ("year", False)


def _sorted(works, order, down):
    """By one column; what is empty or unknown stands last either way."""
    first, then = COLUMNS[order]
    by = F(first).desc(nulls_last=True) if down else F(first).asc(nulls_last=True)
    return works.order_by(by, F(then).asc(nulls_last=True), "sort_key", "pk")


def _column(name, label, chosen, order, down):
    """A heading that sorts by its column, and the other way round when it is the one already."""
    turn = name == order and not down
    query = chosen.address()
    joint = "&" if "?" in query else "?"
    sort = "" if name == "year" and not turn else f"{joint}sort={DOWN if turn else ''}{name}"
    state = ("descending" if down else "ascending") if name == order else ""
    return {"label": label, "address": query + sort, "state": state, "number": name in NUMBERS}


def _facets(chosen, found):
    """Design, decade and subject of the studies in the table, each counted without its own
    choice."""
    return [
        Facet(_("Design"), _values(chosen, "design", chosen.design, [(v, design_name(v), n) for v,
            n in found.designs])),
        Facet(_("Decade"), _values(chosen, "decade", chosen.decade,
                                   [(v, decade_name(v), n) for v, n in found.decades],
                                   by_count=False), 30),
        Facet(_("Subject"), _tags(chosen, found.subjects)),
        *stated(chosen, found.stated),
    ]  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """Of the studies in the table: `(what, how many)`; subjects with their `works`."""

    total: int
    designs: list
    decades: list
    subjects: list
    stated: dict


def _counted(chosen):
    """Of the whole table it is counted once between two writings."""
    if any(chosen.values().values()):
        return _count(chosen)
    return parts.kept(("evidence", get_language()), lambda: _count(chosen))


def _count(chosen):
    every = studies().order_by()
    designs = (
        every.filter(chosen.q("design"))
        .exclude(study_design="")
        .values_list("study_design")
        .annotate(Count("pk"))
    )
    years = (
        every.filter(chosen.q("decade"))
        .exclude(year=None)
        .values_list("year")
        .annotate(Count("pk"))
    )
    decades = Counter()
    for year, count in years:
        decades[year // 10 * 10] += count
    works = every.filter(chosen.q())
    used = Tag.objects.filter(
        taggit_taggeditem_items__in=subjects.items_of(Reference).filter(
            object_id__in=works.values("pk")
        )
    )
    used = used.annotate(works=Count("taggit_taggeditem_items")).order_by("-works", "name")
    subjects_used = list(subjects.named(used)[:MOST_TAGS])
    return Counted(
        works.count(), list(designs), sorted(decades.items()), subjects_used, _stated(works)
    )


def _stated(works):
    """`{fact: {what studies state: how many of them}}`, the most frequent."""
    fields = [f"facts__{field}" for field in FACTS.values()]
    counts = {name: Counter() for name in FACTS}
    rows = works.filter(facts__isnull=False).values_list(*fields).annotate(Count("pk"))
    for *values, number in rows:
        for name, value in zip(FACTS, values, strict=True):
            if value:
                counts[name][value] += number
    return {name: dict(found.most_common(MOST_TAGS)) for name, found in counts.items()}


def _values(chosen, name, current, rows, *, by_count=True):
    values = [
        Choice(
            label,
            chosen.address(**{name: None if value == current else value}),
            count,
            value == current,
        )
        for value, label, count in rows
    ]
    return sorted(values, key=lambda value: (-value.count, value.label)) if by_count else values


def _tags(chosen, rows):
    found = []
    for tag in rows:
        on = tag.slug in chosen.tags
        others = [other for other in chosen.tags if other != tag.slug]
        found.append(
            Choice(
                capfirst(subjects.shown(tag)),
                chosen.address(tag=others if on else [*chosen.tags, tag.slug]),
                tag.works,
                on,
            )
        )
    return found
