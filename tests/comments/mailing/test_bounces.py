"""Mails that come back, as servers of several makes report them: whoever is not there any more is
mailed no more."""

import io
import mailbox
import socket
import threading
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from post_office.models import STATUS

from comments.commenters import bounced
from comments.models import Subscription
from publishing.mailing import bounces, outbox
from tests.factories import PostFactory, comment

ID = "<176.12.9@review.example.org>"


def dsn(status, code="", action="failed", returned="message/rfc822", top="", diagnostic="smtp"):
    """A report as RFC 3464 wants it."""
    said = f"Diagnostic-Code: {diagnostic}; {code}\n" if code else ""
    return f"""From: MAILER-DAEMON@mx.example.net
To: noreply@review.example.org
Subject: Delivery report
{top}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

Your letter did not get there. Tu carta no ha llegado: ñ.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Fri, 27 Nov 2026 10:00:00 +0000

Final-Recipient: rfc822; anna@example.org
Action: {action}
Status: {status}
{said}
--b1
Content-Type: {returned}

Message-ID: {ID}
To: anna@example.org
Subject: An answer

--b1--
""".encode()


EXIM = f"""From: Mail Delivery System <Mailer-Daemon@host.example.net>
X-Failed-Recipients: anna@example.org
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender

This message was created automatically.

  anna@example.org
    host mx.example.org [192.0.2.9]
    SMTP error from remote mail server after RCPT TO:<anna@example.org>:
    550 no mailbox of that name here

------ This is a copy of the message, including all the headers. ------

To: anna@example.org
Message-ID: {ID}
Subject: An answer
""".encode()
GMAIL = {"top": f"In-Reply-To: {ID}\nReferences: {ID}\nX-Failed-Recipients: anna@example.org\n"}

HARD = {
    "Gmail": dsn("5.1.1", "550-5.1.1 That account is not here. 550 5.1.1 gsmtp", **GMAIL),
    "Postfix": dsn("5.1.1", "550 5.1.1 <anna@example.org>: unknown in table of mailboxes"),
    "Postfix, no such domain": dsn("5.4.4", "", returned="text/rfc822-headers"),
    "Exchange": dsn("5.1.10", "550 5.1.10 RESOLVER.ADR; not found by its SMTP address", **GMAIL),
    "Exchange, domain": dsn("5.4.310", "550 5.4.310 DNS domain does not exist"),
    "Exim with a report": dsn("5.0.0", "550 unrouteable", returned="text/rfc822-headers"),
    "Exim with a code": dsn("5.0.0", "550 5.1.1 nobody"),
    "Exim of old": EXIM,
    "switched off": dsn("5.2.1", "550 5.2.1 this account takes no mail any more"),
}
SOFT = {
    "full": dsn("5.2.2", "552 5.2.2 over its quota"),
    "full for now": dsn("4.2.2", "452 4.2.2 over its quota"),
    "delayed": dsn("4.4.1", "timed out", action="delayed"),
    "taken for spam": dsn("5.7.1", "550 5.7.1 not wanted here"),
    "too large": dsn("5.3.4", "552 5.3.4 too large"),
    "Exim, for its words": dsn("5.0.0", "550 5.7.26 no DKIM, no SPF"),
    "Exim, greylisted": EXIM.replace(b"550 no mailbox of that name", b"451 come back later"),
    "relayed": dsn("2.0.0", action="relayed"),
}


@pytest.mark.parametrize("make", HARD)
def test_a_mailbox_that_is_not_there_is_final(make):
    found = bounces.parse(HARD[make])
    assert (found.is_final, found.message_ids) == (True, (ID,))


@pytest.mark.parametrize("make", SOFT)
def test_whatever_else_happens_to_a_mail_is_not(make):
    found = bounces.parse(SOFT[make])
    assert (found.is_final, found.message_ids) == (False, (ID,))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: Holiday\nAuto-Submitted: auto-replied\n\nI am away until Monday.",
        b"Content-Type: message/delivery-status\n\nnothing of the kind",
        b"Content-Type: multipart/report; boundary=x\n\n" + b"--x\n" * 20_000,
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" * 5_000,
        b"Content-Type: text/plain; charset=no-such\nX-Failed-Recipients: a@b.c\n\nx",
        dsn("9.x", "\x00\x00").replace(b"utf-8", b"=?"),
    ],
)
def test_anything_else_is_no_such_report(data):
    found = bounces.parse(data)
    assert not found or not found.is_final


