"""Records on their way out: any set of references as a file in any format written here."""

from django.conf import settings
from django.http import Http404, StreamingHttpResponse
from django.urls import register_converter
from django.utils.text import slugify

from publishing.models import SiteSettings
from publishing.richtext import links

from .. import formats
from ..citing.entries import author_parts
from ..citing.records import SUBJECTS, record_of
from ..formats import Name, Record

# What the address ends in: the format as `formats.write` names it.
ENDINGS = "bib|ris|nbib|csl.json|csv"
LABELS = {"bib": "BibTeX", "ris": "RIS", "nbib": "NBIB", "csl.json": "CSL-JSON", "csv": "CSV"}
CHUNK = 100  # works held at a time
PIECE = 16_384  # characters sent at a time


class Ending:
    """URL converter for the formats."""

    regex = ENDINGS.replace(".", r"\.")
    to_python = to_url = staticmethod(str)


register_converter(Ending, "export_ending")


def records(references):
    """The records of a queryset, a chunk at a time, so that a large library needs little memory."""
    known = references.with_people().prefetch_related(*SUBJECTS)
    for reference in known.iterator(chunk_size=CHUNK):
        yield record_of(reference)
        # What came with a work points back to it: kept in a ring, it would wait for the garbage
        # collector.
        reference._prefetched_objects_cache.clear()


def as_file(references, ending, name):
    """A download of the references, in their order."""
    return _download(records(references), ending, name)


def records_as_file(found, ending, name):
    """A download of records in hand."""
    return _download(found, ending, name)


def page_as_file(page, ending, kind):
    """A page of this site as a work to cite: what its “Cite this” says."""
    return _download([_record_of_page(page, kind)], ending, page.slug)


def _record_of_page(page, kind):
    site = SiteSettings.load()
    family, given = author_parts(site.author_name)
    day = page.updated
    return Record(
        citekey=f"{slugify(site.name) or 'site'}-{page.slug}", type=kind, title=page.title,
        chapter_number=getattr(page, "number", ""),
        container=site.name,
        language=page.language,
        names=[Name(family, given, literal=not given)], year=day.year, month=day.month, day=day.day,
        url=settings.SITE_URL + links.canonical_url(page), abstract=page.summary,
        doi=getattr(page, "doi", ""),
    )  # fmt: skip


def _download(found, ending, name):
    if ending not in LABELS:
        raise Http404
    filename = f"{slugify(name) or 'references'}.{ending}"
    response = download(formats.write(found, ending), formats.CONTENT_TYPES[ending], filename)
    response["X-Robots-Tag"] = "noindex"
    return response


def download(pieces, content_type, filename):
    """A file sent while it is written, in pieces worth sending. Without an ETag: that would need
    all of it first."""
    response = StreamingHttpResponse(_gathered(pieces), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _gathered(pieces):
    held, size = [], 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()
