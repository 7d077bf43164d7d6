"""Subjects: how their names are read, told apart and given an address. The rows are
django-taggit's."""

import csv
import io
import re
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import (
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Prefetch,
    Q,
    prefetch_related_objects,
)
from django.db.models.query import ModelIterable
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from taggit.managers import _TaggableManager
from taggit.models import Tag, TaggedItem

from . import slugs
from .richtext import sanitise

LONGEST = 100
MOST = 500  # of one page
# `{(model, key): its rows}`, where many are looked at; see `at_hand()`.
_at_hand = ContextVar("at_hand", default=MappingProxyType({}))
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean_name(name):
    """A name in its one form: letters composed, single spaces, nothing that turns a line around,
    100 characters."""
    name = _TURNING.sub("", sanitise.strip_control(name.replace("\t", " ").replace("\n", " ")))
    return " ".join(unicodedata.normalize("NFC", name[: LONGEST * 10]).split())[:LONGEST].strip()


def key(name):
    """Names with the same key are one subject, whatever their capitals."""
    return clean_name(name).casefold()


def from_string(text):
    """The names typed into a field: commas separate, spaces belong to a name, quotation marks keep
    a comma in it.

    Raises `ValidationError` for a name too long to keep, and for more names than MOST.
    """
    too_many = _("These are too many subjects for one page: it may have %(count)s.")
    text = " ".join(text.split())
    if len(text) > MOST * LONGEST:
        raise ValidationError(too_many % {"count": MOST})
    # A mark without its partner is a sign like any other.
    parts = (
        next(csv.reader([text], skipinitialspace=True), [])
        if text.count('"') % 2 == 0
        else text.split(",")
    )
    names = {}
    for part in parts:
        if len(part.strip()) > LONGEST:
            words = _(
                "“%(name)s…” is longer than the %(count)s characters a subject may have. Commas"
                " separate subjects."
            )
            raise ValidationError(words % {"name": part.strip()[:40], "count": LONGEST})
        names.setdefault(key(part), clean_name(part))
    names.pop("", None)
    if len(names) > MOST:
        raise ValidationError(too_many % {"count": MOST})
    return sorted(names.values())


