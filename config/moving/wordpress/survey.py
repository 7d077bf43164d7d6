"""A first look through an export: what there is and where it stood, without its texts."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_noop

from publishing.richtext.sanitise import strip_control

from . import recognise, wxr
from .records import Item, Problem, Site

PROBLEMS = 2000
TAKEN = ("page", "post", "attachment")
_FRONT = {
    "about", "about-us", "about-this-site", "about-me", "preface", "foreword", "contact",
    "introduction", "acknowledgements", "acknowledgments", "privacy", "privacy-policy",
    "disclaimer", "how-to-use-this-site", "sobre-mi", "acerca-de", "prefacio", "prologo",
    "contacto", "introduccion", "agradecimientos", "sobre-aquest-lloc", "presentacio", "contacte",
    "prefaci",
}  # fmt: skip
# What plug-ins for search engines keep beside a page.
_WPML = "_wpml_import_"
SEO = re.compile(
    r"_(yoast_wpseo|aioseo|aioseop|rank_math|seopress|genesis)_?(title|metadesc|description)"
)


@dataclass
class Entry:
    """One item, without its text."""

    place: int
    number: int
    kind: str
    status: str
    title: str
    path: str
    slug: str
    parent: int
    order: int
    line: int
    at: object
    file: str = ""
    stored: str = ""
    alt: str = ""
    caption: str = ""
    password: bool = False
    comments: int = 0
    # Of a plug-in for languages: which page it goes with, its language, what it was made from.
    group: str = ""
    language: str = ""
    translated_from: str = ""
    found: recognise.Found = field(default_factory=recognise.Found)


@dataclass
class Survey:
    site: Site
    entries: dict[int, Entry] = field(default_factory=dict)
    # (kind, status) of items; (kind, state) of comments
    items: Counter = field(default_factory=Counter)
    comments: Counter = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    # `{number: text}` of the blocks several texts share
    reused: dict[int, str] = field(default_factory=dict)
    menus: list[str] = field(default_factory=list)
    fields: Counter = field(default_factory=Counter)
    seo: list[tuple[int, str, str]] = field(default_factory=list)
    creators: Counter = field(default_factory=Counter)
    highest: int = 0
    twice: int = 0

    def of(self, kind):
        return [entry for entry in self.entries.values() if entry.kind == kind]


def take(path, zone):
    """The `Survey` of a file; raises `wxr.Unreadable`."""
    survey = None
    for each in wxr.read(path, zone):
        if isinstance(each, Site):
            survey = Survey(each)
        elif isinstance(each, Problem):
            if len(survey.problems) < PROBLEMS:
                survey.problems.append(each)
        elif isinstance(each, Item):
            _note(survey, each)
    return survey


def _note(survey, item):
    survey.items[item.kind, item.status] += 1
    if item.kind == "wp_block":
        survey.reused[item.number] = item.text
    elif item.kind == "nav_menu_item":
        menu = next((term.name for term in item.terms), "")
        survey.menus.append(f"{menu}: {item.title or item.meta.get('_menu_item_url') or item.slug}")
    if item.kind not in TAKEN:
        return
    if item.number in survey.entries:
        survey.twice += 1
        survey.problems.append(
            Problem(item.line, gettext_noop("Its number was there before."), item.title)
        )
        return
    survey.entries[item.number] = _entry(item)
    if item.kind != "attachment":
        survey.creators[item.creator] += 1
        _fields(survey, item)
    for comment in item.comments:
        survey.comments[comment.kind, comment.approved] += 1
        survey.highest = max(survey.highest, comment.number)


def _fields(survey, item):
    for key, value in item.meta.items():
        if SEO.match(key):
            survey.seo.append((item.number, key, value[:300]))
        elif not key.startswith("_") and key != "footnotes":
            survey.fields[key] += 1


def _entry(item):
    entry = Entry(
        place=item.place,
        number=item.number,
        kind=item.kind,
        status=item.status,
        title=title_of(item),
        path=path_of(item.link),
        slug=strip_control(unquote(item.slug))[:120],
        parent=item.parent,
        order=item.order,
        line=item.line,
        at=item.at,
        password=bool(item.password),
        comments=len(item.comments),
    )
    if item.kind == "attachment":
        entry.file, entry.stored = item.file, item.meta.get("_wp_attached_file", "")
        entry.alt = item.meta.get("_wp_attachment_image_alt", "")[:2000]
        entry.caption = words(item.excerpt)[:2000]
    else:
        entry.found = recognise.look(_first_lines(item.text))
        entry.group, entry.language, entry.translated_from = _translation(item)
    return entry


def _translation(item):
    """`(group, language, source language)` as Polylang or WPML says it."""
    slugs = {term.kind: term.slug for term in item.terms}
    group = slugs.get("post_translations") or item.meta.get(f"{_WPML}translation_group", "")
    return group[:200], language_told(item), item.meta.get(f"{_WPML}source_language_code", "")


def language_told(item):
    """The two letters a plug-in for languages keeps with a page; "" where none does."""
    slugs = {term.kind: term.slug for term in item.terms}
    return (slugs.get("language") or item.meta.get(f"{_WPML}language_code", ""))[:2].lower()


_ENDS = re.compile(r"</(?:p|li|h\d|div|tr)>|<br[^>]*>|\n", re.IGNORECASE)
_INSIDE = re.compile(r"<[^<>]*>")


def _first_lines(text):
    """Its lines as plain text, cheaply: tags out, entities in."""
    lines = _ENDS.split(text[:200_000])
    return [line for each in lines if (line := words(each))]


def words(html):
    """The words of a little HTML on one line."""
    return " ".join(unescape(_INSIDE.sub("", html)).split())


def title_of(item):
    return strip_control(words(item.title))[:300]


def path_of(link):
    """“https://old.example.org/a/b?x=1” → “/a/b/”; of `/?p=12` the query stays."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ""
    path = unquote(parts.path) or "/"
    asked = re.match(r"(?:p|page_id|attachment_id)=\d{1,18}", parts.query)
    if asked:
        return f"{path.rstrip('/')}/?{asked[0]}"
    if not parts.netloc and not parts.path:
        return ""
    return path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"


def footnotes_of(item):
    """`{id: HTML}` of a text of blocks."""
    try:
        notes = json.loads(item.meta.get("footnotes") or "[]")
        return {str(each["id"]): str(each["content"]) for each in notes}
    except (ValueError, TypeError, KeyError):
        return {}


def proposals(survey):
    """`{number: what a page or post becomes}`, before the author has said anything."""
    children = {entry.parent for entry in survey.entries.values() if entry.kind == "page"}
    found = {}
    for entry in survey.entries.values():
        if entry.kind == "post":
            found[entry.number] = "post"
        elif entry.kind == "page":
            alone = not entry.parent and entry.number not in children
            found[entry.number] = "front" if alone and entry.slug in _FRONT else "chapter"
    return found
