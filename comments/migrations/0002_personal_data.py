"""What the list of those who wrote is called."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="writer",
            options={
                "ordering": ["-created", "-pk"],
                "verbose_name": "writer",
                "verbose_name_plural": "personal data of readers",
            },
        )
    ]
