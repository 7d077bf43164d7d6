"""Titles that carry a translation: “Titel [Title]”, “[Title].”, “[Title]. [Article in Spanish]”."""

import re

from .languages import to_two
from .records import Record

_ARTICLE_IN = re.compile(
    r"\s*\[(?:article|book|letter|editorial|text)s? in ([^\[\]]+?)\]\.?\s*$", re.I
)
_REMARK = re.compile(
    r"\s*\((?:author's transl|transl|proceedings|letter|editorial)\)\.?(?=\]?\.?$)", re.I
)
# In brackets at the end of a title, but no translation of it.
_NO_TRANSLATION = re.compile(
    r"(?:letter|editorial|comment(?:ary)?|review|abstract|poster|corrected|correction|erratum|retracted|reprint|"
    r"preprint|discussion|reply|sic|carta|cartas al director|r[eé]sum[eé])\b.*",
    re.I,
)


def split(title: str, language: str = "", translated: str = "") -> tuple[str, str]:
    """`(title, translation)`. A translation known beside the title is taken off its end.

    Otherwise what stands in brackets at the end is one if the work is in another language than
    English.
    """
    if translated:
        return title.removesuffix(f"[{translated}]").strip(), translated
    inner = _bracketed_end(title.removesuffix("."))
    if inner is None:
        return title, ""
    title = title.removesuffix(".")
    before = title[: -len(inner) - 2].strip()
    if not before:
        return "", inner.strip()
    if language in ("", "en") or _NO_TRANSLATION.fullmatch(inner):
        return title, ""
    return before, inner.strip()


def joined(record: Record) -> str:
    """“Titel [Title]”, “[Title]” where only the translation is known: what other software shows as
    the title."""
    if not record.translated_title:
        return record.title or record.original_title
    return f"{record.title} [{record.translated_title}]".strip()


def medline(title: str) -> tuple[str, str, str]:
    """`(title, translation, language)` out of a MEDLINE title: “[Title].”, “[Title]. [Article in
    Spanish]”, “Title.”"""
    language = ""
    found = _ARTICLE_IN.search(title)
    if found:
        title, language = title[: found.start()], to_two(re.split(r",| and ", found[1])[0])
    title = _REMARK.sub("", title)
    stopped, title = title.endswith("]."), without_stop(title)
    if title.startswith("[") and _bracketed_end(title) == title[1:-1]:
        inner = title[1:-1].strip() if stopped else without_stop(title[1:-1].strip())
        return (
            "",
            "" if inner.casefold() in ("not available", "in process citation") else inner,
            language,
        )
    return title, "", language


def without_stop(title: str) -> str:
    """A title without the full stop MEDLINE adds; three dots are the title's own."""
    dots = len(title) - len(title.rstrip("."))
    return title[:-1] if dots and dots != 3 else title


def _bracketed_end(title: str) -> str | None:
    """What stands between the last closing bracket, if it ends the title, and the bracket that
    opens it."""
    if not title.endswith("]"):
        return None
    depth = 0
    for position in range(len(title) - 1, -1, -1):
        depth += (title[position] == "]") - (title[position] == "[")
        if depth == 0:
            return title[position + 1 : -1]
    return None
