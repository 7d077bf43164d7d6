"""The rows a text names: figures by their file, consents by their number.

Rich text and the files of pictures stand below the models, which are put in here once they are
there (`PublishingConfig.ready`).
"""

from django.db.models import Manager

_managers: dict[str, Manager] = {}


def register(kind: str, manager: Manager) -> None:
    _managers[kind] = manager


def of(kind: str) -> Manager:
    """The manager of "image", "image file" (of before) or "consent"."""
    return _managers[kind]
