"""Mistakes of ours, told to a service that speaks Sentry's language, if the host named one
(SENTRY_DSN).

What is told is made anew from what is known to be nobody's: kinds of errors, places in the code,
the words of errors as the log has them. Everything else the package would send is left out.
"""

import logging

from django.core.exceptions import ImproperlyConfigured

from . import logs

ABOUT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment")
PLACE = ("filename", "function", "module", "lineno", "in_app", "context_line")


def start(dsn):
    """From now on what is logged as an error is told. Needs the package sentry-sdk."""
    try:
        import sentry_sdk
        from sentry_sdk.integrations.logging import LoggingIntegration
    except ImportError:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, and the package “sentry-sdk” is not installed:"
            " .venv/bin/pip install sentry-sdk, or leave SENTRY_DSN out."
        ) from None
    sentry_sdk.init(
        dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        before_send=told,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        auto_session_tracking=False,
        send_client_reports=False,
        shutdown_timeout=2,
    )


def told(event, hint):
    """What leaves this machine of one mistake."""
    clean = {name: event[name] for name in ABOUT if name in event}
    record = hint.get("log_record")
    if record is not None:
        asked = logs.asked_in(record) or {}
        clean["logentry"] = {"formatted": logs.scrub_words(str(record.msg))}
        clean["tags"] = {name: asked[name] for name in ("id", "method", "path") if name in asked}
    if errors := (event.get("exception") or {}).get("values"):
        clean["exception"] = {"values": [error(each) for each in errors]}
    return clean


def error(value):
    frames = (value.get("stacktrace") or {}).get("frames") or []
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": logs.scrub_words(str(value.get("value") or "")),
        "stacktrace": {
            "frames": [{name: each[name] for name in PLACE if name in each} for each in frames]
        },
    }
