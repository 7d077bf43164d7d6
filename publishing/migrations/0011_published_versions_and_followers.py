"""Published versions of pages, their deposits in an archive, and who follows the site by mail."""

import django.db.models.deletion
import django.utils.timezone
import publishing.models.following
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("publishing", "0010_figures_in_languages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waits for you"),
                            ("going", "on its way"),
                            ("gone", "sent"),
                            ("left out", "left out"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "line",
                    models.TextField(
                        blank=True,
                        help_text="It stands at the top of the mail. Leave it empty for none.",
                        max_length=1000,
                        verbose_name="your line",
                    ),
                ),
                ("mails", models.PositiveIntegerField(default=0, verbose_name="mails")),
                ("ended", models.DateTimeField(null=True)),
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
                "verbose_name": "digest for followers",
                "verbose_name_plural": "digests for followers",
                "ordering": ["-until", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("topic", models.CharField(max_length=60)),
                ("language", models.CharField(max_length=8)),
                (
                    "key",
                    models.CharField(
                        default=publishing.models.following.new_key, max_length=40, unique=True
                    ),
                ),
                ("wording", models.TextField()),
                ("agreed", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed", models.DateTimeField(db_index=True, null=True)),
                ("told", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "follower",
                "verbose_name_plural": "followers",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("email", "topic"), name="publishing_follower_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishedVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("page_id", models.PositiveBigIntegerField()),
                ("number", models.PositiveIntegerField()),
                (
                    "published",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("conclusions", "Conclusions changed"),
                            ("studies", "Studies added"),
                            ("correction", "Correction"),
                            ("wording", "Wording"),
                        ],
                        max_length=12,
                        verbose_name="kind of change",
                    ),
                ),
                (
                    "what_changed",
                    models.TextField(
                        help_text="In your words, for readers who know the version before.",
                        max_length=2000,
                        verbose_name="what changed",
                    ),
                ),
                (
                    "what_to_do",
                    models.TextField(
                        blank=True,
                        help_text="One sentence for patients. It stands first wherever the change is told.",
                        max_length=1000,
                        verbose_name="does it change what you should do?",
                    ),
                ),
                (
                    "searched_to",
                    models.DateField(blank=True, null=True, verbose_name="searched to"),
                ),
                (
                    "taken_in_to",
                    models.DateField(blank=True, null=True, verbose_name="taken in to"),
                ),
                ("reworded", models.DateTimeField(null=True)),
                ("language", models.CharField(max_length=8)),
                ("label", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(max_length=300)),
                ("summary", models.TextField(blank=True)),
                ("body_html", models.TextField(blank=True)),
                ("contents", models.JSONField(default=list)),
                ("works_html", models.TextField(blank=True)),
                ("evidence_html", models.TextField(blank=True)),
                ("works", models.JSONField(default=list)),
                ("works_added", models.JSONField(default=list)),
                ("works_gone", models.JSONField(default=list)),
                ("words", models.PositiveIntegerField(default=0)),
                ("cited_as", models.JSONField(default=dict)),
                ("set_aside", models.JSONField(default=dict)),
                ("doi", models.CharField(blank=True, max_length=200)),
                ("concept_doi", models.CharField(blank=True, max_length=200)),
                (
                    "page_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
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
                "verbose_name": "published version",
                "verbose_name_plural": "published versions",
                "ordering": ["-published", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Deposit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sandbox", models.BooleanField(default=True)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("begun", "begun"),
                            ("reserved", "DOI reserved"),
                            ("filled", "files sent"),
                            ("done", "published"),
                        ],
                        default="begun",
                        max_length=10,
                    ),
                ),
                ("record", models.CharField(blank=True, max_length=40)),
                ("links", models.JSONField(default=dict)),
                ("doi", models.CharField(blank=True, max_length=200)),
                ("concept_doi", models.CharField(blank=True, max_length=200)),
                ("error", models.TextField(blank=True)),
                ("begun", models.DateTimeField(default=django.utils.timezone.now)),
                ("tried", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deposit",
                        to="publishing.publishedversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "deposit",
                "verbose_name_plural": "deposits",
            },
        ),
        migrations.AddConstraint(
            model_name="publishedversion",
            constraint=models.UniqueConstraint(
                fields=("page_type", "page_id", "number"), name="publishing_publishedversion_once"
            ),
        ),
    ]
