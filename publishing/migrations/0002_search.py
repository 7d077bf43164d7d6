"""What the search backends need beside the index rows: a vector column on PostgreSQL, an FTS5 table on SQLite."""

from django.db import migrations

FORWARDS = {
    "postgresql": [
        "ALTER TABLE publishing_indexentry ADD COLUMN vector tsvector",
        # Pages are written rarely and searched often: no list of pending entries to read through.
        "CREATE INDEX publishing_indexentry_vector ON publishing_indexentry USING gin (vector) WITH (fastupdate = off)",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE publishing_fts USING fts5("
        "title, summary, authors, text, title_stems, stems, tokenize = 'unicode61 remove_diacritics 2')",
    ],
}
BACKWARDS = {
    "postgresql": ["ALTER TABLE publishing_indexentry DROP COLUMN vector"],
    "sqlite": ["DROP TABLE publishing_fts"],
}


def forwards(apps, schema_editor):
    for statement in FORWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    for statement in BACKWARDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
