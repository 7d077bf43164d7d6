"""Two works become one, and two again. Whatever points to a work follows it, whichever app it is
in.

What points to a work is found in the models themselves: foreign keys, and pairs of a kind and a
number such as a comment's page. So nothing is forgotten when an app adds something, and no app
above this one needs to be known here.
"""

import re
from datetime import timedelta

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from reversion import create_revision
from reversion.revisions import set_comment, set_user

from publishing import tasks
from publishing.desk import revisions
from publishing.models import (
    EditingDraft,
    IndexEntry,
    NextVersion,
    PageLink,
    PreviewLink,
    Redirect,
    State,
    Trashed,
)
from publishing.richtext import links
from publishing.richtext.fields import RichTextField

from . import matching, pdf
from .citing.records import record_of
from .models import (
    Authorship,
    Citation,
    FurtherPdf,
    Keyword,
    MatchKey,
    Merge,
    Notes,
    PdfText,
    Reference,
    StudyFacts,
)

# Only hers, in no record of a file.
OWN = ("one_line", "private_note", "pdf", "pdf_licence")
KEPT = timedelta(days=90)  # for so long a merge can be taken back
# Written anew for the work that stays; and what was typed into the form of the other is none of its
# own.
COMPUTED = (
    MatchKey,
    IndexEntry,
    PageLink,
    PdfText,
    Authorship,
    Notes,
    StudyFacts,
    EditingDraft,
    Trashed,
    NextVersion,
    PreviewLink,
)


def compared(kept, gone):
    """The `matching.Difference`s of two works, her own fields too; tags of both are kept without
    asking."""
    found = matching.differences(record_of(kept), record_of(gone))
    rows = set(matching.ROWS_OF_THEIR_OWN) - {"names"}
    found = [each for each in found if each.field not in rows and each.field not in OWN]
    for name in OWN:
        one, other = str(getattr(kept, name) or ""), str(getattr(gone, name) or "")
        if other and one != other:
            found.append(matching.Difference(name, one, other))
    return found


@transaction.atomic
def merge(*, kept, gone, take=(), user=None):
    """Make `gone` one with `kept`; gives the `Merge`, with which `undo()` takes it back.

    Of the fields that differ, those named in `take` become `gone`'s. Everything that points to
    `gone` points to `kept` afterwards: texts that cite or link to it, placements, comments, notes,
    facts, names, lineage, relations, old addresses.
    """
    kept, gone = _locked(kept.pk, gone.pk)
    if NextVersion.objects.of(gone).exists():
        raise ValidationError(
            _("“%(work)s” has a next version. Publish or discard it first.") % {"work": gone}
        )
    revisions.keep_first([kept, gone], _("As it was before two works were made one"))
    take = [each.field for each in compared(kept, gone) if each.field in take]
    if gone.pdf and not kept.pdf:
        take = [*dict.fromkeys([*take, "pdf", "pdf_licence"])]
    done = Merge(kept=kept, citekey=gone.citekey, title=gone.display_title, user=user)
    done.record = {
        "gone": _dump([gone]),
        "people": [_people(kept), _people(gone)],
        "tags": [sorted(each.tags.names()) for each in (kept, gone)],
        "before": {name: _plain(kept, name) for name in take if name != "names"},
        "address": links.canonical_url(gone),
        "texts": [],
        "dropped": "[]",
        "moved": [],
        "joined": [],
    }
    with create_revision():
        set_user(user) if user else None
        set_comment(_("Made one with %(citekey)s.") % {"citekey": gone.citekey})
        _point_texts(done.record, gone, kept)
        dropped = [*_join_notes(done.record, kept, gone), *_join_facts(done.record, kept, gone)]
        dropped += _move_rows(done.record, gone, kept)
        done.record["dropped"] = _dump(dropped)
        _take_place(done.record, kept, gone, take)
    done.save()
    return done


def _locked(*pks):
    """The works, held until the end of the transaction, in the order asked for."""
    found = {
        each.pk: each
        for each in Reference.objects.select_for_update().filter(pk__in=pks).order_by("pk")
    }
    if len(found) != len(set(pks)) or len(found) < 2:
        raise ValidationError(
            _("One of the two works is not there any more, or they are one already.")
        )
    return [found[pk] for pk in pks]


