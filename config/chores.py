"""What the site does by itself from time to time: `manage.py run_worker` every minute, or
`run_tasks` from cron or a systemd timer.
"""

import logging
from datetime import timedelta
from importlib import import_module

from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone

from comments import captcha
from comments.commenters import bounced, retention
from comments.mailing import digest
from comments.models import TaskLock
from comments.tasks import sweep
from publishing import clock, images, pictures, search, tasks
from publishing.checking import links
from publishing.desk import drafts, replacing, trash
from publishing.following import digest as following
from publishing.mailing import outbox
from publishing.models import rerender_pages_linking_to, rich_page_models
from publishing.search import unanswered
from publishing.worker import Worker
from references import merging
from references.importing import save
from references.models import Reference
from references.nominating import settling
from references.notices import followers, watching
from references.searching import running

from . import notices
from .door import browsers
from .moving import arrivals, leaving

log = logging.getLogger(__name__)

NAME = "run_tasks"
LEASE = timedelta(minutes=30)
WORKED_OFF = 60  # seconds
PICTURES_A_RUN = 5
PDFS = 20  # asked for in one run


def run():
    """`[(chore, what it did or the error, whether it failed)]`; None if another run is at it.

    A chore that fails leaves the others to be done; it has its next chance in the next run.
    """
    if not _take_turn():
        return None
    started = timezone.now()
    since = TaskLock.objects.get(name=NAME).last_run
    if since and since > started:  # said by a clock that ran ahead
        since = None
    done = []
    for name, chore in CHORES.items():
        TaskLock.objects.filter(name=NAME).update(until=timezone.now() + LEASE)
        try:
            done.append((name, chore(since, started), False))
        except Exception as error:
            log.exception("%s failed", name)
            done.append((name, f"{type(error).__name__}: {error}", True))
    failed = any(row[2] for row in done)
    TaskLock.objects.filter(name=NAME).update(
        until=timezone.now(), last_run=since if failed else started
    )
    return done


def _take_turn():
    """Whoever comes first; a run that died leaves its turn to others after the lease."""
    now = timezone.now()
    TaskLock.objects.get_or_create(name=NAME, defaults={"until": now})
    return (
        TaskLock.objects.filter(clock.over("until", now, LEASE), name=NAME).update(
            until=now + LEASE
        )
        == 1
    )


def publish(since, now):
    """Pages whose moment has come or is over: search, lists and the pages that link to them learn
    of it."""
    since = since or now - timedelta(days=1)
    count = 0
    for model in rich_page_models():
        for page in model._default_manager.falling_due(since, now):
            page.save(updated=page.updated)
            rerender_pages_linking_to(page.seen_with())
            count += 1
    return f"{count} published or taken down" if count else ""


def tell_author(since, now):
    count = digest.digest()
    return f"{count} comments put in one mail" if count else ""


def tell_followers(since, now):
    """Once a month there may be a digest to look at; what is on its way goes on."""
    going = following.go_on()
    today = since and timezone.localdate(since) == timezone.localdate(now)
    made = None if today else following.make(now)
    return "a digest waits" if made else f"{going} on their way" if going else ""


def send_mail(since, now):
    result = outbox.deliver()
    for email, words in result.nobody:
        bounced.end(email, words)
    said = {"sent": result.sent, "put off": result.put_off, "given up": result.given_up}
    return ", ".join(f"{count} {what}" for what, count in said.items() if count)


def read_bounces(since, now):
    """Whoever is not there any more is mailed no more."""
    reports, ended = bounced.read(settings.BOUNCES) if settings.BOUNCES else (0, 0)
    return f"{reports} read, {ended} ended" if reports else ""


