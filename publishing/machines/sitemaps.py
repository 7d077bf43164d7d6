"""Sitemaps in parts (sitemaps.org 0.9): an index of them, and each part one or two queries over a
few columns.

A part is a range of primary keys: a page never moves from one to another, and no part knows how
many there are before it. Nothing is stored, so a page that is hidden this moment stands in none the
next; see docs/adr/0016.
"""

from collections import defaultdict
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, F, Max, Q, Value
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import override

PART = 1000
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_HERE = "HERE"
_SAFE = "!$&'()*+,;=/~:@"  # as `reverse` leaves them
_XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'


class PageSitemap:
    """Public pages of one kind: `pages()` gives them, `view` and `key` name their address and the
    column in it.

    `changed` names the column, or the expression, of the last change; None where none is kept.
    """

    view, key, changed = "", "", None
    translated = False

    def pages(self):
        raise NotImplementedError

    def parts(self):
        """`[(number, moment of the last change or None)]` of the parts that hold a page. One
        query."""
        return [
            (page.pk // PART, getattr(page, self.changed) if self.changed else None)
            for page in self._first_of_parts()
        ]

    def _first_of_parts(self):
        """Of each part the page changed last, or the first one: looked for in an index from part to
        part, so that it costs what there are of these and not of pages."""
        name = self.changed or "pk"
        pages = self.pages().order_by().values_list("pk", F(name))
        sql, parameters = pages.query.get_compiler(connection=connection).as_sql()
        found = (
            f"SELECT pk FROM page WHERE pk / {PART} = part.first / {PART} ORDER BY changed DESC"  # noqa: S608
            " LIMIT 1"
        )
        return self.pages().model._base_manager.raw(
            f"WITH RECURSIVE page (pk, changed) AS NOT MATERIALIZED ({sql}), part (first) AS ("  # noqa: S608
            "SELECT min(pk) FROM page UNION ALL SELECT (SELECT min(pk) FROM page"
            f" WHERE pk >= (first / {PART} + 1) * {PART}) FROM part WHERE first IS NOT NULL)"
            f" SELECT page.pk AS id{f', page.changed AS {name}' if self.changed else ''} FROM part"
            f" JOIN page ON page.pk = {f'({found})' if self.changed else 'first'} ORDER BY page.pk",
            parameters,
        )

    def entries(self, number):
        """`[(path, last change or None, [(language, path)] of all its translations)]` of one
        part."""
        start, path = number * PART, self._path()
        rows = self._rows(self.pages().filter(pk__gte=start, pk__lt=start + PART))
        groups = self._groups({group for *_, group in rows}) if self.translated else {}
        return [
            (path(key), last, [(language, path(each)) for language, each in groups.get(group, ())])
            for key, last, group in rows
        ]

    def _rows(self, pages):
        """`[(key, last change, group)]`"""
        last = self.changed or Value(None, DateTimeField())
        group = Coalesce("translation_of", "pk") if self.translated else Value(0)
        pages = pages.order_by("pk").annotate(
            last=F(last) if isinstance(last, str) else last, of=group
        )
        return list(pages.values_list(self.key, "last", "of"))

    def _groups(self, names):
        """`{group: [(language, key)]}` of those that have translations, in whatever part they
        stand."""
        groups = defaultdict(list)
        found = self.pages().filter(Q(pk__in=names) | Q(translation_of__in=names)).order_by("pk")
        for pk, of, language, key in found.values_list(
            "pk", "translation_of", "language", self.key
        ):
            groups[of or pk].append((language, key))
        return {name: found for name, found in groups.items() if len(found) > 1}

    def _path(self):
        """The function from the column to the path: resolving the address again for each page is
        what costs."""
        with override(settings.LANGUAGE_CODE):
            before, after = reverse(self.view, args=[_HERE]).split(_HERE)
        return lambda key: before + quote(key, safe=_SAFE) + after


class PublishableSitemap(PageSitemap):
    """A page that waited for its moment changed for readers when that came."""

    translated = True
    changed = Greatest("updated", Coalesce("publish_at", "updated"))

    def parts(self):
        rows = self.pages().order_by().annotate(part=F("pk") / PART).values_list("part")
        return sorted(rows.annotate(last=Max(self.changed)))


def index(sitemaps):
    """The XML of the index: the parts of all `sitemaps`, a dict by name."""
    rows = []
    for name, sitemap in sitemaps.items():
        for number, last in sitemap.parts():
            address = settings.SITE_URL + reverse("sitemap-part", args=[name, number])
            rows.append(f"<sitemap>{_where(address, last)}</sitemap>\n")
    return f"{_HEAD}<sitemapindex {_NS}>\n{''.join(rows)}</sitemapindex>\n"


def part(sitemap, number):
    """The XML of one part; None where there is none."""
    entries = sitemap.entries(number)
    if not entries:
        return None
    rows = "".join(
        f"<url>{_where(settings.SITE_URL + path, last)}{_also(also)}</url>\n"
        for path, last, also in entries
    )
    return f"{_HEAD}<urlset {_NS} {_XHTML}>\n{rows}</urlset>\n"


def _where(address, last):
    moment = f"<lastmod>{last.isoformat(timespec='seconds')}</lastmod>" if last else ""
    return f"<loc>{escape(address)}</loc>{moment}"


def _also(translations):
    """Beside an address those of its translations, itself among them, as search engines want it."""
    return "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}"'
        f' href="{escape(settings.SITE_URL + path)}"/>'
        for language, path in translations
    )
