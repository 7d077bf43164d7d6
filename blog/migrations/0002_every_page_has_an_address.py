from django.db import migrations, models

from publishing import slugs


def mend(apps, schema_editor):
    """A post without an address, or with that of a year of the archive."""
    posts = apps.get_model("blog", "Post").objects
    slugs.mend(
        posts.filter(models.Q(slug="") | models.Q(slug__regex=r"^[0-9]+$")),
        lambda post: slugs.make(post.slug or post.title, kind="post", reserved=slugs.all_digits),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0001_initial"),
        ("publishing", "0003_subjects_have_addresses"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(condition=models.Q(("slug", ""), _negated=True), name="blog_post_has_address"),
        ),
    ]
