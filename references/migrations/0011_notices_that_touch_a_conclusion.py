"""When a notice touched a conclusion: followers are told of it then. What a saved search takes out
before screening, and by which rule a record was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("references", "0010_chasing_and_nominations")]

    operations = [
        migrations.AddField(
            "worknotice", "touched", models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            "savedsearch",
            "only_languages",
            models.CharField(
                blank=True,
                help_text=(
                    "Codes with commas, such as en, es. What does not say its language is kept."
                ),
                max_length=120,
                verbose_name="only in these languages",
            ),
            preserve_default=True,
        ),
        migrations.AddField(
            "savedsearch",
            "first_year",
            models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="from the year"
            ),
        ),
        migrations.AddField(
            "savedsearch",
            "last_year",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="to the year"),
        ),
        migrations.AddField(
            "savedsearch",
            "not_kinds",
            models.CharField(blank=True, max_length=600, verbose_name="none of these kinds"),
        ),
        migrations.AddField(
            "hit",
            "removed_by",
            models.CharField(
                blank=True,
                choices=[
                    ("language", "by its language"),
                    ("year", "by its year"),
                    ("kind", "by its kind"),
                ],
                max_length=8,
                verbose_name="rule",
            ),
        ),
    ]
