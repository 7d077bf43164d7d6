"""Libraries that a process which only shows pages does without: loaded when something of theirs is
first asked for."""

from functools import partial
from importlib import import_module

from django.utils.functional import SimpleLazyObject


def later(name: str) -> SimpleLazyObject:
    """The module of that name. For `import` at the top of a file, where memory is the reason."""
    return SimpleLazyObject(partial(import_module, name))
