"""The works that a text cites, as the library holds them."""

from publishing.models import Redirect

from ..models import Notes, Reference

# What is said of a work where it is cited; a text may cite hundreds.
CITED = (
    "citekey", "title", "original_title", "translated_title", "authors_short", "year", "status",
    "doi", "pmid", "full_text_url", "citation_html",
)  # fmt: skip


def find(citekeys):
    """`{citekey: work}` of those the library holds, by a citekey a work once had too."""
    rows = Reference.objects.only(*CITED)
    found = {each.citekey: each for each in rows.filter(citekey__in=citekeys)}
    if missing := {f"/references/{key}/": key for key in citekeys if key not in found}:
        moved = Redirect.objects.filter(
            path__in=missing, page_type__app_label="references", page_type__model="reference"
        )
        old = dict(moved.values_list("path", "page_id"))
        present = rows.in_bulk(set(old.values()))
        found |= {missing[path]: present[pk] for path, pk in old.items() if pk in present}
    return found


def noted(works):
    """The citekeys of those with published notes."""
    notes = Notes.objects.published().filter(reference__in=[each.pk for each in works])
    return set(notes.values_list("reference__citekey", flat=True))
