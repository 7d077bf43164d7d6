"""What a saved search takes out before screening, by itself: by language, year and kind of work.
What a record does not say takes nothing out. It is never deleted, and what she screens all the same
is left alone."""

from publishing import tasks

from ..models import DATABASES, Hit

ROWS = 500


def taking_out(search, record):
    """The `Hit.Rule` that takes a record out; "" for none."""
    languages = codes(search.only_languages)
    if languages and record.language and record.language[:2].lower() not in languages:
        return Hit.Rule.LANGUAGE
    if record.year and not (search.first_year or 0) <= record.year <= (search.last_year or 9999):
        return Hit.Rule.YEAR
    if record.type and record.type in codes(search.not_kinds):
        return Hit.Rule.KIND
    return ""


def codes(text):
    return [each.strip().lower() for each in text.split(",") if each.strip()]


def judge(hit, record, run):
    """A hit that is not saved yet and no duplicate."""
    if run.search and not hit.removed and run.method in DATABASES:
        hit.removed_by = taking_out(run.search, record)
        hit.removed = Hit.Removed.AUTOMATION if hit.removed_by else ""


def apply(search):
    """The rules as they are now, to what waits and to what they took out before; gives how many
    records went the one way or the other."""
    found = Hit.objects.filter(run__search=search, run__method__in=DATABASES, decisions=None)
    found = found.filter(stage=Hit.Stage.WAITING, removed__in=("", Hit.Removed.AUTOMATION))
    changed = []
    for hit in found.only("data", "removed", "removed_by").iterator(chunk_size=ROWS):
        rule = taking_out(search, hit.record)
        if rule != hit.removed_by:
            hit.removed_by, hit.removed = rule, Hit.Removed.AUTOMATION if rule else ""
            changed.append(hit)
    Hit.objects.bulk_update(changed, ["removed_by", "removed"], batch_size=ROWS)
    tasks.enqueue("references.search_record")
    return len(changed)
