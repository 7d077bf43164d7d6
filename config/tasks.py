"""Long work that concerns more than one app, done by the task worker; see `publishing.tasks`."""

from .moving import arrivals, leaving  # noqa: F401  makes their tasks known
