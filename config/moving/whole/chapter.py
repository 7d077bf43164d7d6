"""A chapter as one file for journals and co-authors, with the works it cites or lists."""

from importlib import import_module
from pathlib import Path
from urllib.parse import unquote

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from publishing.models import SiteSettings
from publishing.richtext import links, sanitise
from references.citing.entries import author_parts
from references.exporting.files import records
from references.models import Reference

from . import cited, jats

TYPES = {
    "xml": "application/xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def write(chapter, ending):
    """`(bytes, number of references)` of a published chapter; `ending` is one of `TYPES`."""
    site = SiteSettings.load()
    head = jats.Head(
        title=chapter.title, language=chapter.language, site=site.name,
        address=settings.SITE_URL + links.canonical_url(chapter),
        author=author_parts(site.author_name), summary=chapter.summary, licence=site.licence,
        day=chapter.first_published,
    )  # fmt: skip
    body = links.to_addresses(chapter.public_body)
    listed = list(chapter.placements.values_list("reference", flat=True))
    works = cited.works(sanitise.parse(body), listed)
    if ending == "xml":
        found = Reference.objects.filter(pk__in=[work.pk for work in works]).order_by("pk")
        return jats.article(head, body, list(records(found))), len(works)
    entries = [(work.citekey, cited.words(work)) for work in works]
    with override(chapter.language):
        words = {"references": _("References"), "notes": _("Notes")}
    # Ninety modules of python-docx, which no reader's page needs.
    docx = import_module("config.moving.whole.docx")
    return docx.document(head, body, entries, words, _file), len(works)


def _file(src):
    """The path of a picture of ours."""
    if not src.startswith(settings.MEDIA_URL):
        return None
    root = Path(settings.MEDIA_ROOT).resolve()
    path = (root / unquote(src.removeprefix(settings.MEDIA_URL))).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None
