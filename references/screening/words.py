"""What the boxes of the flow are called: PRISMA 2020's words in the language of the reader."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..models import Method, Source


def labels(kept):
    """Words of every box, of the sources, and under “reasons” those of each reason as kept."""
    language = get_language()
    return {
        **dict(Source.choices),
        **{method.value: str(method.label).capitalize() for method in Method},
        "identified": _("Records identified"),
        "removed": _("Removed before screening"),
        "duplicate": _("Duplicates"),
        "automation": _("By automatic rules"),
        "other": _("For other reasons"),
        "screened": _("Records screened"),
        "excluded": _("Records excluded"),
        "waiting": _("Records still to be screened"),
        "sought": _("Reports sought for retrieval"),
        "not_retrieved": _("Reports not retrieved"),
        "assessed": _("Reports assessed for eligibility"),
        "unread": _("Reports still to be assessed"),
        "refused": _("Reports excluded"),
        "included": _("Reports included"),
        "undecided": _("Not decided yet"),
        "new_studies": _("New studies included"),
        "new_reports": _("Reports of new included studies"),
        "previous_studies": _("Studies included before"),
        "previous_reports": _("Reports of studies included before"),
        "total_studies": _("All studies included"),
        "total_reports": _("Reports of all included studies"),
        "reasons": {
            number: names.get(language) or names.get("en") or number
            for number, names in kept.get("reasons", {}).items()
        },
    }
