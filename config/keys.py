"""Addresses that hold keys, cut before they are written to a log: whoever reads logs gets none.

The same is done by deploy/nginx.conf and deploy/Caddyfile for what the proxy writes.
"""

import logging
import re

_KEYED = re.compile(r"(/(?:comments/(?:mine|confirm|unsubscribe|decide)|preview)/)[^\s\"'<>)]+")


def cut(text):
    """The same text with every such address ended after the name of what it opens."""
    return _KEYED.sub(r"\1…", text)


class CutKeys(logging.Filter):
    """For a handler: the line and the traceback of a record without keys."""

    def filter(self, record):
        record.msg, record.args = cut(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = cut(logging.Formatter().formatException(record.exc_info))
        return True