def _take_place(record, kept, gone, take):
    """Delete the one, give the other what was chosen, its tags and its address."""
    values = {name: getattr(gone, name) for name in take if name != "names"}
    # Its file stays with the work, in its place or beside the one that is there.
    further = (kept.pdf, kept.pdf_licence) if "pdf" in values else (gone.pdf, gone.pdf_licence)
    if further[0]:
        row = FurtherPdf.objects.create(reference=kept, file=further[0].name, licence=further[1])
        record["further"] = row.pk
    Reference.objects.filter(pk=gone.pk).update(pdf="")
    gone.pdf = ""
    gone.delete()
    for name, value in values.items():
        setattr(kept, name, value)
    Reference.objects.filter(pk=kept.pk).update(**values)
    if "names" in take:
        _put_people(kept, record["people"][1])
    kept.tags.add(*record["tags"][1])
    Redirect.objects.record({record["address"]: kept})
    _settle(kept)
    record["after"] = {name: _plain(kept, name) for name in values}


def _settle(reference):
    reference = Reference.objects.with_people().get(pk=reference.pk)
    reference.number_people()
    notes = Notes.objects.filter(reference=reference).first()
    if notes:
        notes.reference = reference
        notes.follow()
    reference.refresh()
    reference.save()
    tasks.enqueue("references.pdf_text", reference.pk)


# Texts. Kept of them is only which of its citations and links were of the other work, not the
# words.


def _point_texts(record, old, new):
    """Cite and link to `new` wherever a text cites or links to `old`."""
    keys, numbers = (old.citekey, new.citekey), (str(old.pk), str(new.pk))
    rows = Citation.objects.filter(reference=old).prefetch_related("page")
    for page in [row.page for row in rows if row.page is not None]:
        _remember(record, page, _CITED, keys)
        page.recite(*keys)
    for page in PageLink.objects.sources_of([old]):
        _remember(record, page, _LINKED, numbers)
        for name, text in _texts(page).items():
            setattr(page, name, _replaced(text, _LINKED, numbers[0], numbers[1]))
        _save_page(page)


# A citation in a text or in an answer to a comment, and a lasting link; the second group names the
# work.
_CITED = re.compile(r"""(data-cite=\"|\[@)([^"\]]+)(?="|\])""")
_LINKED = re.compile(r"(page:references\.reference/)(\d+)")


def _texts(page):
    """What of a page its author typed, by field."""
    rich = [each.name for each in page._meta.concrete_fields if isinstance(each, RichTextField)]
    return {name: getattr(page, name) or "" for name in rich or ["text"] if hasattr(page, name)}


def _remember(record, page, pattern, names):
    """For every mention of one of the two works, in order, whether it was the first of `names`."""
    for field, text in _texts(page).items():
        mentions = [found[2] == names[0] for found in pattern.finditer(text) if found[2] in names]
        if any(mentions):
            kind = "cited" if pattern is _CITED else "linked"
            record["texts"].append([page._meta.label_lower, page.pk, field, kind, mentions])


def _replaced(text, pattern, old, new):
    return pattern.sub(lambda found: found[1] + (new if found[2] == old else found[2]), text)


def _put_text_back(change, kept, again):
    """Mentions are of the other work again; in a text that has other mentions by now they stay with
    the work that stayed."""
    label, pk, field, kind, mentions = change
    page = apps.get_model(label)._base_manager.filter(pk=pk).first()
    pattern, name = (_CITED, "citekey") if kind == "cited" else (_LINKED, "pk")
    old, new = str(getattr(kept, name)), str(getattr(again, name))
    text = getattr(page, field, "") or ""
    if [found[2] for found in pattern.finditer(text)].count(old) != len(mentions):
        return
    turns = iter(mentions)
    text = pattern.sub(
        lambda found: found[1] + (new if found[2] == old and next(turns) else found[2]), text
    )
    setattr(page, field, text)
    _save_page(page)


def _save_page(page):
    if hasattr(page, "updated"):
        page.save(updated=page.updated)
    else:
        page.save()


# Rows


