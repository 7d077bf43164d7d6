"""Mail: kept in the database with what it is about, sent later by `run_tasks`, one at a time.

django-post-office holds the mails and shows them in the admin. The sending is ours: it records each
mail as soon as the server has taken it, where the package records a batch when it ends and would
send all of it again after a crash.
"""

import contextlib
import re
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import make_msgid
from pathlib import Path
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from django.conf import settings
from django.core.mail import get_connection
from django.db.models import F, Q
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override
from post_office.models import PRIORITY, STATUS, Email, Log

from .. import clock
from ..models import SiteSettings
from . import bounces
from .smtp import UnansweredError

AT_ONCE = 200  # mails in one run
LEASE = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=6)
QUEUED = (STATUS.queued, STATUS.requeued)


def send(template, to, language, context, headers=None, after=None):
    """Queue `mail/<template>.txt` and `.html` in the reader's language; the first line of the text
    is the subject.

    The mail is a row like any other: it is kept if the transaction it is written in is, and only
    then. `after`, a timedelta, leaves time to think better of it (`cancel`).
    """
    with override(language):
        context = {
            "site": SiteSettings.load(),
            "site_url": settings.SITE_URL,
            "language": language,
            **context,
        }
        plain = get_template(f"mail/{template}.txt").template.render(
            Context(context, autoescape=False)
        )
        subject, _line, text = plain.strip().partition("\n")
        html = render_to_string(f"mail/{template}.html", {**context, "subject": subject})
    headers = {"Auto-Submitted": "auto-generated", **(headers or {})}
    if settings.EMAIL_BOUNCES_TO:
        headers["From"] = settings.DEFAULT_FROM_EMAIL
    return Email.objects.create(
        # What servers report to; readers are shown the header, if there is one.
        from_email=settings.EMAIL_BOUNCES_TO or settings.DEFAULT_FROM_EMAIL,
        to=[to],
        subject=" ".join(subject.split())[:200],
        message=text.strip() + "\n",
        html_message=html,
        headers=headers,
        message_id=make_msgid(domain=settings.POST_OFFICE["MESSAGE_ID_FQDN"]),
        status=STATUS.queued,
        priority=PRIORITY.medium,
        scheduled_time=timezone.now() + after if after else None,
    )


def absolute(path):
    """The whole address of a page of ours: a mail is read elsewhere."""
    return settings.SITE_URL + path


def cancel(**filters):
    """Take back mails nobody has got yet, for example `cancel(pk=…)`; the number of them."""
    return (
        Email.objects.filter(status__in=QUEUED, **filters).delete()[1].get("post_office.Email", 0)
    )


@dataclass
class Delivered:
    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    # Mails to whom the server knows nobody, and its words.
    nobody: list = field(default_factory=list, compare=False)


def deliver():
    """Send what is due, oldest first. A server that does not answer ends the run: the others would
    wait for it too."""
    result, connection = Delivered(), get_connection()
    try:
        for pk in list(_due().order_by("created", "pk").values_list("pk", flat=True)[:AT_ONCE]):
            email = _claim(pk)
            if email is None:
                continue
            error = _try(email, connection)
            if error is None:
                Email.objects.filter(pk=pk).update(
                    status=STATUS.sent, scheduled_time=None, last_updated=timezone.now()
                )
                result.sent += 1
                continue
            if _is_final(error):
                _note(email, error, STATUS.failed)
                result.given_up += 1
                if isinstance(error, SMTPRecipientsRefused) and bounces.nobody_there(str(error)):
                    result.nobody.append((email, str(error)))
            elif _put_off(email, error):
                result.put_off += 1
            else:
                result.given_up += 1
            _close(connection)
            if _is_of_server(error):
                break
    finally:
        _close(connection)
    return result


def _due():
    now = timezone.now()
    due = Q(scheduled_time=None) | clock.over("scheduled_time", now, LONGEST_WAIT)
    return Email.objects.filter(due, status__in=QUEUED)


def _claim(pk):
    """The mail, if nobody else has taken it meanwhile. Who dies while sending leaves it to the next
    run after the lease."""
    taken = (
        _due().filter(pk=pk).update(status=STATUS.requeued, scheduled_time=timezone.now() + LEASE)
    )
    return Email.objects.get(pk=pk) if taken else None


def _try(email, connection):
    """Why it could not be sent; None if the server took it."""
    try:
        connection.open()
        if hasattr(connection, "hand_over"):
            connection.hand_over(email.email_message(), lambda: _handing_over(email))
        else:
            email.dispatch(commit=False, disconnect_after_delivery=False, connection=connection)
    except Exception as error:  # whatever one mail does, the others go out
        return error
    return None


