"""What is written down of a request: plain lines or JSON, each with the request's id, without
anybody's words, address or key."""

import copy
import logging
import re
import secrets
import sys
import time
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.conf import settings
from django.db import connection
from pythonjsonlogger.json import JsonFormatter

NONE = "-"
PLAIN = "{levelname} {request_id} {name}: {message}{asked}"
FIELDS = "{asctime}{levelname}{request_id}{name}{message}{method}{path}{status_code}"
# From outside: an id and nothing that a log could take for something else.
ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# deploy/nginx.conf and deploy/Caddyfile cut the same of whole addresses.
KEYS = re.compile(r"(/(?:mine|confirm|unsubscribe|decide|preview)/)[^\s\"'<>)?#]+")
QUERY = re.compile(r"(?<=\S)\?[^\s\"'<>]+=[^\s\"'<>]*")
MAILBOX = re.compile(r"[^\s@<>\"'(,;:=]+@[^\s@<>\"'),;:]+\.\w+")
ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{1,4}\b", re.I)
# What databases and Python quote is what somebody sent.
QUOTED = re.compile(r"'[^'\n]*'|“[^”\n]*”|(?<==)\([^\n]*?\)(?= |$)|(?<=DETAIL:)[^\n]*", re.M)
LONGEST = 2000
# These only pass it on.
BETWEEN = ("site-packages", "config/logs.py", "publishing/compiled.py", "publishing/databases/")
STACK = 30
SLOW = logging.getLogger("slow")

_request = ContextVar("request", default=None)


def scrub(text):
    """Without keys in addresses, what was asked for, mailboxes and network addresses."""
    text = KEYS.sub(r"\1…", text[: 4 * LONGEST])
    text = QUERY.sub("?…", text)
    return ADDRESS.sub("[address]", MAILBOX.sub("[mailbox]", text))


def scrub_words(text):
    """The words of an exception, which often quote what somebody sent."""
    return scrub(QUOTED.sub("…", text[:LONGEST]))


def scrub_error(error):
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return f"{name}: {scrub_words(str(error))}".rstrip(": ")


def asked_in(record):
    """Of the request a record belongs to: id, method and path; or None."""
    # Django writes some of it down once every middleware is through.
    return _request.get() or getattr(getattr(record, "request", None), "asked", None)


def explained(error):
    """A traceback, and those it came from, with the words of each error scrubbed."""
    parts, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = "".join(traceback.format_tb(error.__traceback__)[-STACK:])
        parts.append(f"Traceback (most recent call last):\n{frames}{scrub_error(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\nwhich came of:\n".join(reversed(parts))


def _is_refusal(record):
    """What was turned away is one line; what went wrong here is a traceback."""
    status = getattr(record, "status_code", 500)
    refused = record.name == "django.request" and status < 500
    return refused or record.name.startswith("django.security")


class _Scrubbed:
    """For a formatter: a copy of the record as it may be written."""

    def format(self, record):
        asked = asked_in(record)
        clean = copy.copy(record)
        if isinstance(clean.args, tuple):
            clean.args = tuple(
                scrub_error(each) if isinstance(each, BaseException) else each
                for each in clean.args
            )
        clean.msg, clean.args, clean.request = scrub(clean.getMessage()), (), None
        clean.request_id = asked["id"] if asked else NONE
        clean.method, clean.path = (asked["method"], asked["path"]) if asked else (None, None)
        clean.asked, clean.exc_text = "", None  # another handler may have written it out in full
        if _is_refusal(record):
            clean.exc_info = clean.exc_text = clean.stack_info = None
            clean.asked = f" ({clean.method} {clean.path})" if asked else ""
        return super().format(clean)

    def formatException(self, info):
        return explained(info[1])


class PlainFormatter(_Scrubbed, logging.Formatter):
    def __init__(self):
        super().__init__(PLAIN, style="{")


class JSONFormatter(_Scrubbed, JsonFormatter):
    """One object a line. Of what a record may carry beside its message only the status is taken."""

    def __init__(self):
        names = {"asctime": "time", "levelname": "level"}
        super().__init__(FIELDS, style="{", rename_fields=names, json_ensure_ascii=False)

    def add_fields(self, log_data, record, message_dict):
        super().add_fields(log_data, record, message_dict)
        known = {"time", "level", "request_id", "name", "message", "method", "path"}
        known |= {"status_code", "exc_info"}
        for name in set(log_data) - known:
            del log_data[name]
        for name in [name for name, value in log_data.items() if value is None]:
            del log_data[name]


class RequestLogMiddleware:
    """Outermost: whatever is written while a request is answered carries its id, and a question the
    database took long for is named."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        number = given if ID.fullmatch(given) else secrets.token_hex(8)
        path = scrub(request.path)
        request.asked = {"id": number, "method": request.method, "path": path[:200]}
        token = _request.set(request.asked)
        try:
            with watched():
                response = self.get_response(request)
        finally:
            _request.reset(token)
        if response.status_code >= 400:
            response["X-Request-ID"] = number  # somebody may write in about it
        return response


@contextmanager
def watched():
    """Questions to the database within are timed."""
    with connection.execute_wrapper(_timed):
        yield


def _timed(execute, statement, parameters, many, context):
    began = time.perf_counter()
    try:
        return execute(statement, parameters, many, context)
    finally:
        took = (time.perf_counter() - began) * 1000
        if took >= settings.SLOW_QUERY_MS:
            SLOW.warning("%d ms at %s: %s", took, _asked_from(), str(statement)[:500])


def _asked_from():
    """The line of ours that asked."""
    frame, root = sys._getframe(2), str(settings.BASE_DIR)
    while frame:
        name = frame.f_code.co_filename
        if name.startswith(root) and not any(each in name for each in BETWEEN):
            place = Path(name).relative_to(root)
            return f"{place}:{frame.f_lineno} {frame.f_code.co_name}"
        frame = frame.f_back
    return NONE
