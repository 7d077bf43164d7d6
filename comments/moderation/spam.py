"""How likely a comment is spam, with the reasons. Nothing is thrown away: the worst goes to the
spam list, where the author sees it with its reasons; all else waits for her. What may be an
emergency waits for her whatever its score.

Only what she has decided herself speaks for or against a sender: what was filed by its score says
nothing of the next.

Everything counts in the database, so that it holds for all processes of the server.
"""

import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http.client import HTTPException
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publishing.search import fold

from ..commenters.retention import address_hash
from ..models import Blocked, Comment, Status
from . import flags

log = logging.getLogger(__name__)

SPAM = 12
HASTE = 8  # seconds
LINK = re.compile(r"https?://\S+|\bwww\.\S+")
MARKUP = re.compile(r"\[/?(?:url|link|img)\b|</?(?:a|img|script|iframe)\b", re.IGNORECASE)
REASONS = {
    "links": _("%(value)s links"),
    "only_links": _("more links than words"),
    "markup": _("written in the markup spam programs use"),
    "address_rate": _("%(value)s comments from the same network address within an hour"),
    "email_rate": _("%(value)s comments with the same e-mail within an hour"),
    "duplicate": _("the same text came %(value)s times before"),
    "haste": _("sent after %(value)s seconds"),
    "blocked": _("holds “%(value)s”, which is on your blocklist"),
    "known": _("marked as spam from the same sender: %(value)s"),
    "known_address": _("marked as spam from the same network address: %(value)s"),
    "approved": _("approved from the same sender: %(value)s"),
    "approved_address": _("approved from the same network address: %(value)s"),
    "service": _("the spam service says so"),
}


@dataclass(frozen=True)
class Facts:
    """What the request tells of a sender. The address and what comes after it are used at once and
    not kept."""

    address_hash: str = ""
    seconds: float | None = None
    address: str = ""
    agent: str = ""
    referrer: str = ""


def facts_of(request, seconds=None):
    """`seconds` is how long the form was open."""
    meta = request.META
    return Facts(
        address_hash=address_hash(request),
        seconds=seconds,
        address=meta.get("REMOTE_ADDR", ""),
        agent=meta.get("HTTP_USER_AGENT", "")[:400],
        referrer=meta.get("HTTP_REFERER", "")[:400],
    )


def judge(comment, facts=None):
    """Write score, reasons and, beyond doubt, the status of spam into a comment that is not saved
    yet."""
    facts = facts or Facts()
    comment.address_hash = facts.address_hash
    comment.urgent = flags.is_urgent(comment)
    found = [row for check in CHECKS for row in check(comment, facts)]
    _set(comment, found)


def explain(comment):
    """`[(points, why in words)]`, the weightiest first, what speaks for the sender last."""
    rows = sorted(comment.spam_reasons, key=lambda row: -row[1])
    return [
        (points, REASONS[code] % {"value": value})
        for code, points, value in rows
        if code in REASONS
    ]


def _set(comment, found):
    comment.spam_reasons = [list(row) for row in found]
    comment.spam_score = max(0, sum(points for _code, points, _value in found))
    if comment.status == Status.PENDING and comment.spam_score >= SPAM and not comment.urgent:
        comment.status, comment.decided = Status.SPAM, timezone.now()


def _links(comment, facts):
    links = LINK.findall(comment.text)
    if len(links) > 1:
        yield "links", 2 if len(links) < 4 else 5, len(links)
    if links and len("".join(links)) > len(LINK.sub("", comment.text).strip()):
        yield "only_links", 3, ""


def _markup(comment, facts):
    if MARKUP.search(comment.text):
        yield "markup", 4, ""


def _rates(comment, facts):
    lately = Comment.objects.filter(
        by_author=False, created__gt=timezone.now() - timedelta(hours=1)
    )
    for code, name, value in (
        ("address_rate", "address_hash", facts.address_hash),
        ("email_rate", "email", comment.email),
    ):
        count = lately.filter(**{name: value}).count() if value else 0
        if count >= 3:
            # However many they are, numbers alone make nobody's question spam: a hospital has one
            # address.
            yield code, 3 if count < 8 else 4, count


