"""Results of a search as HTML: what a template would write, several times as fast.

What a hit shows of its text is marked and escaped by the search; every other word is escaped here.
"""

from html import escape

from django.utils.translation import get_language, gettext

from publishing.languages import language_name
from publishing.richtext.sanitise import trusted
from publishing.templatetags.richtext import iso_day, localised
from references.browsing.markup import where


def listed(hits):
    """The items of the list, `publishing.search.Hit`s; those of works with the `Reference` as the
    entry's page."""
    return trusted("".join(map(_item, hits)))


def _item(hit):
    entry = hit.entry
    spoken = f' lang="{escape(entry.language)}"' if entry.language else ""
    if entry.kind == "reference":
        warning, below = f"{_warning(entry.page)}\n        ", _work(hit)
    else:
        warning, below = "", _words(hit, spoken)
    without = ""
    if hit.without:
        said = gettext("without: %(words)s") % {"words": escape(hit.without)}
        without = f'<p class="meta without">{said}</p>'
    return f"""
    <li>
      <p class="k meta">{_kind(entry)}
</p>
      <h2 class="hit"{spoken}>{warning}<a href="{escape(localised(entry.url))}">{hit.title}</a></h2>
      {below}
      {without}
    </li>
    """


def _warning(work):
    """As references/warning.html."""
    if not work.warning:
        return ""
    return f'<strong class="warning">{escape(str(work.warning))}:</strong> '


def _work(hit):
    work = hit.entry.page
    authors = f"{escape(work.authors_short)}.\n        " if work.authors_short else ""
    excerpt = f"<p>{hit.excerpt}</p>" if "<mark>" in hit.excerpt else ""
    return f'<p class="where">{authors}{where(work)}</p>\n      {excerpt}\n      '


def _words(hit, spoken):
    if not hit.excerpt:
        return ""
    heading = f'<b class="under">{hit.heading}</b> ' if hit.heading else ""
    return f"<p{spoken}>{heading}{hit.excerpt}</p>"


def _kind(entry):
    """What it is, and the language it is in if that is not the reader's."""
    label, language = escape(entry.label), get_language()
    said = {
        "chapter": lambda: gettext("Chapter") + (f"\n  {label}" if label else ""),
        "inshort": lambda: gettext("In short"),
        "keptanswer": lambda: gettext("Answered question"),
        "reference": lambda: f"{gettext('Reference')},\n  {label}",
        "person": lambda: gettext("Person"),
        "name": lambda: gettext("Name"),
        "post": lambda: f"{gettext('Blog')},\n  {escape(str(iso_day(entry.label)))}",
        "question": lambda: gettext("Question and answer on %(page)s") % {"page": label},
        "comment": lambda: gettext("Comment on %(page)s") % {"page": label},
    }.get(entry.kind, str)()
    if entry.language and entry.language != language:
        said += f", {escape(language_name(entry.language))}"
    return said
