"""Works are found again by keys of their own, may be related to each other, and two of them can become one."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from references import matching
from references.formats.records import Name, Record


def write_keys(apps, schema_editor):
    """The keys of the works that are there."""
    Reference, MatchKey = (apps.get_model("references", name) for name in ("Reference", "MatchKey"))
    for work in Reference.objects.prefetch_related("authorships__person").iterator(chunk_size=500):
        rows = sorted(work.authorships.all(), key=lambda row: (row.position, row.pk))
        record = Record(
            title=work.title,
            original_title=work.original_title,
            translated_title=work.translated_title,
            url=work.url,
            year=work.year,
            volume=work.volume,
            pages=work.pages,
            names=[Name(row.person.family, role=row.role) for row in rows],
        )
        MatchKey.objects.bulk_create(MatchKey(reference=work, key=key) for key in matching.keys(record))


class Migration(migrations.Migration):

    dependencies = [
        ('references', '0005_scheduling'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(
            model_name='reference',
            name='match_key',
        ),
        migrations.AlterField(
            model_name='pendingrecord',
            name='verdict',
            field=models.CharField(choices=[('new', 'new'), ('same', 'already there'), ('differs', 'differs'), ('perhaps', 'perhaps the same')], max_length=8),
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('citekey', models.CharField(max_length=120, verbose_name='citekey')),
                ('title', models.TextField(verbose_name='title')),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('record', models.JSONField(default=dict)),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='references.reference', verbose_name='work')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'merge of two works',
                'verbose_name_plural': 'merges of works',
                'ordering': ['-created', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='MatchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BigIntegerField()),
                ('reference', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='match_keys', to='references.reference')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key', 'reference'), name='references_matchkey_once')],
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('preprint', 'preprint of'), ('conference', 'conference version of'), ('edition', 'earlier edition of'), ('translation', 'translation of'), ('erratum', 'erratum of'), ('comment', 'comment on'), ('apart', 'another work than')], max_length=12, verbose_name='relation')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='references.reference', verbose_name='work')),
                ('other', models.ForeignKey(help_text='Type a few letters of its author, year or title.', on_delete=django.db.models.deletion.CASCADE, related_name='relations_to', to='references.reference', verbose_name='the other work')),
            ],
            options={
                'verbose_name': 'relation to another work',
                'verbose_name_plural': 'versions of it and works it speaks of',
                'ordering': ['kind', 'other__year', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('one', 'other'), name='references_relation_once'), models.CheckConstraint(condition=models.Q(('one', models.F('other')), _negated=True), name='references_relation_another', violation_error_message='A work is no version of itself.')],
            },
        ),
        migrations.RunPython(write_keys, migrations.RunPython.noop),
    ]
