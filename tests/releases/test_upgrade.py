"""A site of an earlier release comes up to date with every page of it standing, on either
database."""

import hashlib
import json
import os
import uuid
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tests.run import libpq

from . import site

# How many addresses the sitemap of the sample site had when it was kept.
ADDRESSES = {"0.1.0": 100}


@pytest.fixture
def database(db, tmp_path):
    """Restores a release into a database of its own, of the kind this run is on, and gives its
    address."""
    if connection.vendor == "sqlite":
        yield lambda release: site.restore_sqlite(release, tmp_path / "site.sqlite3")
        return
    name = f"upgrade_{uuid.uuid4().hex[:12]}"
    here = urlsplit(os.environ["TEST_DATABASE_URL"])
    server = psycopg.connect(libpq(here._replace(path="/postgres").geturl()), autocommit=True)

    def restore(release):
        server.execute(f'CREATE DATABASE "{name}"')
        url = here._replace(path=f"/{name}").geturl()
        with psycopg.connect(libpq(url), autocommit=True) as empty:
            site.restore_postgresql(release, empty)
        return url

    yield restore
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    server.close()


@pytest.mark.parametrize("release", site.releases())
def test_every_page_of_an_earlier_release_stands_after_the_upgrade(database, release):
    answered = int(site.run("read", database(release)).strip().splitlines()[-1])
    assert answered >= ADDRESSES[release]


def own_migrations():
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    return {key: migration for key, migration in disk.items() if key[0] in site.OURS}


def test_a_released_migration_is_never_changed():
    released = json.loads(site.SUMS.read_text())
    for name, digest in released.items():
        path = settings.BASE_DIR / name
        assert path.exists(), f"{name} was released and is gone"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == digest, (
            f"{name} was released and is changed"
        )


def test_every_migration_can_be_undone():
    stuck = [
        f"{app}.{name}: {operation}"
        for (app, name), migration in own_migrations().items()
        for operation in migration.operations
        if not operation.reversible
    ]
    assert stuck == []


@pytest.mark.django_db
@pytest.mark.once
def test_undoing_one_migration_plans_to_drop_no_chapter_post_or_work():
    executor = MigrationExecutor(connection)
    for app, name in sorted(own_migrations()):
        if name.startswith("0001"):
            continue
        (before,) = (
            key for key in executor.loader.get_migration(app, name).dependencies if key[0] == app
        )
        plan = executor.migration_plan([before])
        assert (app, name) in {(each.app_label, each.name) for each, _ in plan}
        dropped = [f"{m.app_label}.{m.name}" for m, _ in plan if m.name.startswith("0001")]
        assert dropped == [], f"undoing {app}.{name}"


def test_undoing_a_later_migration_of_an_app_drops_no_page():
    """Whatever comes after an app's first migration may be undone without another app's tables."""
    leaning = [
        f"{app}.{name} leans on {other}.{number}"
        for (app, name), migration in own_migrations().items()
        for other, number in migration.dependencies
        if name.startswith("0001")
        and other in site.OURS
        and other != app
        and not number.startswith("0001")
    ]
    assert leaning == []
