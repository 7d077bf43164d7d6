"""One file: tar, packed by zstandard, encrypted by age if there is a key; written and read as a
stream, so that its size needs neither memory nor disk."""

import hashlib
import json
import os
import tarfile
import threading
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath

import pyrage
import zstandard

MANIFEST = "manifest.json"
ROOTS = ("database", "media", "private")
AGE, ZSTD = b"age-encryption.org/v1", b"\x28\xb5\x2f\xfd"
PIECE = 1 << 20
LEVEL = 6


class BackupError(Exception):
    """Said to whoever hosts the site, in one line."""


@contextmanager
def writing(path, recipients=()):
    """Gives a `Writer`. The file has its name once all of it is on the disk, and not before."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            with (
                _encrypted(raw, recipients) as sink,
                zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).stream_writer(
                    sink, closefd=False
                ) as packed,
                tarfile.open(fileobj=packed, mode="w|") as tar,
            ):
                yield Writer(tar)
            raw.flush()
            os.fsync(raw.fileno())
        partial.rename(path)
        sync(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def sync(folder):
    """What was renamed in it is so after a power cut as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Writer:
    """`files`: `{name: [size, sha256]}` of what was added; of one name the later counts."""

    def __init__(self, tar):
        self.tar, self.files, self._seen = tar, {}, {}

    def add(self, name, path):
        """False if the file is gone. What has not changed since it was added is left alone."""
        try:
            with path.open("rb") as file:
                state = os.fstat(file.fileno())
                mark = (state.st_size, state.st_mtime_ns)
                if self._seen.get(name) == mark:
                    return True
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = (
                    state.st_size,
                    state.st_mode & 0o777,
                    int(state.st_mtime),
                )
                source = _Hashed(file)
                self.tar.addfile(entry, source)
        except FileNotFoundError:
            return False
        self._seen[name], self.files[name] = mark, [state.st_size, source.digest.hexdigest()]
        return True

    def finish(self, manifest):
        data = json.dumps({**manifest, "files": self.files}).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(data)
        self.tar.addfile(entry, BytesIO(data))


class _Hashed:
    """A file being read; one cut short meanwhile is filled up, for its size is written already."""

    def __init__(self, file):
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size):
        data = self.file.read(size).ljust(size, b"\0")
        self.digest.update(data)
        return data


@contextmanager
def _encrypted(raw, recipients):
    """age reads from one end of a pipe, in a thread of its own, what is written into the other."""
    if not recipients:
        yield raw
        return
    with _through(lambda source: pyrage.encrypt_io(source, raw, recipients)) as sink:
        yield sink


@contextmanager
def _through(work):
    reader, writer = os.pipe()
    failed = []

    def run():
        with os.fdopen(reader, "rb") as source:
            try:
                work(source)
            except BaseException as error:
                failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(writer, "wb") as sink:
            yield sink
    except BrokenPipeError:
        thread.join()
        raise (failed or [BackupError("The backup could not be encrypted.")])[0] from None
    thread.join()
    if failed:
        raise failed[0]


def unpack(path, folders, identities=()):
    """The manifest, with every file of the archive below `folders` (`{root: folder}`), each as the
    manifest says."""
    found, manifest = {}, None
    try:
        with (
            path.open("rb") as raw,
            _decrypted(raw, identities) as source,
            zstandard.ZstdDecompressor().stream_reader(source, closefd=False) as packed,
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            for entry in tar:
                if entry.name == MANIFEST:
                    manifest = json.loads(tar.extractfile(entry).read())
                else:
                    found[entry.name] = _extract(tar, entry, folders)
            while packed.read(PIECE):  # to its end: only there age and zstandard say it is whole
                pass
    except (tarfile.TarError, zstandard.ZstdError, pyrage.DecryptError, ValueError) as error:
        raise BackupError(f"{path} is damaged or cut off: {error}") from None
    if manifest is None:
        raise BackupError(f"{path} is cut off: its list of contents is missing.")
    wrong = sorted(
        name
        for name in manifest["files"].keys() | found.keys()
        if manifest["files"].get(name) != found.get(name)
    )
    if wrong:
        raise BackupError(f"{path} is damaged: {', '.join(wrong[:5])} is not as it was written.")
    return manifest


def _extract(tar, entry, folders):
    parts = PurePosixPath(entry.name).parts
    if not entry.isreg() or parts[0] not in ROOTS or ".." in parts or len(parts) < 2:
        raise BackupError(f"The archive holds something that is no file of a site: {entry.name}")
    target = Path(folders[parts[0]], *parts[1:])
    target.parent.mkdir(mode=0o700 if parts[0] == "private" else 0o755, parents=True, exist_ok=True)
    digest, source = hashlib.sha256(), tar.extractfile(entry)
    with target.open("wb") as file:
        while piece := source.read(PIECE):
            file.write(piece)
            digest.update(piece)
        os.fchmod(file.fileno(), entry.mode & 0o777)
    return [entry.size, digest.hexdigest()]


@contextmanager
def _decrypted(raw, identities):
    start = raw.read(len(AGE))
    raw.seek(0)
    if start.startswith(ZSTD):
        yield raw
        return
    if start != AGE:
        raise BackupError(f"{raw.name} is no backup of this site.")
    if not identities:
        raise BackupError(f"{raw.name} is encrypted: name the file with your key by --identity.")
    reader, writer = os.pipe()
    failed = []

    def run():
        with os.fdopen(writer, "wb") as sink:
            try:
                pyrage.decrypt_io(raw, sink, identities)
            except BrokenPipeError:
                pass  # whoever read it has seen enough
            except BaseException as error:
                failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with os.fdopen(reader, "rb") as source:
            yield source
    finally:
        thread.join()
        if failed:
            raise BackupError(f"{raw.name} cannot be decrypted: {failed[0]}") from None


def recipients(keys):
    """age's public keys, as `age-keygen` prints them: age1…"""
    try:
        return [pyrage.x25519.Recipient.from_str(key.strip()) for key in keys]
    except pyrage.RecipientError:
        raise BackupError("That is no public key of age; it begins with age1.") from None


def new_key(path):
    """Write a secret key that nobody else can read; gives the public one."""
    key = pyrage.x25519.Identity.generate()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BackupError(f"{path} is there already; nothing was written.") from None
    with open(handle, "w") as file:
        file.write(f"# public key: {key.to_public()}\n{key}\n")
    return str(key.to_public())


def identities(path):
    """The secret keys in a file that `age-keygen` wrote."""
    try:
        lines = Path(path).read_text().splitlines()
        return [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.strip() and not line.startswith("#")
        ]
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}") from None
    except (pyrage.IdentityError, UnicodeDecodeError):
        raise BackupError(f"{path} holds no secret key of age.") from None
