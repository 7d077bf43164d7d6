"""Comments in the words of schema.org. A data block: no browser runs it."""

import json

from django.conf import settings
from django.utils import timezone

from publishing.richtext import links
from publishing.richtext.sanitise import trusted

from ..text import html

# What could end the script element, or be taken for markup in it.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script(data):
    block = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return trusted(f'<script type="application/ld+json">{block}</script>')


def comments(page, comments, author):
    """The page, with the comments that are shown on it."""
    said = _Said(author)
    return {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": settings.SITE_URL + links.canonical_url(page),
        "commentCount": len(comments),
        "comment": [said.by("Comment", each) for each in comments if not each.erased],
    }


def question(comments, author):
    """A question that stands alone on its page, hers the accepted answer, those of readers
    suggested ones."""
    asked, *others = comments
    by = _Said(author).by
    answers = [each for each in others if each.parent_id == asked.pk and not each.erased]
    said = {
        "acceptedAnswer": [by("Answer", each) for each in answers if each.by_author][:1],
        "suggestedAnswer": [by("Answer", each) for each in answers if not each.by_author],
    }
    return {
        "@context": "https://schema.org",
        "@type": "QAPage",
        "mainEntity": {
            **by("Question", asked),
            "name": html.plain(asked.html)[:160],
            "answerCount": len(answers),
            **{name: values for name, values in said.items() if values},
        },
    }


class _Said:
    """Where the site is and by which clock it goes, asked once for all comments of a page."""

    def __init__(self, author):
        self.author, self.zone = author, timezone.get_current_timezone()
        self.site = settings.SITE_URL

    def by(self, kind, comment):
        where = f"{self.site}/comments/{comment.pk}/"
        return {
            "@type": kind,
            "@id": where,
            "url": where,
            "author": {
                "@type": "Person", "name": self.author if comment.by_author else comment.name,
            },
            "dateCreated": comment.created.astimezone(self.zone).isoformat(),
            "inLanguage": comment.language,
            "text": html.plain(comment.html),
        }  # fmt: skip
