"""The flow as a table: the text equivalent of its picture, the same numbers in the same order."""

from .boxes import OTHERS


def rows(flow, labels):
    """`(box, words, number, depth)`; `box` names the list behind the number: of records, as
    `boxes.rows` takes it, or one of `boxes.WORKS`."""
    yield from _arm("", flow.databases, labels)
    if flow.others:
        yield from _arm(OTHERS, flow.others, labels)
    for name in ("new_studies", "new_reports"):
        yield "new", labels[name], getattr(flow, name), 0
    if flow.variant[0] == "updated":
        for part in ("previous", "total"):
            for what in ("studies", "reports"):
                yield part, labels[f"{part}_{what}"], getattr(flow, f"{part}_{what}"), 0


def _arm(prefix, arm, labels):
    yield f"{prefix}identified", labels["identified"], arm.total, 0
    for name, number in arm.identified.items():
        yield f"{prefix}identified:{name}", labels.get(name, name), number, 1
    if not prefix:
        yield "removed", labels["removed"], sum(arm.removed.values()), 0
        for name, number in arm.removed.items():
            yield name, labels[name], number, 1
        for name in ("screened", "excluded", "waiting"):
            if name != "waiting" or arm.waiting:
                yield name, labels[name], getattr(arm, name), 0
    for name in ("sought", "not_retrieved", "assessed", "unread"):
        if name != "unread" or arm.unread:
            yield f"{prefix}{name}", labels[name], getattr(arm, name), 0
    yield f"{prefix}refused", labels["refused"], sum(arm.refused.values()), 0
    for name, number in arm.refused.items():
        yield f"{prefix}refused:{name}", labels["reasons"].get(name, name), number, 1
    yield f"{prefix}included", labels["included"], arm.included, 0
