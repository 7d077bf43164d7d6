"""The last part of a page's address. Every slug of the site is made here; none is ever empty."""

import re
import unicodedata
from functools import partial
from itertools import count

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

# What a sign is made up of and nobody sees: joiners, variation selectors, controls, marks, spaces.
_UNSEEN = ("C", "M", "Z")


def make(text, *, kind, longest=120, reserved=frozenset()):
    """A slug for `text`: its letters and digits in any script, lower case, words joined by hyphens.

    A text without any is told by the names of its signs (“🐭”: mouse-face). Where nothing can be
    told, and before a word that is `reserved` for another address, stands `kind`: “page”,
    “post-2024”. Never empty, never longer than `longest`.
    """
    # NFC before and after: slugify takes compatible forms apart, and some letters it makes small
    # come apart again.
    letters = unicodedata.normalize(
        "NFC", slugify(unicodedata.normalize("NFC", text[:1000]), allow_unicode=True)
    )
    slug = _cut(letters or _told(text[:1000]), longest) or kind
    return _cut(f"{kind}-{slug}", longest) if _is_reserved(slug, reserved) else slug


def numbered(slug, longest):
    """`slug`, `slug-2`, `slug-3` …, each within `longest`."""
    yield slug
    for number in count(2):
        yield f"{_cut(slug, longest - len(str(number)) - 1)}-{number}"


def free(slug, others, *, longest=120, field="slug"):
    """`slug`, or with the first number none of the queryset `others` has: two look-ups, however
    many are alike."""
    if not others.filter(**{field: slug}).exists():
        return slug
    alike = others.filter(**{f"{field}__startswith": _cut(slug, longest - 8)})
    taken = {slug, *alike.values_list(field, flat=True)}
    return next(each for each in numbered(slug, longest) if each not in taken)


def field(help_text, *, longest=120, unique=True):
    """The field of a model that is `Addressed`."""
    return models.SlugField(
        _("address"),
        max_length=longest,
        unique=unique,
        allow_unicode=True,
        blank=True,
        help_text=help_text,
    )


class Addressed:
    """For a model with a `slug`: where the author gave none it is made of the title, and free."""

    # Words that stand for another address at the same place: a set, or a function that tells.
    RESERVED_SLUGS = frozenset()

    @property
    def slug_words(self):
        return self.title

    def slug_neighbours(self):
        """The rows whose slug it may not have."""
        return type(self)._base_manager.exclude(pk=self.pk)

    def fill_slug(self):
        if self.slug == "":
            longest = self._meta.get_field("slug").max_length
            made = make(
                self.slug_words,
                kind=self._meta.model_name,
                longest=longest,
                reserved=self.RESERVED_SLUGS,
            )
            self.slug = free(made, self.slug_neighbours(), longest=longest)

    def clean(self):
        super().clean()
        self.fill_slug()


def _cut(slug, longest):
    """Not longer than that, at the end of a word where one ends in the last third."""
    if len(slug) <= longest:
        return slug
    head = slug[: longest + 1]
    word = head.rfind("-")
    return head[: word if word > longest * 2 // 3 else longest].strip("-_")


def _told(text):
    """The names of the signs, each once where several alike follow."""
    words, before = [], ""
    for sign in text:
        if sign == before or unicodedata.category(sign)[0] in _UNSEEN:
            continue
        before = sign
        words.append(slugify(unicodedata.name(sign, "")) or f"u{ord(sign):x}")
        if len(words) == 20:
            break
    return "-".join(words)


def _is_reserved(slug, reserved):
    return reserved(slug) if callable(reserved) else slug in reserved


all_digits = partial(re.fullmatch, r"[0-9]+")
