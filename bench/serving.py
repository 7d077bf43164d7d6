"""A server on loopback, and what the processor gave it for each answer: /proc says, whatever else
the machine does meanwhile."""

import http.client
import os
import socket
import subprocess
import sys
import time

from bench import processes

PATIENCE = 60  # seconds for a server to come up
WARM = 5  # answers before it is measured
MOST = 3000  # of one address in a turn
SHIPPED = {"WEB_THREADS": "4", "MALLOC_ARENA_MAX": "1"}


class Served:
    """Whatever `command` starts; `{port}` in it is the one it is to listen at. `database` says
    what its database spent (`bench.databases`)."""

    def __init__(self, name, command, folder, database=None, port=None, **environment):
        self.port = port or free_port()
        self.name, self.command, self.folder, self.database = name, command, folder, database
        self.environment = {**os.environ, **environment}
        self.cost = {}  # seconds of an answer, as far as it is known

    def __enter__(self):
        command = [str(part).replace("{port}", str(self.port)) for part in self.command]
        self.process = subprocess.Popen(
            command, env=self.environment, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,  # Apache ends its whole group
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

    def get(self, address, **headers):
        """(status, body) of one answer, uncompressed unless asked for otherwise."""
        self.connection.request("GET", address, headers={"Host": "testserver"} | headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def truly_answers(self, what, address, mark, times):
        """Gives the text; else says what is wrong with it."""
        self.connection.close()
        before = sum(self.spent())
        for _ in range(WARM):
            status, body = self.get(address)
        self.cost[address] = max((sum(self.spent()) - before) / WARM, 0.0002)
        text = body.decode()
        real = status == 200 and text.count(mark) >= times and len(text) > 500
        assert real, (
            f"{self.name}, {what}: {status}, {len(text)} characters of {address},"
            f" {text.count(mark)} times {mark} instead of {times}"
        )
        return text

    def turn(self, address, seconds):
        """Milliseconds of CPU for an answer, of the server's processes and of its database's; asked
        until about so many seconds are spent, for /proc counts in hundredths of one."""
        times = int(min(MOST, max(4, seconds / self.cost.get(address, 0.001))))
        self.connection.close()  # one that waited was closed by the server
        before, began = self.spent(), time.monotonic()
        for _ in range(times):
            status, _body = self.get(address, **{"Accept-Encoding": "gzip, deflate, br"})
            assert status == 200, f"{self.name} answers {status} at {address}"
        passed = time.monotonic() - began
        ours, theirs = (now - then for now, then in zip(self.spent(), before, strict=True))
        self.cost[address] = max((ours + theirs) / times, 0.0002)
        return ours / times * 1000, theirs / times * 1000, times / passed

    def spent(self):
        """Seconds of CPU so far: of the server's processes, of the database's."""
        return processes.spent(self.process.pid), self.database.spent() if self.database else 0.0

    def memory(self):
        """Megabytes that the largest process holds: `(RSS, PSS)`."""
        return max(processes.memory(pid) for pid in processes.tree(self.process.pid))


def gunicorn(name, application, folder, python=sys.executable, database=None, **environment):
    """One worker of four threads that share a heap, as deploy/gunicorn.conf.py has it; the same
    for everybody."""
    command = [python, "-m", "gunicorn", "-w", "1", "-k", "gthread", "--threads", "4",
               "-b", "127.0.0.1:{port}", application]  # fmt: skip
    return Served(name, command, folder, database, **SHIPPED | environment)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
