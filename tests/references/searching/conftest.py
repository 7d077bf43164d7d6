from datetime import timedelta

import pytest

from references.searching import asking

from . import server as sources


@pytest.fixture
def server(settings, monkeypatch):
    """Three sources on this machine; `put()` says what they have."""
    monkeypatch.setattr(asking, "PAUSES", dict.fromkeys(asking.PAUSES, timedelta(0)))
    with sources.running() as server:
        settings.CROSSREF_URL = settings.EUROPEPMC_URL = settings.EUTILS_URL = server.url
        settings.LOOKUP_TIMEOUT = 30
        settings.LOOKUP_ALLOW_LOOPBACK = True
        yield server
