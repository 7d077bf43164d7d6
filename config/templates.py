"""Templates are written in lines one can read; what a reader gets has each HTML tag in one line."""

import re
from contextlib import suppress

from django.template import TemplateDoesNotExist, base
from django.template.base import Lexer
from django.template.loaders import cached, filesystem

from config.nodes import Parser

_TEMPLATE_TAG = r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}"
_QUOTED = rf'"(?:[^"{{]|{_TEMPLATE_TAG}|\{{)*"'
HTML_TAG = re.compile(rf"</?[a-zA-Z](?:[^<>{{\"]|{_QUOTED}|{_TEMPLATE_TAG}|\{{)*>", re.S)
_BREAK = re.compile(r"\s*\n\s*(>)?")


def joined(source):
    """The source with no line broken inside of a tag of HTML."""
    return HTML_TAG.sub(lambda tag: _BREAK.sub(lambda end: end[1] or " ", tag[0]), source)


class Template(base.Template):
    """Where nobody looks for mistakes in it, of nodes that do the same with less work."""

    def compile_nodelist(self):
        if self.engine.debug:
            return super().compile_nodelist()
        engine = self.engine
        parser = Parser(
            Lexer(self.source).tokenize(),
            engine.template_libraries,
            engine.template_builtins,
            self.origin,
        )
        nodes = parser.parse()
        self.extra_data = parser.extra_data
        return nodes


class Loader(filesystem.Loader):
    """For templates of our own: the folder in DIRS."""

    def get_contents(self, origin):
        return joined(super().get_contents(origin))


class Kept(cached.Loader):
    """Each template is read once; those of our own as `Template` above."""

    def get_template(self, template_name, skip=None):
        key = self.cache_key(template_name, skip)
        if key not in self.get_template_cache:
            for origin in self.get_template_sources(template_name):
                if isinstance(origin.loader, Loader) and origin not in (skip or ()):
                    with suppress(TemplateDoesNotExist):
                        text = self.get_contents(origin)
                        found = Template(text, origin, template_name, self.engine)
                        self.get_template_cache[key] = found
        return super().get_template(template_name, skip)
