"""Indexes for lists and counts that do not grow with the library. The one that is replaced goes
last: taking it away keeps readers out until the end of the transaction."""

from django.db import migrations, models
from django.db.models import F, Q

COUNTED = [
    "year", "study_design", "language", "country", "reading_state", "has_free_text", "sample_size",
    "id",
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("references", "0011_notices_that_touch_a_conclusion")]

    operations = [
        migrations.AddIndex(
            "notes", models.Index(fields=["-updated", "-id"], name="references_notes_updated")
        ),
        migrations.AddIndex("reference", models.Index(fields=COUNTED, name="references_tallied")),
        migrations.AddIndex(
            "reference", models.Index(F("id") / 1000, F("changed"), name="references_by_part")
        ),
        migrations.AddIndex(
            "reference",
            models.Index(
                fields=["id"],
                condition=Q(doi=None, isbn="", pmcid=None, pmid=None),
                name="references_unidentified",
            ),
        ),
        migrations.RemoveIndex("reference", "references_tally"),
    ]
