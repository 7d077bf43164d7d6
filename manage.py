#!/usr/bin/env python
"""Django's commands. What the machine has wrong is said in one line; --traceback shows where."""

import errno
import gc
import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

# What a machine refuses: a disk that is full or read-only, files of somebody else.
REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT}
# New objects before Python looks for rings of them that could go. At its own 700 that is some 3 %
# of what seeding costs; a few megabytes more may wait here.
LOOKED_THROUGH_AT = 20_000


def why(error):
    """The pool only tells that it gave up."""
    from config.unavailable import why_away

    return why_away(seconds=5) or " ".join(str(error).split())


def main():
    gc.set_threshold(LOOKED_THROUGH_AT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        _ = settings.DEBUG  # reads the settings before any command gets at them
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"Not started: {error}")
    except OperationalError as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"The database does not answer as it should: {why(error)}")
    except OSError as error:
        if "--traceback" in sys.argv or error.errno not in REFUSED:
            raise
        sys.exit(f"Not done: {error.filename or 'a file'}: {error.strerror}.")


if __name__ == "__main__":
    main()
