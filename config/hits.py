"""Results of a search as HTML: what a template would write, several times as fast.

What a hit shows of its text is marked and escaped by the search; every other word is escaped here.
"""

from functools import lru_cache
from html import escape

from django.utils.translation import get_language, gettext

from publishing.languages import language_name
from publishing.richtext.sanitise import trusted
from publishing.templatetags.richtext import iso_day, localised
from references.browsing.markup import where
from references.models import warned


def listed(hits):
    """The items of the list, `publishing.search.Hit`s; those of works with what is shown of the
    work as the entry's `work`."""
    words = _words_in(get_language())
    return trusted("".join([_item(hit, words) for hit in hits]))


class Words:
    """What stands around results, in one language."""

    def __init__(self, language):
        self.language, self.here = language, localised("/")
        self.without = gettext("without: %(words)s")
        self.chapter = gettext("Chapter")
        self.blog = gettext("Blog")
        self.reference = gettext("Reference")
        self.question = gettext("Question and answer on %(page)s")
        self.comment = gettext("Comment on %(page)s")
        self.alone = {
            "inshort": gettext("In short"),
            "keptanswer": gettext("Answered question"),
            "person": gettext("Person"),
            "name": gettext("Name"),
        }


@lru_cache(maxsize=16)
def _words_in(language):
    return Words(language)


def _item(hit, words):
    entry = hit.entry
    spoken = f' lang="{escape(entry.language)}"' if entry.language else ""
    if entry.kind == "reference":
        warning, below = f"{_warning(entry.work)}\n        ", _work(hit)
        title = _translated(hit.title) if entry.work.translated_title else hit.title
    else:
        warning, below, title = "", _words(hit, spoken), hit.title
    without = ""
    if hit.without:
        said = words.without % {"words": escape(hit.without)}
        without = f'<p class="meta without">{said}</p>'
    address = words.here + entry.url[1:] if entry.url.startswith("/") else entry.url
    return f"""
    <li>
      <p class="k meta">{_kind(entry, words)}
</p>
      <h2 class="hit"{spoken}>{warning}<a href="{escape(address)}">{title}</a></h2>
      {below}
      {without}
    </li>
    """


def _translated(title):
    """The title of a work that has one in English too, in brackets at its end."""
    at = title.rfind("[") if title.endswith("]") else -1
    if at < 0:  # its row is of before
        return title
    return f'{title[:at]}[<span lang="en">{title[at + 1 : -1]}</span>]'


def _warning(work):
    """As references/warning.html."""
    warning = warned(work.status)
    return f'<strong class="warning">{escape(str(warning))}:</strong> ' if warning else ""


def _work(hit):
    work = hit.entry.work
    authors = f"{escape(work.authors_short)}.\n        " if work.authors_short else ""
    excerpt = f"<p>{hit.excerpt}</p>" if "<mark>" in hit.excerpt else ""
    return f'<p class="where">{authors}{where(work)}</p>\n      {excerpt}\n      '


def _words(hit, spoken):
    if not hit.excerpt:
        return ""
    heading = f'<b class="under">{hit.heading}</b> ' if hit.heading else ""
    return f"<p{spoken}>{heading}{hit.excerpt}</p>"


def _kind(entry, words):
    """What it is, and the language it is in if that is not the reader's."""
    label, kind = escape(entry.label), entry.kind
    if kind == "chapter":
        said = f"{words.chapter}\n  {label}" if label else words.chapter
    elif kind == "reference":
        said = f"{words.reference},\n  {label}"
    elif kind == "post":
        said = f"{words.blog},\n  {escape(str(iso_day(entry.label)))}"
    elif kind in ("question", "comment"):
        said = (words.question if kind == "question" else words.comment) % {"page": label}
    else:
        said = words.alone.get(kind, "")
    if entry.language and entry.language != words.language:
        said += f", {escape(language_name(entry.language))}"
    return said
