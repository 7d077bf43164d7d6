"""A gunicorn on loopback, and what the processor gave it for each answer: /proc says, whatever else
the machine does meanwhile."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60  # seconds for a server to come up


class Server:
    """`application` served by one worker of four threads, as deploy/gunicorn.conf.py has it."""

    def __init__(self, name, application, folder, python=sys.executable, **environment):
        self.name, self.application, self.folder, self.python = name, application, folder, python
        self.environment = {**os.environ, **environment}

    def __enter__(self):
        self.port = _free_port()
        self.log = open(os.devnull, "w")
        self.process = subprocess.Popen(
            [self.python, "-m", "gunicorn", "-w", "1", "-k", "gthread", "--threads", "4",
             "-b", f"127.0.0.1:{self.port}", self.application],
            env=self.environment, cwd=self.folder, stdout=self.log, stderr=self.log,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError(f"{self.name} does not start")
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        return self

    def __exit__(self, *_error):
        self.connection.close()
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def get(self, address, host="testserver"):
        """(status, body) of one answer, uncompressed."""
        return self._get(address, {"Host": host})

    def _get(self, address, headers):
        self.connection.request("GET", address, headers=headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def cpu(self, address, times, host="testserver"):
        """Milliseconds of CPU for an answer, of all processes of the server."""
        headers = {"Host": host, "Accept-Encoding": "gzip"}
        self.connection.close()  # one that waited was closed by the server
        before = self.spent()
        for _ in range(times):
            status, _body = self._get(address, headers)
            assert status == 200, f"{self.name} answers {status} at {address}"
        return (self.spent() - before) / times * 1000

    def pids(self):
        """The server's own and those it started."""
        parents = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended meanwhile
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        found, waiting = [], [self.process.pid]
        while waiting:
            found.append(waiting.pop())
            waiting += parents.get(found[-1], [])
        return found

    def spent(self):
        """Seconds of CPU so far."""
        return sum(_spent(pid) for pid in self.pids())

    def memory(self):
        """Megabytes that the largest process holds (RSS)."""
        return max(_memory(pid) for pid in self.pids())


def _spent(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
