"""Counts how often HTML is read: by nh3, by Python's parser, by lxml."""

from contextlib import ExitStack, contextmanager
from html.parser import HTMLParser
from unittest.mock import patch

import lxml.html
import nh3
from lxml import etree

READERS = (
    (nh3, "clean"),
    (HTMLParser, "feed"),
    (etree, "fromstring"),
    (etree, "HTML"),
    (etree, "XML"),
    (lxml.html, "fromstring"),
    (lxml.html, "document_fromstring"),
    (lxml.html, "fragment_fromstring"),
    (lxml.html, "fragments_fromstring"),
)


@contextmanager
def counted():
    """Within it, a list that grows by the name of each reader as it is called."""
    calls = []
    with ExitStack() as stack:
        for holder, name in READERS:
            stack.enter_context(patch.object(holder, name, _noted(calls, holder, name)))
        yield calls


def _noted(calls, holder, name):
    read = getattr(holder, name)

    def noted(*args, **kwargs):
        calls.append(f"{holder.__name__}.{name}")
        return read(*args, **kwargs)

    return noted
