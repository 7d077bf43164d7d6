"""Every address of the old site leads to what stood there."""

import re
from unicodedata import combining, normalize
from urllib.parse import unquote

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from publishing import tags
from publishing.models import Redirect, generic_key
from publishing.richtext import links

from .places import OldPlaces, own_paths

LONGEST = 1200
ROWS = 500
# Letters that WordPress writes otherwise than without their accent.
_LETTERS = str.maketrans({
    "ß": "s", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i",
    ".": "-",
})  # fmt: skip
LED_ELSEWHERE = gettext_noop("This old address led elsewhere before; so it stays")


def bring(run):
    """Redirects for all of them; one that leads elsewhere already is left and told."""
    wanted = {}
    for path, row in _all(run):
        path = unquote(path)
        if path and path != "/" and len(path) <= LONGEST:
            wanted.setdefault(path, row)
    run.report.note(gettext_noop("Old addresses that lead to their new place"), str(len(wanted)))
    paths = list(wanted)
    for start in range(0, len(paths), ROWS):
        chunk = paths[start : start + ROWS]
        with transaction.atomic():
            known = {row.path: row for row in Redirect.objects.filter(path__in=chunk)}
            for path in chunk:
                if path in known and not _same(known[path], wanted[path]):
                    run.report.note(LED_ELSEWHERE, path)
            Redirect.objects.bulk_create(
                Redirect(path=path, **wanted[path]) for path in chunk if path not in known
            )


def _same(row, values):
    if values.get("address") or row.address:
        return row.address == values.get("address", "")
    return (row.page_type_id, row.page_id) == (values["page_type"].pk, values["page_id"])


def _all(run):
    yield from _items(run)
    yield from _subjects(run)
    yield from _lists(run)


def _items(run):
    places = OldPlaces(run)
    for entry in run.survey.entries.values():
        row = run.known.get((entry.kind, entry.number))
        if row is None:
            continue
        if row.page_id:
            kind = ContentType.objects.get_for_id(row.page_type_id)
            where = {"page_type": kind, "page_id": row.page_id}
        elif name := places.file_name(entry.number):
            where = _to(settings.MEDIA_URL + name)
        else:
            continue
        for path in own_paths(entry):
            yield path, where
        if entry.kind == "attachment" and (stored := places.addresses.stored(entry)):
            yield stored, where


def _to(address, below=False):
    return {"address": address, "below": below}


def _subjects(run):
    """Categories and tags: to the subject, or to the posts where nothing came in under it."""
    terms = [each for each in run.survey.site.terms if each.kind in ("category", "post_tag")]
    known = tags.known([each.name for each in terms])
    parents = {each.slug: each.parent for each in terms if each.kind == "category"}
    blog = _to(links.address("blog:index"))
    for term in terms:
        pk = known.get(tags.key(term.name))
        where = generic_key(tags.Tag(pk=pk), "page") if pk else blog
        for path in _paths_of(term, parents, run.decisions.bases):
            yield run.base + path, where
        asked = "cat" if term.kind == "category" else "tag"
        if term.number and asked == "cat":
            yield f"/?cat={term.number}", where
        yield f"/?{asked}={term.slug}", where


def _paths_of(term, parents, bases):
    if term.kind == "post_tag":
        yield f"/{bases['tag']}/{term.slug}/"
        return
    way, slug = [term.slug], parents.get(term.slug)
    while slug and slug not in way and len(way) < 20:
        way.append(slug)
        slug = parents.get(slug)
    yield f"/{bases['category']}/{'/'.join(reversed(way))}/"
    yield f"/{bases['category']}/{term.slug}/"


def nicename(login):
    """How WordPress writes a login in an address: “J. Müller@x.org” → “j-mullerx-org”."""
    plain = normalize("NFKD", login[:50].lower()).translate(_LETTERS)
    plain = "".join(each for each in plain if not combining(each))
    plain = re.sub(r"[^\w\s-]+", "", plain)
    return re.sub(r"[\s-]+", "-", plain).strip("-")


def _lists(run):
    """Feeds, archives by date and by author, the search."""
    base, blog = run.base, links.address("blog:index")
    for old, new in run.decisions.prefixes.items():
        yield f"{old.rstrip('/')}/", _to(new, below=True)
    yield f"{base}/feed/", _to(links.address("feed"))
    yield f"{base}/comments/feed/", _to(links.address("comments:feed"))
    yield f"{base}/page/", _to(blog, below=True)
    for name in ("wp-sitemap.xml", "sitemap_index.xml"):
        yield f"{base}/{name}", _to(links.address("sitemap"))
    for kind in ("rss2", "rss", "atom", "rdf"):
        yield f"/?feed={kind}", _to(links.address("feed"))
    yield "/?s=", _to(links.address("search"))
    for author in run.survey.site.authors:
        yield f"{base}/{run.decisions.bases['author']}/{nicename(author.login)}/", _to(blog)
        if author.number:
            yield f"/?author={author.number}", _to(blog)
    for entry in run.survey.of("post"):
        if entry.at is None or entry.status != "publish":
            continue
        day = timezone.localdate(entry.at)
        where = _to(links.address("blog:year", day.year))
        yield f"{base}/{day:%Y}/", where
        yield f"{base}/{day:%Y/%m}/", where
        yield f"{base}/{day:%Y/%m/%d}/", where
        yield f"/?m={day:%Y}", where
        yield f"/?m={day:%Y%m}", where
        yield f"/?m={day:%Y%m%d}", where
