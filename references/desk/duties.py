"""What of the library waits for the author, as her lists and the desk's first page name it."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from publishing.desk.waiting import Duty

from ..browsing import evidence
from ..models import Citation, Status
from ..vocabulary import ReadingState


def of_works():
    """The `Duty` of each kind."""
    yield Duty(
        "retracted",
        _("retracted, and cited in your texts"),
        lambda n: (
            ngettext(
                "%(count)s retracted and cited in your texts",
                "%(count)s retracted and cited in your texts",
                n,
            )
            % {"count": n}
        ),
        lambda works: works.filter(
            Exists(Citation.objects.filter(reference=OuterRef("pk"))), status=Status.RETRACTED
        ),
    )
    yield Duty(
        "wanted",
        ReadingState.WANTED.label,
        lambda n: ngettext("%(count)s wanted", "%(count)s wanted", n) % {"count": n},
        lambda works: works.filter(reading_state=ReadingState.WANTED),
    )
    yield Duty(
        "no-identifier",
        _("without DOI, PMID or ISBN"),
        lambda n: (
            ngettext(
                "%(count)s without DOI, PMID or ISBN", "%(count)s without DOI, PMID or ISBN", n
            )
            % {"count": n}
        ),
        lambda works: works.filter(doi=None, pmid=None, pmcid=None, isbn=""),
    )
    yield Duty(
        "no-notes",
        _("without notes"),
        lambda n: ngettext("%(count)s without notes", "%(count)s without notes", n) % {"count": n},
        lambda works: works.filter(notes=None).exclude(reading_state=ReadingState.WANTED),
    )
    yield Duty(
        "facts",
        _("with facts not yet extracted"),
        lambda n: (
            ngettext(
                "%(count)s with facts not yet extracted",
                "%(count)s with facts not yet extracted",
                n,
            )
            % {"count": n}
        ),
        evidence.unfinished,
    )
