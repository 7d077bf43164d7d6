"""A comment that came in from another site keeps the number it had there as an anchor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0005_accesses"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="old_number",
            field=models.PositiveBigIntegerField(db_index=True, editable=False, null=True),
        ),
    ]