def forget(since, now):
    """Once a day is enough for what is kept for days; expired challenges go with it."""
    if since and timezone.localdate(since) == timezone.localdate(now):
        return ""
    counts = {
        **retention.purge(),
        "mails": outbox.forget(),
        "tasks": tasks.forget(),
        "merges": merging.forget_old(),
        "searches": unanswered.forget(now),
    }
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    counts["sessions"] = browsers.forget()
    sweep()
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def clear_desk(since, now):
    """Once a day: drafts nobody came back to, and what has lain in the trash for its time."""
    if since and timezone.localdate(since) == timezone.localdate(now):
        return ""
    counts = {
        "drafts": drafts.purge(now),
        "things in the trash": trash.purge(now),
        "replaced files": pictures.purge(now),
        "replacements": replacing.purge(now),
        "exports nobody decided on": arrivals.forget_old(),
        "files of the whole site": leaving.forget_old(),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def forget_exports(since, now):
    """Each time: a file of the whole site may hold what somebody has just had erased."""
    count = leaving.forget_erased()
    return f"{count} files of the whole site" if count else ""


def check_links(since, now):
    """Once a day: what other sites are linked to, and whether those that are due still answer."""
    if not settings.CHECK_LINKS or (since and timezone.localdate(since) == timezone.localdate(now)):
        return ""
    links.begin()
    return ""


def write_citations(since, now):
    """What nobody was asked to format, or nobody could."""
    count = save.pending_count()
    if count:
        tasks.enqueue("references.citing.entries")
    return f"{count} to be written" if count else ""


def lighten_pictures(since, now):
    """Pictures of before there were modern formats get theirs, a few in each run."""
    numbers = images.without_modern(PICTURES_A_RUN) if tasks.has_worker() else []
    for number in numbers:
        tasks.enqueue("publishing.image_modern", number)
    return f"{len(numbers)} to be made" if numbers else ""


def read_pdfs(since, now):
    """PDFs whose text the desk's search does not know yet, some at a time."""
    works = Reference.objects.exclude(pdf="").filter(pdf_text=None).order_by("pk")[:PDFS]
    for pk in (found := list(works.values_list("pk", flat=True))):
        tasks.enqueue("references.pdf_text", pk)
    return f"{len(found)} to be read" if found else ""


def search_libraries(since, now):
    """Saved searches that are due, and what was left of others; works that readers named."""
    settling.go_on()
    count = running.begin_due()
    return f"{count} on their way" if count else ""


def watch_notices(since, now):
    """Whether a work of the library was retracted or corrected; she is mailed at once, and those
    who follow what it touches."""
    count = watching.begin_due(now) if settings.WATCH_NOTICES else 0
    told = notices.tell() + followers.tell(now)
    return f"{count} rounds on their way, {told} told" if count or told else ""


def refresh_search(since, now):
    """After an upgrade that reads words otherwise."""
    return "to be written anew" if search.refresh() else ""


def note_unanswered(since, now):
    """What readers looked for and did not find."""
    count = unanswered.write(search.holding)
    return f"{count} noted" if count else ""


def unlock(since, now):
    """Wrong guesses made in the future, by a clock that ran ahead, lock nobody out until then."""
    hour = timedelta(hours=settings.AXES_COOLOFF_TIME)
    count = AccessAttempt.objects.filter(attempt_time__gt=now + hour).delete()[0]
    return f"{count} opened" if count else ""


def long_work(since, now):
    """What waits in the queue of tasks, where no worker stands by it."""
    turns = 0 if tasks.has_worker() else Worker(stays=False).work_off(WORKED_OFF)
    return f"{turns} done" if turns else ""


def fill_captchas(since, now):
    """Opening a form takes one of these and writes nothing."""
    count = captcha.top_up()
    return f"{count} made" if count else ""


# Each gets the moments the last run began, None if that is not known, and this one did.
# It says what it did.
CHORES = {
    "publish": publish,
    "citations": write_citations,
    "PDFs": read_pdfs,
    "digest": tell_author,
    "followers": tell_followers,
    "forget": forget,
    "desk": clear_desk,
    "exports": forget_exports,
    "pictures": lighten_pictures,
    "links": check_links,
    "searches": search_libraries,
    "notices": watch_notices,
    "search": refresh_search,
    "unanswered": note_unanswered,
    "locks": unlock,
    "captchas": fill_captchas,
    "mail": send_mail,
    "bounces": read_bounces,
    "tasks": long_work,
}
