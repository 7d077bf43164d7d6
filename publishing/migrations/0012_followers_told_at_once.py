"""Followers who agreed to be told at once of a retraction, and up to what moment they were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0011_published_versions_and_followers")]

    operations = [
        migrations.AddField("follower", "at_once", models.BooleanField(default=False)),
        migrations.AddField("follower", "warned", models.DateTimeField(null=True)),
    ]
