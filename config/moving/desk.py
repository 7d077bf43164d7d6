"""The desk's pages for moving in, from WordPress, a folder of Markdown or a library of Zotero: give
it, decide, look on, read the report; the one for leaving with everything; a chapter as a file."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.accounts import SuperuserOnly
from publishing import tasks
from publishing.desk.again import asks_again, posts
from publishing.models import SiteImport, SiteSettings
from review.models import Chapter

from . import arrivals, leaving
from .whole import chapter as chapter_files
from .wordpress.decisions import BASES, cleaned
from .wordpress.report import FATES, WORDS, Report, lines, named, sections

LARGEST = 200 * 1024 * 1024
LARGEST_PICTURES = 2 * 1024 * 1024 * 1024
SECONDS = 5
SHOWN = 500  # pages in the form, lines of each list
AS = {
    "chapter": _("chapter"),
    "front": _("front matter"),
    "back": _("back matter"),
    "post": _("post"),
    "notes": _("notes on this work"),
    "leave": _("leave it out"),
}
STEPS = {
    "pictures": _("Pictures"),
    "texts": _("Pages and posts"),
    "comments": _("Comments"),
    "links": _("Links between them"),
    "translations": _("Translations"),
    "addresses": _("Old addresses"),
    "versions": _("First versions"),
    "works": _("Works"),
}


def _given(label, help_text):
    return forms.FileField(
        label=label, help_text=help_text, error_messages={"empty": _("The file is empty.")}
    )


class WordPressForm(forms.Form):
    file = _given(
        _("Export of WordPress"),
        _("In WordPress: Tools, Export, All content. As it is, or packed (zip, gz, xz)."),
    )
    uploads = forms.FileField(
        label=_("Pictures"),
        required=False,
        help_text=_("A zip of its folder wp-content/uploads."),
    )
    fetch = forms.BooleanField(
        label=_("Fetch pictures that are not in it from the old site"), required=False
    )

    def clean_file(self):
        return _not_larger(self.cleaned_data["file"], LARGEST)

    def clean_uploads(self):
        return _not_larger(self.cleaned_data["uploads"], LARGEST_PICTURES)


class MarkdownForm(forms.Form):
    file = _given(
        _("Folder of Markdown, as one zip"),
        _("The folder with its texts (.md) and the pictures and files they name. In Windows: right"
          " click, Send to, Compressed folder; on a Mac: right click, Compress."),
    )  # fmt: skip

    def clean_file(self):
        return _not_larger(self.cleaned_data["file"], LARGEST_PICTURES, "import_markdown")


class ZoteroForm(forms.Form):
    file = _given(
        _("Folder of Zotero, as one zip"),
        _("Close Zotero first. Settings, Advanced, Files and Folders, Show Data Directory: a zip of"
          " that folder, with zotero.sqlite and storage. zotero.sqlite alone brings no PDFs."),
    )  # fmt: skip

    def clean_file(self):
        file = _not_larger(self.cleaned_data["file"], LARGEST_PICTURES, "import_zotero")
        if file.name.lower().endswith((".rdf", ".ris", ".bib", ".json", ".csv")):
            words = _("This is what Zotero exports. Bring it in under “Import references”; or give"
                      " the folder itself, which holds lists, notes and PDFs as well.")  # fmt: skip
            raise forms.ValidationError(words)
        return file


def _not_larger(file, most, command="import_wordpress"):
    if file and file.size > most:
        words = gettext(
            "The file is larger than %(limit)s. Ask whoever runs the site to use the command"
            " %(command)s, which takes files of any size."
        )
        raise forms.ValidationError(words % {"limit": filesizeformat(most), "command": command})
    return file


@dataclass(frozen=True)
class Source:
    """Where things are moved in from: its name, the form that asks for them, what is said there."""

    name: str
    title: str
    form: type
    lead: str


SOURCES = {
    "wordpress": Source(
        "WordPress", _("Move a WordPress site in"), WordPressForm,
        _("What is in the export is read and shown to you first. Nothing is written before you say"
          " so. What you have here stays, and the old addresses lead to the new places."),
    ),
    "markdown": Source(
        "Markdown", _("Bring in posts from Markdown"), MarkdownForm,
        _("Each text becomes a post of the blog. You are shown first what would come in; nothing is"
          " written before you say so. Given again later it brings what is new or changed; what you"
          " changed here stays."),
    ),
    "zotero": Source(
        "Zotero", _("Bring in a library of Zotero"), ZoteroForm,
        _("Works, collections as lists of yours, notes as private notes, PDFs as private files. You"
          " are shown first what would come in; nothing is written before you say so. Given again"
          " later it brings what is new or changed; what you changed here stays."),
    ),
}  # fmt: skip


@admin.register(SiteImport)
class SiteImportAdmin(SuperuserOnly, admin.ModelAdmin):
    """For who may do everything: it makes pages, comments, addresses."""

    list_display = ("name", "come_from", "state", "created")
    change_list_template = "admin/publishing/siteimport/change_list.html"
    actions = None

    @admin.display(description=_("from"))
    def come_from(self, row):
        return SOURCES[row.source].name

    def get_urls(self):
        view = self.admin_site.admin_view(asks_again(posts)(self.leave_view))
        return [path("leave/", view, name="publishing_siteimport_leave"), *super().get_urls()]

    def leave_view(self, request):
        """Everything as one file. It is had by POST alone: no address leads to it."""
        self._refuse_others(request)
        user, pressed = request.user, request.POST
        made = leaving.ready(user)
        if "file" in pressed and made:
            self.log_change(request, SiteSettings.load(), gettext("The whole site was downloaded."))
            return FileResponse(made.path.open("rb"), as_attachment=True, filename=made.name)
        if "make" in pressed:
            self.log_change(request, SiteSettings.load(), gettext("The whole site was asked for."))
            leaving.ask(user)
        if "forget" in pressed:
            leaving.forget(user)
        if request.method == "POST":
            return redirect("admin:publishing_siteimport_leave")
        known = leaving.state(user)
        return self._page(
            request, "leave", gettext("Leave with everything"), made=made,
            runs=known is not None and known.state in ("waiting", "running"),
            error=known.error if known and not made else "", has_worker=tasks.has_worker(),
        )  # fmt: skip

    def add_view(self, request, form_url="", extra_context=None):
        self._refuse_others(request)
        name = request.GET.get("from")
        name = name if name in SOURCES else "wordpress"
        source = SOURCES[name]
        given = request.method == "POST"
        form = source.form(request.POST, request.FILES) if given else source.form()
        if given and form.is_valid():
            row = arrivals.leave(request.user, source=name, **form.cleaned_data)
            self.log_addition(request, row, [{"added": {}}])
            return redirect("admin:publishing_siteimport_change", row.pk)
        return self._page(
            request, "give", source.title, form=form, lead=source.lead, sources=SOURCES, chosen=name
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._refuse_others(request)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if request.method == "POST":
            self._pressed(request, row)
            return redirect("admin:publishing_siteimport_change", row.pk)
        if "report" in request.GET and row.report:
            text = "\n".join(lines(Report(**row.report))) + "\n"
            headers = {"Content-Disposition": 'attachment; filename="report.txt"'}
            return HttpResponse(text, "text/plain; charset=utf-8", headers=headers)
        show = {
            SiteImport.State.READY: self._preview,
            SiteImport.State.DONE: self._report,
            SiteImport.State.FAILED: self._failed,
        }
        return show.get(row.state, self._progress)(request, row)

    def _refuse_others(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied

    def delete_model(self, request, obj):
        arrivals.forget_files(obj)
        super().delete_model(request, obj)

    def _pressed(self, request, row):
        if row.state == SiteImport.State.READY:
            _decide(row, request.POST)
            arrivals.confirm(row)
            self.log_change(request, row, gettext("Brought in."))
        if row.state in (SiteImport.State.READING, SiteImport.State.RUNNING):
            _go_on(row)

    def _preview(self, request, row):
        report = Report(**row.found)
        if row.source != "wordpress":
            return self._page(
                request, "rehearsal", row.name, row=row, totals=_totals(report),
                fates=WORDS.values(), sections=_short(sections(report)),
                some=any(fates["new"] + fates["updated"] for *_k, fates, _r in report.totals()),
            )  # fmt: skip
        pages = [_choice(number, each) for number, each in row.decisions["items"].items()]
        return self._page(
            request, "preview", row.name, row=row, pages=pages[:SHOWN],
            found={named(name): number for name, number in report.found.items()},
            more=max(0, len(pages) - SHOWN), kinds=AS, bases=BASES,
            sections=_short(sections(report)),
        )  # fmt: skip

    def _progress(self, request, row):
        known = tasks.status(row.task)
        runs = known is not None and known.state in ("waiting", "running")
        return self._page(
            request, "progress", row.name, row=row, runs=runs, alone=runs and tasks.has_worker(),
            frame="admin/publishing/siteimport/base.html",
            step=STEPS.get(row.progress.get("step"), ""),
            done=row.progress.get("at"), total=row.progress.get("total"),
            error=known.error if known else "",
        )  # fmt: skip

    def _report(self, request, row):
        report = Report(**row.report)
        return self._page(
            request, "report", row.name, row=row, totals=_totals(report), fates=WORDS.values(),
            sections=_short(sections(report)),
        )  # fmt: skip

    def _failed(self, request, row):
        return self._page(request, "failed", row.name, row=row)

    def _page(self, request, name, title, **context):
        values = {**admin.site.each_context(request), "title": title, "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/publishing/siteimport/{name}.html", values)


def chapter_file(request, pk, ending):
    """A chapter, draft or not, for a co-author or a journal."""
    chapters = admin.site.get_model_admin(Chapter)
    chapter = get_object_or_404(chapters.get_queryset(request), pk=pk)
    if not chapters.has_view_permission(request, chapter):
        raise PermissionDenied
    made, _references = chapter_files.write(chapter, ending)
    headers = {"Content-Disposition": f'attachment; filename="{chapter.slug}.{ending}"'}
    return HttpResponse(made, chapter_files.TYPES[ending], headers=headers)


def _choice(number, each):
    """What the form shows of one page."""
    hints = []
    if each.get("notes_on"):
        hints.append(gettext("Notes on a work? %(citation)s") % {"citation": each["notes_on"]})
    if each.get("typed"):
        hints.append(gettext("Typed by hand: %(lines)s") % {"lines": " · ".join(each["typed"])})
    return {"number": number, **each, "hints": hints}


def _decide(row, post):
    """Keep what was chosen on the page."""
    if row.source != "wordpress":
        return
    for number, each in row.decisions["items"].items():
        become = post.get(f"as-{number}")
        if become in AS:
            each["as"] = become
            each["articles"] = f"articles-{number}" in post
            each["drop"] = f"drop-{number}" in post
    bases = {name: cleaned(post.get(f"base-{name}", "")) for name in BASES}
    row.decisions["bases"] = {name: base for name, base in bases.items() if base}


def _go_on(row):
    """Without a worker, as much as one press holds."""
    if tasks.has_worker():
        return
    if row.state == SiteImport.State.READING:
        arrivals.read(row.pk)
    else:
        arrivals.portion(row.pk, tasks.Turn(SECONDS))


def _totals(report):
    """The rows of the table: `(kind, in the file, [number of each fate], whether it adds up)`."""
    return [
        (named(kind), found, [fates[fate] for fate in FATES], right)
        for kind, found, fates, right in report.totals()
    ]


def _short(found):
    """The first lines of each list; the whole is in the file."""
    return [(title, rows[:SHOWN], max(0, len(rows) - SHOWN)) for title, rows in found]
