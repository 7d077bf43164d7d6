"""Citations in the styles of the Citation Style Language: a CSL item in, one safe line of HTML out.
Knows no database.

The styles and locales are files of the CSL project (`styles/`, `locales/`, LICENCE.md). Reading and
writing are our own, since what citeproc-py writes differs from the reference processor in a third
of all entries (docs/adr/0008). `tests/references/csl/golden` holds it to citeproc-js.
"""

import logging

from . import plain
from .adjust import as_cited
from .items import Item, Record
from .nodes import Writing
from .plain import is_plain
from .sheets import Sheet, sheet
from .terms import FOLDER
from .typography import NO_TAGS, Tags, marked, to_html, to_text

STYLES = {
    "vancouver": "nlm-citation-sequence",
    "ama": "american-medical-association",
    "apa": "apa",
    "harvard": "elsevier-harvard",
}
LOCALES = {"en": "en-US", "es": "es-ES", "ca": "ca-AD"}

logger = logging.getLogger(__name__)


def _sheet(style: str, locale: str) -> Sheet:
    return sheet(STYLES[style], LOCALES.get(locale[:2].lower(), LOCALES["en"]))


def format_entry(
    item: Record,
    style: str,
    locale: str = "en-US",
    *,
    year_suffix: str = "",
    title: Tags = NO_TAGS,
) -> str:
    """One entry of a reference list exactly as the style says; empty where the style lists no such
    work.

    Safe HTML: `<i> <b> <sup> <sub> <span class>` only, every field escaped. `title` is a pair of
    tags to stand around the title, such as a link; the caller answers for them.
    """
    page = _sheet(style, locale)
    return to_html(
        page.layout.write(Writing(Item(item, page.typography), page, year_suffix)), title
    )


def cite(
    item: Record,
    style: str,
    locale: str = "en-US",
    *,
    year_suffix: str = "",
    title: Tags = NO_TAGS,
) -> str:
    """The entry as this site prints it: what styles assume wrongly of old or unpublished works set
    right; never empty.

    Nothing in an item breaks a page: where the style fails for whatever reason, that is logged and
    the entry `is_plain`.
    """
    try:
        return _as_printed(item, style, locale, year_suffix, title)
    except Exception:
        logger.exception("The entry of %.120r cannot be written in %s", item.get("id"), style)
        return plain.entry(item, title)


def _as_printed(item: Record, style: str, locale: str, year_suffix: str, title: Tags) -> str:
    item = as_cited(item, style, locale)
    return (
        format_entry(item, style, locale, year_suffix=year_suffix, title=title)
        or format_entry(
            item | {"type": "document"}, style, locale, year_suffix=year_suffix, title=title
        )
        or to_html(marked(item.get("id", "")))
    )


def term(
    name: str,
    locale: str = "en-US",
    form: str = "long",
    *,
    plural: bool = False,
) -> str | None:
    """A word of the locale: “et al.”, “pp.”. Harvard is the style without words of its own."""
    return _sheet("harvard", locale).term(name, form, plural=plural)


plain_text = to_text

__all__ = [
    "FOLDER",
    "LOCALES",
    "STYLES",
    "as_cited",
    "cite",
    "format_entry",
    "is_plain",
    "plain_text",
    "term",
]
