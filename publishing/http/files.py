"""Static files: found by name at the start, read when asked for."""

import os

from whitenoise.base import MissingFileError
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Its `files` are paths until somebody asks: of the hundreds, most the desk's and its editor's,
    a page has ten, and the headers of all, with those of their compressed forms, were a tenth of
    what it took to start."""

    def update_files_dictionary(self, root, prefix):
        for folder, _folders, names in os.walk(root, followlinks=True):
            whole = set(names)
            for name in names:
                if name[-3:] in (".gz", ".br") and name[:-3] in whole:
                    continue
                path = os.path.join(folder, name)
                self.files[prefix + path[len(root) :].replace(os.sep, "/")] = path

    def __call__(self, request):
        address = request.path_info
        path = self.files.get(address)
        if isinstance(path, str):
            # Whichever thread comes last, what it read is the same.
            try:
                self.files[address] = self.get_static_file(path, address)
            except MissingFileError:  # taken away since
                self.files.pop(address, None)
        return super().__call__(request)
