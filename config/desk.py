"""The admin's site as a whole."""

from contextlib import contextmanager
from functools import wraps
from threading import RLock

from django.contrib import messages
from django.contrib.admin import AdminSite, site
from django.shortcuts import redirect
from django.urls import URLResolver
from django.utils.functional import cached_property
from django.utils.module_loading import autodiscover_modules, import_string
from django.utils.translation import gettext as _

from publishing.later import later

browsers, entry = later("config.door.browsers"), later("config.door.entry")
factors, views = later("config.door.factors"), later("config.door.views")

# What somebody may do who still has to set up a second factor.
WITHOUT_FACTOR = {"logout", "jsi18n", "password_change", "password_change_done"}


class DeskSite(AdminSite):
    """Where readers are served, what stands at the desk is loaded when it is first looked at; until
    then nobody sees a part of it."""

    def __init__(self, *args, **kwargs):
        self._lock, self._begun, self._is_complete = RLock(), False, False
        super().__init__(*args, **kwargs)

    @property
    def _registry(self):
        if not self._is_complete:
            self.complete()
        return self._desks

    @_registry.setter
    def _registry(self, desks):
        self._desks = desks

    def complete(self):
        """Load the desks of all apps, and with them what is kept as versions."""
        with self._as_it_is() as first:
            if first and not self._is_complete:
                autodiscover_modules("admin", register_to=self)
                self._is_complete = True

    def register(self, *args, **kwargs):
        with self._as_it_is():
            super().register(*args, **kwargs)

    def unregister(self, *args, **kwargs):
        with self._as_it_is():
            super().unregister(*args, **kwargs)

    @contextmanager
    def _as_it_is(self):
        """Whoever puts a desk there sees those that are there; gives whether nobody does yet."""
        with self._lock:
            before, self._begun = self._begun, True
            try:
                yield not before
            finally:
                self._begun = before

    def get_urls(self):
        """Without the address that leads from any row to its page: it tells everybody on staff
        where a draft stands."""
        return [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

    def login(self, request, extra_context=None):
        return views.log_in(request, self)

    def entry(self, request, data=None, prefix=None):
        """Who comes in, and what they are asked next; see `door.entry`."""
        return entry.entry(request, data, prefix)

    def enter(self, request, user):
        browsers.enter(request, user)

    def admin_view(self, view, cacheable=False):
        """Whoever can do much at the desk gets there with a second factor alone."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def with_factor(request, *args, **kwargs):
            if self.has_permission(request):
                browsers.in_use(request)
                name = request.resolver_match.url_name
                if name not in WITHOUT_FACTOR and factors.is_missing(request.user):
                    messages.warning(request, _("Before you go on, set up a second factor here."))
                    return redirect("account")
            return inner(request, *args, **kwargs)

        return with_factor


class DeskResolver(URLResolver):
    """Five hundred addresses, four of five that the site has, made when the first of them is asked
    for: a web worker that serves readers alone does without them, in three languages each."""

    def __init__(self, pattern, site):
        super().__init__(pattern, [], app_name="admin", namespace=site.name)
        self.site = site

    @cached_property
    def url_patterns(self):
        return self.site.get_urls()

    def _populate(self):
        """The site's own tables are filled by this, which take nothing from one with a name;
        `reverse` makes one of its own from the addresses."""


def at_desk(name):
    """The view of that name, loaded after the desk when it is first asked for."""

    def view(request, *args, **kwargs):
        site.complete()
        return import_string(name)(request, *args, **kwargs)

    view.__name__ = name
    return view
