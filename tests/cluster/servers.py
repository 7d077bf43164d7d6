"""The servers of the cluster, each on this machine alone and ended with the run."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import psycopg

from tests.config.front import Front, free_port
from tests.run import end_with_parent, libpq, server_account

ROOT = Path(__file__).parents[2]


def waited(process, answers, what):
    for _ in range(600):
        with suppress(OSError, psycopg.OperationalError, AssertionError):
            return answers()
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"{what} did not start.")


class PostgreSQL:
    """A primary, or what follows one."""

    def __init__(self, programs, folder, of=None):
        # Where all of them are: initdb may be a link.
        self.programs = (programs / "initdb").resolve().parent
        self.folder, self.account = folder, server_account()
        self.data, self.process = folder / "data", None
        folder.mkdir(mode=0o755)
        if self.account:
            os.chown(folder, self.account["user"], self.account["group"])
        if of:
            self.clone(of)
        else:
            self.run("initdb", "-D", self.data, "-U", "tests", "-A", "trust", "-E", "UTF8",
                     "--locale=C.UTF-8", "--no-sync")  # fmt: skip

    def clone(self, of):
        """What it had is gone; it will follow that one, of which it has the settings as well."""
        shutil.rmtree(self.data, ignore_errors=True)
        there = f"host={of.folder} user=tests application_name=follows"
        self.run("pg_basebackup", "-D", self.data, "-R", "-X", "stream", "-c", "fast",
                 "-C", "-S", "follows", "-d", there)  # fmt: skip

    def run(self, program, *options):
        done = subprocess.run(
            [self.programs / program, *options],
            cwd=self.folder, capture_output=True, text=True, check=False, **self.account,
        )  # fmt: skip
        if done.returncode:
            raise SystemExit(f"{program}: {done.stderr.strip()[-300:]}")

    def start(self):
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.data, "-k", self.folder, "-h", "",
             "-c", "max_connections=80"],
            cwd=self.folder, stdout=subprocess.DEVNULL, stderr=(self.folder / "log").open("a"),
            start_new_session=True, preexec_fn=end_with_parent, **self.account,
        )  # fmt: skip
        waited(self.process, lambda: self.ask("SELECT 1"), "PostgreSQL")

    def kill(self):
        self.process.send_signal(signal.SIGQUIT)  # at once, nothing is brought to an end
        self.process.wait()

    def waits_for(self, names):
        """Servers that must have a writing before it is done; "" for none."""
        self.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.ask("SELECT pg_reload_conf()")

    def promote(self):
        """As docs/operator.md says: it waits for nobody, since nobody follows it yet."""
        self.waits_for("")
        self.run("pg_ctl", "promote", "-D", self.data)

    def url(self, name="postgres"):
        return f"postgres://tests@/{name}?host={self.folder}"

    def ask(self, sql, name="postgres"):
        with psycopg.connect(libpq(self.url(name)), autocommit=True) as wire:
            answer = wire.execute(sql)
            return answer.fetchone() if answer.description else None


class Redis:
    def __init__(self, folder):
        self.folder, self.process = folder, None
        folder.mkdir()
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}?db=1"

    def start(self):
        options = ["--port", "0", "--unixsocket", self.socket, "--save", "", "--dir", self.folder,
                   "--maxmemory", "32mb", "--maxmemory-policy", "allkeys-lru"]  # fmt: skip
        self.process = subprocess.Popen(
            [shutil.which("redis-server"), *map(str, options)],
            stdout=subprocess.DEVNULL, preexec_fn=end_with_parent,
        )  # fmt: skip

        def answers():
            with socket.socket(socket.AF_UNIX) as wire:
                wire.connect(str(self.socket))

        waited(self.process, answers, "Redis")

    def kill(self):
        self.process.kill()
        self.process.wait()


class Store:
    """moto's server, which speaks S3."""

    def __init__(self, stack):
        self.port = free_port()
        self.bucket = f"http://key:secret@127.0.0.1:{self.port}/review"
        self.process = subprocess.Popen(
            [shutil.which("moto_server"), "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=end_with_parent,
        )  # fmt: skip
        waited(
            self.process, lambda: socket.create_connection(("127.0.0.1", self.port)).close(), "moto"
        )
        stack.callback(self.kill)
        import_module("boto3").client(
            "s3", endpoint_url=f"http://127.0.0.1:{self.port}", region_name="us-east-1",
            aws_access_key_id="key", aws_secret_access_key="secret",
        ).create_bucket(Bucket="review")  # fmt: skip

    def kill(self):
        self.process.kill()
        self.process.wait()


class Node:
    """A gunicorn as it is shipped, in the environment of this process."""

    def __init__(self, folder, name):
        self.port, self.log, self.process = free_port(), folder / f"{name}.log", None

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "config.wsgi"],
            cwd=ROOT, env=os.environ | {"BIND": f"127.0.0.1:{self.port}"},
            stdout=self.log.open("a"), stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=end_with_parent,
        )  # fmt: skip
        waited(
            self.process,
            lambda: socket.create_connection(("127.0.0.1", self.port)).close(),
            "A node",
        )

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


class ClusterFront(Front):
    """The shipped nginx.conf in front of several nodes."""

    def __init__(self, folder, nodes):
        super().__init__(folder)
        self.nodes = nodes

    def configuration(self):
        one = f"server unix:{self.socket} fail_timeout=0;"
        text = super().configuration()
        assert one in text
        return text.replace(
            one, " ".join(f"server 127.0.0.1:{each.port} fail_timeout=1s;" for each in self.nodes)
        )

    def start(self):
        self.start_nginx()

    def kill(self):
        """All of it: workers would go on without their master."""
        pid = self.nginx.pid
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in [pid, *map(int, workers)]:
            os.kill(each, signal.SIGKILL)
        self.nginx.wait()
