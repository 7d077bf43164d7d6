"""After a test that commits, the next one finds the database as the migrations left it."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from publishing.models import Generation
from tests.factories import AuthorUserFactory, ChapterFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db(transaction=True)


def kept():
    return {model: set(model.objects.values_list("pk", flat=True)) for model in
            (ContentType, Permission)}  # fmt: skip


def test_all_rows_go_but_the_permissions():
    work = ReferenceFactory(tags=["pain"], notes="<p>Words.</p>")
    comment(parent=comment(ChapterFactory(references=[work])))
    AuthorUserFactory().user_permissions.set(Permission.objects.all()[:2])
    before = kept()
    call_command("flush", interactive=False, verbosity=0)
    models = apps.get_models(include_auto_created=True)
    left = {model for model in models if model._meta.managed and model._base_manager.exists()}
    assert left == {ContentType, Permission, Generation}  # there is always one of the pages
    assert kept() == before


def test_a_permission_of_the_test_goes_too():
    before = Permission.objects.count()
    kind = ContentType.objects.get_for_model(Permission)
    Permission.objects.create(codename="own", name="Own", content_type=kind)
    call_command("flush", interactive=False, verbosity=0)
    assert Permission.objects.count() == before
    assert not Permission.objects.filter(codename="own").exists()
