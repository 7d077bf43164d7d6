"""Which fields a kind of work has, in the order one asks for them. What no list names is “more”."""

from ..vocabulary import CSLType

_ARTICLE = (
    "container container_short year month day volume issue pages doi pmid pmcid language"
    " full_text_url"
)
_ONLINE = "container year month day url language"
_FIELDS = {
    CSLType.ARTICLE_JOURNAL: _ARTICLE,
    CSLType.ARTICLE_MAGAZINE: "container year month day volume issue pages url language",
    CSLType.ARTICLE_NEWSPAPER: "container place year month day pages url language",
    CSLType.ARTICLE: "publisher year month day doi url language full_text_url",
    CSLType.BOOK: "editors edition volume publisher place year number_of_pages isbn language",
    CSLType.CHAPTER: (
        "container editors pages chapter_number edition volume publisher place year isbn doi"
        " language"
    ),
    CSLType.ENTRY_ENCYCLOPEDIA: "container editors edition volume pages publisher place year isbn",
    CSLType.PAPER_CONFERENCE: (
        "genre event container editors year month day volume pages publisher place doi language"
    ),
    CSLType.THESIS: "genre publisher place year number_of_pages url language full_text_url",
    CSLType.REPORT: "genre publisher place year month number_of_pages url language full_text_url",
    CSLType.REVIEW: _ARTICLE,
    CSLType.SPEECH: "event place year month day genre language",
    CSLType.WEBPAGE: _ONLINE,
    CSLType.POST_WEBLOG: _ONLINE,
    CSLType.DATASET: "publisher year doi url language",
    CSLType.MOTION_PICTURE: "publisher year month day genre url language",
    CSLType.PATENT: "genre place year month day url language",
    CSLType.MANUSCRIPT: "genre place year number_of_pages url language",
    CSLType.PERSONAL_COMMUNICATION: "genre year month day language",
    CSLType.DOCUMENT: "genre publisher place year month day url language",
}
# What every kind has, before the others.
ALWAYS = ("title", "authors")


def fields_of(kind: str) -> tuple[str, ...]:
    """The fields of a kind of work, title and people first."""
    return (*ALWAYS, *_FIELDS.get(kind, _FIELDS[CSLType.DOCUMENT]).split())