def _duplicate(comment, facts):
    count = (
        Comment.objects.filter(by_author=False, text=comment.text).count()
        if len(comment.text) > 20
        else 0
    )
    if count:
        yield "duplicate", min(4 + 3 * (count - 1), 10), count


def _haste(comment, facts):
    if facts.seconds is not None and facts.seconds < HASTE:
        yield "haste", 3, round(facts.seconds)


def _blocked(comment, facts):
    said = fold(f"{comment.name} {comment.email} {comment.text}")
    for words in Blocked.objects.values_list("words", flat=True):
        if fold(words) in said:
            yield "blocked", 8, words


def _history(comment, facts):
    """What the author decided about the same sender before.

    An e-mail address is one person's; a network address may be a hospital's or a family's, so it
    says little, and nothing against anybody once she has approved something from it.
    """
    spam, approved = (
        Comment.objects.marked_spam(),
        Comment.objects.approved().filter(by_author=False),
    )
    sender, address = Q(pk=None), Q(pk=None)
    if comment.email:
        sender |= Q(email__iexact=comment.email)
    if comment.writer_id:
        sender |= Q(writer=comment.writer_id)
    if facts.address_hash:
        address = Q(address_hash=facts.address_hash)
    for_them, against = approved.filter(sender).count(), spam.filter(sender).count()
    near, bad_near = approved.filter(address).count(), spam.filter(address).count()
    if against:
        yield "known", 4 if against == 1 else 7, against
    elif bad_near and not near and not for_them:
        yield "known_address", 3, bad_near
    if for_them:
        yield "approved", -6 if for_them == 1 else -10, for_them
    elif near:
        yield "approved_address", -2, near


CHECKS = (_links, _markup, _rates, _duplicate, _haste, _blocked, _history)


def ask_service_later(comment, facts=None):
    """Ask the service, if there is one, once the comment is safely kept: nobody else waits for its
    answer meanwhile."""
    if settings.AKISMET_URL and comment.status == Status.PENDING:
        transaction.on_commit(partial(_ask_service, comment.pk, facts or Facts()))


def _ask_service(pk, facts):
    comment = Comment.objects.get(pk=pk)
    points = _service_points(comment, facts)
    if not points:
        return
    with transaction.atomic(), connection.unseen():
        comment = Comment.objects.select_for_update().get(pk=pk)
        if comment.status == Status.PENDING:
            _set(comment, [*comment.spam_reasons, ("service", points, "")])
            comment.save(update_fields=["spam_reasons", "spam_score", "status", "decided"])


def _service_points(comment, facts):
    """0 when the service finds nothing, and when it does not answer: then the comment waits for the
    author as always."""
    asked = {
        "api_key": settings.AKISMET_KEY,
        "blog": settings.SITE_URL,
        "user_ip": facts.address,
        "user_agent": facts.agent,
        "referrer": facts.referrer,
        "comment_type": "reply" if comment.parent_id else "comment",
        "comment_author": comment.name,
        "comment_author_email": comment.email,
        "comment_content": comment.text,
        "comment_date_gmt": comment.created.isoformat(),
        "blog_lang": comment.language,
        "blog_charset": "UTF-8",
    }
    try:
        request = Request(  # noqa: S310  the scheme is checked
            _service_url(),
            data=urlencode(asked).encode(),
            headers={"User-Agent": "living-review/1"},
        )
        with urlopen(request, timeout=settings.AKISMET_TIMEOUT) as answer:  # noqa: S310  the scheme is checked
            if answer.read(16).strip() != b"true":
                return 0
            return SPAM if answer.headers.get("X-akismet-pro-tip") == "discard" else SPAM // 2
    except (OSError, HTTPException, ValueError) as error:
        log.warning("The spam service did not answer: %s", error)
        return 0


def _service_url():
    if urlsplit(settings.AKISMET_URL).scheme not in ("http", "https"):
        raise ValueError("AKISMET_URL is no web address")
    return settings.AKISMET_URL
