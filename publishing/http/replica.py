"""Pages for readers are made from a replica of the database (`DATABASE_REPLICA_URL`) while it has
all that the primary has. Off, and not even loaded, without that setting.

Whether it has is told by the generation (0036), which is committed with whatever readers see: a
replica that shows the primary's token has replayed what was written with it. So nobody waits for a
position in the log, and a replica that lags, or is gone, is only not asked. What a session, a form
or somebody's own page needs is never asked of it: not all of that changes the token. While the
primary is away readers are shown what the replica has; nothing of it is kept.

Not by a router of Django's: that sees querysets alone, and a page would be made of two databases.
"""

import logging
import re
from threading import Lock
from time import monotonic

from django.db import DEFAULT_DB_ALIAS, Error, connections

from . import parts

log = logging.getLogger(__name__)
ALIAS = "replica"
PAUSE = 10  # seconds for which one that failed is not asked again
ONES_OWN = re.compile(
    r"/(?:[a-z][a-z]/)?(?:admin|captcha|preview|healthz|readyz"
    r"|comments/(?:mine|confirm|unsubscribe|decide|new|sent))(?:/|$)"
)


class ReplicaMiddleware:
    """Stands within `parts.of_request`, which knows who is one reader among all."""

    def __init__(self, get_response):
        self.get_response, self.paused_until = get_response, 0.0
        self.lock = Lock()

    def __call__(self, request):
        if not self.is_good_for(request):
            return self.get_response(request)
        primary = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = connections[ALIAS]
        try:
            response = self.get_response(request)
        finally:
            connections[DEFAULT_DB_ALIAS] = primary
        if response.status_code < 500:
            return response
        # It may have gone in the middle. Nothing was written: it can be asked again.
        self.leave_alone(f"a page became {response.status_code}")
        return self.get_response(request)

    def is_good_for(self, request):
        if monotonic() < self.paused_until or ONES_OWN.match(request.path_info):
            return False
        if not parts.is_for_everybody():
            return False
        name = parts.name()
        try:
            token = connections[ALIAS].generation()
            return token is not None and (name is None or name.split()[0] == token)
        except Error as error:
            self.leave_alone(error)
            return False

    def leave_alone(self, why):
        replica = connections[ALIAS]
        replica.close()
        with self.lock:
            if monotonic() < self.paused_until:
                return  # another thread has done the rest
            self.paused_until = monotonic() + PAUSE
            log.warning("The replica is left alone for a while: %s", why)
            if replica.vendor == "postgresql":
                replica.close_pool()  # its other connections are no better
