"""What a mail server says of a mail that could not be delivered: RFC 3464, and the older words of
Exim. Bytes in, plain records out; knows no ORM."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

MOST = 512 * 1024  # bytes of one report that are read
MOST_PARTS = 40
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
BASIC = re.compile(r"(?<![\d.])(5[05]\d)(?![\d.])")
# Of RFC 3463: no such mailbox or domain, one that has moved or takes no mail any more. What else
# fails for good - too large, too full, taken for spam - says nothing of the next mail.
NOBODY_THERE = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.4.310"}
UNSAID = {"5.0.0", "5.3.0", ""}
NO_MAILBOX = {"550", "551", "553"}  # RFC 5321, where no enhanced code says more


@dataclass(frozen=True)
class Bounce:
    """`message_ids`: names of mails it may be about, likeliest first. `is_final`: nobody is there,
    now or later."""

    message_ids: tuple[str, ...]
    is_final: bool
    said: str


def parse(data: bytes) -> Bounce | None:
    """What a report says; None for any other mail. Nothing raises that somebody may send."""
    try:
        message = message_from_bytes(data[:MOST])
        parts = [part for part, _number in zip(message.walk(), range(MOST_PARTS), strict=False)]
    except (ValueError, LookupError, RecursionError):
        return None
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in reports for block in _blocks(part)]
    if blocks:
        finals = [block for block in blocks if _field(block, "Action").lower() == "failed"]
        if not finals:
            return Bounce(_names(message, parts), False, _said(blocks[0]))
        return Bounce(_names(message, parts), all(map(_nobody_there, finals)), _said(finals[0]))
    if message["X-Failed-Recipients"]:
        words = _text(parts)
        return Bounce(_names(message, parts, words), nobody_there(words), words[:500])
    return None


def nobody_there(words: str) -> bool:
    """Whether a server that says so knows no such mailbox: its own words, with or without codes of
    RFC 3463."""
    codes = {".".join(found) for found in ENHANCED.findall(words)}
    if known := {code for code in codes if code not in UNSAID}:
        return bool(known & NOBODY_THERE) and not any(code[0] == "4" for code in known)
    return bool(NO_MAILBOX & set(BASIC.findall(words)))


def _nobody_there(block):
    status = _field(block, "Status").split(" ")[0]
    if status not in UNSAID:
        return status in NOBODY_THERE
    return nobody_there(_field(block, "Diagnostic-Code"))


def _blocks(part):
    """Of each recipient; the first block is about the mail as a whole."""
    payload = part.get_payload()
    found = [each for each in payload if isinstance(each, Message)] if _is_list(payload) else []
    return [each for each in found[:MOST_PARTS] if each["Final-Recipient"] or each["Action"]]


def _is_list(payload):
    return isinstance(payload, list)


def _field(block, name):
    return " ".join(str(block.get(name, "")).split())[:500]


def _said(block):
    return f"{_field(block, 'Status')} {_field(block, 'Diagnostic-Code')}".strip()


def _names(message, parts, words=""):
    """First that of the mail sent back, then those the report answers."""
    found = []
    for part in parts:
        if part is not message and part.get_content_type() == "message/delivery-status":
            continue
        if part is not message and part["Message-ID"]:
            found += MESSAGE_ID.findall(str(part["Message-ID"]))
        if part.get_content_type() == "text/rfc822-headers":
            words += _text([part])
    for line in re.findall(r"(?im)^message-id:[ \t]*(?:\r?\n[ \t]+)?(\S+)", words):
        found += MESSAGE_ID.findall(line)
    for header in ("In-Reply-To", "References"):
        found += MESSAGE_ID.findall(str(message.get(header, ""))[:2000])
    return tuple(dict.fromkeys(found))[:5]


def _text(parts):
    said = []
    for part in parts:
        if part.get_content_type() in ("text/plain", "text/rfc822-headers"):
            payload = part.get_payload(decode=True) or b""
            said.append(payload.decode("utf-8", "replace"))
    return "\n".join(said)
