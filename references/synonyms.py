"""What a search makes of the register of names: a query for one name finds the others too."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from publishing.search import Expansion
from publishing.search.words import STOPWORDS, tokens

from .models import Name
from .models.names import Standing


def expand(phrases):
    """The other names of what a query names, the preferred and then the most used first, each form
    of them."""
    wanted = set(phrases)
    rows = list(
        Name.objects.select_related("condition")
        .annotate(works=Count("uses"), is_preferred=Q(standing=Standing.PREFERRED))
        .order_by("-is_preferred", "-works", "title")
        if wanted
        else ()
    )
    forms = {
        name.pk: {phrase: form for form in name.all_forms for phrase in _typed(form)}
        for name in rows
    }
    # Of “back mouse masquerade”, the whole of a name counts and no shorter name inside it.
    for phrase in sorted(wanted, key=len, reverse=True):
        name = next((name for name in rows if name.expands and phrase in forms[name.pk]), None)
        if name is not None:
            return [
                Expansion(phrase, form, _reason(forms[name.pk][phrase], name) if index == 0 else "")
                for index, form in enumerate(_others(name, rows, forms, phrase))
            ]
    return []


def _typed(form):
    """How a query has it, folded: whole between quotation marks, else without words such as
    “de”."""
    words = tokens(form)
    return dict.fromkeys(
        [" ".join(words), " ".join(word for word in words if word not in STOPWORDS)]
    )


def _others(name, rows, forms, phrase):
    said = forms[name.pk][phrase]
    for other in rows:
        if other.expands and other.condition_id == name.condition_id:
            yield from (form for form in dict.fromkeys(forms[other.pk].values()) if form != said)


def _reason(form, name):
    return _(
        "“%(name)s” is one name among several: works that say %(condition)s or another of its names"
        " are found too."
    ) % {
        "name": form,
        "condition": name.condition.title[:1].lower() + name.condition.title[1:],
    }
