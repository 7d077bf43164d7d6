"""Errors told to a service: what a host needs, and nothing of the people who use the site."""

import gzip
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest
from django.conf import settings as site

SECRETS = ("17:key-of-one", "one@example.org", "203.0.113.9", "her-own-words", "pain-of-one")
CODE = """
import django, logging, sys
django.setup()
from config import logs
logs._request.set({"id": "id-of-it", "method": "GET", "path": "/comments/mine/…"})
log = logging.getLogger("django.request")
log.warning("refused her-own-words")
def view(comment):
    name, words = "one@example.org", comment
    try:
        raise KeyError("her-own-words")
    except KeyError as error:
        raise ValueError("bad 'her-own-words' of one@example.org at 203.0.113.9") from error
try:
    view("her-own-words")
except ValueError:
    log.error("Internal Server Error: %s", "/comments/mine/17:key-of-one/?q=pain-of-one",
              exc_info=True, extra={"comment": "her-own-words"})
log.error("sent to one@example.org from 203.0.113.9")
if "sentry_sdk" in sys.modules:
    sys.modules["sentry_sdk"].flush()
print("loaded" if "sentry_sdk" in sys.modules else "not loaded")
"""


def run(**environment):
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "PYTHONPATH")}
    env = {
        **kept, "SECRET_KEY": "k" * 60, "DATABASE_URL": "sqlite:///nowhere",
        "DJANGO_SETTINGS_MODULE": "config.settings", **environment,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", CODE], cwd=site.BASE_DIR, env=env, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


@pytest.fixture
def service():
    """One on this machine; what it was told."""
    heard = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            opened = {"gzip": gzip.decompress, "br": brotli.decompress}
            heard.append(opened.get(self.headers["Content-Encoding"], bytes)(body).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", heard
    server.shutdown()
    server.server_close()


def test_a_service_hears_of_errors_and_of_nobody(service):
    pytest.importorskip("sentry_sdk", reason="there is no sentry-sdk (pip install sentry-sdk)")
    address, heard = service
    done = run(SENTRY_DSN=address)
    assert done.stdout == "loaded\n", done.stderr
    told = "\n".join(heard)
    assert '"ValueError"' in told
    assert '"function":"view"' in told.replace(": ", ":")
    assert "id-of-it" in told
    assert "Internal Server Error" in told
    assert "refused" not in told
    for secret in SECRETS:
        # A line of the code may have any word in it: here the test's own.
        assert secret not in told, told


def test_without_an_address_nothing_is_loaded():
    assert run().stdout == "not loaded\n"


def test_without_the_package_one_line_says_so(tmp_path):
    (tmp_path / "sentry_sdk.py").write_text("raise ImportError")
    done = run(SENTRY_DSN="https://key@errors.example.org/1", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "SENTRY_DSN is set, and the package “sentry-sdk” is not installed" in done.stderr
