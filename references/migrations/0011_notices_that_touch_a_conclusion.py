"""When a notice touched a conclusion: followers are told of it then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("references", "0009_appraisal")]

    operations = [
        migrations.AddField(
            "worknotice", "touched", models.DateTimeField(editable=False, null=True)
        ),
    ]
