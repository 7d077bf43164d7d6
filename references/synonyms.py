"""What a search makes of the vocabulary of the library: a query for one name finds the others too,
and one in readers' words finds what the texts say instead."""

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.db.models import BooleanField, Count, ExpressionWrapper, IntegerField, Q, Value
from django.utils.translation import gettext as _

from publishing.http import parts
from publishing.search import Expansion
from publishing.search.words import STOPWORDS, compounds, cut, joined, shortened

from .models import LayWord, Name
from .models.names import Standing, all_forms

STARTER = Path(__file__).parent / "data/laywords.json"
MOST_FOUND = 6


class Named(NamedTuple):
    """A name of the register, and how many works use it."""

    pk: int
    title: str
    forms: str
    expands: bool
    condition_id: int
    condition: str
    works: int
    is_preferred: bool


def other_words(phrases):
    """What stands for words of a query: the other names of what it names, then what the texts say
    instead of readers' words."""
    names, said = parts.kept(("vocabulary",), _vocabulary) if phrases else ([], {})
    return [*_other_names(names, phrases), *_in_other_words(said, phrases)]


def expand(phrases):
    """The other names of what a query names."""
    return _other_names(_vocabulary()[0] if phrases else [], phrases)


def _vocabulary():
    """`(names, {key: (place, finds)})`, the names that are preferred and used most first, what is
    said in the order of its words. One query."""
    names = Name.objects.order_by().values_list(
        "pk", "title", "forms", "expands", "condition_id", "condition__title",
        Count("uses"), ExpressionWrapper(Q(standing=Standing.PREFERRED), BooleanField()),
    )  # fmt: skip
    nobody = Value(None, IntegerField())
    laywords = LayWord.objects.order_by().values_list(
        "pk", "said", "finds", Value(False), nobody, Value(""), Value(0), Value(False)
    )
    rows = [Named(*row) for row in names.union(laywords, all=True)]
    return (
        sorted(
            (row for row in rows if row.condition_id is not None),
            key=lambda row: (not row.is_preferred, -row.works, row.title),
        ),
        _by_key(sorted((row.title, row.forms) for row in rows if row.condition_id is None)),
    )


def _by_key(rows):
    """`{key: (place, finds)}` of `(said, finds)`; the first to say it counts."""
    found = {}
    for said, finds in rows:
        for key in _keys(said):
            found.setdefault(key, (len(found), finds))
    return found


def _other_names(names, phrases):
    """The preferred and then the most used first, each form of them."""
    wanted = set(phrases)
    forms = {
        name.pk: {phrase: form for form in all_forms(name.title, name.forms)
                  for phrase in _typed(form)}
        for name in names
    }  # fmt: skip
    # Of “back mouse masquerade”, the whole of a name counts and no shorter name inside it.
    for phrase in sorted(wanted, key=len, reverse=True):
        name = next((name for name in names if name.expands and phrase in forms[name.pk]), None)
        if name is not None:
            return [
                Expansion(phrase, form, _reason(forms[name.pk][phrase], name) if index == 0 else "")
                for index, form in enumerate(_others(name, names, forms, phrase))
            ]
    return []


@lru_cache(maxsize=4096)
def _typed(form):
    """How a query has it, folded: whole between quotation marks, else without words such as “de”;
    hyphens may be missing."""
    found = []
    for words in (cut(form), _as_one(form)):
        found += [" ".join(words), " ".join(word for word in words if word not in STOPWORDS)]
    return dict.fromkeys(found)


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
        "condition": name.condition[:1].lower() + name.condition[1:],
    }


def _in_other_words(said, phrases):
    """What the texts say instead of readers' words, the nearest first."""
    wanted = {}
    for phrase in phrases:
        wanted.setdefault(_key(phrase.split()), phrase)
    found = sorted((*said[key], key) for key in wanted if key in said)
    for _place, finds, key in found:
        yield from _instead(wanted[key], finds.splitlines())


def _instead(phrase, finds):
    found = [line.strip() for line in finds if line.strip()][:MOST_FOUND]
    others = [line for line in found if _key(cut(line)) != _key(phrase.split())]
    reason = _("For “%(said)s” this also finds: %(found)s.") % {
        "said": phrase,
        "found": ", ".join(others),
    }
    for far, line in enumerate(others, 1):
        yield Expansion(phrase, line, reason if far == 1 else "", far)


@lru_cache(maxsize=4096)
def _keys(said):
    """Of each line how a query may have it, compounds in their parts or as one."""
    return list(
        dict.fromkeys(
            key
            for line in said.splitlines()
            for words in (cut(line), _as_one(line))
            if (key := _key(words))
        )
    )


def _as_one(line):
    return [
        word for parts in compounds(line) for word in ([joined(parts)] if joined(parts) else parts)
    ]


def _key(words):
    """Words in whatever ending, without such as “de”."""
    return " ".join(shortened(word) for word in words if word not in STOPWORDS)


@transaction.atomic
def add_starter():
    """Add what the site brings of readers' words, but for what is there; gives how many."""
    known = {
        _key(cut(line)) for said in LayWord.objects.values_list("said", flat=True)
        for line in said.splitlines()
    }  # fmt: skip
    made = []
    for item in json.loads(STARTER.read_text(encoding="utf-8")):
        said = [line for line in item["said"].splitlines() if _key(cut(line)) not in known]
        if said:
            made.append(LayWord(said="\n".join(said), finds=item["finds"]))
    return len(LayWord.objects.bulk_create(made))
