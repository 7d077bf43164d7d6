"""A reference as the plain record the formats write, and as the CSL item the styles read."""

from ..formats import csljson
from ..formats.records import FIELDS, Name, Record

# The library has no field for “and others”; it stands in the note on the record.
AND_OTHERS = "The list of authors is not complete."

# Numbers, of which none is something else than an empty text.
OPEN = {"year", "month", "day", "season", "sample_size"}

NO_VARIABLE = {"custom", "keyword", "abstract"}


# What `record_of` asks for beside the people.
SUBJECTS = ("tags", "keywords", "notices")


def record_of(reference, *, subjects=True):
    """The `Record` of a reference. Ask for them `with_people()` and prefetch `SUBJECTS`, if they
    are more than a few; or have it without these."""
    record = Record(citekey=reference.citekey)
    for name in FIELDS:
        value = getattr(reference, name)
        setattr(record, name, value if value is not None or name in OPEN else "")
    record.names = [
        Name(
            each.person.family,
            each.person.given,
            each.person.suffix,
            each.person.literal,
            each.role,
        )
        for each in reference.authorships.all()
    ]
    if AND_OTHERS in record.record_note:
        record.authors_incomplete = True
        record.record_note = " ".join(record.record_note.replace(AND_OTHERS, " ").split())
    if subjects:
        record.tags = sorted(tag.name for tag in reference.tags.all())
        record.keywords = [row.word for row in reference.keywords.all()]
        record.notices = [row.said for row in reference.notices.all() if not row.withdrawn]
    return record


def csl_item(reference):
    """The CSL-JSON item of a reference, without what CSL has no variable for."""
    item = csljson.as_item(record_of(reference, subjects=False))
    return {key: value for key, value in item.items() if key not in NO_VARIABLE}
