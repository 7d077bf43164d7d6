"""What the desk says of a work: a citation no style can write, a retraction, who cites it."""

from django.contrib import messages
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext

from ..csl import is_plain
from . import figures as figures
from . import journals as journals
from . import lists as lists  # these register their own pages
from . import names as names
from . import notes as notes
from . import people as people


def tell_of_citation(request, reference):
    if is_plain(reference.citation_html):
        text = gettext(
            "Its citation cannot be written in the style of the site: readers see authors, title,"
            " journal and year. Look for what is unusual in these fields, or tell whoever runs the"
            " site; the log says more."
        )
        messages.warning(request, text)


def tell_of_warning(request, reference):
    """Which texts cite a work that is retracted, each with the way there."""
    if not reference.warning:
        return
    rows = reference.citations_elsewhere()
    pages = format_html_join("; ", "{}", ((page_link(row),) for row in rows))
    words = gettext("%(status)s. Cited in:") if rows else gettext("%(status)s. No text cites it.")
    messages.warning(request, format_html("{} {}", words % {"status": reference.warning}, pages))


def page_link(row):
    """“Chapter: 1.3 Middle of the century, as [4]”, linked to where it can be changed."""
    page = row.page
    words = gettext("%(kind)s: %(page)s, as [%(number)s]") % {
        "kind": capfirst(page._meta.verbose_name),
        "page": page,
        "number": row.number,
    }
    try:
        address = reverse(
            f"admin:{page._meta.app_label}_{page._meta.model_name}_change", args=[page.pk]
        )
    except NoReverseMatch:
        return words
    return format_html('<a href="{}">{}</a>', address, words)
