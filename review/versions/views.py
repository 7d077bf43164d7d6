"""Pages of a chapter's published versions."""

import json
from itertools import zip_longest

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from publishing.limits import limited
from publishing.machines.jsonld import full
from publishing.models import PublishedVersion, SiteSettings
from publishing.richtext import links
from publishing.versions import differences, machines
from references import formats
from references.exporting import files

from .. import views as pages
from ..models import Chapter
from .freezing import Cited

RECORDS = ("csl.json", "bib", "ris")


def versions(request, path):
    """All versions of a chapter, the newest first."""
    chapter, found = _of(path)
    if not found:  # or a chapter of this name, from before there were versions
        return pages.chapter(request, f"{path}/v")
    return render(request, "review/versions/list.html", {"chapter": chapter, "versions": found})


def version(request, path, number):
    """One version, as it was."""
    chapter, found = _of(path)
    shown = _full(chapter, found, number)
    site, place = SiteSettings.load(), placed(chapter, found, number)
    context = {
        "chapter": chapter,
        "version": shown,
        "place": place,
        "before": next((each for each in found if each.number < number), None),
        "newest": found[0],
        "cited": _cited(shown),
        "described": machines.described(shown, place, site),
    }
    response = render(request, "review/versions/version.html", context)
    response["Link"] = machines.link_header(machines.signposts(shown, place, site))
    return response


@limited("searches")
def changes(request, path, older, newer):
    """What differs between two versions."""
    if older >= newer:
        raise Http404
    chapter, found = _of(path)
    old, new = _full(chapter, found, older), _full(chapter, found, newer)
    between = [each for each in found if older < each.number <= newer]
    context = {"chapter": chapter, "older": old, "newer": new, "told": between}
    context["differences"] = differences.between(old, new)
    return render(request, "review/versions/changes.html", context)


def references(request, path, number, ending):
    """The works of a version as they were, as a file."""
    chapter, found = _of(path)
    shown = _full(chapter, found, number)
    parsed = formats.read(json.dumps(shown.works))
    records = [each for each in parsed if isinstance(each, formats.Record)]
    return files.records_as_file(records, ending, f"{chapter.slug}-v{number}")


def cite(request, path, number, ending):
    """The version itself, for a list of references."""
    chapter, found = _of(path)
    return files.page_as_file(_cited(_full(chapter, found, number)), ending, "webpage")


def linkset(request, path, number):
    chapter, found = _of(path)
    shown = _full(chapter, found, number)
    place = placed(chapter, found, number)
    rows = machines.signposts(shown, place, SiteSettings.load())
    return _json(machines.linkset(rows, place.here), machines.LINKSET)


def datacite(request, path, number):
    chapter, found = _of(path)
    shown = _full(chapter, found, number)
    described = machines.datacite(shown, placed(chapter, found, number), SiteSettings.load())
    return _json(described, machines.DATACITE)


def _json(data, kind):
    text = json.dumps(data, ensure_ascii=False, indent=1)
    response = HttpResponse(text + "\n", content_type=kind)
    response["X-Robots-Tag"] = "noindex"
    return response


def _of(path):
    """A public chapter, and its versions without their texts."""
    chapter = get_object_or_404(Chapter.objects.published().defer("body", "body_html"), path=path)
    found = list(PublishedVersion.objects.of(chapter).listed())
    for each, before in zip_longest(found, found[1:]):
        each.page, each.before = chapter, before.number if before else None
    return chapter, found


def _full(chapter, found, number):
    if number not in {each.number for each in found}:
        raise Http404
    shown = PublishedVersion.objects.of(chapter).get(number=number)
    shown.page = chapter
    return shown


def placed(chapter, found, number):
    """The `machines.Place` of a version among those of its chapter, the newest first."""
    current = full(links.canonical_url(chapter))
    numbers = [each.number for each in found]
    here = f"{current}v/{number}/"
    before = max((each for each in numbers if each < number), default=None)
    after = min((each for each in numbers if each > number), default=None)
    records = [(f"{here}cite.{each}", formats.CONTENT_TYPES[each]) for each in RECORDS]
    return machines.Place(
        here=here,
        latest=f"{current}v/{numbers[0]}/",
        history=f"{current}v/",
        current=current,
        before=f"{current}v/{before}/" if before else "",
        after=f"{current}v/{after}/" if after else "",
        records=[*records, (f"{here}datacite.json", machines.DATACITE)],
    )


def _cited(version):
    return Cited.of(version)
