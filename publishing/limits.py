"""How often anybody may do what costs the site something. The table is `LIMITS` in the settings.

Counted in the cache `limits`, never in the database, and under marks from which no address can be
read back. Without a shared cache, or while it does not answer, each process of the server counts
for itself. Windows stand still: a count starts again when its time is over.
"""

import logging
from dataclasses import dataclass
from functools import wraps
from ipaddress import IPv6Network, ip_address
from time import monotonic, time

from django.conf import settings
from django.core.cache import caches
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, ngettext

from .refusals import refuse

log = logging.getLogger(__name__)
# What a request over a socket file without a proxy has for an address: everybody's, so nobody's.
NOBODY = {"", "0.0.0.0", "::"}  # noqa: S104
DOTLESS = {"gmail.com", "googlemail.com"}
# Seconds for which a shared cache that failed is not asked again: nobody waits for it meanwhile.
PAUSE = 30
_pause = {"until": 0.0}


@dataclass(frozen=True)
class Refusal:
    """Whose limit is reached (`address`, `mailbox`, `account` or `all`), and how many seconds from
    now it ends."""

    per: str
    wait: int

    def __str__(self):
        minutes = -(-self.wait // 60)
        when = ngettext("in a minute", "in %(count)d minutes", minutes) % {"count": minutes}
        if self.per == "address":
            said = gettext(
                "A great deal has come from your network address in a short time. Please try again"
                " %(when)s."
            )
        elif self.per == "mailbox":
            said = gettext(
                "A great deal has been sent with this e-mail address in a short time. Please try"
                " again %(when)s."
            )
        elif self.per == "account":
            said = gettext(
                "Somebody is guessing at this account. A browser that has logged in before, or a"
                " passkey, opens it even now; from here please try again %(when)s."
            )
        else:
            said = gettext(
                "A great many people are at this at the moment. Please try again %(when)s."
            )
        return said % {"when": when}


def hit(name: str, request, *, mailbox: str = "", account: str = "") -> Refusal | None:
    """Count one of what `name` stands for in the table. Who is refused uses up nothing of what is
    left to all."""
    return _first_reached(name, request, (mailbox, account), _count)


def reached(name: str, request, *, mailbox: str = "", account: str = "") -> Refusal | None:
    """Whether the next one would be refused; counts nothing."""
    return _first_reached(
        name, request, (mailbox, account), lambda cache, key, seconds: (cache.get(key) or 0) + 1
    )


def limited(name: str, asked: str = ""):
    """A view that is counted each time; with `asked`, only when the address has this parameter,
    such as `?q=`."""

    def decorate(view):
        @wraps(view)
        def counted(request, *args, **kwargs):
            refusal = hit(name, request) if not asked or request.GET.get(asked) else None
            if refusal:
                return refuse(request, status=429, words=str(refusal), wait=refusal.wait)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def network(address: str) -> str:
    """Who is behind an address: of the long ones, of which a household has millions, the half that
    names the household.

    One of the old kind that comes in the dress of the new is the old one. "" when it is no address.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 6 and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(parsed) if parsed.version == 4 else str(IPv6Network((int(parsed), 64), strict=False))


def mark_of(request) -> str:
    """Tells those who ask apart for a day, and says nothing of who they are."""
    day = int(time()) // 86_400
    value = f"{day} {_asker(request)}"
    return salted_hmac("publishing.limits.mark", value, algorithm="sha256").hexdigest()[:16]


def folded_mailbox(email: str) -> str:
    """One name for the many addresses that lead to one mailbox: capitals, +tags, and the dots of
    Gmail."""
    local, _at, domain = email.strip().lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}" if local else ""


def _first_reached(name, request, whose, count):
    now = int(time())
    mailbox, account = whose
    who = {
        "address": _asker(request),
        "mailbox": folded_mailbox(mailbox),
        "account": account,
        "all": "all",
    }
    for per, most, seconds in settings.LIMITS.get(name, ()):
        if not who[per]:
            continue
        mark = salted_hmac("publishing.limits", who[per], algorithm="sha256").hexdigest()[:24]
        key = f"{name.replace(' ', '-')}:{per}:{now // seconds}:{mark}"
        if _counted(count, key, seconds) > most:
            return Refusal(per, seconds - now % seconds)
    return None


def _asker(request):
    address = request.META.get("REMOTE_ADDR", "")
    return "" if address in NOBODY else network(address)


def _counted(count, key, seconds):
    if monotonic() >= _pause["until"]:
        try:
            return count(caches["limits"], key, seconds)
        except Exception as error:  # whatever a shared cache may raise
            _pause["until"] = monotonic() + PAUSE
            log.error("The cache of limits does not answer; counting here: %r", error)
    return count(caches["limits-here"], key, seconds)


def _count(cache, key, seconds):
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # its time was over, or it was pushed out, between the two lines
        cache.set(key, 1, seconds)
        return 1
