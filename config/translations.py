"""Catalogues without GNU gettext: what Django reads (.mo) is made from what people write (.po) by
Babel."""

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def catalogues(folder):
    """The .po files below a locale folder."""
    return sorted(folder.glob("*/LC_MESSAGES/*.po"))


def compile_changed(folder):
    """Write the .mo beside every .po that is newer; gives the number written."""
    changed = [path for path in catalogues(folder) if _is_stale(path)]
    for path in changed:
        _compile(path)
    return len(changed)


def _is_stale(path):
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime


def _compile(path):
    with path.open("rb") as source:
        catalogue = read_po(source, locale=path.parent.parent.name)
    # A server that runs meanwhile reads the old file or the new one, never half of one.
    half = path.with_suffix(".mo.new")
    with half.open("wb") as target:
        write_mo(target, catalogue)
    half.replace(path.with_suffix(".mo"))
