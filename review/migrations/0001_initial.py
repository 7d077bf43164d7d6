import django.db.models.deletion
import django.utils.timezone
import taggit.managers
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('publishing', '0002_search'),
        ('references', '0001_initial'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
    ]

    operations = [
        migrations.CreateModel(
            name='Chapter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('slug', models.SlugField(allow_unicode=True, blank=True, help_text="The last part of the page's address. Leave it empty to take it from the title.", max_length=120, verbose_name='address')),
                ('summary', models.TextField(blank=True, help_text='One or two sentences, shown under the title, in lists and in search results.', max_length=1000, verbose_name='summary')),
                ('body', models.TextField(blank=True, verbose_name='text')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('ca', 'Catalan')], default='en', help_text='The language this is written in.', max_length=8, verbose_name='language')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('planned', 'Planned'), ('construction', 'Under construction'), ('published', 'Published')], default='draft', help_text='A draft is seen by you alone. All other states are public and say so on the page.', max_length=12, verbose_name='state')),
                ('publish_at', models.DateTimeField(blank=True, help_text='Keep the page hidden until this moment. Empty: public at once.', null=True, verbose_name='not before')),
                ('first_published', models.DateField(blank=True, help_text='Filled in by itself when the page is first published.', null=True, verbose_name='first published')),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='last worked on')),
                ('reviewed', models.DateField(blank=True, help_text='The day you last read it through and found it still right.', null=True, verbose_name='last reviewed')),
                ('comments_open', models.BooleanField(default=True, help_text='Whether readers can write under this page. What is there stays.', verbose_name='comments open')),
                ('body_html', models.TextField(blank=True, editable=False)),
                ('contents', models.JSONField(default=list, editable=False)),
                ('words', models.PositiveIntegerField(default=0, editable=False)),
                ('references_html', models.TextField(blank=True, editable=False)),
                ('cited_as', models.JSONField(blank=True, default=dict, editable=False)),
                ('cited', models.JSONField(default=list, editable=False)),
                ('section', models.CharField(choices=[('a-front', 'Front matter'), ('b-main', 'Numbered chapters'), ('c-back', 'Back matter')], default='b-main', help_text='Front and back matter carry no number. A sub-chapter always goes with its chapter.', max_length=8, verbose_name='section')),
                ('position', models.PositiveIntegerField(default=0, help_text='Order among its neighbours: smaller comes first. 0 puts it last.', verbose_name='position')),
                ('evidence_table', models.BooleanField(default=False, help_text='Show what each study listed here did and found, side by side, under the list.', verbose_name='evidence table')),
                ('order', models.CharField(blank=True, db_index=True, editable=False, max_length=500)),
                ('number', models.CharField(blank=True, editable=False, max_length=200, verbose_name='number')),
                ('depth', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('path', models.CharField(editable=False, max_length=1000, null=True, unique=True)),
                ('cover', models.ForeignKey(blank=True, help_text='Shown in lists and when the page is shared.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='publishing.image', verbose_name='cover figure')),
                ('parent', models.ForeignKey(blank=True, help_text='The chapter this one belongs to. Empty for a chapter of its own.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='review.chapter', verbose_name='part of')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text='Subjects, separated by commas.', through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
                ('translation_of', models.ForeignKey(blank=True, help_text='The page this is a translation of. Both then lead to each other.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='translations', to='review.chapter', verbose_name='translation of')),
            ],
            options={
                'verbose_name': 'chapter',
                'verbose_name_plural': 'chapters',
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(blank=True, help_text='Leave empty for the order of the years.', null=True, verbose_name='position')),
                ('remark', models.TextField(blank=True, help_text='Your word on it, shown under the reference in this chapter.', verbose_name='remark')),
                ('chapter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='placements', to='review.chapter', verbose_name='chapter')),
                ('reference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='references.reference', verbose_name='reference')),
            ],
            options={
                'verbose_name': 'reference in this chapter',
                'verbose_name_plural': 'references in this chapter',
                'ordering': [models.OrderBy(models.F('position'), nulls_last=True), 'reference__year', 'reference__sort_key', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='chapter',
            name='references',
            field=models.ManyToManyField(related_name='chapters', through='review.Placement', to='references.reference', verbose_name='references'),
        ),
        migrations.AddConstraint(
            model_name='placement',
            constraint=models.UniqueConstraint(fields=('chapter', 'reference'), name='review_placement_once'),
        ),
        migrations.AddConstraint(
            model_name='chapter',
            constraint=models.UniqueConstraint(fields=('parent', 'slug'), name='review_chapter_address'),
        ),
        migrations.AddConstraint(
            model_name='chapter',
            constraint=models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='review_chapter_not_its_own_parent'),
        ),
    ]
