"""Questions that may wait for an answer and her answers, each in an index of their own; moments
with what is counted of each month. The index that is replaced goes last: taking it away keeps
readers out until the end of the transaction."""

from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("comments", "0006_old_numbers")]

    operations = [
        migrations.AddIndex(
            "comment",
            models.Index(
                fields=["id", "status"],
                condition=Q(
                    by_author=False, erased=None, kind="question", settled=False, withdrawn=None
                ),
                name="comments_open_question",
            ),
        ),
        migrations.AddIndex(
            "comment",
            models.Index(
                fields=["parent"],
                condition=Q(by_author=True, erased=None, status="approved", withdrawn=None),
                name="comments_answer",
            ),
        ),
        migrations.AddIndex(
            "comment",
            models.Index(fields=["created", "by_author", "parent"], name="comments_by_moment"),
        ),
        migrations.AlterField(
            "comment",
            "created",
            models.DateTimeField(default=timezone.now, verbose_name="written"),
        ),
    ]
