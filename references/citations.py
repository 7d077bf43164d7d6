"""How a reference is written: short names, labels, and one plain citation, escaped and kept with the record."""

import re

from django.utils.html import escape, format_html, format_html_join
from django.utils.text import slugify
from django.utils.translation import gettext as _

from publishing.richtext import trusted

MAX_AUTHORS = 6


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
    """The people of a reference in one role, in order; uses a prefetch if there is one."""
    return [a.person for a in reference.authorships.all() if a.role == role]


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
    names = [p.family for p in people(reference) or people(reference, "editor")]
    if not names:
        who = reference.container_short or reference.genre or reference.display_title[:40]
    elif len(names) == 1:
        who = names[0]
    elif len(names) == 2:
        who = _("%(first)s and %(second)s") % {"first": names[0], "second": names[1]}
    else:
        who = _("%(first)s and others") % {"first": names[0]}
    return f"{who} {reference.year_text}"


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
    """One entry of a reference list: authors, linked title with its `lang`, place of publication, year; escaped."""
    who = authors_short(reference)
    if reference.title or reference.original_title:
        title = format_html(
            '<span lang="{}">{}</span>', reference.title_language, reference.title or reference.original_title
        )
        if reference.translated_title:
            title = format_html("{} [{}]", title, reference.translated_title)
    else:
        title = format_html("[{}]", reference.translated_title)
    parts = [part for part in (where(reference), reference.year_text if reference.year else "") if part]
    return format_html(
        '{}<a href="{}">{}</a>{}{}',
        f"{who}. " if who else "",
        _address(reference),
        title,
        "" if reference.display_title.endswith(("?", "!", ".")) else ".",
        format_html(" {}.", format_html_join(", ", "{}", ((part,) for part in parts))) if parts else "",
    )


def _address(reference):
    return f"/references/{reference.citekey}/"


def fill(reference):
    """Write the kept forms into the fields of a reference; saves nothing."""
    reference.authors_short = authors_short(reference)
    reference.where_html = where(reference)
    reference.citation_html = citation(reference)
    names = [p.family for p in people(reference) or people(reference, "editor")]
    reference.sort_key = slugify(" ".join(names[:3]) or reference.display_title)[:120]


def html(reference):
    """The kept citation, for templates."""
    return trusted(reference.citation_html)
