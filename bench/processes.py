"""What the kernel says of processes, by /proc and by their own clocks."""

import ctypes
import os
import re
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid):
    """The process itself and all below it."""
    below = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = _fields(stat)
        except OSError:
            continue  # it has ended meanwhile
        below.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += below.get(found[-1], [])
    return found


def spent(*pids):
    """Seconds of CPU of processes and all below them, those that have ended among them (counted in
    hundredths; what lives, to the microsecond)."""
    total = 0
    for pid in (each for first in pids for each in tree(first)):
        try:
            ended = sum(map(int, _fields(Path(f"/proc/{pid}/stat"))[13:15])) / TICKS
            total += _clock(pid) + ended
        except OSError:
            continue
    return total


def memory(pid):
    """Megabytes: `(RSS, PSS)`."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return tuple(
        int(re.search(rf"^{what}:\s+(\d+) kB", text, re.M)[1]) / 1024 for what in ("Rss", "Pss")
    )


def load():
    """Of the last minute: how many wanted a processor."""
    return round(os.getloadavg()[0], 1)


def _clock(pid):
    """What all threads of a process have used, those that have ended among them."""
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)):
        raise ProcessLookupError(pid)
    return time.clock_gettime(clock.value)


def _fields(stat):
    return stat.read_text().rpartition(")")[2].split()
