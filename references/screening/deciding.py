"""Decisions on what was found: each a line of the log, and the hit moved on with it."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from publishing import tasks

from ..importing import save
from ..importing.existing import Shelf
from ..models import Decision, ExclusionReason, Hit, Reference
from ..nominating import answering

Stage, Verdict = Decision.Stage, Decision.Verdict
# What may be decided of a hit at each stage, and how far that brings it.
MOVES = {
    Stage.SCREENING: {
        Verdict.INCLUDE: Hit.Stage.SOUGHT,
        Verdict.EXCLUDE: Hit.Stage.EXCLUDED,
        Verdict.MAYBE: Hit.Stage.MAYBE,
    },
    Stage.FULL_TEXT: {
        Verdict.INCLUDE: Hit.Stage.INCLUDED,
        Verdict.EXCLUDE: Hit.Stage.REFUSED,
        Verdict.NOT_RETRIEVED: Hit.Stage.NOT_RETRIEVED,
    },
}
OPEN = {
    Stage.SCREENING: (Hit.Stage.WAITING, Hit.Stage.MAYBE),
    Stage.FULL_TEXT: (Hit.Stage.SOUGHT, Hit.Stage.NOT_RETRIEVED),
}
MOVED = ("stage", "removed", "verdict", "reference_id", "duplicate_of_id")


def decide(*, hit, stage, verdict, user, reason=None, note=""):
    """Write a decision on the hit of that key; gives it. Raises `ValidationError` in her words.

    The same twice, from two screens, is one; something else than was decided meanwhile is refused.
    """
    stage, verdict = Stage(stage), Verdict(verdict)
    if stage == Stage.FULL_TEXT and verdict == Verdict.EXCLUDE and reason is None:
        raise ValidationError(_("Give the one reason why this report is left out."))
    including = stage == Stage.FULL_TEXT and verdict == Verdict.INCLUDE
    work = work_of(_open(hit, stage)) if including else None
    if work is not None and _is_included(work):
        raise ValidationError(
            _("“%(work)s” is included already through another record. If this is the same report,"
              " say so.") % {"work": work}
        )  # fmt: skip
    with transaction.atomic():
        row = Hit.objects.select_for_update(of=("self",)).filter(pk=hit).first()
        if row is None:
            raise ValidationError(_("This record is not there any more."))
        before = {name: getattr(row, name) for name in MOVED}
        if stage == Stage.AGAIN:
            _check_again(row)
        else:
            same = _move(row, stage, verdict)
            if same is not None:
                return same
        if work is not None:
            row.reference = work
        row.save(update_fields=[name.removesuffix("_id") for name in MOVED])
        done = Decision.objects.create(
            hit=row, stage=stage, verdict=verdict, reason=reason, note=note[:300], by=user,
            before=before,
        )  # fmt: skip
        if verdict == Verdict.RESTORE:
            answering.take_back(row)
        elif stage != Stage.AGAIN:
            answering.answer(row, reason)
        tasks.enqueue("references.search_record")
    return done


def _is_included(work):
    return Hit.objects.filter(reference=work, stage=Hit.Stage.INCLUDED, removed="").exists()


def take_out(*, hit, user):
    """It is another's double, however far it had come: what was decided is so no longer, then it
    is removed."""
    with transaction.atomic():
        if not any(hit.stage in stages for stages in OPEN.values()):
            decide(hit=hit.pk, stage=Stage.SCREENING, verdict=Verdict.RESTORE, user=user)
            hit.refresh_from_db(fields=["stage"])
        stage = next(each for each, stages in OPEN.items() if hit.stage in stages)
        return decide(hit=hit.pk, stage=stage, verdict=Verdict.REMOVE, user=user)


def _open(pk, stage):
    row = Hit.objects.filter(pk=pk, removed="", stage__in=OPEN[stage]).first()
    if row is None:
        raise ValidationError(_("This record was decided on already, perhaps on another screen."))
    return row


def _move(row, stage, verdict):
    """Bring a hit as far as the decision says; gives the decision that says the same already."""
    if verdict == Verdict.REMOVE:
        if not row.removed and row.stage in OPEN[stage]:
            row.removed, row.verdict = Hit.Removed.DUPLICATE, Hit.Verdict.SAME
            return None
    elif verdict == Verdict.RESTORE:
        begun = (row.run.first_stage, *OPEN[Stage.SCREENING])
        if row.removed or row.stage not in begun:
            row.removed, row.stage = "", row.run.first_stage
            return None
    elif not row.removed and row.stage in OPEN[stage]:
        row.stage = MOVES[stage][verdict]
        return None
    last = standing(row)
    if last and (last.stage, last.verdict) == (stage, verdict):
        return last
    raise ValidationError(_("This record was decided on already, perhaps on another screen."))


def _check_again(row):
    if row.decisions.filter(stage=Stage.AGAIN, undone_by=None).exists():
        raise ValidationError(_("This record came again already."))


def standing(hit):
    """The last decision on a hit that was not taken back."""
    return (
        hit.decisions.filter(undone_by=None).exclude(verdict=Verdict.UNDO).order_by("-pk").first()
    )


@transaction.atomic
def undo(*, user):
    """Take back the user's last decision; the hit is where it was. Gives that decision, or None.
    A work that came into the library by it stays there."""
    last = (
        Decision.objects.select_for_update(of=("self",))
        .filter(by=user, undone_by=None)
        .exclude(verdict=Verdict.UNDO)
        .order_by("-pk")
        .first()
    )
    if last is None:
        return None
    hit = Hit.objects.select_for_update(of=("self",)).get(pk=last.hit_id)
    if standing(hit) != last:
        raise ValidationError(_("Somebody has decided on this record since; look at it first."))
    if last.stage != Stage.AGAIN:
        for name, value in last.before.items():
            setattr(hit, name, value)
        hit.save(update_fields=[name.removesuffix("_id") for name in MOVED])
        answering.take_back(hit)
    Decision.objects.create(
        hit=hit, stage=last.stage, verdict=Verdict.UNDO, undoes=last, by=user, before={}
    )
    tasks.enqueue("references.search_record")
    return last


def work_of(hit):
    """The work of the library that a hit is: there already, or brought in by the importer. Its
    abstract was for screening and stays out of the library."""
    if hit.reference_id and hit.verdict == Hit.Verdict.SAME:
        return hit.reference
    record = replace(hit.record, abstract="", number=1)
    outcome = save.save_records([record], decide=save.take_missing, formatted=False)
    if outcome.refused:
        raise ValidationError(outcome.refused[0].reason)
    tasks.enqueue("references.citing.entries")
    if outcome.added:
        return Reference.objects.get(pk=outcome.added[0])
    shelf = Shelf()
    shelf.load([record])
    match = shelf.match(record)
    if match.held is None:
        raise ValidationError(_("The library cannot tell which work this is. Add it by hand."))
    return match.held.reference


def reason_of(text):
    """The `ExclusionReason` of a number that came from a form, or None."""
    known = text.isascii() and text.isdigit() and len(text) < 5
    return ExclusionReason.objects.filter(number=int(text)).first() if known else None
