"""Under which name whatever is made for readers is kept."""

from django.db import connection
from django.utils import timezone

from . import moments


class Generation:
    """The token that every writer changes, and the last moment at which pages changed by
    themselves."""

    def __init__(self):
        self.known = ("", None, None)  # token, from when and until when it is the same pages

    def read(self):
        """The name; None where there is none yet. Raises what the database raises."""
        now = timezone.now()
        token = connection.generation()
        known, begins, ends = self.known
        if token and (known != token or not begins <= now < ends):
            begins, ends = moments.around(now)
            self.known = token, begins, ends
        return token and f"{token} {begins.isoformat()}"

    def name(self):
        """The same for who asks from outside of Django."""
        try:
            return self.read()
        finally:
            # As Django does at the end of its own requests.
            connection.close_if_unusable_or_obsolete()

    def last(self):
        """The name when it was last told; None if it may have changed by itself since."""
        token, begins, ends = self.known
        is_over = not token or not begins <= timezone.now() < ends
        return None if is_over else f"{token} {begins.isoformat()}"
