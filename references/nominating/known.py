"""What the site can say at once of a work that somebody names: it is there, it was left out and
why, it waits to be judged; or it may be one that is there."""

from dataclasses import dataclass

from ..models import Hit, Reference
from ..screening import deciding
from ..searching.deduplicating import Found

LEFT_OUT = (Hit.Stage.EXCLUDED, Hit.Stage.REFUSED)


@dataclass
class Known:
    """`work`: the one of the library it is; `perhaps`: the one it may be; `left_out`, with the
    `ExclusionReason`, if one was given; `waits`: found, and not decided yet."""

    work: Reference | None = None
    perhaps: Reference | None = None
    left_out: bool = False
    reason: object = None
    waits: bool = False


def known(record) -> Known:
    found = of_hit(Found([record]).judged_alone(record))
    if found == Known() and record.title:
        # A title alone, and a short one at that, says too little for a verdict; here it is asked.
        found.perhaps = Reference.objects.filter(title__iexact=record.title).first()
    return found


def of_hit(found: Hit) -> Known:
    """The same of a record that was compared."""
    if not found.removed:
        return Known(perhaps=found.reference)
    if found.duplicate_of is None:
        return Known(work=found.reference)
    root = found.duplicate_of
    if root.stage == Hit.Stage.INCLUDED or root.verdict == Hit.Verdict.SAME:
        return Known(work=root.reference)
    if root.stage in LEFT_OUT and not root.removed:
        last = deciding.standing(root)
        return Known(left_out=True, reason=last and last.reason)
    return Known(waits=True)
