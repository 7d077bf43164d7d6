import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import references.models.evidence
import references.pdf
import taggit.managers
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Condition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='What it is called in these pages: back mice.', max_length=200, verbose_name='title')),
                ('slug', models.SlugField(allow_unicode=True, max_length=120, unique=True, verbose_name='address')),
                ('note', models.TextField(blank=True, help_text='What is meant by it. Stands above its names.', verbose_name='note')),
            ],
            options={
                'verbose_name': 'condition',
                'verbose_name_plural': 'conditions',
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='LookupAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=600, unique=True)),
                ('fetched', models.DateTimeField()),
                ('found', models.BooleanField()),
                ('body', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='LookupTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=250, unique=True)),
                ('free_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Name',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='As it is mostly written: Episacroiliac lipoma.', max_length=200, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, blank=True, help_text='The last part of its address. Leave it empty to take it from the name.', max_length=120, unique=True, verbose_name='address')),
                ('forms', models.TextField(blank=True, help_text='One a line: the plural, other spellings. The search and “find in titles” know them too.', verbose_name='other forms')),
                ('language', models.CharField(default='en', help_text='en, es, ca, fr, de …', max_length=8, verbose_name='language')),
                ('standing', models.CharField(choices=[('plain', 'one of the names'), ('preferred', 'preferred'), ('misnomer', 'misnomer')], default='plain', max_length=10, verbose_name='standing')),
                ('used_from', models.PositiveSmallIntegerField(blank=True, help_text='Year. Leave it empty to take it from the works below.', null=True, validators=[django.core.validators.MinValueValidator(1000), django.core.validators.MaxValueValidator(2200)], verbose_name='in use from')),
                ('used_to', models.PositiveSmallIntegerField(blank=True, help_text='Year. Empty: from the works below.', null=True, validators=[django.core.validators.MinValueValidator(1000), django.core.validators.MaxValueValidator(2200)], verbose_name='in use to')),
                ('expands', models.BooleanField(default=True, help_text='Take it out for a name that has meant other things too, such as fibrositis.', verbose_name='a search for it finds the others, and theirs finds it')),
                ('note', models.TextField(blank=True, help_text='Where it comes from, what speaks for it or against it.', verbose_name='note')),
                ('condition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='references.condition', verbose_name='condition')),
            ],
            options={
                'verbose_name': 'name of a condition',
                'verbose_name_plural': 'names of conditions',
                'ordering': ['title'],
            },
        ),
        migrations.CreateModel(
            name='PendingImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created', models.DateTimeField(auto_now_add=True)),
                ('name', models.CharField(max_length=200)),
                ('looked_up', models.BooleanField(default=False)),
                ('refused', models.JSONField(default=list)),
                ('warnings', models.JSONField(default=list)),
                ('report', models.JSONField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.CharField(help_text='With its particle: van der Berg.', max_length=150, verbose_name='family name')),
                ('given', models.CharField(blank=True, help_text='In full or as initials: William S. C.', max_length=150, verbose_name='given names')),
                ('suffix', models.CharField(blank=True, help_text='Jr, III.', max_length=20, verbose_name='suffix')),
                ('literal', models.BooleanField(default=False, help_text='The name is written as it stands, never shortened.', verbose_name='an organisation')),
                ('slug', models.SlugField(allow_unicode=True, blank=True, help_text="The last part of the address of the person's page. Leave it empty to take it from the name.", max_length=160, unique=True, verbose_name='address')),
                ('born', models.PositiveSmallIntegerField(blank=True, help_text='Year.', null=True, verbose_name='born')),
                ('died', models.PositiveSmallIntegerField(blank=True, help_text='Year.', null=True, verbose_name='died')),
                ('orcid', models.CharField(blank=True, help_text='The number that tells one researcher from another, for example 0000-0002-1825-0097.', max_length=19, verbose_name='ORCID')),
                ('biography', models.TextField(blank=True, help_text="Shown on the person's page.", verbose_name='biography')),
                ('biography_html', models.TextField(blank=True, editable=False)),
                ('references_html', models.TextField(blank=True, editable=False)),
                ('sort_key', models.CharField(blank=True, editable=False, max_length=160)),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['sort_key', 'pk'],
                'indexes': [models.Index(fields=['family', 'given'], name='references_person_name'), models.Index(fields=['sort_key', 'id'], name='references_person_order')],
            },
        ),
        migrations.CreateModel(
            name='Authorship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('author', 'author'), ('editor', 'editor'), ('translator', 'translator')], default='author', max_length=12, verbose_name='role')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Order in which the names stand. Leave it 0 to come last.', verbose_name='position')),
                ('person', models.ForeignKey(help_text='Type a few letters of the name. The plus adds somebody new.', on_delete=django.db.models.deletion.PROTECT, related_name='authorships', to='references.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'author, editor or translator',
                'verbose_name_plural': 'authors, editors and translators',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('citekey', models.CharField(help_text='Its short name in texts and in its address: first author and year, for example sutro1935.', max_length=120, unique=True, validators=[django.core.validators.RegexValidator('^[\\w][\\w:.+-]*$', 'A citekey has letters, digits and - _ : . + only, for example sutro1935.')], verbose_name='citekey')),
                ('type', models.CharField(choices=[('article-journal', 'Journal article'), ('article-magazine', 'Magazine article'), ('article-newspaper', 'Newspaper article'), ('article', 'Preprint or other article'), ('book', 'Book'), ('chapter', 'Book chapter'), ('entry-encyclopedia', 'Encyclopedia entry'), ('paper-conference', 'Conference paper or poster'), ('thesis', 'Thesis'), ('report', 'Report'), ('review', 'Review of a work'), ('speech', 'Lecture'), ('webpage', 'Web page'), ('post-weblog', 'Blog post'), ('dataset', 'Data set'), ('motion_picture', 'Film or video'), ('patent', 'Patent'), ('manuscript', 'Manuscript'), ('personal_communication', 'Personal communication'), ('document', 'Other document')], default='article-journal', help_text='It decides how the work is cited.', max_length=30, verbose_name='kind of work')),
                ('title', models.TextField(blank=True, help_text='As printed, in its own language. Empty if only a translation of it is known.', verbose_name='title')),
                ('original_title', models.TextField(blank=True, help_text='If the title above is a transliteration.', verbose_name='title in its own script')),
                ('translated_title', models.TextField(blank=True, help_text='In English, if the work is in another language.', verbose_name='translated title')),
                ('container', models.CharField(blank=True, help_text='Where it appeared, in full.', max_length=400, verbose_name='journal or book')),
                ('container_short', models.CharField(blank=True, help_text='The NLM abbreviation, for example Am J Med Sci.', max_length=200, verbose_name='abbreviated')),
                ('year', models.SmallIntegerField(blank=True, db_index=True, help_text='Of publication. Empty if nobody knows.', null=True, validators=[django.core.validators.MinValueValidator(1000), django.core.validators.MaxValueValidator(2200)], verbose_name='year')),
                ('month', models.PositiveSmallIntegerField(blank=True, help_text='1 to 12. Leave it empty if only the year is known.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='month')),
                ('day', models.PositiveSmallIntegerField(blank=True, help_text='Of the issue or the publication, if it is known.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)], verbose_name='day')),
                ('year_approximate', models.BooleanField(default=False, help_text='Shown as c. 1904.', verbose_name='about that year')),
                ('season', models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Spring'), (2, 'Summer'), (3, 'Autumn'), (4, 'Winter')], help_text='Of an issue that names one instead of a month.', null=True, verbose_name='season')),
                ('until', models.CharField(blank=True, help_text='The end, if it spans several: 1999, 1998-04 or 1998-04-15; 1998-21 to 1998-24 from spring to winter.', max_length=10, verbose_name='until')),
                ('volume', models.CharField(blank=True, help_text='The number of the volume alone: 190.', max_length=50, verbose_name='volume')),
                ('issue', models.CharField(blank=True, help_text='The number in brackets: 5.', max_length=50, verbose_name='issue')),
                ('pages', models.CharField(blank=True, help_text='833-837, or an article number.', max_length=100, verbose_name='pages')),
                ('number_of_pages', models.CharField(blank=True, help_text='Of a book or thesis.', max_length=30, verbose_name='number of pages')),
                ('edition', models.CharField(blank=True, help_text='2nd, revised. Empty for the first.', max_length=50, verbose_name='edition')),
                ('chapter_number', models.CharField(blank=True, help_text='Of a book chapter.', max_length=30, verbose_name='chapter number')),
                ('genre', models.CharField(blank=True, help_text='Thesis, Poster, Letter, Editorial.', max_length=100, verbose_name='genre')),
                ('event', models.CharField(blank=True, help_text='For a poster or a lecture: the meeting where it was shown.', max_length=300, verbose_name='meeting')),
                ('publisher', models.CharField(blank=True, help_text='For a book, a thesis or a report.', max_length=300, verbose_name='publisher')),
                ('place', models.CharField(blank=True, help_text='Town of the publisher.', max_length=200, verbose_name='place')),
                ('doi', models.CharField(blank=True, help_text='Paste it in any form.', max_length=300, null=True, unique=True, verbose_name='DOI')),
                ('pmid', models.CharField(blank=True, help_text='The number PubMed gives it. Paste it in any form.', max_length=40, null=True, unique=True, verbose_name='PMID')),
                ('pmcid', models.CharField(blank=True, help_text='The number PubMed Central gives it: PMC2441105.', max_length=40, null=True, unique=True, verbose_name='PMCID')),
                ('nlm_id', models.CharField(blank=True, help_text='Of the journal or book in the catalogue of the National Library of Medicine.', max_length=30, verbose_name='NLM ID')),
                ('isbn', models.CharField(blank=True, help_text='Of a book, 10 or 13 digits.', max_length=40, verbose_name='ISBN')),
                ('issn', models.CharField(blank=True, help_text='Of a journal: 0002-9629.', max_length=60, verbose_name='ISSN')),
                ('url', models.URLField(blank=True, help_text='Of the work itself, where it has one.', max_length=600, verbose_name='web address')),
                ('full_text_url', models.URLField(blank=True, help_text='Where anybody can read it free.', max_length=600, verbose_name='full text')),
                ('pdf', references.pdf.PdfField(blank=True, help_text='Your copy. Readers get it only if you state its licence below; until then it is yours alone.', storage=references.pdf.private_storage, upload_to=references.pdf.place, verbose_name='PDF')),
                ('pdf_licence', models.CharField(blank=True, help_text='Under which it may be given to anybody: CC BY 4.0, public domain. Empty: nobody else gets it.', max_length=100, verbose_name='licence of the PDF')),
                ('has_free_text', models.GeneratedField(db_persist=True, expression=models.Case(models.When(models.Q(models.Q(('full_text_url', ''), _negated=True), models.Q(models.Q(('pdf', ''), _negated=True), models.Q(('pdf_licence', ''), _negated=True)), _connector='OR'), then=models.Value(True)), default=models.Value(False)), output_field=models.BooleanField())),
                ('language', models.CharField(blank=True, db_index=True, help_text='en, es, ca, fr, de …', max_length=8, verbose_name='language')),
                ('country', models.CharField(blank=True, db_index=True, help_text='Two letters (ES, FR, US), or a name for a country of the past.', max_length=100, verbose_name='country')),
                ('abstract', models.TextField(blank=True, help_text='As printed. Mind the rights: many abstracts belong to a publisher.', verbose_name='abstract')),
                ('one_line', models.CharField(blank=True, help_text='For a reader’s doctor, on the sheet a reader prints. Empty: the first sentence of your notes.', max_length=300, verbose_name='in one sentence')),
                ('study_design', models.CharField(blank=True, db_index=True, help_text='What kind of study it is.', max_length=80, verbose_name='study design')),
                ('sample_size', models.PositiveIntegerField(blank=True, help_text='How many patients, specimens or studies. Empty: not stated.', null=True, verbose_name='sample size')),
                ('sample_unit', models.CharField(blank=True, help_text='patients, dissections, specimens', max_length=80, verbose_name='counted in')),
                ('record_note', models.TextField(blank=True, help_text='What is uncertain or missing in this record. Public.', verbose_name='note on the record')),
                ('reading_state', models.CharField(choices=[('wanted', 'Wanted'), ('in-hand', 'In hand'), ('read', 'Read'), ('notes-drafted', 'Notes drafted'), ('notes-published', 'Notes published')], db_index=True, default='in-hand', help_text='Where you are with it. Once there are notes it follows them by itself.', max_length=16, verbose_name='reading')),
                ('cites_checked', models.BooleanField(default=False, help_text='All works of this library that it cites are entered below. Then its page says which earlier ones it does not mention.', verbose_name='list of references gone through')),
                ('comments_open', models.BooleanField(default=True, help_text='Whether readers can write under this reference. What is there stays.', verbose_name='comments open')),
                ('added', models.DateTimeField(auto_now_add=True, verbose_name='added')),
                ('changed', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('authors_short', models.TextField(blank=True, editable=False)),
                ('families', models.JSONField(default=None, editable=False, null=True)),
                ('where_html', models.TextField(blank=True, editable=False)),
                ('citation_html', models.TextField(blank=True, editable=False)),
                ('kept_citations', models.JSONField(blank=True, default=dict, editable=False)),
                ('shown_links', models.TextField(blank=True, editable=False)),
                ('sort_key', models.CharField(blank=True, editable=False, max_length=120)),
                ('match_key', models.CharField(blank=True, db_index=True, editable=False, max_length=32)),
                ('people', models.ManyToManyField(related_name='references', through='references.Authorship', to='references.person', verbose_name='people')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text='Subjects, separated by commas.', through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
            ],
            options={
                'verbose_name': 'reference',
                'verbose_name_plural': 'references',
                'ordering': ['year', 'sort_key', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PendingRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('line', models.PositiveIntegerField(default=0)),
                ('data', models.JSONField()),
                ('verdict', models.CharField(choices=[('new', 'new'), ('same', 'already there'), ('differs', 'differs')], max_length=8)),
                ('twin', models.PositiveIntegerField(default=0)),
                ('skip', models.BooleanField(default=False)),
                ('choices', models.JSONField(default=dict)),
                ('pending', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='references.pendingimport')),
                ('reference', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='references.reference')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.AddField(
            model_name='pendingimport',
            name='target',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='references.reference'),
        ),
        migrations.CreateModel(
            name='Notes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.TextField(blank=True, verbose_name='text')),
                ('language', models.CharField(choices=[('en', 'English'), ('es', 'Spanish'), ('ca', 'Catalan')], default='en', help_text='The language this is written in.', max_length=8, verbose_name='language')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('planned', 'Planned'), ('construction', 'Under construction'), ('published', 'Published')], default='draft', help_text='A draft is seen by you alone. All other states are public and say so on the page.', max_length=12, verbose_name='state')),
                ('publish_at', models.DateTimeField(blank=True, help_text='Keep the page hidden until this moment. Empty: public at once.', null=True, verbose_name='not before')),
                ('first_published', models.DateField(blank=True, help_text='Filled in by itself when the page is first published.', null=True, verbose_name='first published')),
                ('updated', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='last worked on')),
                ('reviewed', models.DateField(blank=True, help_text='The day you last read it through and found it still right.', null=True, verbose_name='last reviewed')),
                ('body_html', models.TextField(blank=True, editable=False)),
                ('contents', models.JSONField(default=list, editable=False)),
                ('words', models.PositiveIntegerField(default=0, editable=False)),
                ('references_html', models.TextField(blank=True, editable=False)),
                ('cited', models.JSONField(default=list, editable=False)),
                ('reference', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='references.reference', verbose_name='reference')),
            ],
            options={
                'verbose_name': 'notes on a reference',
                'verbose_name_plural': 'notes on references',
            },
        ),
        migrations.CreateModel(
            name='NameUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remark', models.CharField(blank=True, help_text='How it uses it: in quotation marks, only in the summary.', max_length=300, verbose_name='remark')),
                ('name', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='references.name', verbose_name='name')),
                ('reference', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='name_uses', to='references.reference', verbose_name='reference')),
            ],
            options={
                'verbose_name': 'use of a name',
                'verbose_name_plural': 'uses of names',
                'ordering': ['reference__year', 'reference__sort_key', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='name',
            name='coined_by',
            field=models.ForeignKey(blank=True, help_text='The work that proposed it. Leave it empty to show the first work that uses it as “first met in”.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='names_coined', to='references.reference', verbose_name='coined by'),
        ),
        migrations.AddField(
            model_name='name',
            name='references',
            field=models.ManyToManyField(related_name='names', through='references.NameUse', to='references.reference', verbose_name='works that use it'),
        ),
        migrations.CreateModel(
            name='Cites',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(blank=True, help_text='How it speaks of it, or how you know. Shown beside it.', max_length=300, verbose_name='note')),
                ('cited', models.ForeignKey(help_text='Type a few letters of its author, year or title.', on_delete=django.db.models.deletion.CASCADE, related_name='cited_by_rows', to='references.reference', verbose_name='the work it cites')),
                ('citing', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cites_rows', to='references.reference', verbose_name='the citing work')),
            ],
            options={
                'verbose_name': 'work it cites',
                'verbose_name_plural': 'works of this library it cites',
                'ordering': ['cited__year', 'cited__sort_key', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page_id', models.PositiveBigIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('places', models.JSONField(default=list)),
                ('page_type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='contenttypes.contenttype')),
                ('reference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='references.reference')),
            ],
            options={
                'verbose_name': 'citation',
                'verbose_name_plural': 'citations',
            },
        ),
        migrations.AddField(
            model_name='authorship',
            name='reference',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='authorships', to='references.reference'),
        ),
        migrations.CreateModel(
            name='StudyFacts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('patients', models.TextField(blank=True, default=None, help_text='Who they were. How many is in the record already.', null=True, verbose_name='patients')),
                ('intervention', models.TextField(blank=True, default=None, help_text='What was done.', null=True, verbose_name='intervention')),
                ('comparator', models.TextField(blank=True, default=None, help_text='With what it was compared.', null=True, verbose_name='comparator')),
                ('outcome', models.TextField(blank=True, default=None, help_text='What was measured, and what was found.', null=True, verbose_name='outcome')),
                ('relief', models.TextField(blank=True, default=None, help_text='How many of how many: 31 of 37.', null=True, validators=[references.models.evidence.validate_relief], verbose_name='relief')),
                ('recurrence', models.TextField(blank=True, default=None, help_text='How many came back, and when.', null=True, verbose_name='recurrence')),
                ('histology', models.TextField(blank=True, default=None, help_text='What the microscope showed.', null=True, verbose_name='histology')),
                ('follow_up', models.TextField(blank=True, default=None, help_text='How long they were followed.', null=True, verbose_name='follow-up')),
                ('funding', models.TextField(blank=True, default=None, help_text='Who paid, and interests declared.', null=True, verbose_name='funding')),
                ('relief_share', models.FloatField(editable=False, null=True)),
                ('reference', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='references.reference', verbose_name='reference')),
            ],
            options={
                'verbose_name': 'facts of a study',
                'verbose_name_plural': 'facts of studies',
            },
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['year', 'sort_key', 'id'], name='references_by_year'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['sort_key', 'year', 'id'], name='references_by_author'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['-added', '-id'], name='references_by_added'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['-changed', '-id'], name='references_by_changed'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(fields=['year', 'study_design', 'language', 'country', 'reading_state', 'has_free_text', 'id'], name='references_tally'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(condition=models.Q(('citation_html', '')), fields=['id'], name='references_unformatted'),
        ),
        migrations.AddIndex(
            model_name='reference',
            index=models.Index(condition=models.Q(('isbn', ''), _negated=True), fields=['isbn'], name='references_by_isbn'),
        ),
        migrations.AddConstraint(
            model_name='reference',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('translated_title', ''), _negated=True), models.Q(('original_title', ''), _negated=True), _connector='OR'), name='references_reference_titled'),
        ),
        migrations.AddConstraint(
            model_name='pendingrecord',
            constraint=models.UniqueConstraint(fields=('pending', 'number'), name='references_pendingrecord_once'),
        ),
        migrations.AddConstraint(
            model_name='nameuse',
            constraint=models.UniqueConstraint(fields=('name', 'reference'), name='references_nameuse_once'),
        ),
        migrations.AddConstraint(
            model_name='name',
            constraint=models.UniqueConstraint(condition=models.Q(('standing', 'preferred')), fields=('condition', 'language'), name='references_name_one_preferred', violation_error_message='Another name in this language is the preferred one already.'),
        ),
        migrations.AddConstraint(
            model_name='cites',
            constraint=models.UniqueConstraint(fields=('citing', 'cited'), name='references_cites_once'),
        ),
        migrations.AddConstraint(
            model_name='cites',
            constraint=models.CheckConstraint(condition=models.Q(('citing', models.F('cited')), _negated=True), name='references_cites_another'),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.UniqueConstraint(fields=('page_type', 'page_id', 'reference'), name='references_citation_once'),
        ),
        migrations.AddConstraint(
            model_name='authorship',
            constraint=models.UniqueConstraint(fields=('reference', 'person', 'role'), name='references_authorship_once'),
        ),
    ]
