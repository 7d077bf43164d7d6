import pytest


@pytest.fixture(autouse=True)
def _no_waiting(settings):
    """People write slowly, tests do not; what is about time says so itself."""
    settings.COMMENT_MIN_SECONDS = 0
