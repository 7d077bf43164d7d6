"""The works a text cites, numbered as they come: for files that carry their own list of them."""

from django.db.models import Q

from publishing.richtext import sanitise
from references.models import Reference


def works(root, listed=()):
    """`[work]` in the order of their numbers: those cited in the tree of a text as they come, then
    those of the numbers `listed`."""
    keys = dict.fromkeys(node.get("data-cite") for node in root.iter("span") if cites(node))
    wanted = Reference.objects.with_people().filter(Q(citekey__in=keys) | Q(pk__in=listed))
    found = {work.citekey: work for work in wanted.order_by("pk")}
    first = [found.pop(key) for key in keys if key in found]
    return [*first, *found.values()]


def cites(node):
    return node.get("data-cite") and "cite" in node.get("class", "").split()


def words(work):
    """How the list names a work: one line of text, its address behind it."""
    said = " ".join(sanitise.text_of(work.citation_html or "").split()) or str(work)
    where = f"https://doi.org/{work.doi}" if work.doi else work.url
    return (
        said if not where or where in said or (work.doi and work.doi in said) else f"{said} {where}"
    )
