from django.db import migrations, models

from publishing import slugs


def mend(apps, schema_editor):
    """A chapter without an address, and the addresses of what stands below it."""
    chapters = apps.get_model("review", "Chapter").objects
    if slugs.mend(chapters.filter(slug=""), lambda chapter: slugs.make(chapter.title, kind="chapter")):
        paths = {}
        chapters.update(path=None)
        for pk, parent, slug in chapters.order_by("depth").values_list("pk", "parent", "slug"):
            paths[pk] = f"{paths[parent]}/{slug}" if parent else slug
            chapters.filter(pk=pk).update(path=paths[pk])


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0003_subjects_have_addresses"),
        ("references", "0003_every_page_has_an_address"),
        ("review", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="chapter",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True), name="review_chapter_has_address"
            ),
        ),
    ]
