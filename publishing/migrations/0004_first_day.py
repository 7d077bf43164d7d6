from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_task_worker")]

    operations = [
        migrations.AddField(
            model_name="sitesettings",
            name="first_day_over",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
