"""Chapters of the contents as HTML: what a template would write, in a twentieth of the time. A page
of a long review lists three hundred.

Every word of an author is escaped here.
"""

from html import escape

from django.utils.translation import gettext, ngettext

from publishing.richtext.sanitise import trusted
from publishing.templatetags.richtext import dated


def listed(chapters):
    """Items of the contents, one chapter after the other; each has `placement_count` (None: no
    works stand in it) and `left_out`, how many that stand in it are not listed."""
    return trusted("".join(map(_item, chapters)))


def _item(chapter):
    level = f"l{min(chapter.depth, 2) + 1}"
    numbered = "" if chapter.number else " unnumbered"
    tag = "p" if chapter.depth else "h2"
    language = escape(chapter.language)
    address = escape(chapter.get_absolute_url())
    link = f'<a href="{address}" lang="{language}">{escape(chapter.title)}</a>'
    return f"""
<li class="row {level}{numbered} {_rule(chapter)}">
  <span class="n">{escape(chapter.number)}</span>
  <div><{tag} class="t">{link}</{tag}>{_summary(chapter, language)}{_works(chapter)}
    {_more(chapter)}</div>
  <p class="meta st">{_state(chapter)}</p>
</li>
"""


def _rule(chapter):
    if chapter.planned:
        return "planned"
    return "building" if chapter.under_construction else "done"


def _state(chapter):
    if chapter.planned:
        return escape(gettext("Planned"))
    if chapter.under_construction:
        words, day = gettext("Under construction, last worked on %(date)s"), chapter.updated
    elif chapter.reviewed:
        words, day = gettext("Published, reviewed %(date)s"), chapter.reviewed
    else:
        words, day = gettext("Published %(date)s"), chapter.first_published
    return escape(words) % {"date": dated(day)}


def _summary(chapter, language):
    if not chapter.summary or (chapter.depth and chapter.placement_count):
        return ""
    return f'\n    <p class="meta d" lang="{language}">{escape(chapter.summary)}</p>'


def _works(chapter):
    placed = chapter.placement_count
    if not placed:
        return ""
    count = {"n": placed.count}
    if placed.articles:
        words = ngettext("%(n)s article", "%(n)s articles", placed.count) % count
    else:
        words = ngettext("%(n)s work", "%(n)s works", placed.count) % count
    words = escape(words)
    if placed.first:
        until = "" if placed.last == placed.first else f"&#8288;–&#8288;{placed.last}"
        words += f", {placed.first}{until}"
    if placed.noted == placed.count:
        words += f", {escape(gettext('notes written'))}"
    elif placed.noted:
        words += f", {escape(gettext('notes written for %(n)s') % {'n': placed.noted})}"
    return f'\n    <p class="meta d">{words}</p>'


def _more(chapter):
    if not chapter.left_out:
        return ""
    words = ngettext("and %(n)s chapter in it", "and %(n)s chapters in it", chapter.left_out)
    return f'<p class="meta d">{escape(words % {"n": chapter.left_out})}</p>'
