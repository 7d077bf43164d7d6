"""Subjects without letters got an empty slug, which took down the pages that named them."""

from django.db import migrations

from publishing import slugs
from publishing.tags import slug_of


def mend(apps, schema_editor):
    slugs.mend(apps.get_model("taggit", "Tag").objects.filter(slug=""), lambda tag: slug_of(tag.name))


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0002_search"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [migrations.RunPython(mend, migrations.RunPython.noop)]
