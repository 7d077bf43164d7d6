"""Numbers as they stand in records: is it one, is it several, how a range of pages is shortened,
ordinals, Roman figures."""

import re

NUMBER_VARIABLES = frozenset(
    "chapter-number collection-number edition issue locator number number-of-pages"
    " number-of-volumes page page-first part-number printing-number section supplement-number"
    " version volume".split()
)
MOST_DIGITS = (
    9  # what is longer is no number of anything; Python refuses to count with thousands of digits
)
MOST_ROMAN = 4000
ONE = r"[A-Za-z]{0,20}\d{1,20}[A-Za-z]{0,20}"
NUMERIC = re.compile(rf"{ONE}(?:\s*[,&–—-]\s*{ONE})*")
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
SEVERAL = re.compile(
    rf"(?:{ONE}|\b[IVXLCDMivxlcdm]{{1,20}})\s*[,&–—-]\s*(?:{ONE}|[IVXLCDMivxlcdm]{{1,20}}\b)"
)
RANGE = re.compile(
    r"(?P<head>[A-Za-z]*)(?P<first>\d+)(?P<tail>[A-Za-z]*)[–—-]"
    r"(?P<again>[A-Za-z]*)(?P<last>\d+)(?P<end>[A-Za-z]*)"
)


def is_numeric(text: str) -> bool:
    return bool(NUMERIC.fullmatch(text))


def is_plural(variable: str, text: str) -> bool:
    if variable.startswith("number-of-"):
        return text.strip() not in ("0", "1")
    return bool(SEVERAL.search(text)) and not THOUSANDS.fullmatch(text)


def tidy(text: str) -> str:
    """“1-2” → “1–2”, “3 , 4” → “3, 4”, “1&2” → “1 & 2”, where the whole is numbers."""
    text = (
        re.sub(r"\s*&\s*", " & ", re.sub(r"\s*,\s+|\s+,", ", ", text)) if is_numeric(text) else text
    )
    return re.sub(r"\s*[–—-]\s*", "–", text) if is_numeric(text) else text


def pages(text: str, style: str | None, delimiter: str) -> str:
    """A list of pages with each range written as the style wants it: “183-93; quiz 193-4” too."""
    text = re.sub(r"\s*[–—-]+\s*", "-", text).strip(" ,;")
    pieces = re.split(r"([\s,;&]+)", text)
    for at, piece in enumerate(pieces):
        pieces[at] = _between(piece) if at % 2 else _range(piece, style, delimiter)
    return "".join(pieces)


def _between(text: str) -> str:
    """What stands between two pages, with its blanks."""
    if "&" in text:
        return " & "
    return next((f"{sign} " for sign in ";," if sign in text), " ")


def _range(text: str, style: str | None, delimiter: str) -> str:
    match = RANGE.fullmatch(text)
    if not match or not style or len(text) > 2 * MOST_DIGITS + 1:
        return delimiter.join(text.split("-")) if re.fullmatch(r"\w+-\w+", text) else text
    head, first, last = match["head"], match["first"], match["last"]
    if match["again"] not in ("", head) or match["tail"] or match["end"]:
        return text.replace("-", delimiter)
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    if len(first) != len(last) or int(last) <= int(first):
        return f"{head}{first}{delimiter}{head if style == 'expanded' else ''}{last}"
    if style == "expanded":
        return f"{head}{first}{delimiter}{head}{last}"
    keep = _kept(first, last, style)
    return f"{head}{first}{delimiter}{last[len(last) - keep :]}"


def _kept(first: str, last: str, style: str) -> int:
    """How many figures of the last page stay."""
    differing = len(last) - next(
        at for at, (a, b) in enumerate(zip(first, last, strict=True)) if a != b
    )
    if style == "minimal":
        return differing
    if style == "minimal-two":
        return max(2, differing)
    if int(first) < 100 or int(first) % 100 == 0 or (len(first) == 4 and differing >= 3):  # chicago
        return len(last)
    return differing if int(first) % 100 < 10 else max(2, differing)


def roman(number: int) -> str:
    text = ""
    for sign, value in zip(
        "m cm d cd c xc l xl x ix v iv i".split(),
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        strict=True,
    ):
        count, number = divmod(number, value)
        text += sign * count
    return text
