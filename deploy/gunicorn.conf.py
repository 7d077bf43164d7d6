"""How the site is served: few processes, a few threads each; a reader's request only reads."""

import contextlib
import ctypes
import importlib
import os
import sys
from pathlib import Path

# It reads .env, without which this would know half of it.
env = importlib.import_module("config.env")


def number(name, default, most):
    if not os.environ.get(name):
        return default
    try:
        return env.env_int(name, default, least=1, most=most)
    except env.ImproperlyConfigured as error:
        sys.exit(f"Not started: {error}")


bind = os.environ.get("BIND") or f"127.0.0.1:{number('PORT', 8000, 65535)}"
workers = number("WEB_CONCURRENCY", 2, 64)
worker_class = "gthread"
threads = number("WEB_THREADS", 4, 64)
os.environ["WEB_THREADS"] = str(threads)  # tells the settings that this is the web server
# Loaded once before forking: a setting that cannot be used stops the start instead of every worker
# in turn.
preload_app = True
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# At “warning” every HEAD request of a robot would be remarked upon.
loglevel = os.environ.get("GUNICORN_LOG_LEVEL") or "error"
accesslog = os.environ.get("ACCESS_LOG") or None
logger_class = "config.accesslog.AccessLogger"
access_log_format = "%(t)s %(s)s %(m)s %(U)s %(B)s bytes %(M)s ms"
# Heartbeats are written to a file; in memory they never wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
# No header says where the site is mounted: Caddy would pass a reader's on.
forwarder_headers = ""


def give_back():
    """What the start took and left, before it is shared."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def keep_little():
    """Threads share a heap, and what is large goes back when it is free: else each thread keeps
    pieces of all that it ever did. Of the GNU C library; others do as they like."""
    with contextlib.suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        for what, value in ((M_ARENA_MAX, 1), (M_MMAP_THRESHOLD, 1 << 18), (M_TRIM, 1 << 18)):
            mallopt(what, value)


M_TRIM, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
keep_little()


def on_starting(server):
    """Once the site is loaded, before anybody is served."""
    starting = importlib.import_module("config.starting")
    if words := starting.wrong():
        sys.exit(f"Not started: {words}")
    starting.warm_up(importlib.import_module("config.wsgi").django)
    give_back()
