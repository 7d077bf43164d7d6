"""Records on their way out: any set of references as a file in any format written here."""

from django.http import Http404, StreamingHttpResponse
from django.urls import register_converter
from django.utils.text import slugify

from . import formats
from .describe import record_of

# What the address ends in: the format as `formats.write` names it.
ENDINGS = "bib|ris|nbib|csl.json|csv"
LABELS = {"bib": "BibTeX", "ris": "RIS", "nbib": "NBIB", "csl.json": "CSL-JSON", "csv": "CSV"}
CHUNK = 500


class Ending:
    """URL converter for the formats."""

    regex = ENDINGS.replace(".", r"\.")
    to_python = to_url = staticmethod(str)


register_converter(Ending, "export_ending")


def records(references):
    """The records of a queryset, a chunk at a time, so that a large library needs little memory."""
    known = references.with_people().prefetch_related("tags")
    for reference in known.iterator(chunk_size=CHUNK):
        yield record_of(reference)


def as_file(references, ending, name):
    """A download of the references, in their order."""
    if ending not in LABELS:
        raise Http404
    response = StreamingHttpResponse(
        (piece.encode() for piece in formats.write(records(references), ending)), content_type=formats.CONTENT_TYPES[ending]
    )
    response["Content-Disposition"] = f'attachment; filename="{slugify(name) or "references"}.{ending}"'
    response["X-Robots-Tag"] = "noindex"
    return response
