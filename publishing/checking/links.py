"""The links of all texts to other sites: which there are, where each stands, when it is due to be
asked for, and what came of it."""

import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urldefrag, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from .. import tasks
from ..models import ExternalLink, LinkState, rich_page_models
from . import asking, in_html, sources

LONGEST = 2000
CHUNK = 200
# So often something may go wrong on the way before a link is called broken.
PATIENCE = 3
AGAIN = {
    LinkState.GOOD: timedelta(days=30),
    LinkState.MOVED: timedelta(days=30),
    LinkState.BROKEN: timedelta(days=7),
    LinkState.TROUBLE: timedelta(days=1),
    LinkState.CLOSED: timedelta(days=90),
    LinkState.REFUSED: timedelta(days=90),
}
HELD = timedelta(minutes=10)  # while somebody asks


def _texts():
    for model in rich_page_models():
        pages = model._base_manager.defer(*model.RENDERED).exclude(body="").order_by("pk")
        for page in pages.iterator(CHUNK):
            yield page, in_html(page.body)


def outward(address: str) -> str:
    """An address of another site without what leads inside its page; empty for any other."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or len(address.encode()) > LONGEST
    ):
        return ""
    own = f"{parts.scheme}://{parts.netloc}" == settings.SITE_URL
    return "" if own else urldefrag(address)[0]


def collect() -> int:
    """Bring the list up to date with the texts; gives how many links there are."""
    used = {}
    for source in (_texts, *sources):
        for page, addresses in source():
            found = dict.fromkeys(filter(None, map(outward, addresses)))
            place = [page._meta.label_lower, page.pk, str(page)[:200]] if found else None
            for url in found:
                used.setdefault(url, []).append(place)
    with transaction.atomic():
        known = {row.url: row for row in ExternalLink.objects.only("url", "used_in")}
        gone = [row.pk for url, row in known.items() if url not in used]
        for start in range(0, len(gone), CHUNK):
            ExternalLink.objects.filter(pk__in=gone[start : start + CHUNK]).delete()
        changed = [row for url, row in known.items() if url in used and row.used_in != used[url]]
        for row in changed:
            row.used_in = used[row.url]
        ExternalLink.objects.bulk_update(changed, ["used_in"], batch_size=CHUNK)
        new = [
            ExternalLink(url=url, host=urlsplit(url).hostname[:255], used_in=places)
            for url, places in used.items()
            if url not in known
        ]
        ExternalLink.objects.bulk_create(new, batch_size=CHUNK, ignore_conflicts=True)
    return len(used)


def next_due():
    """A link to ask for, of a site nobody was asked of just now, held for the one who asks; None if
    there is none. Second: whether there are some to come."""
    now = timezone.now()
    due = ExternalLink.objects.filter(due__lte=now)
    just_now = ExternalLink.objects.filter(
        checked__gt=now - timedelta(seconds=settings.LINK_PAUSE), checked__lte=now
    )
    row = due.exclude(host__in=just_now.values("host")).order_by("due", "pk").first()
    if row is None:
        return None, due.exists()
    held = ExternalLink.objects.filter(pk=row.pk, due=row.due).update(due=now + HELD)
    return (row if held else None), True


def check(row) -> str:
    """Ask for one link and keep what came of it; gives its state."""
    outcome = asking.ask(row.url, tag=row.tag, modified=row.modified)
    state, failures = outcome.state, 0
    if state == LinkState.TROUBLE and not outcome.lasting:
        failures = row.failures + 1
        state = LinkState.BROKEN if failures >= PATIENCE else state
    now = timezone.now()
    ExternalLink.objects.filter(pk=row.pk).update(
        state=state,
        said=outcome.said,
        moved_to=outcome.moved_to,
        tag=outcome.tag,
        modified=outcome.modified,
        failures=failures,
        checked=now,
        due=now + AGAIN[state],
    )
    return state


def work_off(is_over: Callable[[], bool]) -> bool:
    """Ask for what is due until `is_over()`; gives whether something is left."""
    while True:
        row, more = next_due()
        if row is not None:
            check(row)
        elif not more:
            return False
        if is_over():
            return True
        if row is None:  # all that is left is of sites asked just now
            time.sleep(min(settings.LINK_PAUSE, 0.5))


@tasks.task("publishing.check_links")
def check_links():
    return tasks.MORE if work_off(tasks.Turn().is_over) else None


def begin(again=False) -> int:
    """Have the links looked at in the background; `again`: all of them, whenever they were last.
    Gives how many there are."""
    count = collect()
    if again:
        make_due()
    tasks.enqueue("publishing.check_links")
    return count


def make_due() -> None:
    """All of them, whenever they were last asked for."""
    ExternalLink.objects.update(due=timezone.now())
