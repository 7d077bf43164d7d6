"""Old addresses may lead to any address of ours, and speak for all below them; what came in from another
site is known by its number there."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("publishing", "0008_search_in_readers_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="redirect",
            name="address",
            field=models.CharField(
                blank=True,
                help_text="An address of this site, as /blog/. Leave it empty where a page moved.",
                max_length=1200,
                verbose_name="address of now",
            ),
        ),
        migrations.AddField(
            model_name="redirect",
            name="below",
            field=models.BooleanField(
                default=False,
                help_text="Every address that begins with the old one leads there.",
                verbose_name="and all below it",
            ),
        ),
        migrations.AlterField(
            model_name="redirect",
            name="page_id",
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="redirect",
            name="page_type",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="contenttypes.contenttype",
            ),
        ),
        migrations.CreateModel(
            name="SiteImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("pictures", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "being read"),
                            ("ready", "waits for your word"),
                            ("running", "coming in"),
                            ("done", "done"),
                            ("failed", "could not be read"),
                        ],
                        default="reading",
                        max_length=10,
                    ),
                ),
                ("found", models.JSONField(default=dict)),
                ("decisions", models.JSONField(default=dict)),
                ("progress", models.JSONField(default=dict)),
                ("report", models.JSONField(default=dict)),
                ("task", models.CharField(blank=True, max_length=40)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
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
                "verbose_name": "site moved in",
                "verbose_name_plural": "sites moved in",
                "default_permissions": (),
                "ordering": ["-created", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ImportedItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("site", models.CharField(max_length=300)),
                ("kind", models.CharField(max_length=20)),
                ("number", models.PositiveBigIntegerField()),
                ("page_id", models.PositiveBigIntegerField(null=True)),
                ("theirs", models.CharField(blank=True, max_length=64)),
                ("ours", models.CharField(blank=True, max_length=200)),
                ("unsettled", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "page_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "kind", "number"), name="publishing_imported_once"
                    )
                ],
            },
        ),
    ]
