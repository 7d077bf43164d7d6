"""TXT records, asked of this machine's own name server: enough for SPF, DKIM and DMARC."""

import secrets
import socket
import struct
from pathlib import Path

SECONDS = 3
TXT, IN = 16, 1
NO_SUCH_NAME = 3
CUT = 2  # of the third byte: there was more than fits


def name_server():
    """`(address, 53)` of the first in /etc/resolv.conf, or None."""
    try:
        lines = Path("/etc/resolv.conf").read_text().splitlines()
    except OSError:
        return None
    named = [line.split()[1] for line in lines if line.startswith("nameserver ")]
    return (named[0], 53) if named else None


def texts(name, server):
    """The TXT records of a name; None where nobody answers."""
    number = secrets.token_bytes(2)
    labels = b"".join(bytes([len(part)]) + part for part in name.encode("idna").split(b"."))
    asked = number + struct.pack(">HHHHH", 0x0100, 1, 0, 0, 0) + labels + b"\0"
    asked += struct.pack(">HH", TXT, IN)
    try:
        answer = _asked_shortly(asked, server)
        if answer[2] & CUT:  # domains with many records are longer than a packet
            answer = _asked_at_length(asked, server)
        return _read(answer, len(asked)) if answer[:2] == number else None
    except (OSError, struct.error, IndexError):
        return None


def _asked_shortly(asked, server):
    family = socket.AF_INET6 if ":" in server[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as wire:
        wire.settimeout(SECONDS)
        wire.connect(server)
        wire.send(asked)
        return wire.recv(4096)


def _asked_at_length(asked, server):
    with socket.create_connection(server, SECONDS) as wire, wire.makefile("rb") as answers:
        wire.sendall(struct.pack(">H", len(asked)) + asked)
        (length,) = struct.unpack(">H", answers.read(2))
        return answers.read(length)


def _read(answer, place):
    """The records behind the question, which is repeated as it was asked."""
    flags, _questions, count = struct.unpack(">HHH", answer[2:8])
    if flags & 0xF not in (0, NO_SUCH_NAME):
        return None
    found = []
    for _ in range(count):
        place = _behind_name(answer, place)
        kind, _class, _ttl, length = struct.unpack(">HHIH", answer[place : place + 10])
        data = answer[place + 10 : place + 10 + length]
        place += 10 + length
        if kind == TXT:
            found.append(_joined(data))
    return found


def _behind_name(answer, place):
    while (length := answer[place]) and length < 0xC0:
        place += 1 + length
    return place + (2 if length else 1)


def _joined(data):
    parts, place = [], 0
    while place < len(data):
        parts.append(data[place + 1 : place + 1 + data[place]])
        place += 1 + data[place]
    return b"".join(parts).decode("utf-8", "replace")
