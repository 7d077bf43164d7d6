"""What the styles take for granted and an old or unpublished work does not keep to, set right in
the item beforehand."""

from publishing import cldr
from publishing.later import later

from .items import Record, date

babel = later("babel")

# Where AMA writes “Published online” when there is no volume or issue.
AMA_ONLINE = frozenset(
    "article-journal article-magazine review dataset document manuscript patent"
    " personal_communication software".split()
)
FIRST_ONLINE = 1995


def as_cited(item: Record, style: str, locale: str = "en-US") -> Record:
    """The item as the style should see it. Makes a new item; the record is not touched."""
    item = item | {"type": item["type"] if isinstance(item.get("type"), str) else "document"}
    event = item.get("event-title") or item.get("event")
    if event:  # styles disagree on the name of the field
        item["event-title"] = item["event"] = event
    if item["type"] == "paper-conference":
        item["type"] = _kind_of_paper(item, style, event)
    if style == "ama" and item["type"] in AMA_ONLINE and not _is_online(item):
        item["type"] = "article-newspaper"
    if style == "vancouver" and not item.get("references"):
        item["references"] = _language_note(item, locale)
    return item


def _kind_of_paper(item: Record, style: str, event: object) -> str:
    """A paper or poster is an article where a journal printed it, a presentation where nothing
    did."""
    if item.get("container-title"):
        in_journal = (item.get("issue") or item.get("ISSN")) and not (
            item.get("editor") or item.get("publisher")
        )
        return "article-journal" if in_journal else "paper-conference"
    if item.get("collection-title") or style not in ("vancouver", "ama"):
        return "paper-conference"
    return "speech" if event else "article-newspaper"


def _is_online(item: Record) -> bool:
    if item.get("volume") or item.get("issue"):
        return True
    issued = date(item.get("issued"))
    old = bool(issued and issued.first and issued.first.year < FIRST_ONLINE)
    return bool(item.get("DOI") or item.get("URL")) and not old


def _language_note(item: Record, locale: str) -> str:
    """NLM ends the citation of a translated title with the language of the work: “German.”"""
    title, language = (
        str(item.get("title") or "").rstrip(". "),
        str(item.get("language") or "")[:2].lower(),
    )
    if not title.endswith("]") or language in ("", "en", locale[:2]):
        return ""
    try:
        name = cldr.name("languages", language, locale[:2]) or babel.Locale.parse(
            locale[:2]
        ).languages.get(language, "")
    except (babel.UnknownLocaleError, ValueError):
        return ""
    return name[:1].upper() + name[1:]
