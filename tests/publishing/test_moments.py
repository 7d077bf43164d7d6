"""Moments from PostgreSQL, read more quickly than Django reads them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg import DataError

from publishing.databases.postgresql.base import moments_in

OID = 1184  # timestamptz


@pytest.mark.parametrize(
    "sent",
    [
        "2026-11-28 07:00:00+00", "2026-11-28 07:00:00.5+00", "1777-01-01 00:00:00.123456+00",
        "0044-03-15 12:00:00+00", "2026-06-01 09:30:00+02", "1890-01-01 00:00:00-00:14:44",
    ],
)  # fmt: skip
@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/Madrid"), None])
def test_a_moment_is_the_one_that_django_reads(sent, zone):
    class Django(BaseTzLoader):
        timezone = zone

    quick, slow = moments_in(zone)(OID), Django(OID)
    for data in (sent.encode(), memoryview(sent.encode())):
        found = quick.load(data)
        assert found == slow.load(sent.encode())
        assert (type(found), found.tzinfo) == (datetime, zone)


@pytest.mark.parametrize("sent", [b"infinity", b"0044-03-15 12:00:00+00 BC"])
def test_what_no_clock_shows_is_refused_as_ever(sent):
    with pytest.raises(DataError):
        moments_in(UTC)(OID).load(sent)
