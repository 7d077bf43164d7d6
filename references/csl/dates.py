"""Dates and ranges of dates, in the order and with the words of a style and a locale."""

from dataclasses import dataclass

from .items import Date, Day
from .terms import Terms
from .typography import CASES

RANK = {"year": 0, "month": 1, "day": 2}


@dataclass(frozen=True)
class Part:
    """One `cs:date-part`: which, in what form, with what around it."""

    name: str
    attributes: dict[str, str]

    def write(self, day: Day, sheet: Terms) -> str:
        text = getattr(self, "_" + self.name)(day, self.attributes.get("form"), sheet)
        if self.attributes.get("strip-periods") == "true":
            text = text.replace(".", "")
        return CASES.get(self.attributes.get("text-case"), str)(text)

    def _year(self, day: Day, form: str | None, sheet: Terms) -> str:
        text = str(abs(day.year))
        if form == "short":
            return text[-2:]
        if day.year < 0:
            return text + (sheet.term("bc") or "")
        return text + (sheet.term("ad") or "") if day.year < 1000 else text

    def _month(self, day: Day, form: str | None, sheet: Terms) -> str:
        if day.season:
            return sheet.term(f"season-{day.season:02}") or ""
        if not day.month:
            return ""
        if form == "numeric":
            return str(day.month)
        if form == "numeric-leading-zeros":
            return f"{day.month:02}"
        return sheet.term(f"month-{day.month:02}", form or "long") or ""

    def _day(self, day: Day, form: str | None, sheet: Terms) -> str:
        if not day.day:
            return ""
        if form == "numeric-leading-zeros":
            return f"{day.day:02}"
        if form == "ordinal" and (day.day == 1 or not sheet.ordinal_first_day_only):
            return sheet.ordinal(day.day, sheet.gender(f"month-{day.month:02}"))
        return str(day.day)


def write(date: Date, parts: list[Part], delimiter: str, sheet: Terms) -> str:
    """A date as text; of a range only what differs is written twice: “3–5 May 2019”."""
    if not date.first:
        return (
            sheet.typography.field(date.words) if any(part.name == "year" for part in parts) else ""
        )
    span = _differing(date.first, date.last, parts) if date.last else None
    if date.last is None or span is None:
        return _run(date.first, parts, parts, delimiter, sheet).lstrip()
    start, end = span
    between = parts[start].attributes.get("range-delimiter", "–")
    head = _run(date.first, parts[:start], parts[:start], delimiter, sheet) if start else ""
    first = _run(date.first, parts[start : end + 1], parts, delimiter, sheet)
    rest = _run(date.last, parts[start:], parts, delimiter, sheet)
    if not first and not rest:
        return head
    return sheet.typography.join([head, f"{first}{between}{rest.lstrip()}"], delimiter).lstrip()


def _differing(first: Day, last: Day, parts: list[Part]) -> tuple[int, int] | None:
    """The stretch of parts to write twice: from the largest unit that differs, all smaller ones
    with it."""
    changed = [rank for name, rank in RANK.items() if getattr(first, name) != getattr(last, name)]
    if first.season != last.season:
        changed.append(RANK["month"])
    places = [at for at, part in enumerate(parts) if changed and RANK[part.name] >= min(changed)]
    return (min(places), max(places)) if places else None


def _run(day: Day, parts: list[Part], declared: list[Part], delimiter: str, sheet: Terms) -> str:
    """Parts in a row. A suffix that was to lead on to a further part falls away where none
    follows."""
    written = [(part, text) for part in parts if (text := part.write(day, sheet))]
    if not written:
        return ""
    pieces = [
        part.attributes.get("prefix", "") + text + part.attributes.get("suffix", "")
        for part, text in written
    ]
    part, text = written[-1]
    if part is not declared[-1]:
        pieces[-1] = part.attributes.get("prefix", "") + text
    return sheet.typography.join(pieces, delimiter)
