"""The comments of an export, with their threads: those of a page in one transaction."""

import re
from collections import Counter
from html import unescape

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from comments.commenters import erasures
from comments.models import COMMENT_LANGUAGES, Comment, Status
from comments.text import html as text_html
from comments.text import language as text_language
from comments.threads import arriving
from publishing import tasks
from publishing.models import ImportedItem, RichPage

from . import wxr
from .records import Item
from .report import CHANGED, DELETED
from .run import digest

STATES = {
    "1": Status.APPROVED, "approve": Status.APPROVED, "0": Status.PENDING, "hold": Status.PENDING,
    "spam": Status.SPAM, "trash": Status.TRASH, "post-trashed": Status.TRASH,
}  # fmt: skip
LANGUAGES = {code for code, _name in COMMENT_LANGUAGES}
LONGEST_NUMBER = 2**31
TOGETHER = 200  # comments of several pages in one transaction
_LINK = re.compile(r"<a\s[^<>]*?href\s*=\s*[\"']([^\"'<>]*)[\"'][^<>]*>(.*?)</a>", re.I | re.S)
_QUOTE = re.compile(r"<blockquote[^<>]*>(.*?)</blockquote>", re.I | re.S)
_LINES = re.compile(r"<br[^<>]*>\n?|</?(?:p|div|li|ul|ol)(?:\s[^<>]*)?>", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def bring(run):
    """The comments of every item that has some."""
    entries = {entry.place: entry for entry in run.survey.entries.values() if entry.comments}
    places = sorted(entries)
    at = run.done.get("comments", 0)
    run.tell("comments", at, len(places))
    if at >= len(places):
        return
    talk, items = _Talk(run), []
    for item in wxr.read(run.path, run.zone, set(places[at:])):
        if isinstance(item, Item):
            items.append(item)
        if sum(len(each.comments) for each in items) >= TOGETHER:
            at = _portion(run, talk, items, entries, at)
            run.tell("comments", at, len(places))
            items = []
    if items:
        at = _portion(run, talk, items, entries, at)
    run.tell("comments", at, len(places))


def _portion(run, talk, items, entries, at):
    with run.writing():
        talk.bring([(item, entries[item.place]) for item in items])
        run.advance("comments", len(items))
    tasks.breathe()
    return at + len(items)


class _Talk:
    def __init__(self, run):
        self.run = run
        self.was_erased = erasures.remembered()
        self.own = {each.email.lower() for each in run.survey.site.authors if each.email}
        self.kept_numbers = _reserved(run)

    def bring(self, items):
        """The comments of some items: `[(item, entry)]`."""
        numbers = [each.number for item, _entry in items for each in item.comments]
        rows = ImportedItem.objects.filter(site=self.run.site, kind="comment", number__in=numbers)
        known = {row.number: row for row in rows}
        here = Comment.objects.in_bulk([row.page_id for row in known.values() if row.page_id])
        talks, made = [], []
        for item, entry in items:
            page = self._page(item)
            new = self._of_page(item, entry, page, known, here)
            made += new
            talks.append((page, [comment for _theirs, comment in new]))
        self._number([comment for _theirs, comment in made])
        arriving.bring(talks)
        self._record(made)

    def _of_page(self, item, entry, page, known, here):
        """`[(comment there, new comment here)]`."""
        if page is None:
            for comment in item.comments:
                self._leave(comment, gettext_noop("the page it stood on did not come in"), entry)
            return []
        made, new = {}, []
        for comment, parent in _in_order(self._taken(item, entry)):
            row = known.get(comment.number)
            if row is not None:
                self._again(comment, row, here.get(row.page_id), entry)
                continue
            above = made.get(parent)
            if above is None and parent in known:
                above = here.get(known[parent].page_id)
            made[comment.number] = self._made(comment, above, page)
            new.append((comment, made[comment.number]))
            self.run.report.count("comment", "new")
        return new

    def _page(self, item):
        row = self.run.known.get((item.kind, item.number))
        page = row.page if row is not None and row.page_id else None
        return page if page is not None and hasattr(page, "comments_open") else None

    def _taken(self, item, entry):
        """The comments that are some, and were not erased since."""
        seen = set()
        for comment in item.comments:
            why = self._why_left(comment)
            if comment.number in seen:
                why = gettext_noop("its number was there before")
            seen.add(comment.number)
            if why:
                self._leave(comment, why, entry)
            else:
                yield comment

    def _why_left(self, comment):
        if comment.kind in ("pingback", "trackback"):
            return gettext_noop("another site linked to you: no comment")
        if comment.kind not in ("comment", ""):
            return gettext_noop("it is no comment but what a plug-in kept")
        if not comment.number:
            return gettext_noop("it has no number")
        if comment.approved not in STATES:
            return gettext_noop("its state is not known")
        if not plain(comment.text):
            return gettext_noop("it is empty")
        if self.was_erased(comment.email, comment.at or timezone.now()):
            return gettext_noop("all of this mailbox was erased here at its writer’s wish")
        return ""

    def _leave(self, comment, why, entry):
        kind = comment.kind if comment.kind in ("pingback", "trackback") else "comment"
        title = entry.title if kind == "comment" else f"{entry.title}: {comment.url}"
        self.run.report.leave(kind, why, number=comment.number, line=comment.line, title=title)

    def _made(self, comment, above, page):
        text = plain(comment.text)
        code = text_language.guess(text)
        if code not in LANGUAGES:
            code = page.language if isinstance(page, RichPage) else self.run.language
        by_author = bool(comment.by_user) and comment.email.lower() in self.own
        with override(self.run.language):
            nobody = _("Anonymous")
        return Comment(
            parent=above,
            name=text_html.normalise(unescape(comment.name))[:80].strip() or nobody,
            email=_mailbox(comment.email),
            language=code,
            text=text,
            status=STATES[comment.approved],
            by_author=by_author,
            created=comment.at or timezone.now(),
            decided=None if STATES[comment.approved] == Status.PENDING else comment.at,
            old_number=comment.number if comment.number < LONGEST_NUMBER else None,
        )

    def _number(self, new):
        """They keep the numbers they had where nobody else can have had them."""
        wanted = [each.old_number for each in new if each.old_number]
        taken = set(Comment.objects.filter(pk__in=wanted).values_list("pk", flat=True))
        for comment in new:
            number = comment.old_number
            free = number and number not in taken
            if free and any(low < number <= high for low, high in self.kept_numbers):
                comment.pk, comment.old_number = number, None

    def _record(self, rows):
        kind = ContentType.objects.get_for_model(Comment)
        ImportedItem.objects.bulk_create(
            ImportedItem(
                site=self.run.site,
                kind="comment",
                number=comment.number,
                page_type=kind,
                page_id=new.pk,
                theirs=_theirs(comment),
                ours=_ours(new),
            )
            for comment, new in rows
        )

    def _again(self, comment, row, here, entry):
        """One that came in before: another state or other words there come in, unless it was
        changed here."""
        report, title = self.run.report, entry.title
        if row.theirs == _theirs(comment):
            report.count("comment", "same")
        elif here is None or here.erased:
            report.keep("comment", DELETED, number=comment.number, title=title)
        elif _ours(here) != row.ours:
            report.keep("comment", CHANGED, number=comment.number, title=title)
        else:
            here.text, here.status = plain(comment.text), STATES[comment.approved]
            here.save()
            row.theirs, row.ours = _theirs(comment), _ours(here)
            row.save(update_fields=["theirs", "ours"])
            report.count("comment", "updated")


def _reserved(run):
    """The ranges of numbers that were set aside for what comes from this site."""
    highest = min(run.survey.highest, LONGEST_NUMBER)
    rows = ImportedItem.objects.filter(site=run.site, kind="numbers")
    with run.writing():
        if highest and not rows.filter(number__gte=highest).exists():
            low = arriving.reserve(highest)
            ImportedItem.objects.create(
                site=run.site, kind="numbers", number=highest, theirs=str(low)
            )
    return [(int(row.theirs), row.number) for row in rows]


def _in_order(comments):
    """`(comment, number of the one it answers or 0)`, each behind that. An approved one whose
    parent readers do not see answers the next above; a ring is cut."""
    comments = list(comments)
    by_number = {comment.number: comment for comment in comments}
    parents = {}
    for comment in comments:
        parents[comment.number] = _parent(comment, by_number)
    below = {}
    for comment in comments:
        below.setdefault(parents[comment.number], []).append(comment)
    waiting = [(comment, 0) for comment in reversed(below.get(0, []))]
    done = set()
    while waiting:
        comment, parent = waiting.pop()
        done.add(comment.number)
        yield comment, parent
        waiting.extend((each, comment.number) for each in reversed(below.get(comment.number, [])))
    for comment in comments:
        if comment.number not in done:  # they answer each other
            yield comment, 0


def _parent(comment, by_number):
    seen, number = {comment.number}, comment.parent
    while number and number not in seen:
        seen.add(number)
        above = by_number.get(number)
        if above is None:
            return 0
        if STATES[above.approved] == Status.APPROVED or STATES[comment.approved] != Status.APPROVED:
            return number
        number = above.parent
    return 0


def plain(text):
    """The words of a comment of WordPress, which may hold a little HTML."""
    if "<" in text:
        text = _QUOTE.sub(_quoted, text)
        text = _LINK.sub(_linked, text)
        text = _TAG.sub("", _LINES.sub("\n", text))
    return text_html.normalise(unescape(text))


def _quoted(match):
    inside = _TAG.sub("", _LINES.sub("\n", match[1])).strip()
    return "\n\n" + "\n".join(f"> {line}" for line in inside.split("\n")) + "\n\n"


def _linked(match):
    words, address = _TAG.sub("", match[2]).strip(), match[1].strip()
    if not address.startswith(("http://", "https://")) or unescape(address) in unescape(words):
        return words
    return f"{words} ({address})"


def _mailbox(text):
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text[:254]


def _theirs(comment):
    return digest(comment.name, comment.email, comment.text, comment.approved, comment.parent)


def _ours(comment):
    return digest(comment.name, comment.text, comment.status, comment.withdrawn)


def counts(survey):
    """`{"comment, 1": number}` of all comments of an export, pingbacks apart."""
    found = Counter()
    for (kind, approved), number in survey.comments.items():
        name = kind if kind in ("pingback", "trackback") else "comment"
        found[f"{name}, {approved or 'no state'}"] += number
    return dict(found)
