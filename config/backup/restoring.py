"""`manage.py restore FILE`: read into scratch, compared, brought up to date there; then it takes
the place of what there is, which is kept.

Until all is ready nothing is touched. Then what is to be done is written down, and each step can be
done again: killed in the middle, `finish` goes on.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connections

from publishing import backups

from . import archive, places, since
from .archive import BackupError
from .making import ERASURES, FORMAT


def check(path, identities=()):
    """Restore into scratch, compare, throw away; gives the manifest."""
    with places.alone() as scratch:
        _nothing_unfinished()
        database = places.database()
        manifest, loaded = _load(path, identities, database, _inside(scratch))
        database.drop(loaded)
    backups.remember("check", datetime.fromisoformat(manifest["made"]))
    return manifest


def restore(path, identities, agreed, say):
    """`agreed(manifest, known)` is asked once all is ready; `known` is whether what people took
    back since can be told. Gives whether it was done."""
    with places.alone() as scratch:
        _nothing_unfinished()
        database = places.database()
        inside = _inside(scratch) | {
            root: _beside(place) for root, place in places.folders().items()
        }
        loaded = None
        try:
            manifest, loaded = _load(path, identities, database, inside)
            told = since.gather(since.read(path.parent / ERASURES))
            if not agreed(manifest, told is not None):
                return False
            if words := _bring_up_to_date(database.url(loaded), inside, told, scratch):
                say(words)
            moment = f"{datetime.now(UTC):{places.MOMENT}}"
            plan = {
                "scratch": loaded,
                "kept": database.name_kept(moment),
                "folders": [
                    [str(inside[root]), str(place), f"{place}.before-{moment}"]
                    for root, place in places.folders().items()
                ],
            }
            _write_down(plan)
        finally:
            if not backups.unfinished():
                _clear(inside)
                if loaded:
                    database.drop(loaded)
        _carry_out(plan, database)
    say(_kept(plan))
    return True


def finish():
    """Go on with a restore that was killed; whether there was one."""
    with places.alone():
        path = backups.unfinished()
        if path is None:
            return False
        _carry_out(json.loads(path.read_text()), places.database())
        return True


def _nothing_unfinished():
    if backups.unfinished():
        raise BackupError("A restore did not come to its end: `manage.py restore --finish`.")


def _inside(scratch):
    return {root: scratch / root for root in archive.ROOTS}


def _beside(place):
    if place.is_mount():
        raise BackupError(
            f"{place} is a disk of its own and cannot be renamed: use a folder in it."
        )
    return places.beside(place)


def _clear(inside):
    for root in places.folders():
        shutil.rmtree(inside[root], ignore_errors=True)


def _load(path, identities, database, inside):
    """The manifest, and the scratch database, which holds what the manifest says."""
    for root, folder in inside.items():
        folder.mkdir(mode=0o755 if root == "media" else 0o700, parents=True, exist_ok=True)
    manifest = archive.unpack(path, inside, identities)
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{path} was written by a newer version of the site: use that one.")
    if manifest["engine"] != database.engine:
        raise BackupError(
            f"{path} is of {manifest['engine']} and this site uses {database.engine}: restore it"
            " there, then `manage.py copy_database`."
        )
    loaded = database.load(inside["database"])
    found = database.state(loaded)
    wrong = [name for name, is_so in manifest["tables"].items() if found.get(name) != is_so]
    if wrong or len(found) != len(manifest["tables"]):
        database.drop(loaded)
        raise BackupError(f"What came out is not what went in: {', '.join(wrong[:5])}.")
    return manifest, loaded


def _bring_up_to_date(url, inside, told, scratch):
    """Migrations, and what people took back since: in a process whose database is the scratch."""
    listed = scratch / "since.json"
    listed.write_text(json.dumps(told or {"erasures": []}))
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "repeat_erasures", str(listed)],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": url,
            "SECRET_KEY": settings.SECRET_KEY,
            "MEDIA_ROOT": str(inside["media"]),
            "PRIVATE_ROOT": str(inside["private"]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it does not say why"])[-1]
        raise BackupError(f"The restored site could not be brought up to date: {said}")
    return done.stdout.strip()


def _write_down(plan):
    """From here on it will be done."""
    path = places.root() / backups.UNFINISHED
    fresh = path.with_suffix(".new")
    with fresh.open("w") as file:
        json.dump(plan, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    archive.sync(path.parent)


def _carry_out(plan, database):
    connections.close_all()
    if database.engine == "postgresql":
        connections["default"].close_pool()
    if database.is_there(plan["scratch"]):
        database.swap(plan["scratch"], plan["kept"])
    for fresh, place, kept in (map(Path, row) for row in plan["folders"]):
        if fresh.exists():
            if place.exists() and not kept.exists():
                place.rename(kept)
            fresh.rename(place)
            archive.sync(place.parent)
    (places.root() / backups.UNFINISHED).unlink()
    archive.sync(places.root())


def _kept(plan):
    folders = [row[2] for row in plan["folders"] if Path(row[2]).exists()]
    return "What was replaced is kept, until you delete it: " + ", ".join([plan["kept"], *folders])
