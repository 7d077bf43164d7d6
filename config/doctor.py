"""What whoever hosts the site should know, and do: for `manage.py doctor`. Nothing is asked of
another machine unless it is named."""

import smtplib
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, connection

from . import dns, readiness
from .backup import places
from .backup.archive import BackupError
from .door import factors
from .env import VAR_DIR
from .readiness import Finding

SECONDS = 15
CLOCK = timedelta(minutes=2)
TLS_DAYS = 14
KEPT = timedelta(days=7)


def findings():
    """A `Finding` each, of what can be told without asking another machine."""
    yield Finding("settings", not (said := deployment()), True, said or "As for a site in public.")
    yield Finding("secret key", not (said := secret()), True, said or "It is this site's own.")
    yield Finding("private files", not (said := open_to_all()), False, said or "They are.")
    yield from readiness.findings(fresh=True)
    yield Finding("restored", not (said := replaced()), False, said or "Nothing is left over.")
    yield Finding("clock", not (said := clock()), False, said or "It agrees.")
    if not settings.EMAIL_HOST:
        yield Finding("mail", False, False, NO_MAIL)
    yield Finding("second factor", not (said := second_factor()), False, said or "It is there.")


NO_MAIL = "EMAIL_HOST is not set: mails are written to var/mail and nobody gets them."


def deployment():
    """What `check --deploy` says."""
    said = checks.run_checks(include_deployment_checks=True)
    serious = [each for each in said if each.level >= checks.WARNING and not each.is_silenced()]
    if settings.DEBUG:
        return "DEBUG is on: errors show everything to everybody. Take it out of .env."
    if not settings.HTTPS:
        return f"SITE_URL is {settings.SITE_URL}: readers' words travel in the open. Use https://…"
    return "; ".join(f"{each.msg.splitlines()[0]} ({each.id})" for each in serious[:3])


def secret():
    kept = VAR_DIR / "secret_key"
    if kept.exists() and kept.stat().st_mode & 0o077:
        return f"Others on this machine can read {kept}: chmod 600 {kept}"
    env = settings.BASE_DIR / ".env"
    if env.exists() and env.stat().st_mode & 0o007:
        return f"Everybody on this machine can read {env}: chmod 640 {env}"
    if len(settings.SECRET_KEY) < 50:
        return "SECRET_KEY is short: delete it from .env and run `make setup`, which makes one."
    return ""


def open_to_all():
    """What has people's words in it and everybody on this machine can read: each folder on the way
    lets them through."""
    kept = [settings.PRIVATE_ROOT, settings.BACKUP_ROOT, settings.EMAIL_FILE_PATH]
    if connection.vendor == "sqlite":
        kept.append(connection.settings_dict["NAME"])
    found = [
        str(path)
        for path in map(Path, kept)
        if path.exists()
        and path.stat().st_mode & 0o004
        and all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)
    ]
    if not found:
        return ""
    return f"Everybody on this machine can read {', '.join(found)}: chmod -R o-rwx them."


def replaced():
    """What restores kept, once there was time to look at the site."""
    try:
        old = [name for moment, name in places.replaced() if moment < datetime.now(UTC) - KEPT]
    except (BackupError, OSError):
        return ""
    if not old:
        return ""
    return (
        f"{', '.join(sorted(old)[:5])}: kept when a backup was restored, with what has been erased"
        " since. Delete it once you have seen that nothing is missing."
    )


def clock():
    """Against the code, which was not written in the future, and the database's server."""
    now = datetime.now(UTC)
    written = Path(__file__).stat().st_mtime
    if now.timestamp() < written - 86400:
        return f"This machine says {now:%d %B %Y}, before this code was written. Set its clock."
    if connection.vendor == "postgresql":
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT clock_timestamp()")
                other = cursor.fetchone()[0]
        except DatabaseError:
            return ""
        if abs(other - now) > CLOCK:
            return f"This machine says {now:%H:%M:%S}, the database's {other:%H:%M:%S} (UTC)."
    return ""