@pytest.fixture
def listening(db):
    """Somebody who wants to hear of replies, at two comments, and a mail that went to them."""
    first = comment(PostFactory(), email="Anna@example.org")
    for each in (first, comment(first.page, email="anna@example.org")):
        Subscription.objects.create(comment=each, language="en", confirmed=timezone.now())
    other = comment(first.page, email="other@example.org")
    Subscription.objects.create(comment=other, language="en", confirmed=timezone.now())
    mail = outbox.send("waiting", "anna@example.org", "en", {"items": [], "new": 1, "waiting": 1})
    outbox.Email.objects.filter(pk=mail.pk).update(message_id=ID, status=STATUS.sent)
    return other


def still():
    return list(Subscription.objects.values_list("comment__email", flat=True))


def test_who_is_not_there_any_more_is_told_of_no_more_replies(listening):
    assert bounced.take(HARD["Postfix"]) == 2
    assert still() == [listening.email]
    assert "unknown in table" in outbox.Email.objects.get(message_id=ID).logs.get().message
    assert bounced.take(HARD["Postfix"]) == 0


def test_a_full_mailbox_ends_nothing_nor_does_a_report_of_no_mail_of_ours(listening):
    assert bounced.take(SOFT["full"]) == 0
    assert bounced.take(HARD["Gmail"].replace(ID.encode(), b"<x@y.example>")) == 0
    assert len(still()) == 3


@pytest.mark.parametrize("kind", ["Maildir", "mbox"])
def test_an_inbox_is_read_once(listening, kind, tmp_path, capsys, settings):
    settings.BOUNCES = str(tmp_path / "inbox")
    box = getattr(mailbox, kind)(settings.BOUNCES)
    for data in (HARD["Exchange"], b"Subject: advertising\n\nbuy", SOFT["full"]):
        box.add(data)
    box.close()
    call_command("read_bounces")
    assert capsys.readouterr().out == "3 read, 2 ended.\n"
    call_command("read_bounces")
    assert capsys.readouterr().out == "0 read, 0 ended.\n"


def test_a_mail_server_may_hand_one_over_by_itself(listening, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(HARD["Exim of old"])))
    call_command("read_bounces", "-")
    assert still() == [listening.email]


def test_without_an_inbox_it_is_said_what_is_missing(db, settings):
    settings.BOUNCES = ""
    with pytest.raises(CommandError, match="BOUNCES"):
        call_command("read_bounces")
    with pytest.raises(CommandError, match="is not there"):
        call_command("read_bounces", "/nowhere/at/all")


def serve_imap(listener, mails, heard):
    """What a provider's server says to somebody who reads and deletes."""
    connection, _address = listener.accept()
    with connection, connection.makefile("rb") as lines:
        connection.sendall(b"* OK ready\r\n")
        for line in lines:
            tag, word, rest = [*line.strip().split(b" ", 2), b""][:3]
            heard.append(line.strip().split(b" ", 1)[1])
            said = {
                b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
                b"SELECT": b"* %d EXISTS\r\n" % len(mails),
                b"SEARCH": b"* SEARCH " + b" ".join(b"%d" % n for n in mails) + b"\r\n",
            }.get(word, b"")
            if word == b"FETCH":
                number = int(rest.split()[0])
                mail = mails[number]
                said = (
                    b"* %d FETCH (RFC822.SIZE %d)\r\n" % (number, len(mail))
                    if b"SIZE" in rest
                    else b"* %d FETCH (RFC822 {%d}\r\n%s)\r\n" % (number, len(mail), mail)
                )
            connection.sendall(said + tag + b" OK done\r\n")
            if word == b"LOGOUT":
                return


def test_a_mailbox_at_a_provider_is_read_and_emptied(listening):
    listener, heard = socket.create_server(("127.0.0.1", 0)), []
    mails = {1: HARD["Gmail"], 2: SOFT["full"]}
    server = threading.Thread(target=serve_imap, args=(listener, mails, heard))
    server.start()
    place = f"imap://bounces:p%40ss@127.0.0.1:{listener.getsockname()[1]}/Bounces"
    assert bounced.read(place) == (2, 2)
    server.join(5)
    listener.close()
    assert b'LOGIN bounces "p@ss"' in heard
    assert b'SELECT "Bounces"' in heard
    assert heard.count(b"EXPUNGE") == 1
    assert still() == [listening.email]


def test_reports_go_where_the_host_wants_them(db, settings):
    settings.EMAIL_BOUNCES_TO = "bounces@review.example.org"
    mail = outbox.send("waiting", "a@example.org", "en", {"items": [], "new": 1, "waiting": 1})
    message = mail.email_message()
    assert message.from_email == "bounces@review.example.org"
    assert message.message()["From"] == settings.DEFAULT_FROM_EMAIL
