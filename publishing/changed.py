"""What changed in a page, as its readers are told: one change a line, its day first."""

from datetime import date

LONGEST = 5000


def lines(text: str) -> list[str]:
    return [" ".join(each.split()) for each in text.splitlines() if each.strip()]


def of_line(line: str) -> tuple[date, str] | None:
    """“2026-05-03 New section” → its day and words; None where it does not read like this."""
    day, _space, words = line.partition(" ")
    try:
        return (date.fromisoformat(day), words) if words and len(day) == 10 else None
    except ValueError:
        return None


def told(text: str) -> list[tuple[date, str]]:
    """`[(day, words)]`, the newest first; lines that do not read like one are left out."""
    found = [each for line in lines(text) if (each := of_line(line))]
    return sorted(found, key=lambda each: each[0], reverse=True)


def with_line(text: str, words: str, day: date) -> str:
    """With one more, ahead of the others; the oldest go where there is no more room."""
    kept = [f"{day.isoformat()} {' '.join(words.split())}", *lines(text)]
    while len("\n".join(kept)) > LONGEST and len(kept) > 1:
        kept.pop()
    return "\n".join(kept)
