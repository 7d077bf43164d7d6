"""Every page has its first version: what it was before anybody changed or deleted it is kept,
however it came in.
"""

from collections import defaultdict
from contextlib import ExitStack

import reversion
from reversion.models import Version
from reversion.revisions import is_registered

from .. import tags

CHUNK = 200


def keep_first(objects, comment: str) -> int:
    """Record the present state of those that have no version yet; gives how many were recorded.

    Outside a revision that is being made: what goes on afterwards is a version of its own.
    """
    objects = [each for each in objects if is_registered(type(each))]
    known = set()
    for model in {type(each) for each in objects}:
        ids = [str(each.pk) for each in objects if type(each) is model]
        for start in range(0, len(ids), CHUNK):
            rows = Version.objects.get_for_model(model).filter(
                object_id__in=ids[start : start + CHUNK]
            )
            known |= {(model, pk) for pk in rows.values_list("object_id", flat=True)}
    new = [each for each in objects if (type(each), str(each.pk)) not in known]
    for start in range(0, len(new), CHUNK):
        keep(new[start : start + CHUNK], comment)
    return len(new)


def keep(objects, comment: str) -> None:
    """Record the present state of these, in one revision."""
    tagged = defaultdict(list)
    for each in objects:
        if hasattr(each, "tag_rows"):
            tagged[type(each)].append(each)
    with reversion.create_revision(), ExitStack() as at_hand:
        for some in tagged.values():
            at_hand.enter_context(tags.at_hand(some))
        reversion.set_comment(comment)
        for each in objects:
            reversion.add_to_revision(each)


def forget(model, pk) -> None:
    """Delete every version of something that is gone for good."""
    if is_registered(model):
        Version.objects.get_for_object_reference(model, pk).delete()
