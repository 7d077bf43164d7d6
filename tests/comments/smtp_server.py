"""A mail server on this machine that does what it is told: take a mail, refuse it, stall, or hang
up in the middle."""

import contextlib
import socket
import threading
from email import message_from_bytes, policy

MAIL = {"put off": "451 later", "go away": "421 closing"}


class Server:
    """`behaviour` is what it does with the next mail: a name below, or a list, one for each in
    turn."""

    def __init__(self):
        self.behaviour = "take"
        self.taken = []
        self.tried = 0
        self.stop = threading.Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def close(self):
        self.stop.set()
        self.socket.close()
        self.thread.join(5)

    def _serve(self):
        while not self.stop.is_set():
            try:
                connection, _address = self.socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _next(self):
        self.tried += 1
        if isinstance(self.behaviour, list):
            return self.behaviour.pop(0) if self.behaviour else "take"
        return self.behaviour

    def _talk(self, connection):
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as lines:
            say = lambda words: connection.sendall(words.encode() + b"\r\n")  # noqa: E731
            say("220 here")
            doing = None
            for line in lines:
                word = line[:4].upper().strip()
                if word in (b"EHLO", b"HELO"):
                    say("250 here")
                elif word == b"MAIL":
                    doing = self._next()
                    if doing == "say nothing":
                        self.stop.wait(30)
                        return
                    say(MAIL.get(doing, "250 ok"))
                elif word == b"RCPT":
                    say("550 nobody here" if doing == "refuse" else "250 ok")
                elif word == b"DATA":
                    if doing == "hang up":
                        return
                    say("354 go on")
                    words = b"".join(iter(lines.readline, b".\r\n"))
                    self.taken.append(message_from_bytes(words, policy=policy.default))
                    if doing == "take and stall":
                        self.stop.wait(30)
                        return
                    if doing == "take and hang up":
                        return
                    say("250 taken")
                elif word == b"QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 ok")


@contextlib.contextmanager
def smtp_server():
    server = Server()
    try:
        yield server
    finally:
        server.close()
