"""What was erased is remembered, so that nothing brings it back."""


import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0003_kept_answers_and_corrections'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('comment', models.PositiveBigIntegerField(null=True)),
                ('created', models.DateTimeField(null=True)),
                ('mailbox', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('comment', 'created'), name='comments_erasure_comment_once')],
            },
        ),
    ]
