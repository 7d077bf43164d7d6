from datetime import timedelta

import pytest

from references.searching import asking
from tests.references import lookup_server


@pytest.fixture
def server(settings, monkeypatch):
    """Both indexes and Crossref on this machine."""
    monkeypatch.setattr(asking, "PAUSES", dict.fromkeys(asking.PAUSES, timedelta(0)))
    with lookup_server.running() as server:
        settings.OPENALEX_URL = f"{server.url}/openalex"
        settings.OPENCITATIONS_URL = f"{server.url}/opencitations"
        settings.CROSSREF_URL = settings.EUTILS_URL = f"{server.url}/crossref"
        settings.LOOKUP_TIMEOUT = 30
        settings.LOOKUP_ALLOW_LOOPBACK = True
        yield server
