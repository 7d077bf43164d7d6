"""What a format has no field for, written as “label: value” into a free field of it, and known
again on the way in."""

from collections.abc import Iterable, Iterator

from .records import Record

LABELS = {
    "citekey": "citekey",
    "type": "kind of work",
    "title": "title",
    "original_title": "title in its own script",
    "translated_title": "translated title",
    "container": "published in",
    "container_short": "abbreviated",
    "year_approximate": "about that year",
    "edition": "edition",
    "chapter_number": "chapter number",
    "number_of_pages": "number of pages",
    "genre": "genre",
    "event": "meeting",
    "publisher": "publisher",
    "place": "place",
    "nlm_id": "NLM ID",
    "url": "web address",
    "full_text_url": "full text",
    "country": "country",
    "study_design": "study design",
    "sample_size": "sample size",
    "sample_unit": "counted in",
    "record_note": "note on the record",
    "authors_incomplete": "authors incomplete",
    "tags": "tag",
}
_FIELDS = {label: name for name, label in LABELS.items()}
_YES = "yes"


def pack(record: Record, names: Iterable[str]) -> Iterator[str]:
    """“study design: case series” for every field of `names` that has a value."""
    for name in names:
        value = getattr(record, name)
        if name == "tags":
            yield from (f"{LABELS[name]}: {tag}" for tag in value)
        elif value or (value == 0 and value is not False):
            yield f"{LABELS[name]}: {_YES if value is True else value}"


def unpack(record: Record, text: str) -> bool:
    """Put a packed line back into its field; False if it is none."""
    label, colon, given = text.partition(": ")
    value: str | int | bool | None = given
    name = _FIELDS.get(label)
    if not colon or name is None:
        return False
    if name == "tags":
        record.tags.append(given)
        return True
    if name == "sample_size":
        value = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
    elif name in ("year_approximate", "authors_incomplete"):
        value = given == _YES
    setattr(record, name, value)
    return True
