"""Pages that plug-ins for languages (Polylang, WPML) kept as translations of each other are so
here."""

from django.utils.translation import gettext_noop

from .run import digest

KIND = "translations"
NOT_LINKED = gettext_noop(
    "A translation there that could not be linked: its language is there twice, or it became"
    " something else"
)


def bring(run):
    """Each group once: what the author took apart here stays apart."""
    groups = {}
    for entry in run.survey.entries.values():
        if entry.group and entry.kind in ("page", "post"):
            groups.setdefault(entry.group, []).append(entry)
    for entries in groups.values():
        theirs = digest(sorted(entry.number for entry in entries))
        first = min(entries, key=lambda each: _rank(run, each))
        known = run.known.get((KIND, first.number))
        if len(entries) < 2 or (known is not None and known.theirs == theirs):
            continue
        _link(run, first, [entry for entry in entries if entry is not first])
        run.record(KIND, first.number, theirs=theirs)


def _rank(run, entry):
    """The original: what the plug-in says, the site's own language, the oldest."""
    return entry.translated_from != "", entry.language != run.language, entry.number


def _link(run, first, others):
    original = _page(run, first)
    if original is None:
        return
    original = original.original
    taken = {original.language, *original.translations.values_list("language", flat=True)}
    for entry in others:
        page = _page(run, entry)
        if page is None or page.translation_of_id or page.pk == original.pk:
            continue
        if type(page) is not type(original) or page.language in taken:
            run.report.note(NOT_LINKED, entry.title)
            continue
        taken.add(page.language)
        page.translation_of = original
        page.save(updated=page.updated)


def _page(run, entry):
    """The chapter or post an entry became; None where it is neither, or gone."""
    row = run.known.get((entry.kind, entry.number))
    page = row.page if row is not None else None
    return page if hasattr(page, "translation_of_id") else None
