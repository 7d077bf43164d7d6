"""What one book holds, read in a handful of queries whatever its length."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Sum
from django.http import Http404
from django.utils.translation import get_language, to_locale

from publishing.models import SiteSettings
from publishing.templatetags.pages import bare
from references.browsing.evidence import rows, studies
from references.models import Methods
from references.screening import public
from review import navigation
from review.models import Chapter, Placement

WORDS_A_PAGE, WORKS_A_PAGE = 420, 14
FIELDS = (
    *navigation.LISTED,
    "body_html",
    "references_html",
    "contents",
    "words",
    "cover_id",
    "evidence_table",
)


class TooLong(Exception):
    """More than can be set in one piece; `pages` is about how many it would have."""

    def __init__(self, pages):
        super().__init__(pages)
        self.pages = pages


@dataclass
class Book:
    site: SiteSettings
    chapters: list
    address: str
    language: str
    # The chapter it is of; None for the whole review.
    top: Chapter | None = None
    alone: bool = False
    # How it was searched, where readers are told.
    methods: Methods | None = None

    @property
    def title(self):
        return self.top.title if self.top else self.site.name

    @property
    def number(self):
        return self.top.number if self.top else ""

    @property
    def cover(self):
        return self.top.shown_cover if self.top else self.site.shown_figure

    @property
    def full_address(self):
        return settings.SITE_URL + self.address

    @property
    def modified(self):
        """When any of it was last worked on."""
        return max(chapter.updated for chapter in self.chapters)

    @property
    def unfinished(self):
        return sum(chapter.planned or chapter.under_construction for chapter in self.chapters)

    @property
    def languages(self):
        return list(dict.fromkeys(chapter.language for chapter in self.chapters))

    @property
    def fingerprint(self):
        """Changes with every word of it, with the language around it and with the way books are
        made."""
        digest = hashlib.sha256(_recipe(self.language))
        parts = [
            self.address,
            self.alone,
            settings.SITE_URL,
            _values(self.site),
            self.cover and _values(self.cover),
            self._searched,
        ]
        for chapter in self.chapters:
            parts.append([getattr(chapter, name) for name in FIELDS])
            parts.extend(
                (row.remark, row.has_notes, _values(row.reference)) for row in chapter.placed[0]
            )
            parts.extend(_values(work.facts) for work in chapter.studies if hasattr(work, "facts"))
        digest.update(repr(parts).encode())
        return digest.hexdigest()[:32]

    @property
    def _searched(self):
        if self.methods is None or self.top is None:
            return self.methods and _values(self.methods)
        return self.methods.searched_to, self.methods.taken_in_to

    @property
    def file_name(self):
        """Without its ending: “back-mice-2-nerve-entrapment”."""
        words = [
            self.site.name,
            *([self.number, self.title] if self.top else []),
            "" if self.alone else "book",
        ]
        return "-".join(
            "".join(sign if sign.isalnum() or sign == "." else " " for sign in " ".join(words))
            .lower()
            .split()
        )


def _values(record):
    return [value for name, value in sorted(record.__dict__.items()) if not name.startswith("_")]


@cache
def _recipe(language):
    """Code, templates, sheets and words that make a book: when one of them changes, the kept books
    are of no use."""
    base = settings.BASE_DIR
    paths = [
        *Path(__file__).parent.glob("*.*"),
        *(base / "templates/review").rglob("*.*"),
        *(base / "templates/references").glob("*.*"),
        base / "static/css/tokens.css",
        base / "locale" / to_locale(language) / "LC_MESSAGES/django.mo",
    ]
    digest = hashlib.sha256(language.encode())
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(path.read_bytes())
    return digest.digest()


def collect(path=None, *, alone=False):
    """The `Book` of the chapter at `path`, with all below it or `alone`; without a path, of
    everything."""
    chapters = Chapter.objects.published().order_by("order")
    top = None
    if path is not None:
        top = chapters.select_related("cover").filter(path=path).first()
        if top is None:
            raise Http404
        chapters = (
            chapters.filter(pk=top.pk) if alone else chapters.filter(order__startswith=top.order)
        )
    _refuse_too_long(chapters)
    found = list(chapters.only(*FIELDS))
    if not found:
        raise Http404
    placed = navigation.placed_in(found)
    studied = _studied(found)
    for chapter in found:
        chapter.placed = placed[chapter.pk]
        works = [row.reference_id for row in chapter.placed[0]] if chapter.evidence_table else []
        chapter.studies = [studied[pk] for pk in works if pk in studied]
    return Book(
        site=SiteSettings.load(),
        chapters=found,
        address=bare(top.get_absolute_url()) if top else "/review/",
        language=get_language() or settings.LANGUAGE_CODE,
        top=top,
        alone=alone,
        methods=public.known(),
    )


def _studied(chapters):
    """`{id: work with its facts}` of the studies in the chapters that show their evidence."""
    shown = [chapter.pk for chapter in chapters if chapter.evidence_table]
    placed = Placement.objects.filter(chapter__in=shown).values("reference")
    return {work.pk: work for work in rows(studies().filter(pk__in=placed))} if shown else {}


def _refuse_too_long(chapters):
    words = chapters.aggregate(words=Sum("words"))["words"] or 0
    works = Placement.objects.filter(chapter__in=chapters).aggregate(count=Count("pk"))["count"]
    pages = round(words / WORDS_A_PAGE + works / WORKS_A_PAGE)
    if pages > settings.BOOK_MAX_PAGES:
        raise TooLong(pages)
