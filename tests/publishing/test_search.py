import pytest

from publishing import search
from tests.factories import ChapterFactory, PersonFactory, PostFactory, ReferenceFactory, comment

pytestmark = pytest.mark.django_db


def titles(text, kind=""):
    return [entry.title for entry in search.find(text, kind)[0]]


def test_plural():
    ReferenceFactory(title="Una enfermedad rara", language="es", people=[])
    assert titles("enfermedades") == ["Una enfermedad rara"]
    assert titles("enfermedad rara") == ["Una enfermedad rara"]
    assert search.find("rara")[1] == {"reference": 1}
    assert titles("rarra") == ["Una enfermedad rara"]
