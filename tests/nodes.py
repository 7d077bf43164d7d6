"""Real servers of the site, each a gunicorn of its own with processes of its own, on the database
of the test. Forked, so that none of them loads the site again."""

import os
import signal
import socket
import time
from contextlib import contextmanager, suppress
from http.client import HTTPConnection

from django.db import connections
from gunicorn.app.base import BaseApplication

_left_alone = []  # connections of the parent: whoever closes them here closes them there


class Node(BaseApplication):
    def __init__(self, application, folder, workers):
        self.application, self.folder, self.workers = application, folder, workers
        self.socket = str(folder / "node.sock")
        super().__init__()

    def load_config(self):
        options = {
            "bind": f"unix:{self.socket}", "workers": self.workers, "worker_class": "gthread",
            "threads": 2, "loglevel": "error", "control_socket_disable": True,
            "worker_tmp_dir": str(self.folder), "graceful_timeout": 5,
        }  # fmt: skip
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self):
        return self.application

    def ask(self, path):
        """`(status, body)`"""
        wire = HTTPConnection("testserver", timeout=60)
        wire.sock = socket.socket(socket.AF_UNIX)
        try:
            wire.sock.connect(self.socket)
            wire.request("GET", path)
            answer = wire.getresponse()
            return answer.status, answer.read().decode()
        finally:
            wire.close()


def _serve(node):
    """In the child: with connections of its own."""
    for alias in connections:
        _left_alone.append(connections[alias])
        pools = getattr(connections[alias], "_connection_pools", {})
        _left_alone.extend(pools.values())
        pools.clear()
        connections[alias] = connections[alias].copy()
    node.run()


@contextmanager
def running(application, folder, workers=2):
    folder.mkdir()
    node = Node(application, folder, workers)
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _serve(node)
        except SystemExit as end:
            code = end.code or 0
        finally:
            os._exit(code)
    try:
        for _ in range(600):
            with suppress(OSError):
                node.ask("/healthz")
                break
            time.sleep(0.05)
        yield node
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
