"""Comments in reading order as HTML: what a template would write, forty times as fast. A page may
show hundreds.

Words of readers are escaped here, each of them; what they said is the HTML kept with it
(`comments.text.html`).
"""

from functools import lru_cache
from html import escape

from django.template.defaultfilters import linebreaks_filter
from django.utils import timezone
from django.utils.translation import get_language, gettext

from publishing.addresses import reverse
from publishing.languages import language_name
from publishing.richtext.sanitise import trusted
from publishing.templatetags.richtext import dated, day_in

from ..models import Kind, Role

DEEPEST = 5  # from this level on the thread goes on at the same indent


class Words:
    """What stands around the comments, in one language; `{}` where a name or a date comes."""

    def __init__(self, language):
        self.language = language
        self.removed = gettext("[removed at the writer’s wish]")
        self.author = gettext("author")
        self.in_reply = gettext("in reply to")
        self.to_removed = gettext("a removed comment")
        self.to_hidden = gettext("in reply to a comment that is not shown")
        self.reply = gettext("Reply")
        self.reply_to = gettext("Reply to %(name)s")
        self.corrected = gettext("corrected %(date)s")
        self.put_right = gettext("mistake put right %(date)s")
        self.gloss = gettext("In the words of %(name)s")
        self.kinds = {value: escape(str(label)) for value, label in Kind.choices}
        self.roles = {value: escape(str(label)) for value, label in Role.choices}
        self.languages = {}

    def named(self, code):
        """A language."""
        if code not in self.languages:
            self.languages[code] = escape(language_name(code, self.language))
        return self.languages[code]


@lru_cache(maxsize=16)
def _words(language):
    return Words(language)


def indent(comment):
    """Class of a comment's depth."""
    return f"d{min(comment.depth, DEEPEST)}"


def listed(comments, *, page, site, reading, replies):
    """The comments of a page, or some of them, one after the other. `reading`: the language of what
    is around them; `replies`: whether one may reply."""
    words = _words(get_language())
    new = reverse("comments:new", args=[page._meta.label_lower, page.pk]) if replies else ""
    before, after = reverse("comments:permalink", args=[0]).rsplit("0", 1)
    address, signed = f"{before}{{}}{after}", _Signatures(site)
    parts = ["\n"]
    for comment in comments:
        parts.append(
            _removed(comment, words)
            if comment.erased
            else _article(comment, words, signed, reading, address, new)
        )
    parts.append("\n")
    return trusted("".join(parts))


class _Signatures:
    """Who says it: the author under the name the site knows her by now, others as they signed; and
    by which clock."""

    def __init__(self, site):
        self.author = escape(site.author_shown)
        self.in_words = escape(site.author_in_words)
        self.is_named = site.author_is_named
        self.zone = timezone.get_current_timezone()
        self.escaped = {}

    def of(self, comment):
        return self.author if comment.by_author else self.escape(comment.name)

    def escape(self, word):
        """A name or a language, each of which comes again."""
        if word not in self.escaped:
            self.escaped[word] = escape(word)
        return self.escaped[word]


def _removed(comment, words):
    return f"""
<article class="comment {indent(comment)} erased" id="comment-{comment.pk}">{_old(comment)}
  <p class="meta">{words.removed}</p>
</article>
"""


def _article(comment, words, signed, reading, address, new):
    pk, who = comment.id, signed.of(comment)
    author = " author" if comment.by_author else ""
    role = ""
    if comment.by_author and signed.is_named:
        role = f'\n    <span class="role">{words.author}</span>'
    elif comment.role:
        role = f' <span class="as">{words.roles.get(comment.role, escape(comment.role))}</span>'
    return f"""
<article class="comment {indent(comment)}{author}" id="comment-{pk}" aria-labelledby="by-{pk}">
  {_old(comment)}<h3 class="by" id="by-{pk}"><bdi>{who}</bdi>{role}</h3>
  <p class="meta when">{_when(comment, words, signed, reading, address)}</p>
  <div class="said" lang="{signed.escape(comment.language)}" dir="auto">{comment.html}</div>
  {_gloss(comment, words, signed)}
  {_tools(comment, words, who, new)}
</article>
"""


def _old(comment):
    """Where its address on the site it moved in from leads: its number there."""
    return f'<span id="comment-{comment.old_number}"></span>' if comment.old_number else ""


def _when(comment, words, signed, reading, address):
    created = comment.created.astimezone(signed.zone)
    kind = "" if comment.kind == "comment" else f"{words.kinds[comment.kind]}, "
    written = day_in(created.date(), words.language)
    there = address.format(comment.id)
    text = (
        f'{kind}<a href="{there}" rel="bookmark">'
        f'<time datetime="{created.isoformat()}">{written}</time></a>'
    )
    if comment.edited:
        text += f",\n    {words.corrected % {'date': dated(comment.edited)}}"
    if comment.put_right:
        text += f",\n    {words.put_right % {'date': dated(comment.put_right)}}"
    if comment.answers:
        text += _answers(comment, words, signed, address)
    elif comment.answers_hidden:
        text += f",\n    {words.to_hidden}"
    if comment.language != reading:
        text += f'\n    <span class="lng">{words.named(comment.language)}</span>'
    return text


def _answers(comment, words, signed, address):
    first = comment.answers
    elsewhere = getattr(comment, "answers_elsewhere", False)
    there = address.format(first.id) if elsewhere else f"#comment-{first.id}"
    name = words.to_removed if first.erased else f"<bdi>{signed.of(first)}</bdi>"
    return f', {words.in_reply}\n    <a href="{there}">{name}</a>'


def _gloss(comment, words, signed):
    if not comment.gloss:
        return ""
    heading = words.gloss % {"name": signed.in_words}
    said = linebreaks_filter(comment.gloss)
    return (
        f'<div class="gloss"><p class="meta">{heading}</p>'
        f'<div lang="{escape(comment.gloss_language)}" dir="auto">{said}</div></div>'
    )


def _tools(comment, words, who, new):
    if not new or getattr(comment, "ended", False):
        return ""
    label = words.reply_to % {"name": who}
    return (
        f'<p class="meta tools"><a class="reply" href="{new}?reply_to={comment.id}" rel="nofollow"'
        f' aria-label="{label}">{words.reply}</a></p>'
    )
