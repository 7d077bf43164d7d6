"""What subjects are called in the languages of the site; the words about alternative texts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0006_words_in_languages_and_legal_notice"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.CreateModel(
            name="TagName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish"), ("ca", "Catalan")],
                        max_length=8,
                        verbose_name="language",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="taggit.tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "name of a subject",
                "verbose_name_plural": "names of subjects",
                "ordering": ["language"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tag", "language"), name="publishing_tagname_one_a_language"
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="image",
            name="alt",
            field=models.TextField(
                blank=True,
                help_text=(
                    "The alternative text: in a sentence or two, what the figure shows, for readers"
                    " who cannot see it."
                ),
                verbose_name="description",
            ),
        ),
    ]
