"""The search keeps the words of a page's head apart on SQLite, and knows by which rules its rows
were written, so that an upgrade has them written anew by itself; searches that found nothing."""

import django.utils.timezone
from django.db import migrations, models

COLUMNS = "title, summary, authors, text, title_stems, head_stems, stems"
BEFORE = "title, summary, authors, text, title_stems, stems"
TABLE = "CREATE VIRTUAL TABLE publishing_fts USING fts5({}, tokenize = 'unicode61 remove_diacritics 2')"


def _rebuild(schema_editor, columns, old, values):
    """Another table with what is known meanwhile; its texts are written anew by a task."""
    if schema_editor.connection.vendor != "sqlite":
        return
    for statement in (
        TABLE.replace("publishing_fts", "publishing_fts_new").format(columns),
        f"INSERT INTO publishing_fts_new (rowid, {old}) SELECT rowid, {values} FROM publishing_fts",
        "DROP TABLE publishing_fts",
        "ALTER TABLE publishing_fts_new RENAME TO publishing_fts",
    ):
        schema_editor.execute(statement)

VERSION = 2


def forwards(apps, schema_editor):
    _rebuild(schema_editor, COLUMNS, BEFORE, BEFORE)
    if not apps.get_model("publishing", "IndexEntry").objects.exists():  # nothing of before
        apps.get_model("publishing", "IndexRules").objects.create(pk=1, version=VERSION)


def backwards(apps, schema_editor):
    _rebuild(schema_editor, BEFORE, BEFORE, BEFORE)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0007_subject_names")]

    operations = [
        migrations.CreateModel(
            name='FoundNothing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=200, unique=True, verbose_name='words')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='how often')),
                ('since', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='since')),
                ('last', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last')),
            ],
            options={
                'verbose_name': 'search that found nothing',
                'verbose_name_plural': 'searches that found nothing',
                'ordering': ['-count', '-last', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='IndexRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
            ],
        ),
        migrations.RunPython(forwards, backwards),
    ]
