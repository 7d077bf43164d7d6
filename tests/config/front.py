"""nginx with the shipped file, on this machine alone, in front of a real gunicorn."""

import os
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connections

from tests.run import find_nginx

HOST = "review.example.org"
ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy/nginx.conf"
MAIN = """{user}
daemon off;
worker_processes 1;
pid {tmp}/nginx.pid;
error_log {tmp}/log/main-error.log;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    access_log {tmp}/log/main.log;
    client_body_temp_path {tmp}/body;
    proxy_temp_path {tmp}/proxy;
    fastcgi_temp_path {tmp}/fastcgi;
    uwsgi_temp_path {tmp}/uwsgi;
    scgi_temp_path {tmp}/scgi;
    include {tmp}/site.conf;
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate(folder):
    """A key and its own signature; gives the folder as Let's Encrypt has it."""
    folder.mkdir(parents=True)
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.NameAttribute(NameOID.COMMON_NAME, HOST),
    )
    now, named = datetime.now(UTC), x509.Name([name])
    signed = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder


class Front:
    """The site as the world sees it; `app` can be stopped and started again."""

    def __init__(self, tmp):
        self.tmp, self.port, self.plain, self.purge = tmp, free_port(), free_port(), free_port()
        self.database = tmp / "site.sqlite3"
        self.socket = tmp / "site.sock"
        self.nginx = self.app = None
        certificate(tmp / "tls")
        self.context = ssl.create_default_context(cafile=tmp / "tls/fullchain.pem")

    def configuration(self):
        """The shipped file, with other ports and paths."""
        text = SHIPPED.read_text()
        for written, here in {
            "listen 127.0.0.1:8099;": f"listen 127.0.0.1:{self.purge};",
            "listen 80;": f"listen 127.0.0.1:{self.plain};",
            "listen [::]:80;": f"listen 127.0.0.2:{self.plain};",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "listen [::]:443 ": f"listen 127.0.0.2:{self.port} ",
            f"/etc/letsencrypt/live/{HOST}": f"{self.tmp}/tls",
            "/run/living-review/site.sock": f"{self.socket}",
            "/var/log/nginx/": f"{self.tmp}/log/",
            "/var/lib/nginx/review": f"{self.tmp}/kept",
            "/srv/review": f"{ROOT}",
        }.items():
            assert written in text, f"{written} is not in the shipped file"
            text = text.replace(written, here)
        return text

    def start_nginx(self):
        (self.tmp / "log").mkdir(exist_ok=True)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.tmp / "site.conf").write_text(self.configuration())
        (self.tmp / "nginx.conf").write_text(MAIN.format(tmp=self.tmp, user=user))
        with (self.tmp / "log/said").open("w") as said:
            self.nginx = subprocess.Popen(
                [find_nginx(), "-c", self.tmp / "nginx.conf", "-p", self.tmp], stderr=said
            )
        self.wait(self.nginx, lambda: socket.create_connection(("127.0.0.1", self.port)).close())

    def environment(self):
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "TZ")}
        return kept | {
            "SECRET_KEY": "only-to-try-the-front-" + "x" * 50,
            "SITE_URL": f"https://{HOST}",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "STATIC_ROOT": f"{self.tmp}/static",
            "MEDIA_ROOT": f"{self.tmp}/media",
            "BIND": f"unix:{self.socket}",
            "LOG_LEVEL": "ERROR",
            "WEB_CONCURRENCY": "1",
            "WEB_THREADS": "2",
        }

    def start_app(self):
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
        self.app = subprocess.Popen([*gunicorn, "config.wsgi"], cwd=ROOT, env=self.environment())

        def answers():
            with socket.socket(socket.AF_UNIX) as wire:
                wire.connect(str(self.socket))

        self.wait(self.app, answers)

    def wait(self, process, answers):
        for _ in range(600):
            with suppress(OSError):
                return answers()
            assert process.poll() is None, (self.tmp / "log/said").read_text()
            time.sleep(0.1)
        raise AssertionError("it does not answer")

    def stop_app(self):
        self.stop(self.app)

    def stop(self, process):
        if process and process.poll() is None:
            process.terminate()
            process.wait()

    def wire(self, reader="127.0.0.1", **options):
        """`reader`: the address it comes from, one of this machine."""
        raw = socket.create_connection(
            ("127.0.0.1", self.port), timeout=60, source_address=(reader, 0)
        )
        return self.context.wrap_socket(raw, server_hostname=HOST, **options)

    def ask(self, path, method="GET", body=None, reader="127.0.0.1", **headers):
        """`(status, headers, body)`"""
        wire = HTTPConnection(HOST)
        wire.sock = self.wire(reader)
        try:
            headers = {name.replace("_", "-"): value for name, value in headers.items()}
            wire.request(method, path, body, headers)
            answer = wire.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            wire.close()

    @contextmanager
    def data(self):
        """The tests' models write into the site's own database."""
        usual = connections["default"]
        connections["default"] = other = usual.copy()
        other.settings_dict = {**usual.settings_dict, "NAME": str(self.database)}
        try:
            yield
        finally:
            other.close()
            connections["default"] = usual

    def fill(self):
        """A copy of the tests' empty database."""
        usual = connections["default"]
        usual.ensure_connection()
        with sqlite3.connect(self.database) as copy:
            usual.connection.backup(copy)
        copy.close()
