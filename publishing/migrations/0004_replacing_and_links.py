"""Replacements asked for at the desk, and what is known of links to other sites."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

STATES = [
    ("waiting", "not looked at yet"),
    ("good", "answers"),
    ("moved", "has moved"),
    ("broken", "broken"),
    ("trouble", "no answer this time"),
    ("closed", "asks not to be looked at"),
    ("refused", "not an address for readers"),
]


def _id():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0003_next_versions_and_pictures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExternalLink",
            fields=[
                ("id", _id()),
                ("url", models.CharField(max_length=2000, unique=True, verbose_name="address")),
                ("host", models.CharField(db_index=True, max_length=255)),
                ("used_in", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=STATES, default="waiting", max_length=8, verbose_name="state"
                    ),
                ),
                ("said", models.CharField(blank=True, max_length=200)),
                ("moved_to", models.CharField(blank=True, max_length=2000)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "checked",
                    models.DateTimeField(blank=True, null=True, verbose_name="looked at"),
                ),
                ("due", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("tag", models.CharField(blank=True, max_length=300)),
                ("modified", models.CharField(blank=True, max_length=100)),
            ],
            options={
                "verbose_name": "link to another site",
                "verbose_name_plural": "links to other sites",
                "ordering": ["host", "url"],
            },
        ),
        migrations.CreateModel(
            name="Replacement",
            fields=[
                ("id", _id()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("find", models.CharField(max_length=200)),
                ("replace", models.CharField(blank=True, max_length=500)),
                ("match_case", models.BooleanField(default=False)),
                ("whole_words", models.BooleanField(default=True)),
                ("language", models.CharField(default="en", max_length=8)),
                ("chosen", models.JSONField(default=dict)),
                ("done", models.JSONField(default=list)),
                ("skipped", models.JSONField(default=list)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "find and replace",
                "verbose_name_plural": "find and replace",
                "ordering": ["-at", "-pk"],
            },
        ),
    ]
