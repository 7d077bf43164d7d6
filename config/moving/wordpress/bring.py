"""The whole of an import: step by step, each in short transactions, so that it may be stopped at
any moment and begun again."""

from django.db import transaction
from django.utils.translation import gettext_noop

from publishing import tasks
from publishing.desk import revisions
from publishing.models import ImportedItem, RichPage
from references.importing import save as library
from references.models import Notes, Reference

from . import addresses, media, pages, survey, talk, translations
from .decisions import Decisions
from .places import OldPlaces
from .report import Report
from .run import Run

FIRST = "Brought in from WordPress"
VERSIONS = 100


def prepare(path, *, given=None, zone=None, **options):
    """The `Run` of a file, which nothing has been written of; raises `wxr.Unreadable`."""
    found = survey.take(path, zone or Run.zone)
    run = Run(path, found, Decisions(found, given), Report(), **options)
    run.zone = zone or Run.zone
    _found(run)
    return run


def _found(run):
    """What is in the file, and what no step comes by again."""
    report, found = run.report, run.survey
    report.found = {
        f"{kind}, {status or 'no state'}": number for (kind, status), number in found.items.items()
    } | talk.counts(found)
    for (kind, _status), number in found.items.items():
        if kind not in survey.TAKEN:
            report.count(kind, "left", number)
    if found.twice:
        report.told["number twice"] = [found.twice, ""]
    for each in found.problems:
        report.note(each.reason, each.what, each.line)
    for kind, why in _OTHERS.items():
        if any(kind == name for name, _status in found.items):
            report.note(why, kind)
    for each in found.menus[:200]:
        report.note(gettext_noop("In a menu there"), each)
    for name, number in found.fields.most_common(100):
        report.note(gettext_noop("A field of a plug-in or of your own"), f"{name} ({number})")
    for number, key, value in found.seo[:500]:
        words = f"{found.entries[number].title}: {key.strip('_')}: {value}"
        report.note(gettext_noop("For search engines"), words)


_OTHERS = {
    "wp_block": gettext_noop("Blocks used in several texts: their words stand in each of them"),
    "nav_menu_item": gettext_noop("Menus are made anew here; what stood in them is listed"),
    "revision": gettext_noop("Of earlier versions only the last is taken"),
}


def bring(run):
    """Bring in what is not here yet; gives the `Report`."""
    with tasks.one_request():
        media.bring(run)
        pages.bring(run)
        talk.bring(run)
        _settle(run)
        _once(run, "translations", translations.bring)
        _once(run, "addresses", addresses.bring)
        _first_versions(run)
    library.format_pending()
    return run.report


def _once(run, step, work):
    if not run.done.get(step):
        run.tell(step, 0, 1)
        with run.writing():
            work(run)
            run.advance(step, 1)


def _settle(run):
    """Links to what came in after the text that names it."""
    places = OldPlaces(run)
    rows = ImportedItem.objects.filter(site=run.site, unsettled=True)
    waiting = list(rows.order_by("pk").values_list("pk", flat=True))
    for at, pk in enumerate(waiting):
        if at % 50 == 0:
            run.tell("links", at, len(waiting))
        with transaction.atomic():
            row = rows.filter(pk=pk).first()
            page = row and _text_of(row.page)
            if page is not None:
                _settle_one(row, page, places)
            if row is not None:
                row.unsettled = False
                row.save(update_fields=["ours", "unsettled"])


def _settle_one(row, page, places):
    was = pages.ours(page)
    body = places.settled(page.body)
    if body == page.body:
        return
    page.body = body
    type(page)._base_manager.filter(pk=page.pk).update(body=body)
    page.rerender()
    if was == row.ours:
        row.ours = pages.ours(page)


def _text_of(page):
    if isinstance(page, Reference):
        return Notes.objects.filter(reference=page).first()
    return page if isinstance(page, RichPage) else None


def _first_versions(run):
    """What came in is each page's first version."""
    found = [row for (kind, _n), row in run.known.items() if kind in ("page", "post")]
    for start in range(0, len(found), VERSIONS):
        run.tell("versions", start, len(found))
        chunk = ImportedItem.objects.filter(
            pk__in=[row.pk for row in found[start : start + VERSIONS]]
        ).prefetch_related("page")
        texts = [text for row in chunk if (text := _text_of(row.page)) is not None]
        revisions.keep_first(texts, FIRST)


def rehearse(run):
    """What `bring` would do with every page and post; nothing is written."""
    known = dict.fromkeys(survey.TAKEN, 0)
    for entry in run.survey.entries.values():
        known[entry.kind] += (entry.kind, entry.number) in run.known
    return known
