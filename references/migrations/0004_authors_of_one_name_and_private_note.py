from django.db import migrations, models


class Migration(migrations.Migration):
    """Two people of one name are two authors; what files note beside a work is the author's alone."""

    dependencies = [("references", "0003_every_page_has_an_address")]

    operations = [
        migrations.RemoveConstraint(model_name="authorship", name="references_authorship_once"),
        migrations.AddField(
            model_name="reference",
            name="private_note",
            field=models.TextField(
                blank=True,
                help_text="For you alone: what a file noted beside the work, or what you think of it. No page and no file has it.",
                verbose_name="private note",
            ),
        ),
    ]
