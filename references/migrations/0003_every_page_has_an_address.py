from django.db import migrations, models

from publishing import slugs

MADE = {
    "Person": lambda row: slugs.make(f"{row.given} {row.family} {row.suffix}", kind="person", longest=160),
    "Name": lambda row: slugs.make(row.title, kind="name"),
    "Condition": lambda row: slugs.make(row.title, kind="condition"),
}


def mend(apps, schema_editor):
    for name, made in MADE.items():
        slugs.mend(apps.get_model("references", name).objects.filter(slug=""), made)
    works = apps.get_model("references", "Reference").objects.filter(citekey="")
    slugs.mend(works, lambda work: f"work{work.year or ''}", field="citekey")


class Migration(migrations.Migration):
    dependencies = [
        ("references", "0002_citations_due_imports_in_portions"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="condition",
            name="slug",
            field=models.SlugField(
                allow_unicode=True,
                blank=True,
                help_text="The last part of its address. Leave it empty to take it from the name.",
                max_length=120,
                unique=True,
                verbose_name="address",
            ),
        ),
        migrations.AddConstraint(
            model_name="condition",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True), name="references_condition_has_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="name",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True), name="references_name_has_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug", ""), _negated=True), name="references_person_has_address"
            ),
        ),
        migrations.AddConstraint(
            model_name="reference",
            constraint=models.CheckConstraint(
                condition=models.Q(("citekey", ""), _negated=True), name="references_reference_has_address"
            ),
        ),
    ]
