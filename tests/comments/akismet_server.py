"""A spam service on this machine."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@contextmanager
def akismet_server():
    """Answers with `says`, a `(status, body, headers)`, after `waits` seconds; `asked` is what it
    was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            words = self.rfile.read(int(self.headers["Content-Length"])).decode()
            server.asked.append({name: values[0] for name, values in parse_qs(words).items()})
            time.sleep(server.waits)
            status, body, headers = server.says
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.handle_error = True, lambda *args: None
    server.asked, server.says, server.waits = [], (200, b"false", {}), 0
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
