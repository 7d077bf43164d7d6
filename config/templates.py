"""Templates are written in lines one can read; what a reader gets has each HTML tag in one line."""

import re

from django.template.loaders import filesystem

_TEMPLATE_TAG = r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"
_QUOTED = rf'"(?:[^"{{]|{_TEMPLATE_TAG}|\{{)*"'
HTML_TAG = re.compile(rf"</?[a-zA-Z](?:[^<>{{\"]|{_QUOTED}|{_TEMPLATE_TAG}|\{{)*>", re.S)
_BREAK = re.compile(r"\s*\n\s*(>)?")


def joined(source):
    """The source with no line broken inside of a tag of HTML."""
    return HTML_TAG.sub(lambda tag: _BREAK.sub(lambda end: end[1] or " ", tag[0]), source)


class Loader(filesystem.Loader):
    """For templates of our own: the folder in DIRS."""

    def get_contents(self, origin):
        return joined(super().get_contents(origin))