def _pointers():
    """`(model, name of the field that holds the number, filter arguments of one kind)` of all that
    points to a work."""
    for each in Reference._meta.get_fields(include_hidden=True):
        points = each.auto_created and not each.concrete and (each.one_to_many or each.one_to_one)
        if points and each.related_model not in COMPUTED:
            yield each.related_model, each.field.attname, {}
    kind = ContentType.objects.get_for_model(Reference)
    for model in apps.get_models():
        for each in model._meta.concrete_fields:
            number = each.name.removesuffix("_type") + "_id" if each.name.endswith("_type") else ""
            if (
                each.related_model is ContentType
                and model not in COMPUTED
                and not _of_reversion(model)
            ):
                number = "object_id" if each.name == "content_type" else number
                if number and any(other.attname == number for other in model._meta.concrete_fields):
                    yield model, number, {each.attname: kind.pk}


def _of_reversion(model):
    """What tells of the past stays as it was."""
    return model._meta.app_label in ("reversion", "admin", "auth")


def _move_rows(record, gone, kept):
    """Let every row that points to the one point to the other; gives those that say what another
    row says already."""
    dropped = []
    for model, name, kind in _pointers():
        moved = []
        for row in model._base_manager.filter(**{name: gone.pk}, **kind).order_by("pk"):
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**{name: kept.pk})
                moved.append(row.pk)
            except IntegrityError:
                dropped.append(row)
                _join_words(record, row, name, kept)
                model._base_manager.filter(pk=row.pk).delete()
        if moved:
            record["moved"].append([model._meta.label_lower, name, moved])
    return dropped


def _join_words(record, row, name, kept):
    """What a row says beside pointing (a remark, a note) is said by the row that was there
    already."""
    twin = _twin(row, name, kept) if type(row) is not Keyword else None
    for each in row._meta.concrete_fields if twin else ():
        if (
            isinstance(each, models.CharField | models.TextField)
            and each.editable
            and not each.choices
        ):
            one, other = getattr(twin, each.name) or "", getattr(row, each.name) or ""
            if other and other not in one:
                joined = f"{one} {other}".strip()[: each.max_length]
                type(row)._base_manager.filter(pk=twin.pk).update(**{each.name: joined})
                record["joined"].append([row._meta.label_lower, twin.pk, each.name, one, joined])


def _twin(row, name, kept):
    for rule in row._meta.constraints:
        fields = [row._meta.get_field(each).attname for each in getattr(rule, "fields", ())]
        if name in fields:
            values = {each: getattr(row, each) for each in fields} | {name: kept.pk}
            if found := type(row)._base_manager.filter(**values).first():
                return found
    return None


def _join_notes(record, kept, gone):
    """The notes on both works in one text. A draft is never made public by it: then both become one
    draft."""
    theirs, ours = (Notes.objects.filter(reference=each).first() for each in (gone, kept))
    if theirs is None:
        return []
    if ours is None:
        Notes.objects.filter(pk=theirs.pk).update(reference=kept)
        record["moved"].append([Notes._meta.label_lower, "reference_id", [theirs.pk]])
        return []
    before = {"body": ours.body, "state": ours.state}
    ours.body = "\n".join(filter(None, [ours.body, theirs.body]))
    if ours.is_public() != theirs.is_public():
        ours.state = State.DRAFT
    dropped = Notes.objects.get(pk=theirs.pk)
    theirs.delete()
    ours.save()
    for name, value in before.items():
        if value != getattr(ours, name):
            record["joined"].append(
                [Notes._meta.label_lower, ours.pk, name, value, getattr(ours, name)]
            )
    return [dropped]


def _join_facts(record, kept, gone):
    """The facts of both; where both say something, the words of the one that stays come first."""
    theirs, ours = (StudyFacts.objects.filter(reference=each).first() for each in (gone, kept))
    if theirs is None:
        return []
    if ours is None:
        StudyFacts.objects.filter(pk=theirs.pk).update(reference=kept)
        record["moved"].append([StudyFacts._meta.label_lower, "reference_id", [theirs.pk]])
        return []
    for name in StudyFacts.FACTS:
        one, other = getattr(ours, name), getattr(theirs, name)
        joined = (
            other
            if not one and other is not None
            else f"{one} / {other}"
            if other and other not in one
            else one
        )
        if joined != one:
            setattr(ours, name, joined)
            record["joined"].append([StudyFacts._meta.label_lower, ours.pk, name, one, joined])
    dropped = StudyFacts.objects.get(pk=theirs.pk)
    theirs.delete()
    ours.save()
    return [dropped]


# People


