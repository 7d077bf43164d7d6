"""One search over everything public: one index row a page, two backends behind the same three functions.

Words are folded (lower case, no accents) before they are stored or looked up, and the last letters of a word may be
missing, so both databases find the same pages.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import override

PER_PAGE = 20
MAX_WORDS = 12


def fold(text):
    """“Lagèze” → “lageze”."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words_of(query):
    """The folded words of a query, at most twelve; a word in quotation marks is no different from another."""
    return re.findall(r"\w+", fold(query))[:MAX_WORDS]


def index(page):
    """Write the page's row, or take it away when the public may not see the page; a page without a kind has none."""
    entry_model = apps.get_model("publishing.IndexEntry")
    if not page.index_kind() or not page.has_public_address():
        return remove(page)
    with override("en"):
        url = page.get_absolute_url()
    title, text = page.index_text()
    entry, _ = entry_model.objects.update_or_create(
        **_key(page),
        defaults={
            "kind": page.index_kind(),
            "language": getattr(page, "language", "") or "",
            "label": str(getattr(page, "index_label", ""))[:300],
            "title": title,
            "text": text,
            "title_folded": fold(title),
            "text_folded": fold(text),
            "url": url[:1200],
            "visible_from": getattr(page, "visible_from", None),
        },
    )
    _backend().write(entry)
    return entry


def remove(page):
    entries = apps.get_model("publishing.IndexEntry").objects.filter(**_key(page))
    for entry in entries:
        _backend().erase(entry)
    entries.delete()


def _key(page):
    return {"page_type": ContentType.objects.get_for_model(page), "page_id": page.pk}


def find(query, kind=""):
    """Entries that hold every word of `query`, best first, and the number of entries of each kind.

    Gives `(queryset, {kind: count})`; an empty query gives nothing.
    """
    entry_model = apps.get_model("publishing.IndexEntry")
    words = words_of(query)
    if not words:
        return entry_model.objects.none(), {}
    found = _backend().match(entry_model.objects.filter(_visible()), words)
    counts = {}
    for name in found.order_by().values_list("kind", flat=True):
        counts[name] = counts.get(name, 0) + 1
    if kind:
        found = found.filter(kind=kind)
    return found, counts


def _visible():
    """What the public may see at this moment: rows are written ahead of time, and a page above may have gone since."""
    visible = Q(visible_from=None) | Q(visible_from__lte=timezone.now())
    for model in apps.get_models():
        published = getattr(model._default_manager, "published", None)
        if published:
            kind = ContentType.objects.get_for_model(model)
            visible &= ~Q(page_type=kind) | Q(page_id__in=published().order_by().values("pk"))
    return visible


def matching(query, kind):
    """The ids of the pages of one kind that hold every word of `query`, for `pk__in=`; None for an empty query."""
    words = words_of(query)
    return RawSQL(*_backend().ids(words, kind)) if words else None


@dataclass
class Hit:
    """A search result ready to show. `in_title`: the title alone says why it was found."""

    entry: object
    title: str
    excerpt: str
    in_title: bool


def hits(entries, query):
    words = words_of(query)
    return [
        Hit(
            entry,
            mark(entry.title, words),
            mark(excerpt(entry.text, words), words),
            all(re.search(rf"\b{word}", entry.title_folded) for word in words),
        )
        for entry in entries
    ]


def excerpt(text, words, length=220):
    """The stretch of text around the first word found."""
    folded = fold(text)
    same_length = len(folded) == len(text)
    places = [match.start() for word in words if same_length and (match := re.search(rf"\b{re.escape(word)}", folded))]
    start = max(0, min(places, default=0) - length // 3)
    if start:
        start = text.find(" ", start) + 1
    end = text.rfind(" ", 0, start + length) if len(text) > start + length else len(text)
    return ("… " if start else "") + text[start : max(end, start)] + (" …" if end < len(text) else "")


def mark(text, words):
    """Escaped text with every word that begins like one of `words` in `<mark>`."""
    parts = re.split(r"(\w+)", text)
    return format_html_join(
        "",
        "{}",
        (
            (_marked(part) if index % 2 and any(fold(part).startswith(word) for word in words) else part,)
            for index, part in enumerate(parts)
        ),
    )


def _marked(word):
    return format_html_join("", "<mark>{}</mark>", [(word,)])


def _backend():
    return PostgreSQL if connection.vendor == "postgresql" else SQLite


class PostgreSQL:
    """A `tsvector` column (title weighs more) with a GIN index, made by the migration."""

    @staticmethod
    def write(entry):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE publishing_indexentry SET vector = setweight(to_tsvector('simple', left(title_folded, 20000)), 'A')"
                " || setweight(to_tsvector('simple', left(text_folded, 400000)), 'C') WHERE id = %s",
                [entry.pk],
            )

    @staticmethod
    def erase(entry):
        """The vector goes with its row."""

    @staticmethod
    def match(entries, words):
        query = " & ".join(f"'{word}':*" for word in words)
        return entries.extra(
            where=["vector @@ to_tsquery('simple', %s)"],
            params=[query],
            select={"rank": "ts_rank_cd(vector, to_tsquery('simple', %s))"},
            select_params=[query],
            order_by=["-rank", "-id"],
        )

    @staticmethod
    def ids(words, kind):
        query = " & ".join(f"'{word}':*" for word in words)
        sql = "SELECT page_id FROM publishing_indexentry WHERE kind = %s AND vector @@ to_tsquery('simple', %s)"
        return sql, [kind, query]


class SQLite:
    """An FTS5 table beside the rows, made by the migration."""

    @staticmethod
    def write(entry):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM publishing_fts WHERE rowid = %s", [entry.pk])
            cursor.execute(
                "INSERT INTO publishing_fts (rowid, title, text) VALUES (%s, %s, %s)",
                [entry.pk, entry.title_folded, entry.text_folded],
            )

    @staticmethod
    def erase(entry):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM publishing_fts WHERE rowid = %s", [entry.pk])

    @staticmethod
    def match(entries, words):
        query = " ".join(f'"{word}"*' for word in words)
        return entries.extra(
            tables=["publishing_fts"],
            where=["publishing_fts.rowid = publishing_indexentry.id", "publishing_fts MATCH %s"],
            params=[query],
            select={"rank": "bm25(publishing_fts, 8.0, 1.0)"},
            order_by=["rank", "-id"],
        )

    @staticmethod
    def ids(words, kind):
        sql = (
            "SELECT page_id FROM publishing_indexentry entry JOIN publishing_fts ON publishing_fts.rowid = entry.id"
            " WHERE entry.kind = %s AND publishing_fts MATCH %s"
        )
        return sql, [kind, " ".join(f'"{word}"*' for word in words)]
