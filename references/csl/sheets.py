"""A style in a language: read from CSL's own files, made ready to write, kept for the process."""

import threading
from functools import cache

from .nodes import Layout, Macro
from .terms import NAMESPACE, Terms


class Sheet(Terms):
    def __init__(self, name: str, locale: str) -> None:
        super().__init__(name, locale)
        for macro in self.root.iterfind(NAMESPACE + "macro"):
            self.macros[macro.get("name", "")] = Macro(macro, self)
        self.layout = Layout(next(self.bibliography.iterfind(NAMESPACE + "layout")), self)
        # All is read: the files as trees weigh more than what was made of them.
        del self.root, self.bibliography, self.locales


_building = threading.Lock()


@cache
def _kept(name: str, locale: str) -> Sheet:
    return Sheet(name, locale)


def sheet(name: str, locale: str) -> Sheet:
    """The sheet of this process; built once even when several threads ask for it at the same
    time."""
    with _building:
        return _kept(name, locale)
