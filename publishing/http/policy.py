"""Headers that are the same on nearly every answer, written down once."""

import hashlib
from functools import cached_property

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.core.signals import setting_changed
from django.middleware.http import ConditionalGetMiddleware
from django.utils.http import quote_etag

from . import parts

# What a view says of its own answer, by a decorator of django-csp.
OWN = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")


class PolicyMiddleware(CSPMiddleware):
    """django-csp's, which puts the policy of the site together anew for each answer."""

    def __init__(self, get_response):
        super().__init__(get_response)
        setting_changed.connect(self.forget)

    @cached_property
    def usual(self):
        return build_policy()

    def forget(self, **_of_the_signal):
        self.__dict__.pop("usual", None)

    def process_response(self, request, response):
        if HEADER in response or any(name in response.__dict__ for name in OWN):
            return super().process_response(request, response)
        response[HEADER] = self.usual
        return response


class UnchangedMiddleware(ConditionalGetMiddleware):
    """Django's, left to the page store where that asks: it knows a page by what it says. Else an
    answer is known by its SHA-1, which processors have an instruction for."""

    def process_response(self, request, response):
        if parts.NAMED in request.META:
            return response
        if (
            request.method == "GET"
            and not (response.streaming or response.has_header("ETag"))
            and response.content
            and self.needs_etag(response)
        ):
            digest = hashlib.sha1(response.content, usedforsecurity=False)
            response["ETag"] = quote_etag(digest.hexdigest())
        return super().process_response(request, response)
