import pytest
from django.core.cache import cache

from . import factories


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Uploads in a folder of the test, no memory of earlier tests."""
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()


@pytest.fixture
def author(db):
    """The author's account."""
    return factories.AuthorUserFactory()


@pytest.fixture
def author_client(client, author):
    """A client logged in as the author."""
    client.force_login(author)
    return client
