"""A strategy built of the register of names, as each source writes it; the author goes on from
there."""

from ..models import Name

MOST_NAMES = 60
LONGEST = 3500


def names():
    """Every name and every other form of the register, each once."""
    found = {}
    for name in Name.objects.order_by("pk")[:MOST_NAMES]:
        for text in (name.title, *name.forms.splitlines()):
            text = " ".join(text.replace('"', " ").split())
            if len(text) > 2:
                found.setdefault(text.casefold(), text)
    return list(found.values())


def _joined(words, form):
    parts, length = [], 0
    for word in words:
        part = form.format(word)
        length += len(part) + 4
        if length > LONGEST:
            break
        parts.append(part)
    return " OR ".join(parts)


def suggested():
    """`{source: strategy}`; empty where the register is."""
    words = names()
    if not words:
        return {}
    return {
        "pubmed": _joined(words, '"{}"[tiab]'),
        "europepmc": _joined(words, '(TITLE:"{0}" OR ABSTRACT:"{0}")'),
        "crossref": " ".join(words[:8])[:500],
    }
