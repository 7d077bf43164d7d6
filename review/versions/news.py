"""What is new: versions of all chapters, in plain words for patients, with everything else for
colleagues."""

import csv
import io

from django.db.models import OuterRef, Subquery
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from publishing.machines import feeds
from publishing.machines.jsonld import full
from publishing.models import PublishedVersion
from publishing.richtext import links
from publishing.shortcuts import page_of
from references.exporting import files

from ..models import Chapter

PER_PAGE = 20
MOST = 5000  # lines of the table
# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = (
    "chapter", "version", "published", "kind", "what changed", "what to do", "searched to",
    "taken in to", "works in", "works out", "language", "doi", "address", "changes",
)  # fmt: skip


def of_chapters():
    """Versions of public chapters, the newest first, without their texts; each knows the address of
    its chapter."""
    found = PublishedVersion.objects.of_public(Chapter).listed()
    return found.annotate(path=path_of_chapter()).order_by("-published", "-pk")


def path_of_chapter():
    """For versions: where their chapter stands."""
    return Subquery(Chapter.objects.filter(pk=OuterRef("page_id")).values("path")[:1])


def placed(versions):
    """Each with its chapter, of which its address is known."""
    found = list(versions)
    for each in found:
        each.page = Chapter(pk=each.page_id, path=each.path)
        each.before = each.number - 1
    return found


def for_patients(request):
    """What changed, and what it means for who is ill."""
    return _page(request, of_chapters().told(), "review/versions/news.html")


def for_colleagues(request):
    """The same with every version, its works and its differences."""
    return _page(request, of_chapters(), "review/versions/news_in_detail.html")


def _page(request, versions, template):
    """In the language of the menus where anything is told in it, else in all."""
    page = page_of(versions.filter(language=get_language()), request, PER_PAGE)
    everything = page.paginator.count == 0
    if everything:
        page = page_of(versions, request, PER_PAGE)
    context = {"page": page, "versions": placed(page.object_list), "everything": everything}
    return render(request, template, context)


def as_csv(request):
    """Every version as a line."""
    return files.download(_lines(), "text/csv; charset=utf-8", "whats-new.csv")


def _lines():
    yield "\ufeff" + _line(COLUMNS)
    for each in placed(of_chapters()[:MOST]):
        here = full(links.canonical_url(each.page))
        yield _line([
            f"{each.label} {each.title}".strip(), each.number, each.updated.date().isoformat(),
            each.kind, each.what_changed, each.what_to_do, each.searched_to or "",
            each.taken_in_to or "", _named(each.works_added), _named(each.works_gone),
            each.language, each.doi, f"{here}v/{each.number}/",
            f"{here}v/{each.before}-{each.number}/" if each.before else "",
        ])  # fmt: skip


def _named(works):
    return "; ".join(work["citekey"] for work in works)


def _line(cells):
    line = io.StringIO()
    texts = map(str, cells)
    csv.writer(line).writerow(["'" + text if text.startswith(_FORMULA) else text for text in texts])
    return line.getvalue()


class News(feeds.AtomFeed):
    """For patients: one entry a change, its meaning first."""

    what = _("what is new")
    page, address = "whatsnew:list", "whatsnew:feed"

    def items(self):
        return placed(self.versions()[: feeds.LENGTH])

    def versions(self):
        return of_chapters().told()

    def item_title(self, item):
        return f"{item.label} {item.title}: {item.kind_words}".strip()

    def item_description(self, item):
        return feeds.escape(item.what_to_do or item.what_changed)

    def item_link(self, item):
        return full(links.canonical_url(item.page))

    def item_pubdate(self, item):
        return item.published

    def item_updateddate(self, item):
        return item.published

    def item_extra_kwargs(self, item):
        lines = filter(None, (item.what_to_do, item.what_changed))
        content = "".join(f"<p>{feeds.escape(line)}</p>" for line in lines)
        return {"content": content, "language": item.language}


class NewsInDetail(News):
    """For colleagues: every version, with the way to what differs."""

    what = _("versions")
    page, address = "whatsnew:detail", "whatsnew:detail-feed"

    def versions(self):
        return of_chapters()

    def item_link(self, item):
        return f"{super().item_link(item)}v/{item.number}/"

    def item_extra_kwargs(self, item):
        found = super().item_extra_kwargs(item)
        works = "".join(
            f"<p>{sign} {feeds.escape(work['label'])}</p>"
            for sign, moved in (("+", item.works_added), ("−", item.works_gone))
            for work in moved
        )
        return found | {"content": found["content"] + works}