def second_factor():
    """Whether whoever may publish or see who wrote has one."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return "None is required (SECOND_FACTOR_REQUIRED): whoever has a password is in."
    try:
        staff = get_user_model().objects.filter(is_active=True, is_staff=True)
        lacking = [user.get_username() for user in staff if factors.is_missing(user)]
    except DatabaseError:
        return ""
    if lacking:
        names = ", ".join(lacking[:5])
        return (
            f"{len(lacking)} have none yet ({names}): they are asked for one at their next log-in."
        )
    return ""


def mail(address):
    """Send one now, past the queue; what came of it."""
    if not settings.EMAIL_HOST:
        return Finding("mail", False, False, NO_MAIL)
    message = EmailMessage(
        "A mail to try whether mail works",
        f"{settings.SITE_URL} can send mail. Look at its headers: SPF, DKIM and DMARC should say"
        " “pass”.",
        to=[address],
        connection=get_connection(),
    )
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        said = " ".join(str(error).split())
        return Finding(
            "mail", False, False, f"{where} did not take it: {said}. See EMAIL_* in .env."
        )
    return Finding(
        "mail", True, False, f"{where} took one for {address}: look whether it is there."
    )


def tls(address=None):
    """The certificate that readers see at SITE_URL; `address`: (host, port) instead of its own."""
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme != "https":
        return Finding("TLS", False, False, f"SITE_URL is {settings.SITE_URL}: there is none.")
    try:
        with (
            socket.create_connection(
                address or (parts.hostname, parts.port or 443), SECONDS
            ) as raw,
            ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname) as wire,
        ):
            ends = ssl.cert_time_to_seconds(wire.getpeercert()["notAfter"])
    except ssl.SSLCertVerificationError as error:
        return Finding("TLS", False, False, _why_refused(parts.hostname, error.verify_message))
    except (OSError, ValueError) as error:
        return Finding("TLS", False, False, f"{parts.hostname}: {' '.join(str(error).split())}")
    days = int((ends - time.time()) // 86400)
    said = f"The certificate of {parts.hostname} is good for {days} more days."
    return Finding("TLS", days >= TLS_DAYS, False, said + (" Renew it." if days < TLS_DAYS else ""))


def _why_refused(name, said):
    return (
        f"Browsers refuse the certificate of {name}: {said.rstrip('.')}. `certbot certificates`"
        f" tells which names and dates there are; `certbot renew` or one for {name}, then"
        " `systemctl reload nginx`."
    )


def sender():
    """The domain mails are from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def sender_records(selector="", server=None):
    """SPF, DKIM and DMARC of the sender's domain; nothing where no name server is known."""
    server, domain = server or dns.name_server(), sender()
    if server is None or "." not in domain:
        return
    wanted = {
        "SPF": (domain, "v=spf1", "which servers may send for it"),
        "DMARC": (f"_dmarc.{domain}", "v=DMARC1", "what is done with mail that only claims it"),
    }
    if selector:
        wanted["DKIM"] = (f"{selector}._domainkey.{domain}", "p=", "the key mail is signed with")
    for kind, (name, mark, what) in wanted.items():
        records = dns.texts(name, server)
        if kind == "DMARC" and records == []:
            name, records = _of_parents(domain, server)
        if records is None:
            yield Finding(kind, False, False, f"No name server told of {name}; try again later.")
        else:
            said = _wrong_record(kind, name, [each for each in records if mark in each], what)
            yield Finding(kind, not said, False, said or f"{name} says {what}.")


def _of_parents(domain, server):
    """`(name, records)`: where a part of a domain says nothing, the whole speaks for it."""
    labels = domain.split(".")
    for start in range(1, len(labels) - 1):
        name = f"_dmarc.{'.'.join(labels[start:])}"
        if records := dns.texts(name, server):
            return name, records
    return f"_dmarc.{domain}", []


def _wrong_record(kind, name, records, what):
    """What receivers would find wrong, in words."""
    if not records:
        return f"{name} does not say {what}: add a TXT record."
    if kind != "DKIM" and len(records) > 1:
        return f"{name} has {len(records)} {kind} records, and receivers heed none: keep one."
    if kind == "SPF" and records[0].rstrip().endswith(("+all", " all")):
        return f"{name} lets every server of the world send for it: end its SPF record with -all."
    return ""
