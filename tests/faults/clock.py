"""The site with another clock: CLOCK_FILE holds how many seconds it is off. Loaded before all else,
by gunicorn as `tests.faults.clock:application`."""

import os
import time
from datetime import timedelta
from pathlib import Path

_time = time.time


def off():
    return float(Path(os.environ["CLOCK_FILE"]).read_text() or 0)


time.time = lambda: _time() + off()

from django.utils import timezone  # noqa: E402

_now = timezone.now
timezone.now = lambda: _now() + timedelta(seconds=off())

from config.wsgi import application  # noqa: E402

__all__ = ["application"]
