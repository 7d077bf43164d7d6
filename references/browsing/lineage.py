"""The lineage of one work: what it cites, what cites it, what it could have mentioned; and that as
a drawing by year."""

from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from taggit.models import TaggedItem

from publishing.compiled import Compiled

from .. import axis
from ..models import IN_LISTS, Cites, Reference

UNMENTIONED = 8
RELATED = 6
LOOKED_AT = 3000  # times that a work has one of the subjects
CLOSEST = 200  # of those looked at, to be put in order by more than the subjects they share
DRAWN = 40
ROW, TOP = 34, 24
FIRST_OF = """
SELECT object_id FROM (
    SELECT object_id FROM taggit_taggeditem
    WHERE content_type_id = %%s AND tag_id IN (%s) AND object_id <> %%s ORDER BY object_id LIMIT %%s
) AS looked_at GROUP BY object_id ORDER BY COUNT(*) DESC, object_id LIMIT %%s
"""
NAMING = ("families", "container_short")  # what a work's label is made of besides
LONG = ("abstract", "citation_html", "record_note", "private_note")


@dataclass
class Relation:
    work: object
    kind: str  # cited, citing, unmentioned
    note: str = ""


@dataclass
class Mark:
    work: object
    kind: str
    x: str
    y: int
    text_y: int
    at_end: bool


@dataclass
class Drawing:
    marks: list
    x: str
    anchor: str
    height: int
    foot: int
    scale: object
    left_out: int


@dataclass
class Lineage:
    cited: list = field(default_factory=list)
    citing: list = field(default_factory=list)
    unmentioned: list = field(default_factory=list)
    drawing: Drawing | None = None

    def __bool__(self):
        return bool(self.cited or self.citing or self.unmentioned)

    @property
    def rows(self):
        """Everything, by year, for the table."""
        return _by_year([*self.cited, *self.unmentioned, *self.citing])


def lineage(reference, tags):
    """The `Lineage` of a work. Two queries at most: none where `has_cites` of the work says that
    there is none, the second only where it has been entered what the work cites."""
    found = Lineage()
    if not (getattr(reference, "has_cites", True) or reference.cites_checked):
        return found
    both = Cites.objects.filter(Q(citing=reference) | Q(cited=reference)).select_related(
        "citing", "cited"
    )
    for row in both.defer(
        *(f"{side}__{name}" for side in ("citing", "cited") for name in LONG)
    ).order_by("pk"):
        if row.citing_id == reference.pk:
            found.cited.append(Relation(row.cited, "cited", row.note))
        else:
            found.citing.append(Relation(row.citing, "citing", row.note))
    found.cited, found.citing = _by_year(found.cited), _by_year(found.citing)
    if reference.year is not None and (found.cited or reference.cites_checked):
        mentioned = Cites.objects.filter(citing=reference, cited=OuterRef("pk"))
        earlier = Reference.objects.filter(year__lt=reference.year).filter(~Exists(mentioned))
        works = sharing(earlier, reference, tags, UNMENTIONED) if tags else ()
        found.unmentioned = [Relation(work, "unmentioned") for work in works]
    found.drawing = _draw(reference, found.rows)
    return found


def arranged(reference, relations):
    """The `Lineage` of a work from `Relation`s in hand."""
    found = Lineage(
        **{
            kind: _by_year([each for each in relations if each.kind == kind])
            for kind in ("cited", "citing", "unmentioned")
        }
    )
    found.drawing = _draw(reference, found.rows)
    return found


def sharing(works, reference, tags, most):
    """Of `works`, those that share most tags with a work, by year."""
    return (
        Reference.objects.filter(pk__in=_best(works, reference.pk, [tag.pk for tag in tags], most))
        .defer(*LONG)
        .order_by(F("year").asc(nulls_last=True), "sort_key", "pk")
    )


