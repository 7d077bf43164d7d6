"""The works whose citations are chased: those that were included; where none was, those that pages
of the site cite."""

from django.db.models import Q

from ..models import Citation, Reference
from ..screening import boxes


def works():
    included = Q(pk__in=boxes.included().values("pk")) | Q(facts__isnull=False)
    found = Reference.objects.filter(included)
    if not found.exists():
        found = Reference.objects.filter(pk__in=Citation.objects.values("reference"))
    return found.distinct()


def asked():
    """Those that an index can be asked for."""
    return works().filter(Q(doi__gt="") | Q(pmid__gt=""))


def number_of(work):
    """`(kind, number)`: its DOI, else its PMID."""
    return ("doi", work.doi) if work.doi else ("pmid", work.pmid)
