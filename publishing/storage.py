import re
import threading
from importlib import import_module
from pathlib import Path

import brotli
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

READERS = ("css", "js", "img")  # folders of what readers load; the rest is the desk's
MODULES = "js/*.js"
# Sheets and scripts that name others of their folder are one file for readers; while code is
# written a browser follows the names.
SHEETS = (
    "plain",
    "contents",
    "chapter",
    "inshort",
    "post",
    "catalogue",
    "work",
    "studies",
)
SCRIPTS = ("page", "form", "search")  # the first is in the others as it is put together
TOGETHER = (*(f"css/{name}.css" for name in SHEETS), *(f"js/{name}.js" for name in SCRIPTS))
IMPORT = re.compile(r'@?import "(?:\./)?([\w-]+\.(?:css|js))";')
REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
# Of a script only what has lines of its own: it may have strings that look like a remark.
REMARK_OF_SCRIPT = re.compile(r"^\s*(?:/\*.*?\*/\s*?|//[^\n]*)$", re.DOTALL | re.MULTILINE)
INDENT = re.compile(r"\n\s*")
DESKS_QUALITY = 5  # of 11: its few users keep it for a year, and 11 takes ten times as long


class OnceCompressor(Compressor):
    """Each content once, though it lies there under two names."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.known, self.now = {}, threading.local()

    def compress(self, path):
        relative = path.removeprefix(str(settings.STATIC_ROOT)).lstrip("/")
        self.now.quality = 11 if relative.startswith(READERS) else DESKS_QUALITY
        return super().compress(path)

    def compress_brotli(self, data):
        return self._once("br", data, lambda: brotli.compress(data, quality=self.now.quality))

    def compress_gzip(self, data):
        return self._once("gz", data, lambda: Compressor.compress_gzip(data))

    def _once(self, coding, data, make):
        key = coding, hash(data)
        if key not in self.known:
            self.known[key] = make()
        return self.known[key]


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names for our own files; CKEditor asks for its parts by plain name, which stay beside
    them."""

    manifest_strict = False
    support_js_module_import_aggregation = True  # a module asks for another by its hashed name

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._urls = {}
        # Only scripts of ours name others; to look through a megabyte of CKEditor takes seconds.
        self._patterns = {
            MODULES if key == "*.js" else key: value for key, value in self._patterns.items()
        }

    def url(self, name, force=False):
        """Asked by each page for each of its sheets and scripts; the manifest is read once."""
        if settings.DEBUG or force:
            return super().url(name, force)
        if name not in self._urls:
            self._urls[name] = super().url(name)
        return self._urls[name]

    def post_process(self, paths, dry_run=False, **options):
        self._urls.clear()
        for name in () if dry_run else TOGETHER:
            if name in paths:
                self._put_together(name, paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _put_together(self, name, paths):
        folder, script = name.rpartition("/")[0], name.endswith(".js")
        # A script keeps its names to itself, as the module does that it is elsewhere.
        frame, remark = ("{\n%s\n}", REMARK_OF_SCRIPT) if script else ("%s", REMARK)
        whole = IMPORT.sub(
            lambda named: frame % _source(f"{folder}/{named[1]}", paths), _source(name, paths)
        )
        text = INDENT.sub("\n", remark.sub("", whole)).strip()
        Path(self.path(name)).write_text(text + "\n", encoding="utf-8")
        paths[name] = self, name

    def create_compressor(self, **kwargs):
        return OnceCompressor(**kwargs)

    def stored_name(self, name):
        """A page without its style sheets is still a page: /readyz says that they are missing."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name


def _source(name, paths):
    storage, path = paths[name]
    with storage.open(path) as file:
        return file.read().decode()


def private():
    """Files no address leads to."""
    modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
    if settings.S3:
        return import_module("publishing.bucket").PrivateInBucket(**modes)
    return FileSystemStorage(settings.PRIVATE_ROOT, **modes)


def path_of(storage, name: str) -> str:
    """Where a file lies on this machine's disk, brought there if need be."""
    if settings.S3:
        storage.fetch(name)
    return storage.path(name)


def all_at_hand():
    """With a store elsewhere: MEDIA_ROOT and PRIVATE_ROOT hold all of it, and nothing else."""
    for storage in (default_storage, private()) if settings.S3 else ():
        storage.mirror()
