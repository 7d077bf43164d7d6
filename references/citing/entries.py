"""How a reference is written: short names, labels, and its citation in each style, escaped and kept
with the record."""

import logging
import re
from functools import partial

from django.utils.html import escape, format_html, format_html_join
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from publishing.richtext.sanitise import trusted

from .. import csl
from ..exporting import coins
from .records import csl_item

logger = logging.getLogger(__name__)

MAX_AUTHORS = 6
# What texts and lists are written in; the others are offered beside each work.
SITE_STYLE, SITE_LOCALE = "vancouver", "en-US"
STYLES = {"vancouver": "Vancouver (NLM)", "ama": "AMA", "apa": "APA", "harvard": "Harvard"}


def short_name(family, given="", suffix="", literal=False):
    """“Copeman”, “William S. C.” → “Copeman WSC”; an organisation stays as it is."""
    if literal or not given:
        return " ".join(part for part in (family, suffix) if part)
    initials = "".join(
        part[0].upper()
        for word in re.split(r"[\s.]+", given)
        for part in re.split(r"[-‐]", word)
        if part and part[0].isalpha()
    )
    return " ".join(part for part in (family, initials, suffix) if part)


def people(reference, role="author"):
    """The people of a reference in one role, in order; uses a prefetch if there is one.

    A work on its way into the database has them as `gathered`.
    """
    rows = reference.authorships.all() if reference.pk else reference.gathered
    return [a.person for a in rows if a.role == role]


def authors_short(reference):
    """“Bauwens P, Coyer AB”; more than six end in “et al.”; editors stand in where no author is."""
    names = [person.short for person in people(reference)]
    ending = ""
    if not names:
        names = [person.short for person in people(reference, "editor")]
        ending = ", ed" if len(names) == 1 else ", eds"
    if not names:
        return ""
    if len(names) > MAX_AUTHORS:
        return ", ".join(names[:MAX_AUTHORS]) + ", et al"
    return ", ".join(names) + ending


def label(reference):
    """“Copeman and Ackerman 1944”."""
    names = reference.families if reference.families is not None else families(reference)
    if not names:
        who = reference.container_short or reference.genre or reference.display_title[:40]
    elif len(names) == 1:
        who = names[0]
    elif len(names) == 2:
        who = _("%(first)s and %(second)s") % {"first": names[0], "second": names[1]}
    else:
        who = _("%(first)s and others") % {"first": names[0]}
    return f"{who} {reference.year_text}"


def families(reference):
    """The first three family names: enough to name a work by and to sort it."""
    return [person.family for person in people(reference) or people(reference, "editor")][:3]


def where(reference):
    """“<i>Am J Med Sci</i> 190: 833–837”, escaped; empty where nothing is recorded."""
    container = reference.container_short or reference.container
    parts = format_html("<i>{}</i>", container) if container else ""
    volume = reference.volume + (f"({reference.issue})" if reference.issue else "")
    pages = re.sub(r"(?<=\w)-+(?=\w)", "–", reference.pages)
    numbers = volume + (": " if volume and pages else "") + pages
    if numbers:
        parts = format_html("{} {}", parts, numbers) if parts else escape(numbers)
    if not parts:
        made = ": ".join(part for part in (reference.place, reference.publisher) if part)
        parts = escape("; ".join(part for part in (reference.genre, made) if part))
    return parts


def citation(reference):
    """The entry of a reference list in the site's own style, its title a link to the reference;
    safe HTML."""
    link = format_html(
        '{}<a href="/references/{}/" lang="{}">',
        warning(reference),
        reference.citekey,
        reference.title_language,
    )
    return csl.cite(csl_item(reference), SITE_STYLE, SITE_LOCALE, title=(link, "</a>"))


def warning(reference, language="en"):
    """“Retracted: ” as it stands before the title of such a work; safe HTML, mostly empty."""
    with override(language):
        word = reference.warning
        return format_html('<b class="warning">{}:</b> ', word) if word else ""


def plain(reference):
    """Who, the title as a link, where and when, until a style has written the entry; safe HTML."""
    link = format_html(
        '{}<a href="/references/{}/" lang="{}">{}</a>', warning(reference),
        reference.citekey, reference.title_language, reference.display_title,
    )  # fmt: skip
    where_html = trusted(str(reference.where_html))
    parts = [escape(reference.authors_short), link, where_html, escape(reference.year_text)]
    stops = ((part, "" if _ends(part) else ".") for part in parts if part)
    return format_html_join(" ", "{}{}", stops)


def _ends(html):
    return html.removesuffix("</a>").endswith((".", "?", "!", "…"))


def in_styles(reference, language="en"):
    """`{style: safe HTML}` of one reference in every style; empty as long as none is written."""
    kept = reference.kept_citations.get(csl.LOCALES.get(language[:2], SITE_LOCALE), {})
    # In our order: PostgreSQL gives the keys of what it kept in its own.
    return {style: trusted(kept[style]) for style in STYLES if style in kept}


def named_styles(reference, language="en"):
    """`[(name, safe HTML)]` to be shown; the plain entry where no style has written it yet."""
    kept = in_styles(reference, language)
    return [(STYLES[style], html) for style, html in kept.items()] or [
        (_("Short entry"), plain(reference))
    ]


def author_parts(name):
    """“Anna Puig Soler” as family and given; one word, or “The author”, as it stands."""
    given, _space, family = name.partition(" ")
    if not family or given.casefold() in ("the", "la", "el", "l'autora"):
        return name, ""
    return family, given


def fill(reference):
    """Write the kept forms into the fields of a reference, in the site's style; saves nothing."""
    fill_short(reference)
    reference.coins = coins.written(reference, people(reference))
    reference.citation_html = _written(reference, citation)


def fill_styles(reference):
    """Write the entries in all styles and languages into the fields; saves nothing."""
    item = csl_item(reference)
    reference.kept_citations = {
        locale: {
            style: _written(reference, partial(_cited, item, style, locale)) for style in STYLES
        }
        for locale in csl.LOCALES.values()
    }
    reference.citations_due = False


def _cited(item, style, locale, reference):
    return csl.cite(item, style, locale, title=(warning(reference, locale[:2]), ""))


def _written(reference, write):
    """A work no style can write keeps no other from being formatted, nor itself from being kept."""
    try:
        return write(reference)
    except Exception:
        logger.exception("The citation of %s cannot be written", reference.citekey)
        return plain(reference)


def fill_short(reference):
    """The kept forms that take no time, with a plain entry; those of the styles are due."""
    reference.authors_short = authors_short(reference)
    reference.where_html = where(reference)
    reference.kept_citations, reference.citations_due = {}, True
    shown = [reference.doi, reference.pmid, reference.full_text_url]
    reference.shown_links = " ".join(filter(None, shown))
    reference.families = names = families(reference)
    reference.sort_key = slugify(" ".join(names) or reference.display_title)[:120]
    reference.citation_html = plain(reference)