def to_string(tags):
    """What `from_string` reads as these very tags."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(sorted(tag.name for tag in tags))
    return _spaced(line.getvalue())


def _spaced(line):
    """A space after the commas between names, none after those in quotation marks."""
    quoted, out = False, []
    for sign in line:
        quoted ^= sign == '"'
        out.append(", " if sign == "," and not quoted else sign)
    return "".join(out)


class TagManager(_TaggableManager):
    """Names in their one form; one subject for all its capitals, on every database and in every
    script."""

    def get_queryset(self, extra_filters=None):
        found = super().get_queryset(extra_filters)
        fetched = getattr(self.instance, "_prefetched_objects_cache", {})
        return found if self.prefetch_cache_name in fetched else named(found)

    def _to_tag_model_instances(self, tags, tag_kwargs):
        tags = list(tags)
        known = pks_of([tag for tag in tags if isinstance(tag, str)])
        rows = Tag.objects.in_bulk(known.values())
        found = [rows.get(known.get(key(tag))) if isinstance(tag, str) else tag for tag in tags]
        return super()._to_tag_model_instances(
            [tag for tag in found if tag is not None], tag_kwargs
        )


def known(names):
    """`{key: pk}` of the names there is a subject of already, in whatever language."""
    wanted = {key(name) for name in names}
    return _in_languages(wanted) | _known(Tag.objects.all(), wanted)


def pks_of(names):
    """`{key: pk}` of the subjects of these names, made where there is none yet; the oldest of
    several alike."""
    wanted = {key(name): clean_name(name) for name in reversed(names)}
    wanted.pop("", None)
    found = _known(Tag.objects.filter(name__in=wanted.values()), wanted) if wanted else {}
    if missing := wanted.keys() - found.keys():
        # Not every database compares letters beyond the English ones without their case.
        found |= _in_languages(missing) | _known(Tag.objects.all(), missing)
        _make([wanted[each] for each in sorted(missing - found.keys())])
        found |= _known(
            Tag.objects.filter(name__in=[wanted[each] for each in missing]), missing - found.keys()
        )
    return found


def _known(tags, wanted, field="name"):
    rows = tags.order_by("-pk").values_list("pk", field)
    return {each: pk for pk, name in rows if (each := key(name)) in wanted}


def _in_languages(wanted):
    return _known(Tag.objects.exclude(names=None), wanted, "names__name")


def named(tags, language=None):
    """A queryset of subjects with what each is called in a language, the active one if none is
    given."""
    there = Q(names__language=language or get_language() or settings.LANGUAGE_CODE)
    return tags.annotate(
        _there=FilteredRelation("names", condition=there), name_there=F("_there__name")
    )


def items_of(model):
    """The rows that say which pages of a model have which subject."""
    kind = ContentType.objects.get_for_model(model, for_concrete_model=True)
    return TaggedItem.objects.filter(content_type_id=kind.pk)


def shown(tag):
    """What a subject is called on the page; its own name where it has none there, or has no row
    yet."""
    return getattr(tag, "name_there", None) or tag.name


# For `prefetch_related`: subjects and their names as lists, in `subjects_held`. Without the manager
# that each page and each subject would be given, which takes longer than the rows.
HELD = (
    Prefetch("tags", to_attr="subjects_held"),
    Prefetch("subjects_held__names", to_attr="names_held"),
)


def searched(page):
    """All names of a page's subjects, in one line for the search; of many pages at once they are
    read by `HELD`."""
    tags = getattr(page, "subjects_held", None)
    if tags is None:
        tags = list(page.tags.all())
        prefetch_related_objects(tags, Prefetch("names", to_attr="names_held"))
    return " ".join(
        name for tag in tags for name in dict.fromkeys([tag.name, *map(str, tag.names_held)])
    )


def call(tag, names):
    """Keep what a subject is called: `{language: name}`; an empty name is none."""
    empty = [language for language, name in names.items() if not name]
    if empty:
        tag.names.filter(language__in=empty).delete()
    rows = [
        tag.names.model(tag=tag, language=code, name=name) for code, name in names.items() if name
    ]
    tag.names.bulk_create(
        rows, update_conflicts=True, unique_fields=["tag", "language"], update_fields=["name"]
    )


def _make(names):
    taken = set(Tag.objects.values_list("slug", flat=True)) if names else set()
    made = []
    for name in names:
        slug = next(each for each in slugs.numbered(slug_of(name), LONGEST) if each not in taken)
        taken.add(slug)
        made.append(Tag(name=name, slug=slug))
    # Somebody else may be making the same ones at this moment.
    Tag.objects.bulk_create(made, batch_size=500, ignore_conflicts=True)


def rows_of(obj):
    """The rows that give a thing its subjects: what a version of it keeps of them."""
    rows = items_of(type(obj)).filter(object_id=obj.pk)
    # A version names both and the thing itself; at hand, they are no question each.
    rows = rows.select_related("tag", "content_type").order_by("pk")
    rows._hints, rows._iterable_class = {"instance": obj}, _RowsOfOne
    return rows


class _RowsOfOne(ModelIterable):
    """Each knows whose it is."""

    def __iter__(self):
        obj = self.queryset._hints["instance"]
        rows = _at_hand.get().get((type(obj), obj.pk))
        for row in super().__iter__() if rows is None else rows:
            row.content_object = obj
            yield row


@contextmanager
def at_hand(objects):
    """Within it, `rows_of()` these, all of one model, asks the database no more."""
    found = {(type(obj), obj.pk): [] for obj in objects}
    kept = items_of(type(objects[0])).filter(object_id__in=[obj.pk for obj in objects])
    for row in kept.select_related("tag", "content_type").order_by("pk"):
        found[type(objects[0]), row.object_id].append(row)
    token = _at_hand.set({**_at_hand.get(), **found})
    try:
        yield
    finally:
        _at_hand.reset(token)


def has_any(kind):
    """For pages of a content type in a query: whether each has subjects."""
    return Exists(TaggedItem.objects.filter(content_type_id=kind, object_id=OuterRef("pk")))


def is_public(tag):
    """Whether readers find anything under it."""
    rows = TaggedItem.objects.filter(tag=tag).values_list("content_type_id", "object_id")
    found = {}
    for kind, pk in rows:
        found.setdefault(kind, []).append(pk)
    for kind, pks in found.items():
        objects = ContentType.objects.get_for_id(kind).model_class()._default_manager
        shown = objects.published() if hasattr(objects, "published") else objects.all()
        if any(shown.filter(pk__in=pks[at : at + 500]).exists() for at in range(0, len(pks), 500)):
            return True
    return False


def slug_of(name):
    return slugs.make(name, kind="subject", longest=LONGEST)


# A signal, for the model is the package's and has no other door that every way of saving goes
# through.
@receiver(pre_save, sender=Tag, dispatch_uid="publishing.tags")
def give_slug(sender, instance, raw=False, **kwargs):
    """Before a tag is saved, wherever from: the package makes an empty slug of a name without
    letters."""
    # One that comes back from the trash has its number, and keeps its address.
    if not raw and (not instance.pk or not instance.slug):
        instance.name = clean_name(instance.name) or instance.name[:LONGEST]
        others = Tag.objects.exclude(pk=instance.pk)
        instance.slug = slugs.free(slug_of(instance.name), others, longest=LONGEST)