def _people(reference):
    rows = reference.authorships.order_by("position", "pk")
    return [[row.person_id, row.role] for row in rows]


def _put_people(reference, people):
    reference.authorships.all().delete()
    Authorship.objects.bulk_create(
        Authorship(reference=reference, person_id=person, role=role, position=position)
        for position, (person, role) in enumerate(people, 1)
    )


# Back again


def forget_old():
    """Merges too old to be taken back go, with the copies kept for it; gives how many."""
    old = list(Merge.objects.filter(created__lt=timezone.now() - KEPT))
    for done in old:
        (gone,) = (
            each.object
            for each in serializers.deserialize("json", done.record["gone"], ignorenonexistent=True)
        )
        done.delete()
        for name in filter(None, (gone.pdf.name, done.record["before"].get("pdf"))):
            if not (
                Reference.objects.filter(pdf=name).exists()
                or FurtherPdf.objects.filter(file=name).exists()
            ):
                pdf.forget(name)
    return len(old)


@transaction.atomic
def undo(done, *, user=None):
    """Take a merge back; gives the work that is there again. What was changed since the merge stays
    as it is now."""
    record = done.record
    kept = Reference.objects.select_for_update().get(pk=done.kept_id)
    (stored,) = serializers.deserialize("json", record["gone"], ignorenonexistent=True)
    again = stored.object
    with create_revision():
        set_user(user) if user else None
        set_comment(_("Taken apart from %(citekey)s.") % {"citekey": done.citekey})
        back = {
            name: Reference._meta.get_field(name).to_python(record["before"][name])
            for name, value in record["after"].items()
            if _plain(kept, name) == value
        }
        for name, value in back.items():
            setattr(kept, name, value)
        _free(again, kept)
        FurtherPdf.objects.filter(pk=record.get("further")).delete()  # its file has its work again
        Reference.objects.filter(pk=kept.pk).update(**back)
        stored.save(force_insert=True)
        mine, theirs = record["people"]
        if mine != theirs and _people(kept) == theirs:
            _put_people(kept, mine)
        _put_people(again, theirs)
        again.tags.set(record["tags"][1])
        kept.tags.remove(*(set(record["tags"][1]) - set(record["tags"][0])))
        _move_back(record, kept, again)
        Redirect.objects.filter(path=record["address"]).delete()
        for each in record["texts"]:
            _put_text_back(each, kept, again)
        for work in (kept, again):
            _settle(work)
    done.delete()
    return Reference.objects.get(pk=again.pk)


def _free(again, kept):
    """Refuse if something of the work has been given to another one meanwhile."""
    for name in ("citekey", "doi", "pmid", "pmcid"):
        value = getattr(again, name)
        holder = (
            Reference.objects.filter(**{name: value}).exclude(pk=kept.pk).first() if value else None
        )
        holder = holder or (kept if value and getattr(kept, name) == value else None)
        if holder:
            words = _(
                "%(value)s belongs to %(citekey)s now; free it there first, then take the merge"
                " back."
            )
            raise ValidationError(words % {"value": value, "citekey": holder.citekey})


def _move_back(record, kept, again):
    for label, pk, name, before, after in reversed(record["joined"]):
        apps.get_model(label)._base_manager.filter(pk=pk, **{name: after}).update(**{name: before})
    for label, name, pks in record["moved"]:
        rows = apps.get_model(label)._base_manager.filter(pk__in=pks, **{name: kept.pk})
        for pk in rows.values_list("pk", flat=True):
            try:
                with transaction.atomic():
                    rows.filter(pk=pk).update(**{name: again.pk})
            except IntegrityError:
                continue  # made again meanwhile; it stays with the work that has it
    for each in serializers.deserialize("json", record["dropped"], ignorenonexistent=True):
        try:
            with transaction.atomic():
                each.save(force_insert=True)
        except IntegrityError:
            continue  # what it belonged to is gone
    for notes in Notes.objects.filter(reference__in=[kept, again]):
        notes.save(updated=notes.updated)
    for facts in StudyFacts.objects.filter(reference__in=[kept, again]):
        facts.save()


def _plain(reference, name):
    return (
        Reference._meta.get_field(name).value_to_string(reference)
        if getattr(reference, name) is not None
        else None
    )


def _dump(objects):
    return serializers.serialize("json", objects)
