"""What a template needs to show the pictures, on their own page and in a text."""

from django.utils.translation import gettext as _

from .. import axis
from . import drawing


def context_of(found, query):
    """Takes `studies.Pictures` and “?…” of the choice they are of, or nothing."""
    scale = axis.scale([year for line in found.lines for year in line.years])
    return {
        "found": found,
        "shares": [
            (design, [_strip(share) for share in shares]) for design, shares in found.shares
        ],
        "map": [
            (design, list(zip(found.outcomes, cells, strict=True))) for design, cells in found.map
        ],
        "lines": [(line, axis.strip(line.years, scale)) for line in found.lines],
        "scale": scale,
        "whole": drawing.percent(100),
        "said": words(),
        "query": query,
    }


def words():
    """`{picture: (title, what it says and what may not be concluded from it)}`."""
    return {
        "forest": (
            _("Relief, study by study"),
            _(
                # xgettext:no-python-format
                "Each line is one study: how many of its patients had relief, with the 95%"
                " interval (Wilson). Relief is what the study calls so, at its own follow-up. The"
                " shares must not be averaged or compared with each other: designs, patients and"
                " definitions differ, and most studies compare with nothing."
            ),
        ),
        "map": (
            _("What has been studied, and how"),
            _(
                "A circle counts the studies of a design that report an outcome; a ring means that"
                " they were gone through and do not report it. An empty place means that no study"
                " of the library says anything there, not that there is no effect."
            ),
        ),
        "years": (
            _("When it was studied"),
            _(
                "Each tick is a study in the year it was published. Many ticks say that the"
                " question was asked often, not that the answer was yes."
            ),
        ),
    }


def _strip(share):
    """Where its marks stand, as text: a template would write 3,03 where that is the custom."""
    at = {name: f"{100 * getattr(share, name):.1f}%" for name in ("low", "high", "share")}
    follow_up = _("follow-up not reported") if share.follow_up == "" else share.follow_up
    defined = " · ".join(filter(None, [share.defined, follow_up]))
    return {"row": share, "told": drawing.percents(share), "at": at, "defined": defined}
