from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_captcha_pool")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="urgent",
            field=models.BooleanField(db_index=True, default=False, editable=False),
        ),
    ]
