"""Long work that concerns more than one app, done by the task worker; see `publishing.tasks`."""

from .moving import arrivals  # noqa: F401  makes its tasks known