def _best(works, pk, tags, most, closest=None):
    """Of a subject that ten thousand works have, the first of them are looked at; with `closest`,
    so many of these that share most."""
    kind = ContentType.objects.get_for_model(Reference).pk
    items = TaggedItem.objects.filter(content_type_id=kind, tag_id__in=tags)
    if closest:
        some = RawSQL(
            FIRST_OF % ", ".join(["%s"] * len(tags)), [kind, *tags, pk, LOOKED_AT, closest]
        )
    else:
        some = items.order_by("object_id").values("object_id")[:LOOKED_AT]
    own = items.filter(object_id=OuterRef("pk")).order_by().values("object_id")
    return (
        works.filter(pk__in=some)
        .exclude(pk=pk)
        .annotate(shared=Subquery(own.annotate(count=Count("pk")).values("count")))
        .order_by("-shared", "year", "sort_key", "pk")
        .values("pk")[:most]
    )


def beside(reference, tags):
    """`(the work before, the work after, the works most like it by their tags)`: in the order of
    the library, where a work without a year has none beside it. One query."""
    chosen = [tag.pk for tag in tags]
    if reference.year is not None:
        rows = _around(reference.pk, reference.year, reference.sort_key, *chosen)
    else:
        rows = _alike(reference.pk, *chosen) if chosen else []
    found = {"lt": [], "gt": [], "alike": []}
    for work in rows:
        found[work.beside].append(work)
    related = sorted(found["alike"], key=lambda each: (each.year or 9999, each.sort_key, each.pk))
    return next(iter(found["lt"]), None), next(iter(found["gt"]), None), related


@Compiled
def _around(pk, year, key, *tags):
    works, wanted = Reference.objects.filter(year__isnull=False), []
    year = Value(year, BigIntegerField())  # any number: what it is compiled with is no year
    for than, order in (("lt", "-"), ("gt", "")):
        side = Q((f"year__{than}", year)) | Q((f"sort_key__{than}", key), year=year)
        side |= Q((f"pk__{than}", pk), year=year, sort_key=key)
        side &= Q((f"year__{than}e", year))  # says nothing new, but where in the index to begin
        by = [f"{order}{name}" for name in ("year", "sort_key", "pk")]
        nearest = works.filter(side).order_by(*by).values("pk")[:1]
        wanted.append(_where(than, Q(pk=Subquery(nearest))))
    if tags:
        wanted.append(_like(pk, tags))
    return wanted[0].union(*wanted[1:], all=True)


@Compiled
def _alike(pk, *tags):
    return _like(pk, tags)


def _like(pk, tags):
    best = _best(Reference.objects.all(), pk, tags, RELATED, CLOSEST)
    return _where("alike", Q(pk__in=best))


def _where(place, wanted):
    rows = Reference.objects.filter(wanted).order_by().only(*IN_LISTS, *NAMING)
    return rows.annotate(beside=Value(place))


def _by_year(relations):
    return sorted(
        relations,
        key=lambda each: (each.work.year is None, each.work.year or 0, each.work.sort_key),
    )


def _draw(reference, relations):
    """Each work on a line of its own, oldest on top; this one a line through all of them at its
    year."""
    dated = [each for each in relations if each.work.year is not None]
    if reference.year is None or not dated:
        return None
    scale = axis.scale([reference.year, *(each.work.year for each in dated)])
    marks = []
    for index, each in enumerate(dated[:DRAWN]):
        y = TOP + ROW * index + 22
        late = each.work.year - scale.first > (scale.last - scale.first) * 0.5
        marks.append(Mark(each.work, each.kind, scale.at(each.work.year), y, y - 7, late))
    foot = TOP + ROW * len(marks) + 12
    share = (reference.year - scale.first) / (scale.last - scale.first)
    anchor = "start" if share < 0.3 else "end" if share > 0.7 else "middle"
    return Drawing(
        marks, scale.at(reference.year), anchor, foot + 20, foot, scale, len(relations) - len(marks)
    )
