"""In what two records of one work differ, and what contradicts that they are one."""

from dataclasses import dataclass

from publishing.search.words import fold

from ..formats.records import FIELDS, NO_TITLE
from .features import IDENTIFIERS, UNKNOWN_KIND, first_page, folded, isbns

# The citekey is a record's name in its own file; it is never brought over another.
ROWS_OF_THEIR_OWN = ("names", "tags", "keywords", "notices")
COMPARED = [*(name for name in FIELDS if name not in ("citekey", "issn_kinds")), *ROWS_OF_THEIR_OWN]


def contradict(ours, theirs):
    """Whether something that identifies a work is given for both and is not the same."""
    for name in IDENTIFIERS:
        if (
            getattr(ours, name)
            and getattr(theirs, name)
            and getattr(ours, name) != getattr(theirs, name)
        ):
            return True
    one, other = isbns(ours), isbns(theirs)
    if one and other and one[0] != other[0]:
        return True
    return _differ(ours.volume, theirs.volume) and _differ(
        first_page(ours.pages), first_page(theirs.pages)
    )


def _differ(one, other):
    return bool(one and other) and folded(one) != folded(other)


@dataclass(frozen=True)
class Difference:
    """One field in which a record says something else than the library, or something the library
    leaves open."""

    field: str
    ours: object
    theirs: object

    @property
    def fills(self):
        return self.ours in ("", None, False, [], NO_TITLE)


def _is_said(notice, known):
    """Whether it is known already, or that there is one of its kind where it says no more."""
    named = notice.doi or notice.pmid
    return any(
        each.key == notice.key
        or (not named and (each.kind, each.of_other) == (notice.kind, notice.of_other))
        for each in known
    )


def differences(ours, theirs):
    """What `theirs` says and `ours` does not, in the order of the fields. What theirs leaves open
    is no difference."""
    found = []
    for name in COMPARED:
        one, other = getattr(ours, name), getattr(theirs, name)
        if (name == "type" and other == UNKNOWN_KIND) or (name == "title" and other == NO_TITLE):
            continue
        if name == "private_note" and one:
            continue  # hers by now
        if name == "tags":
            known = {fold(tag) for tag in one}
            if all(fold(tag) in known for tag in other):
                continue
        if name == "keywords" and {fold(word.term) for word in other} <= {
            fold(word.term) for word in one
        }:
            continue
        if name == "notices" and all(_is_said(notice, one) for notice in other):
            continue
        if other not in ("", None, False, []) and one != other:
            found.append(Difference(name, one, other))
    return found
