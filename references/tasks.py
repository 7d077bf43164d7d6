"""Long work of the library, done by the task worker; see `publishing.tasks`."""

from publishing import tasks

from .importing import pending, reading, save


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
