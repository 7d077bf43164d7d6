"""The answer to whoever named a work: one mail in their language, if they left an address."""

from datetime import timedelta

from django.utils import timezone

from publishing.mailing import outbox

from ..models import Hit, Methods, Nomination

# Time to think better of a decision; the mail goes then.
WAITS = timedelta(hours=1)
FINAL = (Hit.Stage.INCLUDED, Hit.Stage.EXCLUDED, Hit.Stage.REFUSED)


def answer(hit, reason=None):
    """After a decision on a hit, within its transaction: all who named it are answered, once."""
    if hit.stage not in FINAL and not hit.removed:
        return
    work = hit.reference if hit.stage == Hit.Stage.INCLUDED or hit.removed else None
    if hit.removed and work is None:
        return
    for row in Nomination.objects.filter(hit=hit, answered=None):
        say(row, work=work, title=hit.title, reason=reason, after=WAITS)


def say(row, *, work=None, title="", reason=None, after=None):
    """Answer one; `work`: it is in the library; without it, it was left out."""
    row.answered = timezone.now()
    if row.email:
        context = {
            "title": work.display_title if work else title[:200],
            "address": outbox.absolute(work.get_absolute_url()) if work else "",
            "reason": reason,
            "methods": outbox.absolute(Methods.load().get_absolute_url())
            if Methods.load().public
            else "",
        }
        row.mail = outbox.send("nomination", row.email, row.language, context, after=after).pk
    row.save(update_fields=["answered", "mail", "hit"])


def take_back(hit):
    """After a decision was undone: who has not been mailed yet will be answered by the next."""
    for row in Nomination.objects.filter(hit=hit).exclude(answered=None):
        if row.mail is None or outbox.cancel(pk=row.mail):
            row.answered = row.mail = None
            row.save(update_fields=["answered", "mail"])