def _handing_over(email):
    """From here on nobody but the server knows whether it has the mail. Who dies now leaves it to
    the author, not to the next run, which might send it twice."""
    Email.objects.filter(pk=email.pk).update(status=STATUS.failed, last_updated=timezone.now())


def _put_off(email, error):
    """Try again later and ever later, some three days in all; False when it is given up. The reason
    is kept."""
    tried = (email.number_of_retries or 0) + 1
    again = tried <= settings.POST_OFFICE["MAX_RETRIES"]
    wait = min(timedelta(minutes=2 ** (tried - 1)), LONGEST_WAIT)
    status = STATUS.requeued if again else STATUS.failed
    _note(email, error, status, scheduled_time=timezone.now() + wait, number_of_retries=tried)
    return again


def _note(email, error, status, **changes):
    """What became of it, and why."""
    Email.objects.filter(pk=email.pk).update(status=status, last_updated=timezone.now(), **changes)
    Log.objects.create(
        email=email,
        status=STATUS.failed,
        message=str(error)[:1000],
        exception_type=type(error).__name__[:255],
    )


OF_SERVER = (
    SMTPServerDisconnected,
    SMTPConnectError,
    SMTPHeloError,
    SMTPAuthenticationError,
    UnansweredError,
)
GOES_AWAY = 421  # “service not available, closing transmission channel”


def _is_of_server(error):
    """Whether it would be the same for the next mail: nobody there, no access, no answer."""
    if isinstance(error, SMTPException):
        return isinstance(error, OF_SERVER) or GOES_AWAY in _codes(error)
    return isinstance(error, OSError)


def _is_final(error):
    """Whether it must not be tried again: the server refuses this mail for good, or may have it."""
    if isinstance(error, UnansweredError):
        return True
    if isinstance(error, SMTPSenderRefused) or _is_of_server(error):
        return False  # of how the site is set up: it can be put right
    codes = _codes(error)
    return bool(codes) and all(500 <= code < 600 for code in codes)


def _codes(error):
    """What the server said, in numbers."""
    if isinstance(error, SMTPRecipientsRefused):
        return [code for code, _words in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, SMTPResponseException) else []


def _close(connection):
    with contextlib.suppress(OSError, SMTPException):
        connection.close()


def forget():
    """Delete mails that were sent or given up long enough ago; the number of them."""
    before = timezone.now() - timedelta(days=settings.MAIL_KEEP_DAYS)
    old = Email.objects.filter(status__in=(STATUS.sent, STATUS.failed), last_updated__lt=before)
    _forget_files(lambda path: path.stat().st_mtime < before.timestamp())
    return old.delete()[1].get("post_office.Email", 0)


def forget_files_to(address):
    """Of a site without a mail server: the files that stand for mails to this address."""
    line = re.compile(rb"^To:.*" + re.escape(address.encode()), re.I | re.M)
    _forget_files(lambda path: line.search(path.read_bytes()))


def forget_files_of(message_ids):
    """The same of these mails, whomever they are to."""
    lines = [b"\nMessage-ID: " + each.encode() for each in message_ids if each]

    def holds(path):
        text = path.read_bytes()
        return any(line in text for line in lines)

    if lines:
        _forget_files(holds)


def _forget_files(is_over):
    """Mails are written to files where no server is set. Each run makes one of all it sends."""
    folder = Path(settings.EMAIL_FILE_PATH)
    for path in folder.glob("*.log") if folder.is_dir() else ():
        with contextlib.suppress(FileNotFoundError):  # another run was at it
            if is_over(path):
                path.unlink()


def in_trouble():
    """Mails that have failed more than once or for good, each with its last error, for the author
    to know."""
    again = Email.objects.filter(status=STATUS.requeued, number_of_retries__gt=1)
    found = Email.objects.filter(Q(pk__in=given_up().values("pk")) | Q(pk__in=again.values("pk")))
    emails = list(found.order_by("-last_updated").prefetch_related("logs"))
    for email in emails:
        error = max(email.logs.all(), key=lambda log: log.pk, default=None)
        if error is None or error.exception_type == UnansweredError.__name__:
            error = Log(message=gettext("The mail server was given it and did not say whether it"
                                        " took it: it may have arrived. If it is sent again,"
                                        " somebody may get it twice."))  # fmt: skip
        email.error = error
    return emails


def given_up():
    """Mails that nobody tries any more, without those being handed over at this moment."""
    now = timezone.now()
    lately = clock.between("last_updated", now - LEASE, LEASE)
    return Email.objects.filter(status=STATUS.failed).exclude(lately, logs=None)


def try_again():
    """Put what was given up back in the queue."""
    return Email.objects.filter(pk__in=given_up().values("pk")).update(
        status=STATUS.requeued, scheduled_time=None, number_of_retries=F("number_of_retries") * 0
    )
