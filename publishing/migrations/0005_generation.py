"""The token under which public pages are kept."""

import secrets

from django.db import migrations, models


def first_token(apps, schema_editor):
    apps.get_model("publishing", "Generation").objects.create(id=1, token=secrets.token_urlsafe(12))


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_replacing_and_links")]

    operations = [
        migrations.CreateModel(
            name="Generation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token", models.CharField(max_length=16)),
            ],
        ),
        migrations.RunPython(first_token, migrations.RunPython.noop),
    ]
