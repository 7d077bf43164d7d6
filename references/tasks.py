"""Long work of the library, done by the task worker; see `publishing.tasks`."""

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from publishing import tasks
from publishing.models import rerender_later
from publishing.search import fold
from publishing.storage import path_of

from . import explaining, pdftext
from .chasing import judging
from .importing import pending, reading, save
from .models import PdfText, Reference
from .nominating import settling
from .notices import watching
from .screening import record
from .searching import running


@tasks.task("references.citing.entries", short=True)
def write_citations():
    """The entries of all works that are due, in every style and language."""
    save.format_pending(is_over=tasks.Turn().is_over)
    return tasks.MORE if save.pending_count() else None


@tasks.task("references.read")
def read(pk):
    """A long file the author left to be read and compared."""
    reading.read(pk)


@tasks.task("references.import")
def bring_in(pk):
    """What the author confirmed of an import, as far as no earlier try has brought it in."""
    turn = tasks.Turn()
    while pending.bring_portion(pk):
        if turn.is_over():
            return tasks.MORE
    tasks.enqueue("references.citing.entries")
    return None


@tasks.task("references.pdf_text")
def read_pdf(pk):
    """Keep the text of a work's PDF for the desk's search; forget that of a file that is gone."""
    reference = Reference.objects.filter(pk=pk).first()
    name = reference.pdf.name if reference and reference.pdf else ""
    kept = PdfText.objects.filter(reference=pk).first()
    if (kept.name if kept else "") == name:
        return
    text = fold(pdftext.text_of(path_of(reference.pdf.storage, name))) if name else ""
    with transaction.atomic():
        PdfText.objects.filter(reference=pk).delete()
        # It may have been given another file meanwhile, or none.
        if name and Reference.objects.select_for_update().filter(pk=pk, pdf=name).exists():
            PdfText.objects.create(reference_id=pk, name=name, text=text)


WORDS_AT_ONCE = 20  # of up to 50 forms in three spellings each


@tasks.task("references.explain", short=True)
def explain(label, pk):
    """Texts that may hold a word of the glossary or the register are rendered again, each by its
    own task."""
    explain_all([(label, pk)])


@tasks.task("references.explain_all", short=True)
def explain_all(words):
    """The same for several words, of `[[label, pk], …]`."""
    kinds = ContentType.objects.get_for_model
    pages = {}
    # In portions: a question to the database may only have so many parts.
    for start in range(0, len(words), WORDS_AT_ONCE):
        some = [
            apps.get_model(label).objects.filter(pk=pk).first()
            for label, pk in words[start : start + WORDS_AT_ONCE]
        ]
        for page in explaining.holding([row for row in some if row is not None]):
            pages[kinds(page, for_concrete_model=True).pk, page.pk] = None
    with transaction.atomic():
        rerender_later(pages)


@tasks.task("references.search")
def search(pk):
    """A search of another library, page by page."""
    return tasks.MORE if running.go_on(pk, tasks.Turn().is_over) else None


@tasks.task("references.search_record")
def write_search_record():
    """The flow and what else readers are told of searches and decisions; which works of the
    library cite which, as far as indexes say so."""
    record.refresh()
    judging.fill_lineage()


@tasks.task("references.nomination")
def settle_nomination(pk):
    """What a reader named is looked up and becomes a hit."""
    settling.settle(pk)


@tasks.task("references.notices")
def watch(source):
    """A round through the library for retractions and other notices."""
    return tasks.MORE if watching.go_on(source, tasks.Turn().is_over) else None
