from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0005_drafts_and_trash")]

    operations = [
        migrations.AlterModelOptions(
            name="sitesettings",
            options={
                "permissions": [("publish_pages", "Can publish pages and change public ones")],
                "verbose_name": "site settings",
                "verbose_name_plural": "site settings",
            },
        ),
        migrations.AddField(
            model_name="sitesettings",
            name="first_day_over",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
