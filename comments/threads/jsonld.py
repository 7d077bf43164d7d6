"""Comments in the words of schema.org. A data block: no browser runs it."""

import json
from json.encoder import encode_basestring as quoted

from django.conf import settings
from django.utils import timezone

from publishing.richtext import links
from publishing.richtext.sanitise import trusted

from ..text import html

# What could end the script element, or be taken for markup in it.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script(text):
    return trusted(f'<script type="application/ld+json">{text.translate(_ESCAPES)}</script>')


def comments(page, comments, author):
    """The page, with the comments that are shown on it: JSON."""
    said = _Said(author)
    about = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": settings.SITE_URL + links.canonical_url(page),
        "commentCount": len(comments),
    }
    each = ",".join([said.by("Comment", each) for each in comments if not each.erased])
    return f'{_json(about)[:-1]},"comment":[{each}]}}'


def _json(data):
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def question(comments, author):
    """A question that stands alone on its page, hers the accepted answer, those of readers
    suggested ones: JSON."""
    asked, *others = comments
    said = _Said(author)
    answers = [each for each in others if each.parent_id == asked.pk and not each.erased]
    about = {
        "@context": "https://schema.org",
        "@type": "QAPage",
        "mainEntity": {
            **json.loads(said.by("Question", asked)),
            "name": html.plain(asked.html)[:160],
            "answerCount": len(answers),
        },
    }
    for name, some in (
        ("acceptedAnswer", [each for each in answers if each.by_author][:1]),
        ("suggestedAnswer", [each for each in answers if not each.by_author]),
    ):
        if some:
            about["mainEntity"][name] = [json.loads(said.by("Answer", each)) for each in some]
    return _json(about)


class _Said:
    """Where the site is and by which clock it goes, asked once for all comments of a page."""

    def __init__(self, author):
        self.author, self.zone = author, timezone.get_current_timezone()
        self.site = settings.SITE_URL

    def by(self, kind, comment):
        """JSON, put together by hand: a page may have hundreds."""
        where = quoted(f"{self.site}/comments/{comment.id}/")
        who = self.author if comment.by_author else comment.name
        return (
            f'{{"@type":"{kind}","@id":{where},"url":{where},'
            f'"author":{{"@type":"Person","name":{quoted(who)}}},'
            f'"dateCreated":"{comment.created.astimezone(self.zone).isoformat()}",'
            f'"inLanguage":{quoted(comment.language)},"text":{quoted(html.plain(comment.html))}}}'
        )
