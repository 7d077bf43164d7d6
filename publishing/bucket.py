"""Pictures and private files in a store that speaks S3 (`S3_URL`), for sites of several machines.

The bucket has the truth; MEDIA_ROOT and PRIVATE_ROOT hold copies of what a machine has read, so
that whatever needs a file of the disk has one, and pictures are shown while the store is away. A
file never changes under its name. Loaded only with that setting; the texts of pages know /media/
alone, wherever the files lie.
"""

import shutil
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from storages.backends.s3 import S3Storage

AWAY = (BotoCoreError, ClientError)
CONFIG = Config(
    connect_timeout=2,
    read_timeout=20,
    retries={"total_max_attempts": 2},
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    # Not every store that speaks S3 knows the newer sums.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


class InBucket(FileSystemStorage):
    """`prefix`: what names begin with in the bucket. Nobody but the site can read there: it asks
    with signed requests and passes on what may be seen."""

    prefix = ""

    @cached_property
    def bucket(self):
        return S3Storage(
            **settings.S3,
            location=self.prefix,
            client_config=CONFIG,
            default_acl=None,
            file_overwrite=True,
        )

    def fetch(self, name):
        """Have a copy here. FileNotFoundError where there is none in the bucket either."""
        path = Path(self.path(name))
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name}.half")
        try:
            with self.bucket.open(name) as there, half.open("wb") as here:
                shutil.copyfileobj(there, here)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)

    def at_hand(self, name):
        """Have a copy here if, and only if, it is in the bucket; as it was last while that is
        away."""
        if self.exists(name):
            with suppress(FileNotFoundError, *AWAY):
                self.fetch(name)
        else:
            super().delete(name)

    def exists(self, name):
        try:
            return self.bucket.exists(name)
        except AWAY:
            return super().exists(name)

    def _open(self, name, mode="rb"):
        self.fetch(name)
        return super()._open(name, mode)

    def _save(self, name, content):
        name = super()._save(name, content)
        try:
            with open(self.path(name), "rb") as file:
                self.bucket.save(name, File(file))
        except AWAY as error:
            super().delete(name)
            raise OSError("The store of files does not answer.") from error
        return name

    def delete(self, name):
        self.bucket.delete(name)
        super().delete(name)

    def listdir(self, path):
        return self.bucket.listdir(path)

    def size(self, name):
        self.fetch(name)
        return super().size(name)

    def all_names(self):
        folders, found = [""], []
        while folders:
            folder = folders.pop()
            below, names = self.listdir(folder)
            start = f"{folder}/" if folder else ""
            folders += [start + each for each in below]
            found += [start + each for each in names if each]
        return found

    def mirror(self):
        """Have all of the bucket here, and nothing else of what lies there: for a backup."""
        names = set(self.all_names())
        for name in names:
            self.fetch(name)
        root = Path(self.location)
        for path in root.rglob("*"):
            if path.is_file() and str(path.relative_to(root)) not in names:
                path.unlink()

    def send_all(self):
        """Put whatever lies here and not there into the bucket; gives how many."""
        names, root, count = set(self.all_names()), Path(self.location), 0
        for path in sorted(root.rglob("*")):
            name = str(path.relative_to(root))
            if path.is_file() and name not in names:
                with path.open("rb") as file:
                    self.bucket.save(name, File(file))
                count += 1
        return count


class MediaInBucket(InBucket):
    prefix = "media"


class PrivateInBucket(InBucket):
    prefix = "private"

    @property
    def base_location(self):
        return settings.PRIVATE_ROOT

    @property
    def location(self):
        return str(Path(self.base_location).absolute())
