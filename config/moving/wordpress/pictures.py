"""A copy of WordPress's folder of uploads: a folder, or a zip of it."""

import zipfile

LARGEST = 100_000_000


class TooLarge(Exception):
    """More than LARGEST bytes."""


class Folder:
    def __init__(self, path):
        self.root = path.resolve()

    def read(self, path):
        """The bytes of a file, None where there is none; no link and no `..` leads out."""
        for each in (path, path.removeprefix("uploads/")):
            try:
                found = (self.root / each).resolve()
                if found.is_relative_to(self.root) and found.is_file():
                    if found.stat().st_size > LARGEST:
                        raise TooLarge
                    return found.read_bytes()
            except (OSError, ValueError):
                continue
        return None


class Zip:
    """Whatever folders the uploads lie in there: by the end of the name."""

    def __init__(self, path):
        self.archive = zipfile.ZipFile(path)
        self.names = {}
        for each in self.archive.infolist():
            parts = each.filename.replace("\\", "/").split("/")
            for start in range(max(0, len(parts) - 4), len(parts)):
                self.names.setdefault("/".join(parts[start:]), each)

    def read(self, path):
        info = self.names.get(path)
        if info is None:
            return None
        if info.file_size > LARGEST:
            raise TooLarge
        try:
            with self.archive.open(info) as file:
                data = file.read(LARGEST + 1)
        except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError, EOFError):
            return None
        if len(data) > LARGEST:
            raise TooLarge
        return data


def of(path):
    """Of a folder or a zip; raises `BadZipFile`."""
    return Folder(path) if path.is_dir() else Zip(path)
