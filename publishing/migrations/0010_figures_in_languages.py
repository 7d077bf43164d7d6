"""Figures have their words in the other languages of the menus: on the first page and on covers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0009_moving_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="image",
            name="alt_ca",
            field=models.TextField(blank=True, verbose_name="description in Catalan"),
        ),
        migrations.AddField(
            model_name="image",
            name="alt_es",
            field=models.TextField(blank=True, verbose_name="description in Spanish"),
        ),
        migrations.AddField(
            model_name="image",
            name="caption_ca",
            field=models.TextField(blank=True, max_length=2000, verbose_name="caption in Catalan"),
        ),
        migrations.AddField(
            model_name="image",
            name="caption_es",
            field=models.TextField(blank=True, max_length=2000, verbose_name="caption in Spanish"),
        ),
        migrations.AddField(
            model_name="image",
            name="credit_ca",
            field=models.CharField(blank=True, max_length=300, verbose_name="credit in Catalan"),
        ),
        migrations.AddField(
            model_name="image",
            name="credit_es",
            field=models.CharField(blank=True, max_length=300, verbose_name="credit in Spanish"),
        ),
    ]
