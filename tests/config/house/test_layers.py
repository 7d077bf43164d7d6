"""The layers, where imports don't show them: relations between models, and apps named in
strings."""

import re

import pytest
from django.apps import apps
from django.conf import settings

LINE = {"config": 0, "review": 1, "blog": 1, "comments": 2, "references": 3, "publishing": 4}


def may_know(app, other):
    return app == other or LINE[other] > LINE[app]


def test_a_model_points_only_to_its_own_line_and_below():
    wrong = [
        f"{field} → {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in LINE
        for field in [*model._meta.get_fields(include_parents=False), *model._meta.private_fields]
        if not field.auto_created
        and field.related_model
        and field.related_model._meta.app_label in LINE
        if not may_know(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert wrong == []


@pytest.mark.parametrize("app", LINE)
def test_an_app_names_no_model_of_a_line_above_in_a_string(app):
    label = re.compile(rf"""["']({"|".join(LINE)})\.[A-Z]\w+["']""")
    wrong = [
        f"{path.name}: {match.group()}"
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if "migrations" not in path.parts
        for match in label.finditer(path.read_text())
        if not may_know(app, match.group(1))
    ]
    assert wrong == []
