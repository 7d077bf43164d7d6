"""Works of a list as HTML: what a template would write, in a twentieth of the time. A page lists a
hundred.

`where_html` is HTML of ours; every other word of a record is escaped here.
"""

from functools import lru_cache
from html import escape

from django.conf import settings
from django.utils.translation import get_language, gettext

from publishing.richtext.sanitise import trusted
from publishing.templatetags.richtext import rich

from .. import vocabulary


class Words:
    """What stands around a work, in one language."""

    def __init__(self):
        self.no_year = f'<abbr title="{gettext("No year")}">n.d.</abbr>'
        self.not_recorded = gettext("Periodical not recorded")
        self.notes = gettext("Notes")
        self.notes_on = gettext("Notes on %(title)s")
        self.full_text = gettext("Full text")
        self.full_text_of = gettext("Full text of %(label)s")
        self.full_text_of_title = gettext("Full text of %(title)s")
        self.editor = gettext("as editor")
        self.translator = gettext("as translator")
        self.as_number = gettext("as [%(number)s], at")
        self.place_in = gettext("Place %(letter)s in %(page)s")


@lru_cache(maxsize=16)
def _words(_language):
    return Words()


def where(work):
    """Where it appeared, as kept; what is no more than a kind of work in the reader's language."""
    kept, genre = work.where_html, work.genre
    known = vocabulary.in_words(genre) if genre and kept == escape(genre) else None
    return escape(known) if known else rich(kept)


def listed(works, *, short=False):
    """Items of a list, one work after the other; `short` leaves their marks out."""
    words = _words(get_language())
    return trusted("".join(_item(work, words, short) for work in works))


def _item(work, words, short):
    address = escape(work.get_absolute_url())
    same = " same" if getattr(work, "same_year", False) else ""
    year = escape(work.year_text) if work.year else words.no_year
    return f"""
<li class="work{same}" id="{escape(work.citekey)}">
  <span class="year">{year}</span>
  <div>
    {_who(work)}
    <span class="what">{_what(work, address)}</span>
    <span class="where">{_where(work, words)}.</span>
  </div>
  {"" if short else _marks(work, words, address)}
  {"" if short else f'<span class="Z3988" title="{escape(work.coins)}"></span>'}
</li>
"""


def _who(work):
    name = work.authors_short
    if not name and not work.genre:
        return ""
    return f'<span class="who">{escape(name) if name else term(work.genre)}.</span>'


def term(text):
    """Words of a record in the reader's language, marked with the one they are in."""
    text = str(text or "")
    known = vocabulary.in_words(text) if text else None
    if known is not None:
        return escape(known)
    return f'<span lang="{settings.LANGUAGE_CODE}">{escape(text)}</span>' if text else ""


def _what(work, address):
    title = _title(work, address)
    if work.translated_title and work.title_language != "en":
        title += f'\n      [<span lang="en">{escape(work.translated_title)}</span>]'
    return title


def _title(work, address):
    warning = work.warning
    told = f'<strong class="warning">{escape(str(warning))}:</strong> ' if warning else ""
    title, language = escape(work.display_title), escape(work.title_language)
    return f'{told}<a href="{address}"><span lang="{language}">{title}</span></a>'


def _where(work, words):
    if work.where_html:
        return where(work)
    return words.not_recorded if work.is_article else escape(str(work.get_type_display()))


def _marks(work, words, address):
    marks = ""
    if getattr(work, "has_notes", False):
        marks += f'<a class="has" href="{address}#notes">{words.notes}</a>\n    '
    if work.free_text:
        label = words.full_text_of % {"label": escape(work.citekey)}
        marks += f'<a href="{escape(work.free_text)}" aria-label="{label}">{words.full_text}</a> '
    if work.language and work.language != "en":
        marks += f"<span>{escape(work.language_label)}</span>\n    "
    role = getattr(work, "role", "")
    if role and role != "author":
        marks += f"<span>{words.editor if role == 'editor' else words.translator}</span>"
    return f'<p class="marks">{marks}</p>'


def placed(rows, language):
    """Works placed in a chapter, or under a name, with remarks in `language`; a row has
    `reference`, `has_notes`, `same_year` and `remark`."""
    words = _words(get_language())
    return trusted("".join(_placed(row, row.reference, words, language) for row in rows))


def _placed(row, work, words, language):
    address = escape(work.get_absolute_url())
    who = f'<span class="who">{escape(work.authors_short)}.</span>' if work.authors_short else ""
    there = f'<span class="where">{where(work)}</span>' if work.where_html else ""
    remark = ""
    if row.remark:
        remark = f'<span class="remark" lang="{escape(language)}">{escape(row.remark)}</span>'
    return f"""
<li class="work{" same" if row.same_year else ""}">
  <span class="year">{escape(work.year_text)}</span>
  <div>
    {who}
    <span class="what">{_title_as_placed(work, address)}</span>
    {there}
    {remark}
    {_placed_marks(row, work, words, address)}
  </div>
</li>
"""


def _title_as_placed(work, address):
    title = _title(work, address)
    if work.translated_title and (work.title or work.original_title):
        title += f'\n      <span lang="en">[{escape(work.translated_title)}]</span>'
    return title


def _placed_marks(row, work, words, address):
    marks, title, free = "", {"title": escape(work.display_title)}, work.free_text
    if row.has_notes:
        label = words.notes_on % title
        marks += f'<a class="has" href="{address}#notes" aria-label="{label}">{words.notes}</a>'
    if free:
        label = words.full_text_of_title % title
        marks += f' <a href="{escape(free)}" aria-label="{label}">{words.full_text}</a>'
    if work.language and work.language != "en":
        marks += f"\n      <span>{escape(work.language_label)}</span>"
    return f'<span class="marks">{marks}</span>' if marks else ""


def citing(rows):
    """Pages that cite a work, `CitedIn`s, each with the places where it does."""
    words = _words(get_language())
    return trusted("".join(_citing(row, words) for row in rows))


def _citing(row, words):
    page = row.page
    name, number = escape(str(page)), escape(str(getattr(page, "number", "")))
    before = f'<span class="n">{number}</span> ' if number else ""
    title = escape(str(getattr(page, "title", ""))) or name
    places = "".join(
        f'<a href="{escape(address)}" aria-label="'
        f'{words.place_in % {"letter": letter, "page": name}}">{letter}</a> '
        for letter, address in row.places_in_page()
    )
    address, language = escape(page.get_absolute_url()), escape(page.language)
    where = f'<span class="meta">{words.as_number % {"number": row.number}} {places}</span>'
    return f"""
      <li>{before}<a href="{address}" lang="{language}">{title}</a> {where}</li>
      """
