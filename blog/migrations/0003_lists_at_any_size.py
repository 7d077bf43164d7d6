"""What was changed last is read from an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_what_changed")]

    operations = [
        migrations.AddIndex(
            "post", models.Index(fields=["-updated", "-id"], name="blog_post_updated")
        ),
    ]
