"""What was changed last is read from an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0003_in_short")]

    operations = [
        migrations.AddIndex(
            "chapter", models.Index(fields=["-updated", "-id"], name="review_chapter_updated")
        ),
    ]
