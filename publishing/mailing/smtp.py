"""Handing a mail over to a server, and knowing afterwards what is known of it.

Django's backend tells that something went wrong; whether the server may have the mail all the same,
it does not: RFC 1047.
"""

import smtplib
from contextlib import suppress

from django.core.mail.backends import smtp

END = b"\r\n.\r\n"
# Who looks into mails before taking them needs longer than for any other answer: RFC 5321, 4.5.3.2.
LONGER = 6


class UnansweredError(smtplib.SMTPException):
    """The server was given the whole mail and has not said whether it takes it."""


class _Careful:
    """Of smtplib's connections: says when a mail is about to be whole in other hands."""

    about_to_end = staticmethod(lambda: None)
    is_whole = False

    def data(self, msg):
        self.is_whole = False
        try:
            return super().data(msg)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if self.is_whole:
                raise UnansweredError(str(error)) from error
            raise
        finally:
            if self.sock:
                self.sock.settimeout(self.timeout)

    def send(self, s):
        if not (isinstance(s, bytes) and s.endswith(END)):
            super().send(s)
            return
        # The last bytes alone: with any part of them missing there is no mail.
        super().send(s[: -len(END)])
        self.about_to_end()
        self.is_whole = True
        with suppress(TypeError):
            self.sock.settimeout(self.timeout * LONGER)
        super().send(END)


class SMTP(_Careful, smtplib.SMTP):
    pass


class SMTPOverTLS(_Careful, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    """`about_to_end` is called when nothing but the end of a mail is still to be sent."""

    @property
    def connection_class(self):
        return SMTPOverTLS if self.use_ssl else SMTP

    def hand_over(self, message, about_to_end):
        self.connection.about_to_end = about_to_end
        self.send_messages([message])
