"""What the site says in Spanish and Catalan, and what its legal notice is made of; drawings in dark."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0005_generation'),
    ]

    operations = [
        migrations.AddField(
            model_name='image',
            name='line_drawing',
            field=models.BooleanField(default=False, help_text='Lines on a white ground: in dark page colours it is shown as light lines on dark. Never for a photograph.', verbose_name='line drawing'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='disclaimer_ca',
            field=models.TextField(blank=True, verbose_name='disclaimer in Catalan'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='disclaimer_es',
            field=models.TextField(blank=True, verbose_name='disclaimer in Spanish'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='editorial_policy',
            field=models.TextField(blank=True, help_text='How works are chosen, who writes, who reads before publication, how mistakes are corrected.', verbose_name='editorial policy'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='editorial_policy_ca',
            field=models.TextField(blank=True, verbose_name='editorial policy in Catalan'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='editorial_policy_es',
            field=models.TextField(blank=True, verbose_name='editorial policy in Spanish'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='interests_ca',
            field=models.TextField(blank=True, verbose_name='funding and interests in Catalan'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='interests_es',
            field=models.TextField(blank=True, verbose_name='funding and interests in Spanish'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='introduction_ca',
            field=models.TextField(blank=True, verbose_name='introduction in Catalan'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='introduction_es',
            field=models.TextField(blank=True, verbose_name='introduction in Spanish'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='postal_address',
            field=models.TextField(blank=True, help_text='Where letters reach you.', max_length=500, verbose_name='postal address'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='registration',
            field=models.TextField(blank=True, help_text='Your professional body with your number in it, and your degree with the country that gave it; for a company its register.', max_length=500, verbose_name='registration'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='responsible',
            field=models.CharField(blank=True, help_text='The person or company that answers for the site, with the full legal name.', max_length=200, verbose_name='who is responsible'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='supervisor',
            field=models.CharField(blank=True, default='Agencia Española de Protección de Datos, https://www.aepd.es', help_text='The authority for data protection of your country.', max_length=300, verbose_name='where readers can complain'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='tagline_ca',
            field=models.CharField(blank=True, max_length=200, verbose_name='tagline in Catalan'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='tagline_es',
            field=models.CharField(blank=True, max_length=200, verbose_name='tagline in Spanish'),
        ),
        migrations.AddField(
            model_name='sitesettings',
            name='tax_number',
            field=models.CharField(blank=True, help_text='In Spain the NIF.', max_length=40, verbose_name='tax number'),
        ),
    ]
