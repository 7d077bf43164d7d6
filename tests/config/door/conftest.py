import pytest

from tests.factories import AuthorUserFactory

PASSWORD = "a sentence of some length"


@pytest.fixture
def author(db):
    """The author's account, with a password."""
    user = AuthorUserFactory(email="author@example.org")
    user.set_password(PASSWORD)
    user.save()
    return user
